"""Finds the tables of a page that have no rules between their columns, if any at all.

Such a table begins at a line of heads. Between two columns lies a strip that no letter of the table crosses; a row is
what stands beside one number, or beside the points of one row. Where that is not clear nothing is guessed: the page is
refused, since a word or a number in the wrong column would be read as right.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise, takewhile
from math import inf
from typing import NamedTuple

from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.heads import HEAD_CELL, HEAD_WORDS, POINTS_COLUMN, RULES, SERIAL
from scoring.engine.notice.limits import HEADER, VETO_HEADER
from scoring.engine.notice.numbering import read_number
from scoring.engine.notice.rows import NOTE, PLAIN_NUMBER, SUM
from scoring.engine.notice.split import CONTINUED, TO_FILL_IN
from scoring.readers.pdf_lines import (
    EDGE,
    ENDS,
    PAGE_NUMBER,
    SAME,
    Char,
    PageCell,
    PageTable,
    cell_text,
    is_full,
    line_of,
)

# In heights of a letter: what parts two columns at least; how much lines share at least that stand beside each other.
STRIP, BESIDE = 0.5, 0.25
# How much wider, in heights of a letter, rows stand apart than the lines within one; how many heads a table has.
WIDER, FEWEST = 0.3, 2
FARTHEST = 40.0  # how far below a table, in points, its last rule stands
# Numbers of sections stand above those of rows; how many rows below each other without a head are a table all the same.
HIGH, COLUMN = 2, 3


class UnclearError(Exception):
    """There is a table without rules, and nobody can tell for sure where its columns or its rows begin."""


class Rule(NamedTuple):
    """A horizontal rule."""

    left: float
    right: float
    top: float


@dataclass(frozen=True)
class Piece:
    """Letters of a line that stand together, parted from others beside them by a strip."""

    chars: tuple[Char, ...]
    left: float
    right: float
    top: float
    bottom: float
    size: float
    text: str


Span = tuple[float, float]


@dataclass(frozen=True)
class Band:
    """Pieces that stand beside each other, from the left to the right, and the lines that they are of."""

    pieces: tuple[Piece, ...]
    lines: tuple[list[Char], ...]

    @property
    def top(self) -> float:
        """Where it begins."""
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return max(piece.bottom for piece in self.pieces)

    @property
    def spans(self) -> list[Span]:
        """What its pieces cover, those above each other as one."""
        return _united([(piece.left, piece.right) for piece in self.pieces])

    @property
    def is_single(self) -> bool:
        """Whether it holds single letters only."""
        return all(len(squeeze(piece.text)) == 1 for piece in self.pieces)

    def is_number(self, height: float) -> bool:
        """Whether it is the number of a page of this height."""
        text = " ".join(piece.text for piece in self.pieces)
        return PAGE_NUMBER.fullmatch(text) is not None and not height * EDGE < self.bottom < height * (1 - EDGE)

    @property
    def bare(self) -> str:
        """Its words, folded."""
        return squeeze(fold("".join(piece.text for piece in self.pieces)))


def open_tables(
    lines: list[list[Char]], rules: Sequence[Rule], height: float, before: "OpenTable | None" = None
) -> tuple[list["OpenTable"], list[list[Char]]]:
    """The tables without rules between their columns, and the lines outside; raises UnclearError.

    `height` is that of the page; `before` is such a table at the end of the page before, which may go on.
    """
    printed = _bands(lines)
    ends = {0, len(printed) - 1}
    numbers = {place for place in ends if printed and printed[place].is_number(height)}
    bands = _with_whole_heads([band for place, band in enumerate(printed) if place not in numbers])
    outside = [line for place in sorted(numbers) for line in printed[place].lines]
    tables: list[OpenTable] = []
    goes_on = _begin_of_rest(bands, before, height) if before else None
    at = 0
    while at < len(bands):
        if _is_head(bands[at]) or at == goes_on:
            end = _end(bands, at, rules)
            tables.append(OpenTable(bands[at:end], rules, None if _is_head(bands[at]) else before))
            at = end
        elif _is_column(bands[at : at + COLUMN]):
            raise UnclearError
        else:
            outside += bands[at].lines
            at += 1
    return tables, outside


def _with_whole_heads(bands: Sequence[Band]) -> list[Band]:
    """The lines with a head that wraps in narrow columns (`序` over `号`) as one: its letters stand close together."""
    whole: list[Band] = []
    for band in bands:
        above = whole[-1] if whole else None
        both = _beside(above, band) if above and band.top - above.bottom < band.pieces[0].size else None
        if above and both and (above.is_single or band.is_single) and _is_head(both):
            whole[-1] = both
        else:
            whole.append(band)
    return whole


def _beside(*bands: Band) -> Band:
    pieces = [piece for band in bands for piece in band.pieces]
    return Band(tuple(sorted(pieces, key=_from_left)), tuple(line for band in bands for line in band.lines))


def _begin_of_rest(bands: Sequence[Band], before: "OpenTable", height: float) -> int | None:
    """Where a page goes on with the table before it: at its first lines that stand in the columns of that.

    Above them may stand a running head that fits in no column, and `（续表）`.
    """
    begin = 0
    while begin < len(bands) and (
        CONTINUED.fullmatch(bands[begin].bare) or (bands[begin].top < height * EDGE and not before.holds(bands[begin]))
    ):
        begin += 1
    rest = list(takewhile(before.holds, bands[begin:]))
    return begin if any(len(band.spans) >= FEWEST for band in rest) else None


def _bands(lines: list[list[Char]]) -> list[Band]:
    """The lines of a page; those that share some of their height are one."""
    bands: list[tuple[list[Piece], list[list[Char]]]] = []
    for line in lines:
        pieces = list(_pieces(line))
        above = bands[-1][0] if bands else []
        if above and max(piece.bottom for piece in above) - pieces[0].top > BESIDE * pieces[0].size:
            above += pieces
            bands[-1][1].append(line)
        else:
            bands.append((pieces, [line]))
    return [Band(tuple(sorted(pieces, key=_from_left)), tuple(held)) for pieces, held in bands]


def _from_left(piece: Piece) -> Span:
    return piece.left, piece.top


def _pieces(line: list[Char]) -> Iterator[Piece]:
    begin = 0
    for index in range(1, len(line) + 1):
        if index == len(line) or line[index]["x0"] - line[index - 1]["x1"] > STRIP * line[index]["size"]:
            laid = line_of(line[begin:index])
            yield Piece(tuple(line[begin:index]), laid.left, laid.right, laid.top, laid.bottom, laid.size, laid.text)
            begin = index


def _united(spans: list[Span], apart: float = 0) -> list[Span]:
    """Spans as one where they are no further apart than this."""
    united: list[Span] = []
    for left, right in sorted(spans):
        if united and left - united[-1][1] <= apart:
            united[-1] = (united[-1][0], max(right, united[-1][1]))
        else:
            united.append((left, right))
    return united


def _words(band: Band) -> list[str]:
    """The words of a line of heads: letters above each other, or set apart (`分　值`), are one word."""
    words: list[str] = []
    single = False
    for left, right in band.spans:
        above = sorted((piece for piece in band.pieces if left <= piece.left <= right), key=lambda piece: piece.top)
        text = squeeze(fold("".join(piece.text for piece in above)))
        if single and len(text) == 1:
            words[-1] += text
        else:
            words.append(text)
        single = len(text) == 1
    return words


def _is_head(band: Band) -> bool:
    """Whether a line holds heads of columns side by side, one of which is a table's only."""
    words = _words(band)
    heads = [
        word for word in words if HEAD_CELL.fullmatch(word) or POINTS_COLUMN.fullmatch(word) or HEAD_WORDS.search(word)
    ]
    only = [word for word in words if SERIAL.fullmatch(word) or POINTS_COLUMN.fullmatch(word) or RULES.fullmatch(word)]
    return len(band.spans) >= FEWEST and len(heads) >= FEWEST and bool(only) and not any(map(str.isdigit, band.bare))


