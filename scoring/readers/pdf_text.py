"""Reads a PDF with text: its lines become paragraphs, its ruled tables go on over pages; page numbers are no text."""

import json
import re
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any

from scoring.engine.errors import EngineErrors, fail
from scoring.engine.messages import Message, _
from scoring.engine.notice import Cell, Paragraph, Source, SourceRow, Table
from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.limits import HEADER, VETO_HEADER
from scoring.engine.notice.numbering import read_number
from scoring.engine.notice.rows import NOTE, PLAIN_NUMBER, SUM
from scoring.engine.notice.split import CONTINUED
from scoring.readers.pdf_lines import APART, EDGE, PAGE_NUMBER, SAME, Line, Page, PageCell, PageTable, is_full
from scoring.readers.pdf_pages import MOST_PAGES, Refused

HERE = Path(__file__).resolve().parents[2]
# How many seconds of work all PDFs of an upload may take; on a busy machine these last longer.
MOST_SECONDS, PATIENCE = 60, 2
UNFINISHED = re.compile(r"[^。；;！？）)]$")
MOST_HEADS = 3
FARTHEST = 1.5  # how far apart, in letters, lines of a paragraph are at most
SLACK = 12.0  # points by which the right margin may be wider than the left one
AS_TEXT = _("Export the PDF anew from the word processor, or give the notice as .docx.")
REFUSALS: dict[Refused, tuple[str, str]] = {
    Refused.DAMAGED: (_("The PDF is damaged."), AS_TEXT),
    Refused.ENCRYPTED: (_("The PDF is encrypted."), _("Save it without a password.")),
    Refused.LARGE: (
        _("The PDF holds far more than a notice does."),
        _("Give at most %(pages)d pages, without drawings; all PDFs together are read within %(seconds)d seconds."),
    ),
    Refused.SCANNED: (
        _("Page %(page)d is a picture without text: the PDF is a scan."),
        _("Give the file that it was printed from (.docx, .xlsx or a PDF with text), or paste the text."),
    ),
    Refused.NAMELESS: (_("The letters of page %(page)d can be seen but not read as text."), AS_TEXT),
    Refused.UNCLEAR: (
        _("Page %(page)d has a table without rules, and where its rows or columns begin can't be told."),
        _("Give the file that it was printed from (.docx, .xlsx), or paste the text with tabs or | between the cells."),
    ),
}


class Allowance:
    """The time that the PDFs of one upload may take together; it runs from when this is made."""

    def __init__(self) -> None:
        self.until = monotonic() + MOST_SECONDS * PATIENCE

    @property
    def left(self) -> float:
        """What is left of it, in seconds; never below 0."""
        return max(self.until - monotonic(), 0)


def read_pdf(name: str, content: bytes, allowance: Allowance) -> Source:
    """Read a PDF into paragraphs and tables with their places; EngineErrors where it is none that can be read."""
    return source_of(name, _pages(name, content, allowance.left))


def _pages(name: str, content: bytes, seconds: float) -> list[Page]:
    """The pages, laid out by a process of its own: what a hostile file does ends with that, or with these seconds."""
    command = [sys.executable, "-m", "scoring.readers.pdf_pages", str(ceil(seconds / PATIENCE))]
    try:
        done = subprocess.run(  # noqa: S603  # ours, and the file comes in by a pipe
            command, input=content, capture_output=True, cwd=HERE, timeout=seconds, check=True
        )
        told = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):  # out of its bounds of time or memory
        told = {"refused": Refused.LARGE, "page": 0}
    if "refused" in told:
        raise _refusal(name, Refused(told["refused"]), told["page"])
    return [_page(page) for page in told["pages"]]


def _refusal(name: str, why: Refused, page: int) -> EngineErrors:
    values = {"page": page, "pages": MOST_PAGES, "seconds": MOST_SECONDS}
    message, remedy = REFUSALS[why]
    return fail(name, Message(message, values), Message(remedy, values))


def _page(told: dict[str, Any]) -> Page:
    blocks = tuple(_table(block) if "rows" in block else Line(**block) for block in told["blocks"])
    return Page(told["width"], told["height"], blocks)


def _table(told: dict[str, Any]) -> PageTable:
    return PageTable(tuple(tuple(PageCell(**cell) for cell in row) for row in told["rows"]), told["top"])


