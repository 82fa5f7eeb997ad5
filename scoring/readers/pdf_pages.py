"""Lays the pages of a PDF out as lines and ruled tables, in a process of its own that a hostile file may ruin.

Run as a module, with the seconds of work that it may take, it reads a PDF from standard input and writes JSON: the
pages, or the word why there are none.
"""

import contextlib
import io
import json
import logging
import resource
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from enum import StrEnum
from itertools import product
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar, LTItem
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdftypes import resolve1
from pdfplumber.page import Page as Printed
from pdfplumber.table import Table as Ruled
from pdfplumber.utils.exceptions import PdfminerException

from scoring.readers.pdf_columns import Rule, UnclearError, open_tables
from scoring.readers.pdf_lines import (
    APART,
    EDGE,
    SAME,
    Box,
    Char,
    Line,
    Page,
    PageCell,
    PageTable,
    cell_text,
    centre,
    inside,
    letters_of_lines,
    line_of,
    middle,
)

# A notice of 100 pages has some 100,000 letters and 10,000 cells.
MOST_PAGES, MOST_LETTERS, MOST_CELLS = 300, 1_000_000, 100_000
MOST_MEMORY = 1024**3
PDF_END = b"%%EOF"
# A letter without a Unicode value is given out by its number in the font, or as the one that no database keeps.
NAMELESS = ("(cid:", "\0")
SCANNED = 0.5  # how much of a page a scan covers at least
# In points: where a letter that is printed again stands beside itself.
NEAR = tuple(product((-1, 0, 1), repeat=2))


class Refused(StrEnum):
    """Why a PDF is not laid out."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    LARGE = "large"
    SCANNED = "scanned"
    NAMELESS = "nameless"
    UNCLEAR = "unclear"


class RefusedError(Exception):
    """The PDF is not laid out; the page is counted from 1, 0 where it is the whole."""

    def __init__(self, why: Refused, page: int = 0) -> None:
        super().__init__(why)
        self.why, self.page = why, page


def pages_of(content: bytes) -> list[Page]:
    """Lay out the pages of a PDF; raises RefusedError, and whatever a damaged file breaks."""
    if PDF_END not in content[-2048:]:
        raise RefusedError(Refused.DAMAGED)
    try:
        pdf = pdfplumber.open(io.BytesIO(content))
    except PdfminerException as problem:
        why = Refused.ENCRYPTED if isinstance(problem.args[0], PDFPasswordIncorrect) else Refused.DAMAGED
        raise RefusedError(why) from problem
    with pdf:
        count = resolve1(resolve1(pdf.doc.catalog["Pages"])["Count"])
        if count > MOST_PAGES or len(pdf.pages) > MOST_PAGES:
            raise RefusedError(Refused.LARGE)
        if count != len(pdf.pages):  # some of its pages are gone
            raise RefusedError(Refused.DAMAGED)
        return list(_laid_out(pdf.pages))


class _Bare(Printed):
    """A page whose letters hold only what is asked of them: they are most of it, and the library says much of each."""

    def process_object(self, obj: LTItem) -> Char:
        """A letter or another thing on the page, in points from the page's upper left corner."""
        if not isinstance(obj, LTChar):
            return super().process_object(obj)
        left, top = self.mediabox[:2]
        return {
            "object_type": "char",
            "text": obj.get_text(),
            "font": (obj.fontname, obj.size),
            "size": obj.size,
            "x0": obj.x0 + left,
            "x1": obj.x1 + left,
            "top": self.height - obj.y1 + top,
            "bottom": self.height - obj.y0 + top,
        }


def _once(chars: Iterable[Char]) -> list[Char]:
    """The letters without those printed a second time at nearly the same place, as some programs print bold ones."""
    printed: dict[tuple[object, ...], set[tuple[int, int]]] = {}
    apart = []
    for char in chars:
        places = printed.setdefault((char["text"], *char["font"]), set())
        x, y = round(char["x0"]), round(char["top"])
        if not any((x + right, y + down) in places for right, down in NEAR):
            apart.append(char)
        places.add((x, y))
    return apart


def _laid_out(printed: Iterable[Printed]) -> Iterator[Page]:
    letters = cells = 0
    before = None
    bare = (_Bare(page.pdf, page.page_obj, page.page_number) for page in printed)
    for number, page in enumerate(bare, start=1):
        chars = _once([char for char in page.chars if char["text"].strip() and inside(char, page.bbox)])
        letters += len(chars)
        if not chars and _covered(page) > SCANNED:
            raise RefusedError(Refused.SCANNED, number)
        if any(nameless in char["text"] for char in chars for nameless in NAMELESS):
            raise RefusedError(Refused.NAMELESS, number)
        ruled = [table for table in page.find_tables(_settings(page)) if len(table.cells) > 1]
        cells += sum(len(table.cells) for table in ruled)
        if letters > MOST_LETTERS or cells > MOST_CELLS:
            raise RefusedError(Refused.LARGE)
        blocks: list[Line | PageTable] = []
        for table in ruled:
            laid, chars = _table(table, chars)
            blocks.append(laid)
        try:
            opened, outside = open_tables(letters_of_lines(chars), _rules(page, ruled), float(page.height), before)
            blocks += [table.table() for table in opened]
        except UnclearError as problem:
            raise RefusedError(Refused.UNCLEAR, number) from problem
        lines = list(map(line_of, outside))
        blocks += lines
        ends = max((line.top for line in lines if line.top < page.height * (1 - EDGE)), default=0)
        before = opened[-1] if opened and opened[-1].bands[0].top > ends else None
        yield Page(float(page.width), float(page.height), tuple(sorted(blocks, key=lambda block: block.top)))
        page.close()