def _is_column(bands: Sequence[Band]) -> bool:
    """Whether lines below each other have a plain number in one column: a table whose head is not known."""
    ends = [band.pieces[-1] for band in bands if len(band.spans) >= FEWEST]
    return len(ends) == COLUMN and all(
        PLAIN_NUMBER.fullmatch(squeeze(fold(piece.text))) and abs(piece.left - ends[0].left) < piece.size
        for piece in ends
    )


def _heads_rows(band: Band) -> bool:
    """Whether a line may stand over all columns: a section's name, what adds or deducts, a sum."""
    number = read_number(band.bare)
    bare = band.bare[number.begin :]
    section = number.depth is not None and number.depth < HIGH
    return section or any(words.match(bare) for words in (HEADER, VETO_HEADER, SUM))


def _end(bands: Sequence[Band], begin: int, rules: Sequence[Rule]) -> int:
    """Where a table ends: below its last line of several columns and what goes on there, before the next head."""
    end = begin + 1
    while end < len(bands) and not _is_head(bands[end]) and not _is_below(bands[end]):
        end += 1
    while end > begin + 1 and len(bands[end - 1].spans) < FEWEST:
        next_top = bands[end].top if end < len(bands) else bands[end - 1].bottom + FARTHEST
        if any(bands[end - 1].bottom - SAME < rule.top < next_top for rule in rules) or _goes_on(bands[begin:end]):
            break
        end -= 1
    return end


