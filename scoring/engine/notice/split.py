"""Splits a notice into its letter and its annexes: an annex is a heading that governs a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scoring.engine.notice.fold import COUNT, fold, number_of, squeeze
from scoring.engine.notice.heads import read_head
from scoring.engine.notice.limits import ADJUSTING, HEADER, VETO_HEADER
from scoring.engine.notice.marks import find_marks
from scoring.engine.notice.names import kind_of, track_name
from scoring.engine.notice.numbering import read_number
from scoring.engine.notice.source import Cell, Paragraph, Source, SourceRow, Table

HEADING = re.compile(rf"\s*附\s*件\s*({COUNT})?\s*[:.、]?\s*(?![:.、\s]*\d+\s*[.、])(.{{0,80}})")
ASSESSES = re.compile("指标|考核|考评|评分|分值|加分|扣分|评比|打分")
# A table of how many units of which track get which grade.
QUOTAS = "名额"
# `表二：`, and lines that are there to be filled in by hand, above a table or below its title.
TABLE_NUMBER = re.compile(rf"\s*附?表\s*(?:(?:{COUNT})?\s*[:.、]|{COUNT}(?:\s+|$))\s*")
TO_FILL_IN = re.compile(r"盖章|公章|填[表报]|签[字名]|单位(?:名称)?\s*:|日期|年\s+月|_{2,}")
# `（续表）`, `续表1`, `接上页`: a table goes on.
CONTINUED = re.compile(r"\(?(?:上?接上?[前上]?[页表]|(?:表\w{0,3})?\(?续表?\w{0,3}\)?)\)?")
# How long a line is at most that heads rows, how high its number stands, and how many columns it goes over.
LONGEST_HEAD, HIGH, ALL_COLUMNS = 40, 2, 1000
MOST_ABOVE = 4
TITLE_END = re.compile(r"(?:表|标准|细则|办法|指标|方案|内容)(?:\(.*\))?$")


@dataclass
class AnnexText:
    """An annex as printed: its number, the lines above its tables, the tables, the notes below.

    `heads` are lines above a table that head its rows (`二、加分项`), `titles` its own title, by the table's order;
    notes from `below` on stand below the last table.
    """

    number: int
    above: list[Paragraph] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    heads: dict[int, list[Paragraph]] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    below: int = 0

    def add(self, table: Table) -> None:
        """Add a table; of the lines above it some head its rows."""
        lines = self.notes[self.below :] if self.tables else self.above
        heads = [line for line in lines if _heads_rows(line.text, counts=bool(self.tables))]
        kept = [line for line in lines if line not in heads]
        order = len(self.tables)
        self.heads[order] = heads
        self.titles[order] = "".join(line.text for line in kept if TITLE_END.search(fold(line.text)))
        if self.tables:
            self.notes[self.below :] = kept
        else:
            self.above = kept
        self.tables.append(table)
        self.below = len(self.notes)

    def join(self, other: "AnnexText") -> None:
        """Take the tables and notes of another annex for its own, each table under its title or that of its annex."""
        for order, table in enumerate(other.tables):
            self.heads[len(self.tables)] = other.heads[order]
            self.titles[len(self.tables)] = other.titles[order] or other.title
            self.tables.append(table)
        self.notes += [*other.above, *other.notes]

    def parts(self) -> Iterator[tuple[str, tuple[SourceRow, ...], Table]]:
        """Yield each table with its title, and with what heads its rows as rows over all columns."""
        for order, table in enumerate(self.tables):
            heads = self.heads.get(order, [])
            rows = tuple(SourceRow((Cell(line.text, 0, ALL_COLUMNS),), line.place) for line in heads)
            yield self.titles.get(order, ""), rows, table

    @property
    def title(self) -> str:
        """The printed title: the lines above the table up to the one that ends like a title."""
        lines = []
        for paragraph in self.above:
            printed = paragraph.text[_begin_of(paragraph.text) :].strip()
            folded = fold(printed)
            if ":" in folded or TO_FILL_IN.search(folded):
                continue
            lines.append(printed)
            if TITLE_END.search(folded):
                break
        return "".join(lines)

    def assesses(self) -> bool:
        """Say whether the annex is an assessment table, and no roster or form."""
        heads = [cell.text for table in self.tables for row in _head_rows(table) for cell in row.cells]
        marked = any(find_marks(fold(cell.text)) for table in self.tables for row in table.rows for cell in row.cells)
        return marked or (bool(ASSESSES.search(self.title + "".join(heads))) and QUOTAS not in self.title)


def _heads_rows(text: str, *, counts: bool) -> bool:
    """Say whether a line above a table heads its rows: what adds or deducts begins, or a group that states its points.

    Between two tables of an annex a group `counts` by its number alone.
    """
    folded = fold(text).strip()
    number = read_number(folded)
    bare = squeeze(folded[number.begin :])
    if len(bare) > LONGEST_HEAD or "。" in bare:
        return False
    if HEADER.match(bare) or VETO_HEADER.match(bare):
        return True
    return number.depth is not None and number.depth < HIGH and (counts or bool(find_marks(folded)))


def _head_rows(table: Table) -> tuple[SourceRow, ...]:
    head = read_head(table.rows)
    return table.rows[: head.rows if head else 1]


@dataclass(frozen=True)
class AssessmentNotice:
    """The letter's paragraphs, the annexes that are assessment tables, the numbers of all annexes there are.

    `others` are the tables of annexes that assess nothing.
    """

    letter: tuple[Paragraph, ...]
    annexes: tuple[AnnexText, ...]
    numbers: frozenset[int]
    others: tuple[Table, ...] = ()


def _begin_of(text: str) -> int:
    """Return where a title begins after the number of its table."""
    number = TABLE_NUMBER.match(fold(text))
    return number.end() if number else 0


def _title_lines(above: list[Paragraph]) -> list[Paragraph]:
    """Return the lines right above a table without a heading: from its title on, lines to fill in included."""
    begin = len(above)
    for line in reversed(above[-MOST_ABOVE:]):
        begin -= 1
        if not TO_FILL_IN.search(fold(line.text)):
            break
    return above[begin:]


def split(source: Source) -> AssessmentNotice:
    """Split a notice; tables without a heading above them count as annexes in their order."""
    blocks = source.blocks
    headings = _headings(blocks)
    first = min(headings, default=None) if headings else None
    end = len(blocks) if first is None else first
    if first is None:
        return _without_headings(blocks)
    letter = tuple(line for block in blocks[:end] for line in _lines(block))
    annexes: list[AnnexText] = []
    for index in range(end, len(blocks)):
        block = blocks[index]
        if index in headings:
            annexes.append(_begin(block, headings[index], len(annexes) + 1))
        elif isinstance(block, Table) and (title := _title_of_another(annexes[-1])) is not None:
            annexes.append(_parted(annexes[-1], title, block))
        else:
            _add(annexes[-1], block)
    numbers = frozenset(annex.number for annex in annexes)
    assessing = [annex for annex in annexes if annex.tables and annex.assesses()]
    others = [table for annex in annexes if annex not in assessing for table in annex.tables]
    return AssessmentNotice(letter, tuple(_with_adjusting(assessing)), numbers, tuple(others))


def _with_adjusting(annexes: list[AnnexText]) -> list[AnnexText]:
    """Put what only adds or deducts, in an annex of its own, to the annex of the same units, or to the only other one.

    Not where it states points: these may be full marks of its own.
    """
    main = [annex for annex in annexes if not _only_adjusts(annex)]
    kept = []
    for annex in annexes:
        same = [other for other in main if track_name(other.title) == track_name(annex.title)]
        others = (same or main) if _only_adjusts(annex) else []
        if len(others) == 1:
            others[0].join(annex)
        else:
            kept.append(annex)
    return kept


def _only_adjusts(annex: AnnexText) -> bool:
    """Say whether an annex's title says that its rows add or deduct, and states no points."""
    title = squeeze(fold(annex.title))
    return any(says.search(title) for says in ADJUSTING.values()) and not any(
        find_marks(fold(line.text)) for line in annex.above
    )


