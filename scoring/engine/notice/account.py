"""The account of a reading: what became of every paragraph and cell of a notice, checked purely at the end.

The accountant reads nothing into the scheme. It lays the source beside the scheme and requires that each cell and each
number of an annex is shown in the scheme or named by a finding at its place; what is left over is unread.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.heads import Columns, read_head, same_head
from scoring.engine.notice.limits import HEADER, VETO_HEADER
from scoring.engine.notice.marks import LIMIT, POINTS, TOTAL, Mark, find_marks, only_points
from scoring.engine.notice.names import track_code, track_name
from scoring.engine.notice.numbering import read_number
from scoring.engine.notice.rows import (
    BLANK,
    NOTE,
    PLAIN_NUMBER,
    SUBTOTAL,
    SUM,
    heads_rules,
    is_form,
    most,
    numbers_by_line,
)
from scoring.engine.notice.source import Cell, Paragraph, Source, SourceRow, Table
from scoring.engine.notice.split import AnnexText, AssessmentNotice, split
from scoring.engine.numbers import plain
from scoring.engine.scheme import Finding, SchemeRules
from scoring.engine.track import Adjustment, Indicator, TrackRules

NUMBERS = re.compile(r"\d+(?:\.\d+)?")


class Became(StrEnum):
    """What became of a piece of the notice."""

    LETTER = "letter"
    TITLE = "title"
    HEAD = "head"
    NUMBER = "number"
    POINTS = "points"
    INDICATOR = "indicator"
    ADJUSTMENT = "adjustment"
    TOTAL = "total"
    LIMIT = "limit"
    NOTE = "note"
    TOLD = "told"
    FORM = "form"
    BESIDE = "beside"
    PLAIN = "plain"
    UNREAD = "unread"


@dataclass(frozen=True)
class Place:
    """Where a piece stands: its block, and in a table its row and its cell, each counted from 0."""

    block: int
    row: int = 0
    cell: int = 0


@dataclass(frozen=True)
class Span:
    """A mark inside a text, from `start` to before `end`, and the code of what it prices; empty where it is told."""

    start: int
    end: int
    code: str = ""


@dataclass(frozen=True)
class Entry:
    """What became of a paragraph or a cell: where in the scheme it went (track, code), and the marks inside."""

    became: Became
    track: str | None = None
    at: str | None = None
    spans: tuple[Span, ...] = ()
    left: tuple[str, ...] = ()


Account = dict[Place, Entry]
Item = Indicator | Adjustment


def coded(notice: AssessmentNotice) -> Iterator[tuple[AnnexText, str, str]]:
    """Yield each annex with the name and the code of its track."""
    taken: set[str] = set()
    for annex in notice.annexes:
        name = track_name(annex.title)
        code = track_code(name, annex.number, taken)
        taken.add(code)
        yield annex, name, code


def account(source: Source, scheme: SchemeRules) -> Account:
    """Say what became of every paragraph and every cell of a notice that was read into this scheme."""
    notice = split(source)
    blocks = {id(block): index for index, block in enumerate(source.blocks)}
    by_place = {block.place: index for index, block in enumerate(source.blocks) if isinstance(block, Paragraph)}
    entries: Account = {}
    for annex, _name, code in coded(notice):
        track = scheme.track(code)
        accountant = _Accountant(code if track else None, track, scheme.findings)
        for paragraph in annex.above:
            entries[Place(by_place[paragraph.place])] = accountant.statement(paragraph.text, Became.TITLE)
        columns = Columns()
        for _title, above, table in annex.parts():
            head = read_head(table.rows)
            columns = head.columns if head else columns
            accountant.begin()
            for line in above:
                (entries[Place(by_place[line.place])],) = accountant.row(line, columns)
            for row, number, entry in accountant.table(table, columns, head.rows if head else 0):
                entries[Place(blocks[id(table)], row, number)] = entry
        for paragraph in (note for note in annex.notes if note.place in by_place):  # others are a form's cells
            entries[Place(by_place[paragraph.place])] = accountant.statement(paragraph.text, Became.NOTE)
    return entries | _others(source, scheme, entries)


def left_over(entries: Account) -> list[tuple[str | None, str | None, tuple[str, ...]]]:
    """Return what was read into nothing, by track and code, each with its words in the order printed."""
    left: dict[tuple[str | None, str | None], list[str]] = {}
    for entry in entries.values():
        if entry.left:
            left.setdefault((entry.track, entry.at), []).extend(entry.left)
    return [(track, at, tuple(dict.fromkeys(words))) for (track, at), words in left.items()]


def _others(source: Source, scheme: SchemeRules, known: Account) -> Account:
    """The letter, and annexes that assess nothing: what the letter states is in the scheme, the rest is plain."""
    stated = _letter_states(scheme)
    told = [squeeze(finding.message.text()) for finding in scheme.findings]
    judged = [words for finding in scheme.findings if finding.code == "judgement" for words in _quoted(finding)]
    inside = {place.block for place in known}
    entries: Account = {}
    for index, block in enumerate(source.blocks):
        if index in inside:
            continue
        places = [(Place(index), block.text)] if isinstance(block, Paragraph) else []
        if isinstance(block, Table):
            places = [
                (Place(index, row, number), cell.text)
                for row, line in enumerate(block.rows)
                for number, cell in enumerate(line.cells)
            ]
        for place, text in places:
            marks = [squeeze(text[mark.start : mark.end]) for mark in find_marks(fold(text))]
            is_judged = any(words in squeeze(text) for words in judged)
            if is_judged or any(mark in message for mark in marks for message in told if "“" in message):
                entries[place] = Entry(Became.TOLD)
            elif any(words in squeeze(fold(text)) for words in stated):
                entries[place] = Entry(Became.LETTER)
            else:
                entries[place] = Entry(Became.FORM if isinstance(block, Table) else Became.PLAIN)
    return entries


def _quoted(finding: Finding) -> Iterator[str]:
    """The words of the letter that a finding quotes."""
    if finding.track is None and (words := finding.message.params.get("printed")):
        yield squeeze(str(words))


def _letter_states(scheme: SchemeRules) -> set[str]:
    """What a letter says that the scheme holds, in words that its paragraphs are found by."""
    words = {scheme.title, scheme.number, scheme.issuer, *(track.desk for track in scheme.tracks)}
    for day in (scheme.issued, scheme.deadline):
        words.add(f"{day.month}月{day.day}日" if day else None)
    words.update({"、".join(scheme.grades), f"{scheme.publicity_working_days}个工作日"})
    words.update(quota.text for quota in scheme.quotas)
    for track in scheme.tracks:
        words.update(f"{component.weight.normalize():f}{unit}" for component in track.components for unit in "分%")
        words.add(f"抽取{track.recipients.sample}" if track.recipients else None)
    return {squeeze(fold(text)) for text in words if text}


@dataclass
class _Accountant:
    """Goes through one annex beside its track; `lines` say in which items a line is printed and not found yet."""

    code: str | None
    track: TrackRules | None
    findings: Sequence[Finding]
    items: list[Item] = field(default_factory=list)
    lines: dict[str, list[int]] = field(default_factory=dict)
    values: list[dict[Decimal, list[str]]] = field(default_factory=list)
    priced: list[bool] = field(default_factory=list)
    last: int = -1
    run: list[Decimal] = field(default_factory=list)
    # Of the row at hand: the rows below it, and the column of what is to be done, right of its groups' names.
    below: Sequence[SourceRow] = ()
    column: int = 0
    # What findings say, squeezed, by the code of the row; under None what they say anywhere in the track.
    messages: dict[str | None, str] = field(default_factory=dict)
    conflicts: dict[str | None, str] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Lay out the track's items by their lines; what adds and deducts in one row is one item."""
        self.hear()
        if self.track is None:
            return
        printed: list[Item] = [*self.track.indicators, *self.track.adjustments]
        for item in printed:
            if not (self.items and _other_kind(self.items[-1], item)):
                self.items.append(item)
        alike: dict[str, list[Adjustment]] = {}
        for adjustment in self.track.adjustments:
            alike.setdefault(adjustment.text, []).append(adjustment)
        self.values = [_values(item, alike.get(item.text, [])) for item in self.items]
        self.priced = [bool(values) for values in self.values]
        for index, item in enumerate(self.items):
            for line in _lines(item.text):
                self.lines.setdefault(line, []).append(index)

    def hear(self) -> None:
        """Gather what the findings of the track say, by row."""
        for finding in self.findings:
            if finding.track == self.code and finding.code in DOUBTS:
                row = finding.at.split(".")[0] if finding.at else None
                sentence = squeeze(finding.message.text()) + "\n"
                for place in {row, None}:
                    self.messages[place] = self.messages.get(place, "") + sentence
                if row and finding.code == "unread":
                    self.errors.add(row)
                if finding.code == "conflict":
                    self.conflicts[row] = self.conflicts.get(row, "") + sentence

    def begin(self) -> None:
        """Begin a table: one that adds or deducts may stand before the one that is scored."""
        if self.last >= 0 and isinstance(self.items[self.last], Adjustment):
            self.last = -1

    def table(self, table: Table, columns: Columns, heads: int) -> Iterator[tuple[int, int, Entry]]:
        """Yield what became of each cell of a table, with its row and its number in it."""
        for index, row in enumerate(table.rows):
            if index < heads or (heads and same_head(row, table.rows[heads - 1])):
                entries = [self.statement(cell.text, Became.HEAD) for cell in row.cells]
            else:
                self.below = table.rows[index + 1 :]
                entries = self.row(row, columns)
            yield from ((index, number, entry) for number, entry in enumerate(entries))

    def row(self, row: SourceRow, columns: Columns) -> list[Entry]:
        """Say what became of each cell of a row."""
        item = self.item_of(row, columns)
        if item is not None:
            self.column = max((cell.column for cell in row.cells if _worded(cell, columns.text)), default=0)
            return [self.in_item(cell, item, columns) for cell in row.cells]
        bare = squeeze(fold("".join(cell.text for cell in row.cells if not cell.continued)))
        words = squeeze(fold("".join(cell.text for cell in row.cells if cell.column not in (columns.serial,))))
        first = next((text for cell in row.cells if (text := squeeze(fold(cell.text)))), "")
        if SUM.match(bare) or SUM.match(words) or SUM.match(first):
            return [self.total(cell, bare) for cell in row.cells]
        note = bool(NOTE.match(bare) or NOTE.match(words) or NOTE.fullmatch(first))
        return [self.outside(cell, bare, words, columns, note=note) for cell in row.cells]

    def item_of(self, row: SourceRow, columns: Columns) -> int | None:
        """Return the item in which this row is printed: the first, from the last one found on, that has its words."""
        wanted = [
            line
            for cell in row.cells
            if not cell.continued and cell.column not in columns.aside
            for line in _lines(cell.text)
        ]
        near = [index for line in wanted for index in self.lines.get(line, []) if index >= self.last]
        if not near:
            return None
        item = min(near)
        begins = item != self.last or not self.run
        for line in wanted:
            if item in self.lines.get(line, []):
                self.lines[line].remove(item)
        known, self.last = self.items[item], item
        if begins and isinstance(known, Indicator):
            self.run.append(known.points or Decimal(0))
        return item

    def in_item(self, cell: Cell, index: int, columns: Columns) -> Entry:
        """Say what became of a cell of an item's row."""
        item = self.items[index]
        bare = squeeze(fold(cell.text))
        became = Became.INDICATOR if isinstance(item, Indicator) else Became.ADJUSTMENT
        if BLANK.fullmatch(bare) or cell.continued or self.repeats(cell, index):
            return Entry(Became.PLAIN, self.code, item.code)
        if cell.column == columns.serial and cell.span == 1:
            return Entry(Became.NUMBER, self.code, item.code)
        shared = numbers_by_line(cell.text) if cell.column == columns.points else []
        if self.in_column(cell.column, bare, index, columns) or (
            shared and all(self.taken(index, number) for number in shared)
        ):
            return Entry(Became.POINTS, self.code, item.code)
        stands_alone = PLAIN_NUMBER.fullmatch(bare) and cell.column == columns.points
        if set(_lines(cell.text)) <= set(_lines(item.text)) and not stands_alone:
            spans, left = self.marks(cell, index, columns)
            return Entry(became if not left else Became.UNREAD, self.code, item.code, spans, left)
        if isinstance(item, Adjustment) and heads_rules(cell.text):
            return self.statement(cell.text, Became.LIMIT)
        return self.beside(cell, item, columns)

    def repeats(self, cell: Cell, index: int) -> bool:
        """Whether a cell names the group that the item above is in, too."""
        above = set(_lines(self.items[index - 1].text)) if index else set()
        return cell.column < self.column and set(_lines(cell.text)) <= above

    def in_column(self, column: int, bare: str, index: int, columns: Columns) -> bool:
        """Whether the scheme shows what a column of points says: a row's, a group's or a level's."""
        if column in dict(columns.levels):
            number = PLAIN_NUMBER.fullmatch(bare)
            return number is not None and bool(self.taken(index, Decimal(number[1])))
        if column in columns.totals:
            return self.holds(index, bare.removesuffix("%"), columns, heads=True)
        return column == columns.points and self.holds(index, bare.removesuffix("%" if columns.shares else ""), columns)

    def holds(self, index: int, printed: str, columns: Columns, *, heads: bool = False) -> bool:
        """Whether the scheme shows what a column of points says: as the item's points or limit, or its group's.

        A group's points stand in a column of theirs, in a row of their own, or over a row that states its own.
        """
        item, number = self.items[index], PLAIN_NUMBER.fullmatch(printed.lstrip("+-"))
        value = Decimal(number[1]) if number else most(printed)
        if value is None:
            return isinstance(item, Indicator) and item.points is None and not NUMBERS.search(printed)
        if isinstance(item, Adjustment):
            return value in _values(item, [item]) or (heads and value in self.limits())
        if printed.startswith("-") and self.taken(index, value):
            return True
        if any(level.points == value for part in item.parts for level in part.levels):
            return True
        heads = heads or self.goes_on(index, columns) or only_points(fold(item.text)) == item.points
        return item.points == value or (heads and self.comes_to(value, index)) or self.told(item.code, value=value)

    def goes_on(self, index: int, columns: Columns) -> bool:
        """Whether this row only heads an item: its other lines stand below, in a row that states points itself."""
        left = {line for line in _lines(self.items[index].text) if index in self.lines[line]}
        for row in self.below if left else ():
            if any(left & set(_lines(cell.text)) for cell in row.cells):
                cell = row.at(columns.points) if columns.points is not None else None
                own = cell is not None and NUMBERS.search(fold(cell.text)) is not None
                return own or any(only_points(fold(cell.text)) is not None for cell in row.cells)
        return False

    def ends(self) -> Iterator[Decimal]:
        """What the last rows so far come to, of each length."""
        rows = (item.points or Decimal(0) for item in self.items[self.last :: -1] if isinstance(item, Indicator))
        return accumulate(rows)

    def comes_to(self, value: Decimal, index: int) -> bool:
        """Whether the rows from this one on come to a number that heads them."""
        total = Decimal(0)
        for item in self.items[index:]:
            total += item.points or Decimal(0) if isinstance(item, Indicator) else Decimal(0)
            if total >= value:
                break
        return total == value

    def beside(self, cell: Cell, item: Item, columns: Columns) -> Entry:
        """Say what became of a cell that is printed beside an item: told where it states points, else plain."""
        words = cell.text.strip()
        if self.told(item.code, words):
            return Entry(Became.TOLD, self.code, item.code)
        bare = squeeze(fold(words))
        states = bool(find_marks(fold(words))) or PLAIN_NUMBER.fullmatch(bare)
        if "示例" in bare or (cell.column in columns.aside and not states):
            return Entry(Became.BESIDE, self.code, item.code)
        return Entry(Became.UNREAD, self.code, item.code, left=(words,))

    def marks(self, cell: Cell, index: int, columns: Columns) -> tuple[tuple[Span, ...], tuple[str, ...]]:
        """Return the marks of a text that an item shows, each with the code it prices, and those that nothing knows.

        Beside points of their own an indicator's words may state what no rule computes: they are shown as they stand.
        """
        item, text = self.items[index], cell.text
        unpriced = not self.priced[index] and item.code in self.errors
        spans, left = [], []
        for mark in find_marks(fold(text)):
            codes = [self.taken(index, value) for value in mark.levels or (mark.value,)]
            words = text[mark.start : mark.end].strip()
            shown = unpriced or all(codes) or self.told(item.code, words, mark.value)
            if not shown and not (isinstance(item, Indicator) and self.judged(index, mark, cell, columns)):
                left.append(words)
            spans.append(Span(mark.start, mark.end, codes[0]))
        return tuple(spans), tuple(left)

    def taken(self, index: int, value: Decimal) -> str:
        """Return the piece of an item that has this number and was not found in print yet; empty where none has."""
        codes = self.values[index].get(value, [])
        return codes.pop(0) if codes else ""

    def judged(self, index: int, mark: Mark, cell: Cell, columns: Columns) -> bool:
        """Whether a mark is shown beside an indicator's own points, or is the total of its parts or of its group.

        Bare points of what is to be done are always read, whatever stands in a column.
        """
        item = self.items[index]
        worded = cell.column in (*columns.text, *columns.group)
        bare = worded and mark.kind in (TOTAL, POINTS) and not mark.sign and not mark.verb
        if columns.points is not None and not bare:
            return isinstance(item, Indicator) and item.points is not None
        heads = cell.column < self.column or self.goes_on(index, columns)
        whole = isinstance(item, Indicator) and mark.value == item.points
        if mark.kind not in (TOTAL, POINTS):
            return mark.kind == LIMIT and whole
        return whole or _sums(item, mark.value) or (heads and self.comes_to(mark.value, index))

    def total(self, cell: Cell, bare: str) -> Entry:
        """Say what became of a cell of a sum: what it states must be the full marks, or what the rows come to."""
        number = PLAIN_NUMBER.fullmatch(squeeze(fold(cell.text)))
        values = [Decimal(number[1])] if number else [mark.value for mark in find_marks(fold(cell.text))]
        come_to = sum(self.run, Decimal(0))
        if values and SUBTOTAL.search(bare):
            self.run = []
        known = {*self.limits(), come_to, *([] if SUBTOTAL.match(bare) else self.ends())}
        if all(value in known or self.comes_to(value, self.last + 1) for value in values) or self.told(
            None, cell.text.strip()
        ):
            return Entry(Became.TOTAL, self.code)
        return Entry(Became.UNREAD, self.code, self.at(), left=(cell.text.strip(),))

    def outside(self, cell: Cell, bare: str, words: str, columns: Columns, *, note: bool) -> Entry:
        """Say what became of a cell of a row that is no item: a head of adjustments, a note, a form's, or left over."""
        text = cell.text.strip()
        own = squeeze(fold(text))
        heads = (bare, words, words[read_number(words).begin :], own[read_number(own).begin :])
        states = bool(find_marks(fold(text))) or PLAIN_NUMBER.fullmatch(squeeze(fold(text)))
        if BLANK.fullmatch(own) or cell.continued:
            became = Became.PLAIN
        elif cell.column == columns.serial and words and NUMBERS.fullmatch(squeeze(fold(text))):
            became = Became.NUMBER
        elif self.quoted(text):
            became = Became.TOLD
        elif any(shape.match(head) for shape in (HEADER, VETO_HEADER) for head in heads):
            return self.statement(text, Became.LIMIT)
        elif note:
            return self.statement(text, Became.NOTE)
        elif not states and (is_form(bare) or cell.column in columns.aside):
            became = Became.FORM
        else:
            return Entry(Became.UNREAD, self.code, self.at(), left=(text,))
        return Entry(became, self.code, self.at() if became == Became.TOLD else None)

    def statement(self, text: str, became: Became) -> Entry:
        """Say what became of a line that states limits or full marks: each mark must be in the scheme, or told."""
        left = tuple(
            words
            for mark in find_marks(fold(text))
            if mark.value not in self.limits() and not self.told(None, words := text[mark.start : mark.end].strip())
        )
        return Entry(Became.UNREAD if left else became, self.code, self.at() if left else None, left=left)

    def limits(self) -> set[Decimal]:
        """The full marks and limits that the track holds."""
        if self.track is None:
            return set()
        lost = (loss.cap for part in self.track.parts() for loss in part.losses)
        caps = (self.track.bonus_cap, self.track.deduction_cap, *(item.cap for item in self.adjustments), *lost)
        full = self.track.full_marks
        return {full, full + (self.track.bonus_cap or 0), *(cap for cap in caps if cap is not None)}

    def at(self) -> str | None:
        """The code of the row found last."""
        return self.items[self.last].code if self.last >= 0 else None

    def told(self, code: str | None, words: str = "", value: Decimal | None = None) -> bool:
        """Whether a finding at a row (None: anywhere in the track) quotes these words, or states this number."""
        if words and squeeze(words) in self.messages.get(code, ""):
            return True
        return value is not None and plain(value) in NUMBERS.findall(self.conflicts.get(code, ""))

    @property
    def adjustments(self) -> Sequence[Adjustment]:
        """The track's adjustments."""
        return self.track.adjustments if self.track else ()

    def quoted(self, text: str) -> bool:
        """Whether a finding of the track quotes these words, or the scheme has them for a veto."""
        vetoes = [veto.text for veto in self.track.vetoes] if self.track else []
        return self.told(None, text) or any(squeeze(text) in veto for veto in vetoes)


