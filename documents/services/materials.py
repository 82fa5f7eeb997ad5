"""Files of a self-evaluation: checked by content, fingerprinted, kept privately (R7)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import of_the_unit, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.archives import ArchiveError, names_in
from common.errors import DomainError
from common.storage import kept_file
from documents.models import Material, MaterialKind
from scoring.models import ScoreSheet

PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
# File name's end → how its content begins.
TYPES = {".pdf": PDF} | dict.fromkeys((".docx", ".xlsx", ".zip"), ZIP) | dict.fromkeys((".doc", ".xls"), OLE)
TYPES |= dict.fromkeys((".jpg", ".jpeg"), JPEG) | {".png": PNG}
# What an office file must hold inside its zip.
INSIDE = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
# More than the most pictures that a report holds; a directory of 220,000 entries takes a second to read.
MOST_ENTRIES = 10_000
MEBIBYTE = 1024 * 1024
LONGEST_NAME = 200


def accepted_types() -> str:
    """What a file input offers, such as `.pdf,.docx`."""
    return ",".join(TYPES)


def add_material(*, sheet: ScoreSheet, kind: MaterialKind, file: "File[Any]", by: User, code: str = "") -> Material:
    """Keep a file with its SHA-256; a new work summary or score sheet takes the place of the one before.

    `code` is the part that evidence belongs to. Raises DomainError (field `file`) for a file that is empty, too
    large, of another kind, or whose content is not what its name says.
    """
    with stored_material(kind=kind, file=file, by=by, code=code) as material:
        return keep_material(material=material, sheet=sheet, by=by)


@contextmanager
def stored_material(*, kind: MaterialKind, file: "File[Any]", by: User, code: str = "") -> Iterator[Material]:
    """Check, fingerprint and store a file before any lock is taken, for the row that the block keeps.

    Raises DomainError (field `file`) as `add_material` says, and when the storage has no room.
    """
    name = PurePath((file.name or "").replace("\\", "/")).name
    check_file(name, file)
    material = Material(
        kind=kind,
        code=code if kind == MaterialKind.EVIDENCE else "",
        name=name[-LONGEST_NAME:],
        size=file.size,
        sha256=_sha256(file),
        uploaded_by=by,
    )
    stored_as = get_valid_filename(f"{material.sha256[:16]}{PurePath(name).suffix.lower()}")
    with kept_file(material.file, stored_as, file):
        yield material


@transaction.atomic
def keep_material(*, material: Material, sheet: ScoreSheet, by: User) -> Material:
    """Write the row of a stored file; a new work summary or score sheet takes the place of the one before."""
    require(by, of_the_unit, sheet)
    if material.kind != MaterialKind.EVIDENCE:
        sheet.materials.filter(kind=material.kind, removed_at=None).update(removed_at=clock.now())
    material.sheet, material.uploaded_at = sheet, clock.now()
    material.save()
    log(Verb.MATERIAL_ADDED, sheet, by=by, went_to=material.name, data=_said_of(material))
    return material


def remove_material(*, material: Material, by: User) -> None:
    """Hide a file from the sheet; what was handed in with it stays kept. A second call changes nothing."""
    with transaction.atomic():
        require(by, of_the_unit, material.sheet)
        hidden = Material.objects.filter(pk=material.pk, removed_at=None).update(removed_at=clock.now())
        if hidden:
            log(Verb.MATERIAL_REMOVED, material.sheet, by=by, went_to=material.name, data=_said_of(material))


def check_file(name: str, file: "File[Any]") -> None:
    """Raise DomainError unless the file is of a permitted kind, by its name and by its content."""
    ending = PurePath(name).suffix.lower()
    if ending not in TYPES:
        raise DomainError(
            _("“%(name)s” is no file of a permitted kind: %(kinds)s.")
            % {"name": name, "kinds": "、".join(kind[1:] for kind in TYPES)},
            field="file",
        )
    if not file.size:
        raise DomainError(_("“%(name)s” is empty.") % {"name": name}, field="file")
    if file.size > settings.MAX_UPLOAD_BYTES:
        raise DomainError(
            _("“%(name)s” has %(size)s MB; at most %(limit)s MB are possible.")
            % {
                "name": name,
                "size": ceil(file.size * 10 / MEBIBYTE) / 10,  # never said to be as small as the limit
                "limit": settings.MAX_UPLOAD_BYTES // MEBIBYTE,
            },
            field="file",
        )
    if not _is_what_it_says(ending, file):
        raise DomainError(
            _("The content of “%(name)s” is no %(kind)s file. Please save it anew in its program.")
            % {"name": name, "kind": ending[1:]},
            field="file",
        )


def _is_what_it_says(ending: str, file: "File[Any]") -> bool:
    file.seek(0)
    begins = file.read(8)
    file.seek(0)
    if not begins.startswith(TYPES[ending]):
        return False
    if ending not in INSIDE:
        return True
    try:
        return INSIDE[ending] in names_in(file, most=MOST_ENTRIES)
    except ArchiveError:
        return False
    finally:
        file.seek(0)


def _sha256(file: "File[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _said_of(material: Material) -> dict[str, str]:
    """What an event tells of a file beside its name."""
    return {"kind": material.kind, "code": material.code, "sha256": material.sha256}