def _covered(page: Printed) -> float:
    """How much of a page its largest picture takes."""
    sizes = (image["width"] * image["height"] for image in page.images)
    return float(max(sizes, default=0) / (page.width * page.height))


def _settings(page: Printed) -> dict[str, Any]:
    """How tables are found: where a row goes on over the page its sides may end there without a rule.

    Rules from side to side that go on past the outermost sides have a column there, open to the margin.
    """
    sides = [edge for edge in page.edges if edge["orientation"] == "v"]
    rules = []
    for end, of in (("top", min), ("bottom", max)):
        at = of((side[end] for side in sides), default=0)
        xs = [side["x0"] for side in sides if abs(side[end] - at) < SAME]
        if xs:
            rules.append(
                {
                    "object_type": "line",
                    "x0": min(xs),
                    "x1": max(xs),
                    "top": at,
                    "bottom": at,
                    "width": max(xs) - min(xs),
                    "height": 0,
                }
            )
    return {"explicit_horizontal_lines": rules, "explicit_vertical_lines": list(_open_sides(page.edges, sides))}


def _open_sides(edges: list[Char], sides: list[Char]) -> Iterator[Char]:
    """The sides that a table has not got: where several rules that a side crosses begin, or end, without one."""
    flat = [edge for edge in edges if edge["orientation"] == "h"]
    ends = {(round(edge["x0"]), round(edge["x1"])) for edge in flat}
    for left, right in sorted(ends):
        tops = [edge["top"] for edge in flat if (round(edge["x0"]), round(edge["x1"])) == (left, right)]
        crossing = [
            side
            for side in sides
            if left + SAME < side["x0"] < right - SAME and side["top"] < max(tops) and side["bottom"] > min(tops)
        ]
        for x in (left, right) if crossing and len(tops) > 1 else ():
            if not any(abs(side["x0"] - x) < APART for side in sides):
                yield {
                    "object_type": "line",
                    "x0": x,
                    "x1": x,
                    "top": min(tops),
                    "bottom": max(tops),
                    "width": 0,
                    "height": max(tops) - min(tops),
                }


def _rules(page: Printed, ruled: Iterable[Ruled]) -> list[Rule]:
    """The horizontal rules of a page that belong to no ruled table."""
    return [
        Rule(float(edge["x0"]), float(edge["x1"]), float(edge["top"]))
        for edge in page.edges
        if edge["orientation"] == "h" and not any(box[1] <= edge["top"] <= box[3] for box in (t.bbox for t in ruled))
    ]


def _table(table: Ruled, chars: list[Char]) -> tuple[PageTable, list[Char]]:
    """A table, and the letters outside it: a cell that goes over rows begins in the first and goes on in the others."""
    boxes: list[Box] = sorted(table.cells, key=lambda box: (box[1], box[0]))
    held: dict[Box, list[Char]] = {box: [] for box in boxes}
    outside: list[Char] = []
    xs, ys = (sorted({box[side] for box in boxes for side in sides}) for sides in ((0, 2), (1, 3)))
    places = {
        (column, row): box
        for box in boxes
        for column in range(bisect_left(xs, box[0]), bisect_left(xs, box[2]))
        for row in range(bisect_left(ys, box[1]), bisect_left(ys, box[3]))
    }
    for char in chars:
        box = places.get((bisect_right(xs, centre(char)) - 1, bisect_right(ys, middle(char)) - 1))
        (outside if box is None else held[box]).append(char)
    rows = []
    for top in sorted({box[1] for box in boxes}):
        over = sorted(box for box in boxes if box[1] <= top < box[3])
        rows.append(
            tuple(
                PageCell("" if box[1] < top else cell_text(held[box], box[2]), box[0], box[2], box[1] < top)
                for box in over
            )
        )
    return PageTable(tuple(rows), boxes[0][1]), outside


def _told(content: bytes) -> dict[str, Any]:
    try:
        return {"pages": [asdict(page) for page in pages_of(content)]}
    except RefusedError as refused:
        return {"refused": refused.why, "page": refused.page}
    except (MemoryError, RecursionError):
        return {"refused": Refused.LARGE, "page": 0}
    except Exception:  # a damaged file breaks the library anywhere, and this process does nothing else
        return {"refused": Refused.DAMAGED, "page": 0}


def main() -> None:
    """Read a PDF within bounds of memory and time; whoever started this waits for its end."""
    logging.disable()
    with contextlib.suppress(ValueError, OSError):  # a system that does not bound memory bounds time all the same
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    json.dump(_told(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
