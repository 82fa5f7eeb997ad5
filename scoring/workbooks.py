"""The cells of an `.xlsx` from anywhere: a file made to hurt is refused before its sheet is laid out."""

import io
import re
import zipfile
import zlib
from lzma import LZMAError
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

# What a file may grow to when it is unpacked, and how many places its filled cells may span.
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PLACES = 2_000_000
ELEMENT = re.compile(rb"<(?:\w+:)?(row|c)\b([^>]*)>")
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)["']""")


class UnreadableWorkbookError(Exception):
    """This is no workbook, or one that nobody fills in by hand."""


def first_sheet(content: bytes) -> list[list[Any]]:
    """The values of the first sheet, row by row from A1; raises UnreadableWorkbookError.

    The reader lays out every place up to the last filled cell, so a single cell in the last corner of a sheet would
    take all memory there is: how far the cells reach is measured first.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise UnreadableWorkbookError
            for entry in packed.infolist():
                _require_small(packed.read(entry))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, CalamineError, NotImplementedError, RuntimeError, OSError,
            ValueError, IndexError, EOFError, zlib.error, LZMAError) as problem:  # fmt: skip
        raise UnreadableWorkbookError from problem


def _require_small(part: bytes) -> None:
    """Raise UnreadableWorkbookError if the filled cells of this part of the file span too many places."""
    row = column = bottom = right = 0
    for element in ELEMENT.finditer(part):
        kind, attributes = element.groups()
        place = PLACE.search(attributes)
        if kind == b"row":
            row, column = (int(place[2]) if place else row + 1), 0
            continue
        row, column = (int(place[2]), _column(place[1])) if place else (row, column + 1)
        if not attributes.endswith(b"/"):
            bottom, right = max(bottom, row), max(right, column)
    if bottom * right > MOST_PLACES:
        raise UnreadableWorkbookError


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