def _worded(cell: Cell, columns: tuple[int, ...]) -> bool:
    return bool(cell.text.strip()) and cell.column in columns


DOUBTS = frozenset({"unread", "conflict", "alternatives", "judgement"})


def _lines(text: str) -> list[str]:
    return [line for printed in text.split("\n") if (line := squeeze(printed))]


def _values(item: Item, alike: Sequence[Adjustment]) -> dict[Decimal, list[str]]:
    """The numbers that an item is scored by, each with the codes of the pieces that have it.

    A row that adds and deducts is an adjustment of each kind, `alike` in its words.
    """
    values: dict[Decimal, list[str]] = {}
    for code, number in _of_parts(item) if isinstance(item, Indicator) else _of_rules(alike):
        if number is not None:
            values.setdefault(number, []).append(code)
    return values


def _other_kind(before: Item, item: Item) -> bool:
    """Whether two adjustments come from one row, which adds and deducts."""
    if isinstance(before, Adjustment) and isinstance(item, Adjustment):
        return before.text == item.text and before.kind != item.kind
    return False


def _of_rules(adjustments: Sequence[Adjustment]) -> Iterator[tuple[str, Decimal | None]]:
    for adjustment in adjustments:
        for rule in adjustment.rules:
            yield rule.code, None if rule.factor else rule.rate
            yield rule.code, rule.cap
        yield adjustment.code, adjustment.cap


def _of_parts(indicator: Indicator) -> Iterator[tuple[str, Decimal | None]]:
    for part in indicator.parts:
        yield from ((level.code, level.points) for level in part.levels)
        counted = [loss for loss in part.losses if loss.factor is None]
        yield from ((loss.code, number) for loss in counted for number in (loss.rate, loss.cap))
        yield part.code, None if part.levels else part.points
        yield part.code, part.rate


def _sums(item: Item, value: Decimal) -> bool:
    """Whether parts of an indicator that stand side by side come to a number: the total printed before them."""
    points = [part.points for part in item.parts] if isinstance(item, Indicator) else []
    ends = range(len(points) + 1)
    return any(sum(points[begin:end], Decimal(0)) == value for end in ends for begin in range(end - 1))
