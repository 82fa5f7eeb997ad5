"""Splits a notice into its letter and its annexes: an annex is a heading that governs a table."""

import re
from dataclasses import dataclass, field

from scoring.engine.notice.fold import COUNT, fold, number_of, squeeze
from scoring.engine.notice.heads import read_head
from scoring.engine.notice.marks import find_marks
from scoring.engine.notice.source import Paragraph, Source, SourceRow, Table

HEADING = re.compile(rf"\s*附\s*件\s*({COUNT})?\s*[:.、]?\s*(?![:.、\s]*\d+\s*[.、])(.{{0,80}})")
ASSESSES = re.compile("指标|考核|考评|评分|分值|加分|扣分|评比|打分")
# `表二：`, and lines that are there to be filled in by hand, above a table or below its title.
TABLE_NUMBER = re.compile(rf"\s*附?表\s*(?:(?:{COUNT})?\s*[:.、]|{COUNT}(?:\s+|$))\s*")
TO_FILL_IN = re.compile(r"盖章|公章|填[表报]|签[字名]|单位(?:名称)?\s*:|日期|年\s+月|_{2,}")
MOST_ABOVE = 4
TITLE_END = re.compile(r"(?:表|标准|细则|办法|指标|方案|内容)(?:\(.*\))?$")


@dataclass
class AnnexText:
    """An annex as printed: its number, the lines above its tables, the tables, the notes below."""

    number: int
    above: list[Paragraph] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)

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
        return marked or bool(ASSESSES.search(self.title + "".join(heads)))


def _head_rows(table: Table) -> tuple[SourceRow, ...]:
    head = read_head(table.rows)
    return table.rows[: head.rows if head else 1]


@dataclass(frozen=True)
class AssessmentNotice:
    """The letter's paragraphs, the annexes that are assessment tables, the numbers of all annexes there are."""

    letter: tuple[Paragraph, ...]
    annexes: tuple[AnnexText, ...]
    numbers: frozenset[int]


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
        if index in headings:
            annexes.append(_begin(blocks[index], headings[index], len(annexes) + 1))
        else:
            _add(annexes[-1], blocks[index])
    numbers = frozenset(annex.number for annex in annexes)
    return AssessmentNotice(letter, tuple(annex for annex in annexes if annex.tables and annex.assesses()), numbers)


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


def _add(annex: AnnexText, block: Paragraph | Table) -> None:
    if isinstance(block, Table):
        annex.tables.append(block)
    elif annex.tables:
        annex.notes.append(block)
    else:
        annex.above.append(block)


def _without_headings(blocks: tuple[Paragraph | Table, ...]) -> AssessmentNotice:
    letter: list[Paragraph] = []
    annexes: list[AnnexText] = []
    for block in blocks:
        if isinstance(block, Table) and AnnexText(0, tables=[block]).assesses():
            above = annexes[-1].notes if annexes else letter
            annexes.append(AnnexText(len(annexes) + 1, _title_lines(above), [block]))
        elif annexes:
            annexes[-1].notes.extend(_lines(block))
        else:
            letter.extend(_lines(block))
    return AssessmentNotice(tuple(letter), tuple(annexes), frozenset(annex.number for annex in annexes))


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