def _headings(blocks: tuple[Paragraph | Table, ...]) -> dict[int, re.Match[str]]:
    """Return the headings of the annexes: those from the first that governs a table on."""
    headings: dict[int, re.Match[str]] = {}
    first: int | None = None
    last: int | None = None
    for index, block in enumerate(blocks):
        if isinstance(block, Table):
            first = last if first is None else first
        elif (match := HEADING.fullmatch(fold(block.text))) and not match[2].rstrip().endswith(("。", ";")):
            headings[index] = match
            last = index
    return {index: match for index, match in headings.items() if first is not None and index >= first}


def _begin(block: Paragraph | Table, match: re.Match[str], order: int) -> AnnexText:
    annex = AnnexText(number_of(match[1]) if match[1] else order)
    if isinstance(block, Paragraph) and match[2].strip():
        annex.above.append(Paragraph(block.text[match.start(2) :], block.place))
    return annex


def _title_of_another(annex: AnnexText) -> int | None:
    """Where, among the notes, the title stands of a table that is about other units than the annex so far."""
    for place in range(annex.below, len(annex.notes)):
        text = annex.notes[place].text
        if TITLE_END.search(fold(text)) and annex.tables:
            name, before = track_name(text[_begin_of(text) :]), track_name(annex.title)
            numbered = _begin_of(text) and any(_begin_of(line.text) for line in annex.above)
            if name != before and (
                numbered or ((kind_of(name) or name) != (kind_of(before) or before) and kind_of(name))
            ):
                return place
    return None


