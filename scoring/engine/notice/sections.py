"""Finds the part of the letter that speaks of a track, and reads its weights, sample and full marks."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.notice.fold import COUNT, fold, number_of, squeeze
from scoring.engine.notice.limits import Limits, read_limits
from scoring.engine.notice.marks import TOTAL, Mark
from scoring.engine.notice.names import kind_of
from scoring.engine.notice.source import Paragraph
from scoring.engine.notice.weights import REPEATED, Share, composed_in, settled, stated_in
from scoring.engine.track import Recipients

LEVELS = tuple(
    re.compile(shape)
    for shape in (
        r"\s*[一二三四五六七八九十]{1,3}\s*、",
        r"\s*\([一二三四五六七八九十]{1,3}\)",
        r"\s*(?:\d{1,2}\s*[.、](?!\d)|\(\d{1,2}\))",
    )
)
LONGEST_HEADING = 40
MOST_ANNEXES = 99
BODY_LEVEL = len(LEVELS)
REFERENCE = re.compile(rf"附\s*件\s*({COUNT}(?:\s*(?:[、,和及与\-~—至到]|附\s*件)+\s*{COUNT})*)")
SAMPLE = re.compile(
    rf"抽(?:取|选|样|查|调)[^,。;()\d]{{0,10}}?({COUNT})\s*(?:名|位|个(?!工作|[^,。;()]{{0,4}}(?:单位|社区|乡镇|村|企业|项目|点))|人)"
    r"[^()。;]{0,12}(?:\(([^()]*)\))?"
)
LIST = re.compile(r"\s*附\s*件\s*\d*\s*[:.]?")
ROUNDED = re.compile(r"(?:精确|保留|计算)[到至]\s*$")  # how finely is counted: 0.01分
FULL_MARKS = re.compile("总?分值|总分|满分|(?:基础|基本|基准|起始|初始)分")
# `实行百分制`: the full marks are 100.
OUT_OF_HUNDRED, HUNDRED = re.compile("百分制"), Decimal(100)


@dataclass
class Section:
    """What the letter says about some annexes: weights by component, shares repeated, sample, limits, full marks."""

    title: str = ""
    text: str = ""
    annexes: frozenset[int] = frozenset()
    weights: dict[str, Decimal] = field(default_factory=dict)
    shares: dict[str, Decimal] = field(default_factory=dict)
    strange: tuple[str, ...] = ()
    recipients: Recipients | None = None
    limits: Limits = field(default_factory=Limits)
    full_marks: Decimal | None = None


def level_of(text: str) -> int:
    """Return how deep a paragraph's heading is (`一、` `（一）` `1.`), or BODY_LEVEL for plain text."""
    folded = fold(text)
    return next((level for level, shape in enumerate(LEVELS) if shape.match(folded)), BODY_LEVEL)


def references(text: str) -> frozenset[int]:
    """Return the numbers of the annexes that a text refers to: `附件3、4`, `附件1至3`."""
    referred: set[int] = set()
    for match in REFERENCE.finditer(fold(text)):
        numbers = [number_of(number) for number in re.findall(COUNT, match[1])]
        if re.search(r"[-~—至到]", match[1]) and numbers[-1] - numbers[0] <= MOST_ANNEXES:
            numbers = list(range(numbers[0], numbers[-1] + 1))
        referred.update(numbers)
    return frozenset(referred)


def section_for(letter: tuple[Paragraph, ...], annex: int, name: str) -> list[Paragraph]:
    """Return the paragraphs about an annex: the widest block around its reference that names no other annexes.

    Where the letter refers to no annex, the block whose heading speaks of the same kind of units.
    """
    for index, paragraph in enumerate(letter):
        wanted = references(paragraph.text)
        if annex not in wanted or LIST.match(fold(paragraph.text)):
            continue
        return _widest(letter, index, wanted)
    kind = kind_of(name)
    for index, paragraph in enumerate(letter):
        level = level_of(paragraph.text)
        heading = level < BODY_LEVEL and len(paragraph.text) < LONGEST_HEADING
        if heading and kind and kind_of(paragraph.text) == kind:
            return _block(letter, index, level)
    return []


