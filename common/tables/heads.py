"""The head of a table as people make it: a title above, a column of running numbers, columns in another order."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

# A head stands near the top; further down a row is a row.
LAST_FOR_A_HEAD = 10
# The cells of a title: the table's name, or who made it and when; a row of people or units has more.
LONGEST_TITLE = 2


@dataclass(frozen=True)
class TableRow:
    """A row of a table that came in, with the number under which a person sees it there."""

    number: int
    cells: tuple[str, ...]

    def first(self, count: int) -> list[str]:
        """Its first `count` cells; empty ones where it has fewer."""
        return [*self.cells, *[""] * count][:count]


def rows_below(
    rows: Sequence[TableRow], columns: Sequence[Collection[str]], *, counted: bool = False
) -> list[TableRow]:
    """The rows of a table below its head, cells in the order of `columns` (the words that may stand over each).

    Where the head names fewer than two of them, or there is none, the cells stand as they are, without a title above
    them and, if they may be `counted`, without a first column that only counts. Rows keep the numbers that people see;
    blank rows are left out.
    """
    filled = [row for row in rows if any(row.cells)]
    at, places = _head(filled, columns)
    if sum(place is not None for place in places) > 1:
        return [_arranged(row, places) for row in filled[at + 1 :]]
    below = _without_title(filled[at + 1 :])
    return _without_count(below) if counted else below


def _head(rows: Sequence[TableRow], columns: Sequence[Collection[str]]) -> tuple[int, list[int | None]]:
    """Which row is the head (-1: none), and where in it each column stands. Above it stand titles only."""
    for at, row in enumerate(rows[:LAST_FOR_A_HEAD]):
        words = [_word(cell) for cell in row.cells]
        places = [next((place for place, word in enumerate(words) if word in known), None) for known in columns]
        named = sum(place is not None for place in places)
        if named > 1 or (at == 0 and places[0] == 0):
            return at, places
        if _filled(row) > LONGEST_TITLE:
            break
    return -1, []


def _filled(row: TableRow) -> int:
    return sum(bool(cell) for cell in row.cells)


def _word(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()).casefold()


def _arranged(row: TableRow, places: Sequence[int | None]) -> TableRow:
    """The cells in the order wanted; where they stand in it already, what comes behind them stays."""
    if list(places) == list(range(len(places))):
        return row
    cells = row.first(max(place for place in places if place is not None) + 1)
    return replace(row, cells=tuple("" if place is None else cells[place] for place in places))


def _without_title(rows: list[TableRow]) -> list[TableRow]:
    """Without the rows at the top that hold one cell only, if a row of several stands below them."""
    first = next((at for at, row in enumerate(rows) if _filled(row) > 1), 0)
    return rows[first:]


def _without_count(rows: list[TableRow]) -> list[TableRow]:
    """Without a first column in which the rows are counted: 1, 2, 3 …"""
    firsts = [row.cells[0].removesuffix(".") for row in rows]
    if firsts == [str(number) for number in range(1, len(rows) + 1)]:
        return [replace(row, cells=row.cells[1:]) for row in rows]
    return rows
