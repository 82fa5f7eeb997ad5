"""Ways in which a notice's tables get damaged, where chance chooses; and all that a scheme counts with."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from scoring.engine.notice import Cell, Source, SourceRow, Table
from scoring.engine.notice.fold import fold
from scoring.engine.scheme import SchemeRules


@dataclass(frozen=True)
class Place:
    """A cell of a notice: the block, the row in it, the cell in that."""

    block: int
    row: int
    cell: int


Damage = Callable[[Source, random.Random], Source]


def places(source: Source, wanted: str) -> list[Place]:
    """The cells below a table's head whose text has what is wanted."""
    return [
        Place(block_index, row_index, cell_index)
        for block_index, block in enumerate(source.blocks)
        if isinstance(block, Table)
        for row_index, row in enumerate(block.rows)
        if row_index
        for cell_index, cell in enumerate(row.cells)
        if re.search(wanted, fold(cell.text)) and "示例" not in cell.text
    ]


def rows_of(source: Source, place: Place) -> list[SourceRow]:
    block = source.blocks[place.block]
    assert isinstance(block, Table)
    return list(block.rows)


def with_rows(source: Source, place: Place, rows: list[SourceRow]) -> Source:
    blocks = list(source.blocks)
    blocks[place.block] = Table(tuple(rows))
    return replace(source, blocks=tuple(blocks))


def with_text(source: Source, place: Place, text: str) -> Source:
    rows = rows_of(source, place)
    cells = list(rows[place.row].cells)
    cells[place.cell] = replace(cells[place.cell], text=text)
    rows[place.row] = replace(rows[place.row], cells=tuple(cells))
    return with_rows(source, place, rows)


def text_at(source: Source, place: Place) -> str:
    return rows_of(source, place)[place.row].cells[place.cell].text


def a_digit_changed(source: Source, chance: random.Random) -> Source:
    place = chance.choice(places(source, r"\d+分|^\d+$"))
    text = text_at(source, place)
    digits = [match for match in re.finditer(r"\d(?=\d*分)|^\d(?=\d*$)", fold(text))]
    digit = chance.choice(digits)
    other = chance.choice([number for number in "123456789" if number != digit.group()])
    return with_text(source, place, text[: digit.start()] + other + text[digit.end() :])


def a_cell_emptied(source: Source, chance: random.Random) -> Source:
    return with_text(source, chance.choice(places(source, r"\d+分|^\d+$")), "")


def a_row_cut(source: Source, chance: random.Random) -> Source:
    place = chance.choice(places(source, r"\d+分|^\d+$"))
    rows = rows_of(source, place)
    del rows[place.row]
    return with_rows(source, place, rows)


def a_column_moved(source: Source, chance: random.Random) -> Source:
    place = chance.choice(places(source, r"\d+分|^\d+$"))
    rows = rows_of(source, place)
    row = rows[place.row]
    moved = tuple(replace(cell, column=cell.column + 1) for cell in row.cells)
    rows[place.row] = replace(row, cells=(Cell("", 0), *moved))
    return with_rows(source, place, rows)


def a_head_split(source: Source, chance: random.Random) -> Source:
    place = chance.choice(places(source, r"\d+分|^\d+$"))
    rows = rows_of(source, place)
    head = rows[0]
    half = [cell.text[: len(cell.text) // 2] for cell in head.cells]
    rest = [cell.text[len(cell.text) // 2 :] for cell in head.cells]
    upper = tuple(replace(cell, text=text) for cell, text in zip(head.cells, half, strict=True))
    lower = tuple(replace(cell, text=text) for cell, text in zip(head.cells, rest, strict=True))
    rows[0:1] = [replace(head, cells=upper), replace(head, cells=lower)]
    return with_rows(source, place, rows)


DAMAGES: list[Damage] = [a_digit_changed, a_cell_emptied, a_row_cut, a_column_moved, a_head_split]


def points(scheme: SchemeRules) -> dict[str, list[str]]:
    """All that a track counts with: points of rows and parts, rates, limits."""
    return {
        track.code: [
            *(f"{row.points}" for row in track.indicators),
            *(f"{part.points} {part.rate} {part.per}" for part in track.parts()),
            *(f"{item.kind} {item.cap} {item.highest}" for item in track.adjustments),
            *(f"{rule.rate} {rule.per} {rule.cap}" for rule in track.rules()),
            f"{track.full_marks} {track.bonus_cap} {track.deduction_cap}",
        ]
        for track in scheme.tracks
    }