def _widest(letter: tuple[Paragraph, ...], index: int, wanted: frozenset[int]) -> list[Paragraph]:
    block = [letter[index]]
    for level in reversed(range(BODY_LEVEL)):
        wider = _block(letter, index, level)
        if frozenset().union(*(references(line.text) for line in wider)) != wanted:
            break
        block = wider
    return block


def _block(letter: tuple[Paragraph, ...], index: int, level: int) -> list[Paragraph]:
    """Return the block of this level around a paragraph: from its heading to the next heading as high."""
    levels = [level_of(paragraph.text) for paragraph in letter]
    begin = index
    while begin > 0 and levels[begin] > level:
        begin -= 1
    end = index + 1
    while end < len(letter) and levels[end] > level:
        end += 1
    return list(letter[begin:end]) if levels[begin] == level else [letter[index]]


def read_section(paragraphs: list[Paragraph], annex: int) -> tuple[Section, dict[str, list[Mark]]]:
    """Read the section about an annex; return it with the marks of each paragraph (by place) that it took no use of."""
    section = Section(
        title=paragraphs[0].text if paragraphs else "",
        text="\n".join(paragraph.text for paragraph in paragraphs),
        annexes=frozenset({annex}).union(*(references(paragraph.text) for paragraph in paragraphs)),
    )
    left: dict[str, list[Mark]] = {}
    given: list[Share] = []
    for paragraph in paragraphs:
        text = _of_annex(fold(paragraph.text), annex)
        stated = stated_in(text)
        given += [*stated, *_composed(section, text, stated)]
        left[paragraph.place + paragraph.text] = _paragraph(section, text, stated)
    weights = settled(given)
    section.weights, section.strange = weights.by_component, weights.strange
    return section, left


def _of_annex(text: str, annex: int) -> str:
    """Return a folded paragraph with blanks for its sentences about other annexes: `学会见附件1；高校见附件2。`."""

    def own(sentence: re.Match[str]) -> str:
        referred = references(sentence.group())
        return sentence.group() if annex in referred or not referred else " " * len(sentence.group())

    return re.sub("[^。;]+", own, text) if annex in references(text) else text


def _composed(section: Section, text: str, stated: list[Share]) -> list[Share]:
    """Return what a paragraph says besides its items; the share by which an item of ours is said again is kept."""
    again = REPEATED.search(text)
    named = [share.component for share in stated if again and share.end <= again.start() and share.component]
    if again and named:
        section.shares[named[-1]] = Decimal(again[1])
    spans = [(share.begin, share.end) for share in stated] + ([again.span()] if again and named else [])
    return [
        share for share in composed_in(text) if not any(share.begin < end and begin < share.end for begin, end in spans)
    ]


def _paragraph(section: Section, text: str, stated: list[Share]) -> list[Mark]:
    sample = SAMPLE.search(text)
    if sample:
        section.recipients = Recipients(number_of(sample[1]), _categories(sample[2] or ""))
    limits, marks = read_limits(text, frozenset())
    section.limits.update(limits)
    left = []
    for mark in marks:
        if any(share.begin <= mark.start < share.end for share in stated) or ROUNDED.search(text[: mark.start]):
            continue
        if mark.kind == TOTAL and FULL_MARKS.match(text, mark.start):
            section.full_marks = mark.value
        elif mark.kind != TOTAL or mark.value != sum(share.weight for share in stated):
            left.append(mark)
    if section.full_marks is None and OUT_OF_HUNDRED.search(text):
        section.full_marks = HUNDRED
    return left


def _categories(text: str) -> tuple[str, ...]:
    parts = re.split(r"[、,;]|以及|(?<=.)[和及](?=.{2})", squeeze(text))
    return tuple(part.removesuffix("等") for part in parts if part)
