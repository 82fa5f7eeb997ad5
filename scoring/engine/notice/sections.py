"""Finds the part of the letter that speaks of a track, and reads its weights, sample and full marks."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.notice.fold import COUNT, fold, number_of, squeeze
from scoring.engine.notice.limits import Limits, read_limits
from scoring.engine.notice.marks import TOTAL, Mark
from scoring.engine.notice.names import kind_of
from scoring.engine.notice.source import Paragraph
from scoring.engine.track import LEADERS, RECIPIENTS, WORK, Recipients

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
FULL_WEIGHT = 100
REFERENCE = re.compile(rf"附\s*件\s*({COUNT}(?:\s*(?:[、,和及与\-~—至到]|附\s*件)+\s*{COUNT})*)")
COMPONENTS = (
    (RECIPIENTS, "服务对象|社会评价|社会满意度|满意度|群众|公众"),
    (LEADERS, "领导|科协评价|市科协|省科协"),
    (WORK, "工作考核|工作实绩|业务考核|日常考核|目标考核|量化考核|指标考核"),
)
WEIGHT = re.compile(
    r"(?:^\s*(?:\(?\d{1,2}[.、)]|\([一二三四五六七八九十]\))\s*(?P<item>[^\d,;。:()]{2,14}?)"
    r"|(?P<named>(?:工作考核|工作实绩|业务考核|日常考核|目标考核|服务对象(?:评价|测评|打分|评分)|社会评价|满意度(?:测评|评价)?"
    r"|(?:[市省县区]?科协)?领导(?:班子)?(?:评价|测评|打分|评分)|[市省]科协评价)))"
    r"\s*\(?(?:占|权重|得分|成绩|分值|总分|的|为|:|\s)*(?P<weight>\d{1,3}(?:\.\d+)?)\s*(?:分|%)"
)
SHARE = re.compile(r"按\s*(?:照)?\s*(\d{1,3}(?:\.\d+)?)\s*%\s*(?:的)?(?:权重|比例|折算|计入)?")
# Shares and ratios of what the notice's own components are, by names that no component of ours has.
SHARES = re.compile(r"([一-鿿]{2,14}?)(?:打分|评分|得分|成绩|分数)?(?:各?占|权重为?|按)\s*(\d{1,3}(?:\.\d+)?)\s*%")
RATIO = re.compile(r"[^。;]{0,40}按(?:照)?\s*\d{1,3}(?:\s*[:比]\s*\d{1,3})+\s*(?:的)?(?:比例|权重|比重)")
SAMPLE = re.compile(rf"抽取\s*({COUNT})\s*(?:名|位|个|人)[^()。;]{{0,12}}(?:\(([^()]*)\))?")
LIST = re.compile(r"\s*附\s*件\s*\d*\s*[:.]?")
FULL_MARKS = re.compile("总?分值|总分|满分|基础分|基本分")


@dataclass
class Section:
    """What the letter says about some annexes: weights by component, shares repeated, sample, limits, full marks."""

    title: str = ""
    text: str = ""
    annexes: frozenset[int] = frozenset()
    weights: dict[str, Decimal] = field(default_factory=dict)
    shares: dict[str, Decimal] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
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
    for paragraph in paragraphs:
        left[paragraph.place + paragraph.text] = _paragraph(section, fold(paragraph.text))
    return section, left


def _paragraph(section: Section, text: str) -> list[Mark]:
    spans = _weights(section, text)
    sample = SAMPLE.search(text)
    if sample:
        section.recipients = Recipients(number_of(sample[1]), _categories(sample[2] or ""))
    limits, marks = read_limits(text, frozenset())
    section.limits.update(limits)
    left = []
    for mark in marks:
        if any(begin <= mark.start < end for begin, end in spans):
            continue
        if mark.kind == TOTAL and FULL_MARKS.match(text, mark.start):
            section.full_marks = mark.value
        else:
            left.append(mark)
    return left


def _weights(section: Section, text: str) -> list[tuple[int, int]]:
    """Read the weights of a paragraph, and the share that it repeats; return where they stand."""
    spans = []
    named = None
    share = SHARE.search(text)
    for match in WEIGHT.finditer(text):
        name = match["item"] or match["named"]
        code = next((code for code, words in COMPONENTS if re.search(words, name)), None)
        spans.append(match.span())
        if code is None:
            section.strange.append(squeeze(match.group()))
        else:
            section.weights[code] = Decimal(match["weight"])
            if share and match.end() <= share.start():
                named = code
    if share and named:
        section.shares[named] = Decimal(share[1])
    if not spans:
        section.strange += _other_weights(text)
    return spans


def _other_weights(text: str) -> list[str]:
    """Return what a paragraph says of weights by names that are no component's: `按7:3的比例`, shares that make 100."""
    shares = list(SHARES.finditer(text))
    whole = len(shares) > 1 and sum(Decimal(share[2]) for share in shares) == FULL_WEIGHT
    ratios = [squeeze(ratio.group()) for ratio in RATIO.finditer(text)]
    return ["、".join(squeeze(share.group()) for share in shares), *ratios] if whole else ratios


def _categories(text: str) -> tuple[str, ...]:
    parts = re.split(r"[、,;]|以及|(?<=.)[和及](?=.{2})", squeeze(text))
    return tuple(part.removesuffix("等") for part in parts if part)
