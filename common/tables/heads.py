"""The head of a table as people make it: a title above, a column of running numbers, columns in another order."""

import unicodedata
from collections.abc import Collection, Sequence

Numbered = tuple[int, list[str]]
# A head stands near the top; further down a row is a row.
LAST_FOR_A_HEAD = 10
# The cells of a title: the table's name, or who made it and when; a row of people or units has more.
LONGEST_TITLE = 2


def rows_below(
    rows: Sequence[Numbered], columns: Sequence[Collection[str]], *, counted: bool = False
) -> list[Numbered]:
    """The rows of a table below its head, cells in the order of `columns` (the words that may stand over each).

    Where the head names fewer than two of them, or there is none, the cells stand as they are, without a title above
    them and, if they may be `counted`, without a first column that only counts. Rows keep the numbers that people see;
    blank rows are left out.
    """
    filled = [(number, cells) for number, cells in rows if any(cells)]
    at, places = _head(filled, columns)
    if sum(place is not None for place in places) > 1:
        return [(number, _arranged(cells, places)) for number, cells in filled[at + 1 :]]
    below = _without_title(filled[at + 1 :])
    return _without_count(below) if counted else below


def _head(rows: Sequence[Numbered], columns: Sequence[Collection[str]]) -> tuple[int, list[int | None]]:
    """Which row is the head (-1: none), and where in it each column stands. Above it stand titles only."""
    for at, (_number, cells) in enumerate(rows[:LAST_FOR_A_HEAD]):
        words = [_word(cell) for cell in cells]
        places = [next((place for place, word in enumerate(words) if word in known), None) for known in columns]
        found = sum(place is not None for place in places)
        if found > 1 or (at == 0 and places[0] == 0):
            return at, places
        if _filled(cells) > LONGEST_TITLE:
            break
    return -1, []


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell) for cell in cells)


def _word(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()).casefold()


def _arranged(cells: list[str], places: Sequence[int | None]) -> list[str]:
    """The cells in the order wanted; where they stand in it already, what comes behind them stays."""
    if list(places) == list(range(len(places))):
        return cells
    return ["" if place is None or place >= len(cells) else cells[place] for place in places]


def _without_title(rows: list[Numbered]) -> list[Numbered]:
    """Without the rows at the top that hold one cell only, if a row of several stands below them."""
    counts = [_filled(cells) for _number, cells in rows]
    first = next((at for at, count in enumerate(counts) if count > 1), 0)
    return rows[first:]


def _without_count(rows: list[Numbered]) -> list[Numbered]:
    """Without a first column in which the rows are counted: 1, 2, 3 …"""
    firsts = [cells[0].removesuffix(".") for _number, cells in rows]
    if firsts == [str(number) for number in range(1, len(rows) + 1)]:
        return [(number, cells[1:]) for number, cells in rows]
    return rows
