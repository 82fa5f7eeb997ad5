"""Fetches the pinned pip for a Python that has none, from where this machine's pip would look."""

import base64
import hashlib
import html
import re
import ssl
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from bin.installer.explained import NETWORK
from bin.installer.places import Places, configured
from bin.runner.problem import Problem

PATIENCE = 60.0  # seconds for one answer


def fetch(lock: Path, folder: Path) -> Path:
    """Puts the wheel that the lock pins into the folder and returns its path; Problem when no place has it."""
    text = lock.read_text(encoding="utf-8")
    name, version = re.findall(r"^([\w-]+)==(\S+)", text, re.MULTILINE)[0]
    hashes = set(re.findall(r"--hash=sha256:(\w+)", text))
    wheel = f"{name}-{version}-py3-none-any.whl"
    places, failures = configured(), []
    for place in places.of(name):
        try:
            body = _wheel_at(place, wheel, places)
        except (OSError, ValueError) as error:
            failures.append(f"{_spoken(place)}: {error}")
            continue
        if hashlib.sha256(body).hexdigest() in hashes:
            (folder / wheel).write_bytes(body)
            return folder / wheel
        failures.append(f"{_spoken(place)}: {wheel} is not the file that {lock.name} holds by its hash")
    raise Problem(
        f"{name} {version}, which installs the rest, could not be downloaded ({'; '.join(failures) or 'no index'}).\n"
        f"{NETWORK} Or give Python a pip of its own: 'sudo apt install python3-venv'."
    )


def _wheel_at(place: str, wheel: str, places: Places) -> bytes:
    if "://" not in place:
        return Path(place, wheel).read_bytes()
    link = re.search(rf"""href=["']([^"']*{re.escape(wheel)}[^"']*)["']""", _body(place, places).decode())
    if not link:
        raise ValueError(f"does not list {wheel}")
    return _body(urljoin(place, html.unescape(link[1])), places)


def _body(address: str, places: Places) -> bytes:
    """What stands at an address; a name and password in it are sent as pip sends them."""
    parts = urlsplit(address)
    credentials, _, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(urlunsplit(parts._replace(netloc=host, fragment="")))  # noqa: S310  the machine's own setting
    if credentials:
        encoded = base64.b64encode(unquote(credentials).encode()).decode()
        request.add_header("Authorization", f"Basic {encoded}")
    context = ssl.create_default_context(cafile=places.certificate or None)
    with urllib.request.urlopen(request, timeout=PATIENCE, context=context) as answer:  # noqa: S310  the same
        body: bytes = answer.read()
    return body


def _spoken(address: str) -> str:
    """The address without its password."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
