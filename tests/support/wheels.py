"""Made-up files of packages: a folder that pip takes for an index, with the names and needs of the real ones."""

import base64
import hashlib
import re
import zipfile
from importlib import metadata
from pathlib import Path

PIN = re.compile(r"^([\w.-]+)(\[[\w, -]+\])?==(\S+)( *;[^\\\n]*?)?((?: *\\\n +--hash=\S+)+)$", re.MULTILINE)
LATER = "99999.0"  # a release that came out after the lock was made


def make(folder: Path, name: str, version: str, *, requires: tuple[str, ...] = (), extras: tuple[str, ...] = ()) -> str:
    """Writes a wheel without code; returns the lock's option with its hash."""
    normal = name.replace("-", "_")
    info = f"{normal}-{version}.dist-info"
    described = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Provides-Extra: {extra}" for extra in extras),
        *(f"Requires-Dist: {requirement}" for requirement in requires),
    ]
    files = {
        f"{info}/METADATA": "\n".join(described) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_encoded(text)},{len(text)}" for path, text in files.items()]
    path = folder / f"{normal}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name_inside, text in {**files, f"{info}/RECORD": "\n".join([*record, f"{info}/RECORD,,", ""])}.items():
            wheel.writestr(zipfile.ZipInfo(name_inside), text)
    return f"--hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def stand_ins(lock: str, folder: Path) -> str:
    """Fills the folder with stand-ins for all that a lock pins, and a later release of each; returns the lock for them.

    Each wants what the real package wants, as it is installed here.
    """

    def pinned(match: re.Match[str]) -> str:
        name, extras, version, marker, _hashes = match.groups(default="")
        requires, offers = _needs(name)
        make(folder, name, LATER, requires=requires, extras=offers)
        option = make(folder, name, version, requires=requires, extras=offers)
        return f"{name}{extras}=={version}{marker} {option}"

    return PIN.sub(pinned, lock)


def _needs(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an installed package requires, and the extras it offers; nothing where this machine does without it."""
    try:
        described = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return (), ()
    return tuple(described.get_all("Requires-Dist", [])), tuple(described.get_all("Provides-Extra", []))


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
