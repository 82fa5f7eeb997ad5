"""Tables of other bodies, written compactly: `|` parts cells, `^` is merged with the cell above, `<` with the left.

A table stands under its name and the lines of its title, and is followed by what a careful clerk reads (`->`) and by
what has to be told (`!!`): `20` the points of a row, `20+20` its parts, `{20,10}` levels, `(-2/次)` losses, `@5/次` a
rate, `>=4` a count to be reached; `B1[2/次]` a bonus, `D1[3]` a deduction, `<=10` its limit, `H` its highest counts.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx

from scoring.engine.numbers import plain
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Adjustment, Indicator, Part, Rule, TrackRules
from tests.support.workbooks import some_sheets

LETTER = ("关于开展2024年度工作考核的通知", "各单位：", "请于12月10日前报送自评表。", "某县某某局", "2024年11月1日")
MERGED = ("^", "<")
# What small notices never state; told of all of them.
USUAL = {("missing", None), ("unnumbered", None)}


@dataclass(frozen=True)
class Layout:
    """A notice with one table, and what is read in it."""

    name: str
    above: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    read: str
    told: tuple[str, ...]


def layouts(path: Path) -> Iterator[Layout]:
    """The tables of a file."""
    for block in path.read_text().split("== ")[1:]:
        name, *lines = block.strip().split("\n")
        rows = [tuple(cell.replace("\\n", "\n") for cell in line.split("|")) for line in lines if "|" in line]
        said = {mark: [line[2:].strip() for line in lines if line.startswith(mark)] for mark in ("->", "!!")}
        above = [line for line in lines if "|" not in line and not line.startswith(("->", "!!"))]
        letter = LETTER if above[0].startswith("表") else (*LETTER, "附件1")
        yield Layout(name, (*letter, *above), tuple(rows), " ".join(said["->"]), tuple(" ".join(said["!!"]).split()))


def as_text(layout: Layout) -> bytes:
    """The notice as a word processor saves it as text."""
    rows = "".join(f"\n{_text_row(row)}" for row in layout.rows)
    return ("\n".join(layout.above) + "\n" + rows).encode()


def _text_row(row: tuple[str, ...]) -> str:
    return "".join(f"\t{'' if cell in MERGED else cell}\n" for cell in row)


def as_document(layout: Layout) -> bytes:
    """The notice as a Word document, its cells merged."""
    made = docx.Document()
    for line in layout.above:
        made.add_paragraph(line)
    table = made.add_table(len(layout.rows), max(map(len, layout.rows)))
    places = [[table.cell(row, column) for column in range(len(table.columns))] for row in range(len(layout.rows))]
    for row, cells in enumerate(layout.rows):
        for column, text in enumerate(cells):
            if text not in MERGED:
                places[row][column].text = text
    for (row, column), (bottom, right) in _spans(layout):
        places[row][column].merge(places[bottom][right])
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def as_workbook(layout: Layout) -> bytes:
    """The notice as a workbook of one sheet, its cells merged and its numbers numbers."""
    begin = len(layout.above)
    rows: list[list[Any]] = [[line] for line in layout.above]
    rows += [["" if cell in MERGED else _typed(cell) for cell in row] for row in layout.rows]
    merged = [
        f"{chr(65 + column)}{begin + row + 1}:{chr(65 + right)}{begin + bottom + 1}"
        for (row, column), (bottom, right) in _spans(layout)
    ]
    return some_sheets({"通知": rows}, merged=tuple(merged))


def _typed(cell: str) -> Any:
    return float(cell) if re.fullmatch(r"\d+(?:\.\d+)?", cell) else cell


def _spans(layout: Layout) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where merged cells begin and end, by row and column."""
    for row, cells in enumerate(layout.rows):
        for column, text in enumerate(cells):
            right, bottom = column, row
            while right + 1 < len(cells) and cells[right + 1] == "<":
                right += 1
            while bottom + 1 < len(layout.rows) and layout.rows[bottom + 1][column : column + 1] == ("^",):
                bottom += 1
            if text not in MERGED and (right, bottom) != (column, row):
                yield (row, column), (bottom, right)


def told(scheme: SchemeRules) -> tuple[str, ...]:
    """What is told beyond the usual, by code and row."""
    findings = [(finding.code, finding.at) for finding in scheme.findings]
    return tuple(f"{code}@{at or 'track'}" for code, at in findings if (code, at) not in USUAL)


def read(track: TrackRules) -> str:
    """What a track counts with, in one line."""
    limits = [("full", track.full_marks), ("bonus", track.bonus_cap), ("deduction", track.deduction_cap)]
    stated = [f"{name}={plain(value)}" for name, value in limits if value is not None and (name, value) != STANDARD]
    return " ".join([*map(_row, track.indicators), *map(_item, track.adjustments), *stated])


STANDARD = ("full", Decimal(100))


def _row(row: Indicator) -> str:
    parts = "+".join(map(_part, row.parts))
    points = "-" if row.points is None else plain(row.points)
    return parts if sum((part.points for part in row.parts), Decimal(0)) == row.points else f"{points}/{parts}"


def _part(part: Part) -> str:
    target = f">={part.at_least}" if part.at_least else ""
    rate = f"@{plain(part.rate)}/{part.per}" if part.rate is not None else ""
    levels = ",".join(plain(level.points) for level in part.levels)
    losses = ",".join(f"-{_rule(loss)}" for loss in part.losses)
    return f"{plain(part.points)}{target}{rate}{f'{{{levels}}}' if levels else ''}{f'({losses})' if losses else ''}"


def _item(item: Adjustment) -> str:
    limit = f"<={plain(item.cap)}" if item.cap is not None else ""
    return f"{item.code}[{','.join(map(_rule, item.rules))}]{limit}{'H' if item.highest else ''}"


def _rule(rule: Rule) -> str:
    least = f"{plain(rule.rate_from)}~" if rule.rate_from is not None else ""
    per = f"/{rule.per}" if rule.per else ""
    return f"{least}{plain(rule.rate)}{per}{f'<={plain(rule.cap)}' if rule.cap is not None else ''}"