def source_of(name: str, pages: Sequence[Page]) -> Source:
    """Put pages together into one text."""
    bare = without_heads([without_number(page) for page in pages])
    text = _Text(name, bare)
    for number, page in enumerate(bare, start=1):
        text.page(number, page)
    return Source(name, tuple(item.done() for item in text.items))


# ---- what a page prints that is no text of the notice --------------------------------------------------------------


def without_number(page: Page) -> Page:
    """The page without its number (`— 3 —`) at its head or foot."""
    blocks = list(page.blocks)
    for place in (-1, 0):
        line = blocks[place] if blocks else None
        if isinstance(line, Line) and PAGE_NUMBER.fullmatch(line.text) and _at_edge(line, page):
            del blocks[place]
    return replace(page, blocks=tuple(blocks))


def _at_edge(line: Line, page: Page) -> bool:
    return line.bottom < page.height * EDGE or line.top > page.height * (1 - EDGE)


def without_heads(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads and feet: lines that begin or end another page too, at the same height.

    A head stays where it stands first: it may be the title of a table that is printed above each of its pages.
    """
    begins = [_before_table(page.blocks) for page in pages]
    ends = [_before_table(reversed(page.blocks)) for page in pages]
    bare = []
    for index, page in enumerate(pages):
        heads = _running(begins[index], begins[:index])
        feet = _running(ends[index], [*ends[:index], *ends[index + 1 :]]) if heads < len(page.blocks) else 0
        bare.append(replace(page, blocks=page.blocks[heads : len(page.blocks) - feet]))
    return bare


def _before_table(blocks: Iterable[Line | PageTable]) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        if isinstance(block, PageTable) or len(lines) == MOST_HEADS:
            break
        lines.append(block)
    return lines


def _running(lines: Sequence[Line], others: Sequence[Sequence[Line]]) -> int:
    """How many lines, from the page's edge on, another page has at the same place."""
    elsewhere = {(line.text, round(line.top / SAME)) for page in others for line in page}
    return sum(1 for _line in takewhile(lambda line: (line.text, round(line.top / SAME)) in elsewhere, lines))


# ---- pages put together --------------------------------------------------------------------------------------------


@dataclass
class _Lines:
    """A paragraph that is being put together: its lines so far."""

    place: str
    lines: list[Line]

    def goes_on(self, line: Line, left: float, right: float, *, new_page: bool) -> bool:
        """Whether a line belongs to this paragraph: the line above is full, and this one begins where such lines do."""
        last = self.lines[-1]
        begins = self.lines[1].left if len(self.lines) > 1 else left
        near = new_page or line.top - last.bottom < FARTHEST * line.size
        return (
            near
            and is_full(last, line, right)
            and line.left < begins + line.size / 2
            and abs(line.size - last.size) < SAME
        )

    def done(self) -> Paragraph:
        """The paragraph, its lines joined."""
        return Paragraph("".join(line.text for line in self.lines), self.place)


Row = tuple[str, tuple[PageCell, ...]]


@dataclass
class _Ruled:
    """A table that is being put together from pages: its rows with their places."""

    rows: list[Row]

    def goes_on(self, rows: Sequence[Row]) -> bool:
        """Whether rows on a next page are this table's: its sides are theirs, and so are the columns between."""
        ours, theirs = _columns(self.rows), _columns(rows)
        fewer, more = sorted((ours, theirs), key=len)
        return all(_index(more, place) is not None for place in fewer) and all(
            abs(ours[side] - theirs[side]) < APART for side in (0, -1)
        )

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows of a next page: without the head printed again, the rest of a row to that row."""
        heads = takewhile(lambda pair: _texts(pair[0]) == _texts(pair[1]), zip(self.rows, rows, strict=False))
        rows = rows[sum(1 for _head in heads) :]
        if rows and (joined := _with_rest(self.rows[-1][1], rows[0][1])):
            self.rows[-1] = (self.rows[-1][0], joined)
            rows = rows[1:]
        self.rows += rows

    def done(self) -> Table:
        """The table, each cell in its columns."""
        columns = _columns(self.rows)
        return Table(
            tuple(SourceRow(tuple(_cell(cell, columns) for cell in cells), place) for place, cells in self.rows)
        )


class _Text:
    """Goes through the pages and puts together what goes on over them."""

    def __init__(self, name: str, pages: Sequence[Page]) -> None:
        self.name = name
        self.items: list[_Lines | _Ruled] = []
        # Where lines begin and end at most, on all pages of one width.
        self.margins: dict[int, tuple[float, float]] = {}
        for page in pages:
            for block in page.blocks:
                begin, end = (block.left, block.right) if isinstance(block, Line) else _sides(block)
                left, right = self.margins.get(round(page.width), (page.width, 0))
                left = min(left, begin)
                self.margins[round(page.width)] = (left, max(right, end, page.width - left - SLACK))

    def page(self, number: int, page: Page) -> None:
        """Take what a page prints."""
        place = f"{self.name}:page{number}"
        begins = True
        for order, block in enumerate(page.blocks, start=1):
            if isinstance(block, PageTable):
                rows = [(f"{place}:row{order}.{row}", cells) for row, cells in enumerate(block.rows, start=1)]
                self.table(rows, begins=begins)
            elif begins and self.in_table and CONTINUED.fullmatch(_bare(block.text)):
                continue
            else:
                self.line(block, f"{place}:p{order}", self.margins[round(page.width)], begins=begins)
            begins = False

    @property
    def in_table(self) -> bool:
        """Whether the last thing taken is a table, which may go on."""
        return bool(self.items) and isinstance(self.items[-1], _Ruled)

    def line(self, line: Line, place: str, margins: tuple[float, float], *, begins: bool) -> None:
        last = self.items[-1] if self.items else None
        if isinstance(last, _Lines) and last.goes_on(line, *margins, new_page=begins):
            last.lines.append(line)
        else:
            self.items.append(_Lines(place, [line]))

    def table(self, rows: list[Row], *, begins: bool) -> None:
        last = self.items[-1] if self.items else None
        if begins and isinstance(last, _Ruled) and last.goes_on(rows):
            last.add(rows)
        else:
            self.items.append(_Ruled(rows))


def _sides(table: PageTable) -> tuple[float, float]:
    cells = [cell for row in table.rows for cell in row]
    return min(cell.left for cell in cells), max(cell.right for cell in cells)


def _bare(text: str) -> str:
    return squeeze(fold(text))


def _texts(row: Row) -> list[str]:
    return [squeeze(cell.text) for cell in row[1]]


def _columns(rows: Sequence[Row]) -> list[float]:
    """Where columns begin and end; places that are nearly one are one."""
    columns: list[float] = []
    for place in sorted({edge for _place, cells in rows for cell in cells for edge in (cell.left, cell.right)}):
        if not columns or place - columns[-1] >= APART:
            columns.append(place)
    return columns


def _index(columns: Sequence[float], place: float) -> int | None:
    return next((index for index, column in enumerate(columns) if abs(column - place) < APART), None)


def _cell(cell: PageCell, columns: Sequence[float]) -> Cell:
    first, end = (bisect_right(columns, place + SAME) - 1 for place in (cell.left, cell.right))
    return Cell(cell.text, first, max(1, end - first), cell.continued)


def _with_rest(above: Sequence[PageCell], row: Sequence[PageCell]) -> tuple[PageCell, ...] | None:
    """The last row of a page with what the next page's first row adds to it; None where that is a row of its own.

    It is the rest of the row above where all it says goes on in cells that say something there, nothing in it begins
    as a row does, and the row above is not at its end: a sentence breaks off, or its number stands there alone.
    """
    ours = {round(cell.left / APART): cell for cell in above}
    pairs = [(ours.get(round(cell.left / APART)), cell) for cell in row if cell.text]
    if not pairs or any(
        begun is None or not begun.text or _is_number(begun.text) or _begins(cell.text) for begun, cell in pairs
    ):
        return None
    said = {round(cell.left / APART): cell.text for cell in row}
    numbered = any(_is_number(cell.text) and not said.get(round(cell.left / APART)) for cell in above)
    if not numbered and not any(begun and UNFINISHED.search(begun.text) for begun, _cell in pairs):
        return None
    return tuple(replace(cell, text=_joined(cell.text, said.get(place, ""))) for place, cell in ours.items())


def _joined(text: str, rest: str) -> str:
    return text + ("" if UNFINISHED.search(text) or not rest else "\n") + rest


def _is_number(text: str) -> bool:
    return PLAIN_NUMBER.fullmatch(_bare(text)) is not None


def _begins(text: str) -> bool:
    """Whether a text begins as a row does: with its number, as points, as a head, a sum or a note."""
    bare = _bare(text)
    starts = (HEADER, VETO_HEADER, SUM, NOTE)
    return _is_number(text) or read_number(text).number is not None or any(words.match(bare) for words in starts)
