"""The cells of an `.xlsx` from anywhere: a file made to hurt is refused before its sheet is laid out."""

import io
import re
import zipfile
import zlib
from lzma import LZMAError
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

# What a file may grow to when it is unpacked, and how many places its filled cells may span.
MOST_UNPACKED = 20 * 1024 * 1024
MOST_PLACES = 2_000_000
# Other formats in a zip file, which the reader would open too whatever the file is called.
NEEDED, OTHERS = "xl/workbook.xml", {"content.xml", "xl/workbook.bin"}
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.IGNORECASE | re.ASCII)
FILLED = {"v", "is", "f"}


class UnreadableWorkbookError(Exception):
    """This is no workbook, or one that nobody fills in by hand."""


def first_sheet(content: bytes) -> list[list[Any]]:
    """The values of the first sheet, row by row from A1; raises UnreadableWorkbookError.

    The reader lays out every place up to the last filled cell, so a single cell in the last corner of a sheet would
    take all memory there is: how far the cells reach is measured first.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _require_plain(packed)
            for entry in packed.infolist():
                _require_small(packed.read(entry))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, CalamineError, NotImplementedError, RuntimeError, OSError,
            ValueError, IndexError, EOFError, zlib.error, LZMAError) as problem:  # fmt: skip
        raise UnreadableWorkbookError from problem


def _require_plain(packed: zipfile.ZipFile) -> None:
    names = {entry.filename.lower().lstrip("/") for entry in packed.infolist()}
    too_large = sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED
    if too_large or NEEDED not in names or OTHERS & names:
        raise UnreadableWorkbookError


def _require_small(part: bytes) -> None:
    """Raise UnreadableWorkbookError if this part of the file is a sheet whose filled cells span too many places."""
    if b"sheetData" not in part:
        return
    reach = _Reach()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reach.element
    parser.StartDoctypeDeclHandler = reach.refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError as problem:
        raise UnreadableWorkbookError from problem


class _Reach:
    """How far down and to the right the filled cells of a sheet reach, element by element."""

    def __init__(self) -> None:
        self.row = self.column = self.bottom = self.right = 0

    def refuse(self, *_: object) -> None:
        """No program writes a document type into a sheet."""
        raise UnreadableWorkbookError

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """Follow a row or a cell; a cell counts once something is in it."""
        kind, place = name.rpartition(":")[2], attributes.get("r")
        if kind == "row":
            self.row, self.column = int(place) if place else self.row + 1, 0
        elif kind == "c":
            self._cell(place)
        elif kind in FILLED:
            self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)
            if self.bottom * self.right > MOST_PLACES:
                raise UnreadableWorkbookError

    def _cell(self, place: str | None) -> None:
        if place is None:
            self.column += 1
            return
        found = CELL.fullmatch(place)
        if found is None:
            raise UnreadableWorkbookError
        self.row, self.column = int(found[2]), _column(found[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