def _is_below(band: Band) -> bool:
    """Whether a line is a note, or there to be filled in by hand, below a table."""
    return bool(NOTE.match(band.bare) or (":" in band.bare and TO_FILL_IN.search(band.bare)))


def _goes_on(bands: Sequence[Band]) -> bool:
    """Whether the last line is near the one above and within a column: the rest of what stands there."""
    last = bands[-1]
    (left, right), *_others = last.spans
    covered = _united([span for band in bands[:-1] if len(band.spans) >= FEWEST for span in band.spans])
    *gaps, gap = (band.top - above.bottom for above, band in pairwise(bands))
    near = gap < max(gaps, default=last.pieces[0].size) + SAME
    return near and any(begin - SAME < left and right < end + SAME for begin, end in covered)


class OpenTable:
    """One such table: its columns by the strips between them, its rows by what each must have.

    A table that goes on from the page `before` has the columns of that.
    """

    def __init__(self, bands: Sequence[Band], rules: Sequence[Rule], before: "OpenTable | None" = None) -> None:
        self.bands = bands
        tops = sorted(rule.top for rule in rules)
        self.rules = [top for top in tops if bands[0].top - SAME < top < bands[-1].bottom + SAME]
        self.columns: list[Span] = before.columns if before else self._columns()
        # Where columns begin and end: in the middle of the strips between them.
        between = [(left[1] + right[0]) / 2 for left, right in pairwise(self.columns)]
        self.edges = [self.columns[0][0] - SAME, *between, self.columns[-1][1] + SAME]
        self.heads: Sequence[Band] = before.heads if before else bands[:1]
        bare = [squeeze(fold("".join(piece.text for piece in self._in(self.heads[0], c)))) for c in range(self.width)]
        self.points = next((place for place, head in enumerate(bare) if POINTS_COLUMN.fullmatch(head)), None)
        self.serial = next((place for place, head in enumerate(bare) if SERIAL.fullmatch(head)), None)
        self.anchor = next((place for place in (self.serial, self.points) if place is not None), 0)
        self.body = bands if before else bands[1:]
        # Whether a row is known by more than its points.
        self.sure = False

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.columns)

    def _columns(self) -> list[Span]:
        """The columns: with all lines, or without those that may stand over several; each has one head of its own."""
        plain = [band for band in self.bands[1:] if not _heads_rows(band)]
        for bands in (self.bands[1:], plain):
            columns = self._parted([self.bands[0], *(band for band in bands if len(band.spans) >= FEWEST)])
            if self._each_has_a_head(columns):
                return columns
        raise UnclearError

    def _parted(self, bands: Sequence[Band]) -> list[Span]:
        size = max(piece.size for piece in self.bands[0].pieces)
        return _united([span for band in bands for span in band.spans], STRIP * size)

    def _each_has_a_head(self, columns: Sequence[Span]) -> bool:
        """Whether each column has one head; letters set apart are one."""
        heads = [
            [squeeze(piece.text) for piece in self.bands[0].pieces if left <= piece.left and piece.right <= right]
            for left, right in columns
        ]
        return len(columns) >= FEWEST and all(
            len(words) == 1 or (words and all(len(word) == 1 for word in words)) for words in heads
        )

    def _in(self, band: Band, column: int) -> list[Piece]:
        """What of a line stands in a column; the outer ones are open to the margins."""
        left = self.edges[column] if column else 0
        right = self.edges[column + 1] if column + 1 < self.width else inf
        return [piece for piece in band.pieces if left <= piece.left and piece.right <= right]

    def holds(self, band: Band) -> bool:
        """Whether all of a line stands in its columns."""
        return sum(len(self._in(band, column)) for column in range(self.width)) == len(band.pieces)

    def _is_over(self, band: Band) -> bool:
        """Whether a line stands over columns: it fits in none, or names a section, or a sum, without a number."""
        if not self.holds(band):
            return True
        first = band.pieces[0]
        begins = first.left < self.columns[0][0] + first.size
        return not self._in(band, self.anchor) and _heads_rows(band) and (begins or bool(SUM.match(band.bare)))

    def table(self) -> PageTable:
        """The table, row by row."""
        rows = [] if self.body is self.bands else [self._row(self.bands[:1])]
        group: list[Band] = []
        for band in self.body:
            if self._is_over(band):
                rows += self._rows(group)
                rows.append(self._over(band))
                group = []
            else:
                group.append(band)
        return PageTable((*rows, *self._rows(group)), self.bands[0].top)

    def _over(self, band: Band) -> tuple[PageCell, ...]:
        """A line whose first piece stands over several columns, as a section's name or a sum does."""
        first, *others = band.pieces
        ends = [place for place, (left, _right) in enumerate(self.columns) if left < first.right]
        beside = [place for piece in others for place in range(self.width) if piece in self._in(band, place)]
        edges, last = self.edges, max(ends, default=0)
        apart = len(beside) == len(others) == len(set(beside)) and min(beside, default=self.width) > last
        if not (_heads_rows(band) and apart):
            raise UnclearError
        texts = {place: cell_text(list(piece.chars), piece.right) for place, piece in zip(beside, others, strict=True)}
        cells = [PageCell(cell_text(list(first.chars), first.right), edges[0], edges[last + 1], False)]
        cells += [
            PageCell(texts.get(place, ""), edges[place], edges[place + 1], False)
            for place in range(last + 1, self.width)
        ]
        return tuple(cells)

    def _rows(self, bands: Sequence[Band]) -> list[tuple[PageCell, ...]]:
        """Lines as rows: by the rules between them, by how wide they stand apart, or by what each row begins with."""
        rows: list[tuple[PageCell, ...]] = []
        ruled = {
            index
            for index, (above, band) in enumerate(pairwise(bands), start=1)
            if any(above.bottom - SAME < top < band.top + SAME for top in self.rules)
        }
        for group in _cut(bands, ruled):
            self.sure = self.serial is not None or bool(ruled)
            parted = next((rows for rows in self._ways(group) if all(map(self._is_row, rows))), None)
            if parted is None:
                raise UnclearError
            rows += map(self._row, parted)
        return rows

    def _ways(self, group: list[Band]) -> Iterator[list[list[Band]]]:
        """The ways to part lines into rows, the surest first."""
        size = group[0].pieces[0].size
        gaps = [band.top - above.bottom for above, band in pairwise(group)]
        apart = sorted(gap for gap in gaps if gap > 0)  # lines that overlap are of one row
        wide = next((wide for narrow, wide in pairwise(apart) if wide - narrow > WIDER * size), None)
        if wide is None and len(apart) < len(gaps):
            wide = apart[0] if apart else None
        if wide is None and all(self._is_rest(group[:index], band) for index, band in enumerate(group) if index):
            yield [group]
        if wide is not None:
            yield _cut(group, {index for index, gap in enumerate(gaps, start=1) if gap >= wide})
        begins = [index for index, band in enumerate(group) if self._in(band, self.anchor)]
        if begins[:1] == [0] and self._hang(group, begins) and not _may_be_centred(begins, len(group)):
            yield _cut(group, set(begins))

    def _hang(self, group: Sequence[Band], begins: Sequence[int]) -> bool:
        """Whether rows hang from their first lines: none stands between two others, and each goes on with the next."""
        flat = all(abs(piece.top - band.pieces[0].top) < WIDER * piece.size for band in group for piece in band.pieces)
        rests = [index for index in range(len(group)) if index not in begins]
        begun = {index: max(begin for begin in begins if begin < index) for index in rests}
        return not rests or (flat and all(self._is_rest(group[begun[index] : index], group[index]) for index in rests))

    def _is_rest(self, above: Sequence[Band], band: Band) -> bool:
        """Whether all that a line says goes on, in its column, with a line above that is full, or ends a sentence.

        Several columns do so only in rows with a number, or with rules between them: else it may be a row by itself.
        """
        if not self.sure and len(band.spans) > 1:
            return False
        for column, (_left, right) in enumerate(self.columns):
            theirs = self._in(band, column)
            ours = [piece for line in above for piece in self._in(line, column)]
            if not theirs or (not ours and not self._in(above[0], self.anchor)):
                continue
            full = bool(ours) and is_full(line_of(list(ours[-1].chars)), line_of(list(theirs[0].chars)), right)
            if not full and not (ours and ours[-1].text.endswith(tuple(ENDS))):
                return False
        return True

    def _is_row(self, bands: Sequence[Band]) -> bool:
        """Whether lines are one row: one number or one line of points, something in the first column, and points."""
        lines = [piece for band in bands for piece in self._in(band, self.anchor)]
        firsts = [piece for band in bands for piece in self._in(band, 0)]
        points = [piece for band in bands for piece in self._in(band, self.points or 0)]
        return len(lines) == 1 and bool(firsts) and (self.points is None or len(points) == 1)

    def _row(self, bands: Sequence[Band]) -> tuple[PageCell, ...]:
        edges = self.edges
        return tuple(
            PageCell(
                cell_text([char for band in bands for piece in self._in(band, place) for char in piece.chars], right),
                edges[place],
                edges[place + 1],
                False,
            )
            for place, (_left, right) in enumerate(self.columns)
        )


def _may_be_centred(begins: Sequence[int], count: int) -> bool:
    """Whether each row could as well have as many lines above the one with its number as below it, and any has some."""
    between = [after - before - 1 for before, after in pairwise([*begins, count])]
    above = [0]
    for lines in between:
        above.append(lines - above[-1])
    return any(between) and above[-1] == 0 and all(lines >= 0 for lines in above)


def _cut(bands: Sequence[Band], begins: Set[int]) -> list[list[Band]]:
    """Lines in groups: a new one where a line begins one, by its place."""
    groups: list[list[Band]] = []
    for index, band in enumerate(bands):
        if index and index not in begins:
            groups[-1].append(band)
        else:
            groups.append([band])
    return groups
