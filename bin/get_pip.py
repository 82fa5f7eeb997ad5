#!/usr/bin/env python3
"""Fetches pip into an environment that was made without it; standard library only."""

import hashlib
import os
import re
import runpy
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

WHEEL = "pip-25.3-py3-none-any.whl"
SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"


def index() -> str:
    """The package index that this machine uses, as pip itself would read it from the environment."""
    return os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")


def fetch(url: str) -> bytes:
    """The body at an https, http or file address."""
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310  the index is the user's own setting
        body: bytes = answer.read()
    return body


def wheel() -> bytes:
    """The pinned wheel of pip, checked against its hash; ValueError when it is not the one."""
    page = f"{index()}/pip/"
    found = re.search(rf'href="([^"]*{re.escape(WHEEL)}[^"]*)"', fetch(page).decode())
    if not found:
        raise ValueError(f"{page} does not list {WHEEL}")
    body = fetch(urllib.parse.urljoin(page, found[1]))
    if hashlib.sha256(body).hexdigest() != SHA256:
        raise ValueError(f"{WHEEL} from {page} has a wrong hash")
    return body


def main() -> None:
    """Installs pip by running it from its own wheel."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / WHEEL
        try:
            path.write_bytes(wheel())
        except (OSError, ValueError) as problem:
            sys.exit(f"pip could not be downloaded: {problem}")
        sys.path.insert(0, str(path))
        sys.argv = ["pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", str(path)]
        runpy.run_module("pip", run_name="__main__")


if __name__ == "__main__":
    main()
