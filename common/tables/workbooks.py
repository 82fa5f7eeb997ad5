"""The cells of an `.xlsx` from anywhere: a file made to hurt is refused before its sheet is laid out."""

import io
import logging
import re
from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeVar
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from common.archives import ArchiveError, Limits, repacked, xml_parts
from common.faults import trace_of
from common.tables.shares import Hidden, Place, hidden_in, shares_in

# What a file may hold when it is unpacked; a sheet of 100,000 styled rows is still below it.
LIMITS = Limits(entries=5_000, unpacked=20 * 1024 * 1024, nodes=5_000_000)
# How many places the filled cells may span, and how many letters stand in them, a shared text counted at each place.
MOST_PLACES = 2_000_000
MOST_LETTERS = 20 * 1024 * 1024
# Other formats in a zip file, which the reader would open too whatever the file is called.
NEEDED, OTHERS = "xl/workbook.xml", {"content.xml", "xl/workbook.bin"}
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.IGNORECASE | re.ASCII)
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
FILLED = {"v", "is", "f"}
T = TypeVar("T")
R = TypeVar("R", "_Shared", "_Reach")
log = logging.getLogger(__name__)


class UnreadableWorkbookError(Exception):
    """This is no workbook, or one that nobody fills in by hand."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its values row by row from A1, its merged cells as (top, left), (bottom, right) from 0.

    `shares` are the places, row and column from 0, of numbers that are shown in percent: 60% stands there as 0.6;
    what the sheet hides stands in `rows` all the same.
    """

    name: str
    rows: list[list[Any]]
    merged: list[tuple[Place, Place]]
    shares: AbstractSet[Place]
    hidden: Hidden


def first_sheet(content: bytes) -> list[list[Any]]:
    """The values of the first sheet, row by row from A1; raises UnreadableWorkbookError."""
    return _read(content, lambda book, _parts: book.get_sheet_by_index(0).to_python(skip_empty_area=False))


def shown_sheets(content: bytes) -> list[Sheet]:
    """Every sheet of cells that is shown, in its order; raises UnreadableWorkbookError."""
    return _read(content, _shown)


def _shown(book: CalamineWorkbook, parts: Mapping[str, bytes]) -> list[Sheet]:
    shares, hidden = shares_in(parts), hidden_in(parts)
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    return [
        _sheet(book.get_sheet_by_name(name), shares.get(name, frozenset()), hidden.get(name, Hidden()))
        for name in names
    ]


def _sheet(sheet: CalamineSheet, shares: AbstractSet[Place], hidden: Hidden) -> Sheet:
    return Sheet(sheet.name, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or [], shares, hidden)


def _read(content: bytes, read: Callable[[CalamineWorkbook, Mapping[str, bytes]], T]) -> T:
    """Open a workbook that was measured before, and read from it.

    The reader lays out every place up to the last filled cell and writes a shared text out wherever it stands, so a
    single cell in the last corner of a sheet, or a long text in all of them, would take all memory there is: both are
    measured first. The reader opens zips by itself: it gets one whose sizes are true.
    """
    try:
        parts = xml_parts(content, LIMITS)
    except ArchiveError as problem:
        raise UnreadableWorkbookError from problem
    _require_plain(parts)
    _require_small(parts.values())
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(repacked(parts)))
        return read(book, parts)
    except (CalamineError, ValueError, LookupError) as problem:  # a part is missing or says nonsense; there is no sheet
        log.warning("a workbook could not be read: %s", trace_of(problem))
        raise UnreadableWorkbookError from problem


def _require_plain(names: Collection[str]) -> None:
    plain = {name.lower().lstrip("/") for name in names}
    if NEEDED not in plain or OTHERS & plain:
        raise UnreadableWorkbookError


def _require_small(parts: Collection[bytes]) -> None:
    """Raise UnreadableWorkbookError if a sheet's filled cells span too many places or hold too many letters."""
    tables = [_go_through(part, _Shared()) for part in parts if b"sst" in part]
    # No program writes two tables of shared texts; of two, each text counts by the longer one.
    shared = [max(lengths) for lengths in zip_longest(*(table.lengths for table in tables), fillvalue=0)]
    for part in parts:
        if b"sheetData" in part:
            _go_through(part, _Reach(shared))


def _go_through(part: bytes, reader: R) -> R:
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.started
    parser.EndElementHandler = reader.ended
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(part, True)
    except expat.ExpatError as problem:
        raise UnreadableWorkbookError from problem
    return reader


class _Shared:
    """How long each of the texts is that cells share, in their order."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def started(self, name: str, _attributes: dict[str, str]) -> None:
        """A next text begins."""
        if name.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def ended(self, _name: str) -> None:
        """Nothing ends that counts."""

    def text(self, text: str) -> None:
        """Some letters of the text."""
        if self.lengths:
            self.lengths[-1] += len(text)


class _Reach:
    """How far down and to the right the filled cells of a sheet reach, and how much stands in them."""

    def __init__(self, shared: list[int]) -> None:
        self.shared = shared
        # Where the row says it stands; a cell may say otherwise, but only of itself.
        self.row = self.at = self.column = self.bottom = self.right = 0
        self.letters = 0
        self.value: str | None = None  # the number of a shared text, while it is read
        self.is_shared = False

    def started(self, name: str, attributes: dict[str, str]) -> None:
        """Follow a row or a cell; a cell counts once something is in it."""
        kind, place = name.rpartition(":")[2], attributes.get("r")
        if kind == "row":
            self.row, self.column = _number(place) if place else self.row + 1, 0
        elif kind == "c":
            self.is_shared = attributes.get("t") == "s"
            self._cell(place)
        elif kind in FILLED:
            self.value = "" if self.is_shared and kind == "v" else None
            self.bottom, self.right = max(self.bottom, self.row, self.at), max(self.right, self.column)
            self._require_few(self.bottom * self.right, MOST_PLACES)

    def text(self, text: str) -> None:
        """Letters of a cell, or of the number of a shared text."""
        if self.value is not None:
            self.value += text

    def ended(self, _name: str) -> None:
        """Count the shared text that a cell names."""
        if self.value:
            number, self.value = _number(self.value.strip()), None
            self.letters += self.shared[number] if 0 <= number < len(self.shared) else 0
            self._require_few(self.letters, MOST_LETTERS)

    def _require_few(self, count: int, most: int) -> None:
        if count > most:
            raise UnreadableWorkbookError

    def _cell(self, place: str | None) -> None:
        if place is None:
            self.at, self.column = self.row, self.column + 1
            return
        match = CELL.fullmatch(place)
        if match is None:
            raise UnreadableWorkbookError
        self.at, self.column = int(match[2]), _column(match[1])


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise UnreadableWorkbookError
    return int(text)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