def _parted(annex: AnnexText, title: int, table: Table) -> AnnexText:
    """Begin another track inside an annex, with the title among its notes."""
    other = AnnexText(annex.number, annex.notes[title:])
    del annex.notes[title:]
    other.add(table)
    return other


def _add(annex: AnnexText, block: Paragraph | Table) -> None:
    if isinstance(block, Table):
        annex.add(block)
    elif annex.tables:
        annex.notes.append(block)
    else:
        annex.above.append(block)


def _without_headings(blocks: tuple[Paragraph | Table, ...]) -> AssessmentNotice:
    letter: list[Paragraph] = []
    annexes: list[AnnexText] = []
    for block in blocks:
        if isinstance(block, Table) and annexes and _goes_on(annexes[-1], block):
            annexes[-1].add(block)
        elif isinstance(block, Table) and AnnexText(0, tables=[block]).assesses():
            above = annexes[-1].notes[annexes[-1].below :] if annexes else letter
            annexes.append(AnnexText(len(annexes) + 1, _title_lines(above)))
            annexes[-1].add(block)
        elif annexes:
            annexes[-1].notes.extend(_lines(block))
        else:
            letter.extend(_lines(block))
    return AssessmentNotice(tuple(letter), tuple(annexes), frozenset(annex.number for annex in annexes))


def _goes_on(annex: AnnexText, table: Table) -> bool:
    """Say whether a table below an annex's last one is its own: the lines between say so, or there is none."""
    lines = annex.notes[annex.below :]
    if any(CONTINUED.fullmatch(squeeze(fold(line.text))) for line in lines):
        return True
    named = (track_name(line.text[_begin_of(line.text) :]) == track_name(annex.title) for line in lines)
    own = all(same or _heads_rows(line.text, counts=True) for line, same in zip(lines, named, strict=True))
    return own and AnnexText(0, tables=[table]).assesses()


def _lines(block: Paragraph | Table) -> list[Paragraph]:
    """Return a paragraph's lines, or a table's cells as lines (a letter may be set in a table)."""
    if isinstance(block, Paragraph):
        return [Paragraph(line, block.place) for line in block.text.split("\n") if squeeze(line)]
    return [
        Paragraph(line, row.place)
        for row in block.rows
        for cell in row.cells
        for line in cell.text.split("\n")
        if squeeze(line)
    ]
