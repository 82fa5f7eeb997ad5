"""Where pip looks for packages on this machine: its files and variables, read without pip."""

import configparser
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PUBLIC = "https://pypi.org/simple"  # pip's own default
NAMES = ("index-url", "extra-index-url", "find-links", "no-index", "cert")


@dataclass(frozen=True)
class Places:
    """The addresses of indexes, folders or pages of files, and the certificates that vouch for them."""

    indexes: tuple[str, ...]
    links: tuple[str, ...]
    certificate: str

    def of(self, package: str) -> list[str]:
        """Folders and pages that may have files of a package: those named outright first, as they are the nearest."""
        links = [link.removeprefix("file://") for link in self.links]
        return [*links, *(f"{index.rstrip('/')}/{package}/" for index in self.indexes)]


def configured() -> Places:
    """What the machine's files say, then its user's, then the environment: the later counts, as for pip."""
    said: dict[str, str] = {}
    for file in _files():
        said |= _read(file)
    said |= {name: value for name in NAMES if (value := os.environ.get(f"PIP_{name.upper().replace('-', '_')}"))}
    offline = said.get("no-index", "").lower() in {"1", "true", "yes", "on", "y", "t"}
    indexes = [said.get("index-url", PUBLIC), *said.get("extra-index-url", "").split()]
    return Places(
        indexes=() if offline else tuple(indexes),
        links=tuple(said.get("find-links", "").split()),
        certificate=said.get("cert", ""),
    )


def _files() -> Iterable[Path]:
    named = os.environ.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return
    home = Path.home()
    for folder in reversed(os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")):
        yield Path(folder) / "pip" / "pip.conf"
    yield Path("/Library/Application Support/pip/pip.conf")
    yield Path("/etc/pip.conf")
    yield home / ".pip" / "pip.conf"
    yield Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
    yield home / "Library/Application Support/pip/pip.conf"
    if named:
        yield Path(named)


def _read(file: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    try:
        parser.read(file, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return {}  # pip will say what is wrong with it
    sections = [section for section in ("global", "install") if parser.has_section(section)]
    return {name: parser[section][name] for section in sections for name in NAMES if name in parser[section]}
