"""Reads what multiplies points: doubled, halved, counted at a share (`逾期的减半计分`, `迟报的按50%计分`).

A factor is read where its words say when it holds and what it multiplies; all others are told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.notice.clauses import TRIM, closing, read_clauses
from scoring.engine.notice.fold import CHINESE, DIGITS, fold, number_of
from scoring.engine.notice.marks import LIMIT, Mark, find_marks
from scoring.engine.numbers import EXACT, ZERO
from scoring.engine.track import Part, Rule

HINT = re.compile(r"[半倍番折%乘×*]|分之|系数|双份|\d/\d|0\.")  # one of them is in every factor
HALF = "减半|折半"
TWICE = "加倍|翻倍|双倍|翻番|翻一番|[加增]+一倍|提高一倍"
TIMES = r"(?<![\d.])\d(?:\.\d{1,4})?倍|(?<![十百])[两二三四五]倍"
OFF = r"打(?:\d(?:\.?\d)?|[一二三四五六七八九]五?)折"
SHARE = rf"(?<![\d.])\d{{1,3}}(?:\.\d{{1,13}})?%|百分之{CHINESE}{{1,4}}|一半|半数"
# `不足10%的按10%计算`: what is begun counts as whole, nothing is multiplied.
BEGUN = re.compile(rf"(?:不足|不满|未满|未达到?)\s*({SHARE})\s*的?\s*,?\s*(?:均|都)?按\s*\1")
END = r"(?=[,;。:)\n]|$)"
# Of which points: `按该项应得分的50%计分`. Those of another rule are none of the row's: `按省级标准的50%加分` is told.
OF_POINTS = (
    "(?:(?:该|本|此|其|原|规定|应得?|相应|对应|所得?|标准|基础|各?等[次级]|档次){0,4}(?:项目?|条|指标)?的?"
    "(?:得分|分值|分数|满分|标准|加分|扣分|计分|分)的?)"
)
OF = f"{OF_POINTS}?"
ONLY = "(?:只能|[只仅均都则应])?"
VERB = "(?:计扣|计加|扣减|扣除|扣|减|加|折算|计算|执行|认定|计|得|记|给)"
FACTOR = re.compile(
    rf"""
    (?:{ONLY}减?按\s*+{OF}\s*+(?P<share>{SHARE})|{ONLY}(?:(?:减?按|予以|给予)\s*+)?(?:{OF_POINTS}\s*+)?(?P<times>{HALF}|{TWICE}|{TIMES}|{OFF}))
        (?:的?(?:标准|比例|系数))?\s*+(?:予以|进行)?\s*+(?P<verb>{VERB})(?:分(?![钟值数别])|{END})
  | (?P<of>得分|扣分|加分|计分|分值|分数|分)\s*+(?:均|都|再|则|应|全部|予以|按|为)*
        \s*+(?P<after>{HALF}|{TWICE}|{TIMES}|{OFF}){END}
  | (?:(?<=[的者时])|(?<=[的者时],))(?:予以|给予|按|则|应)?\s*+(?P<bare>{HALF}|{TWICE}|{OFF}){END}
  | {ONLY}[得计记给]\s*+(?P<given>一半|半数)(?:的?(?:分数|分值|分))?{END}
    """,
    re.VERBOSE,
)
# What may multiply besides: told wherever it stands, and the rest among adjustments only.
ELSE = (
    rf"按[^,;。()]{{0,12}}?(?:{SHARE})[^,;。()]{{0,4}}?(?:[计得记给加扣]分|折算)|(?:取消|扣除?|扣?减)\s*+{OF}\s*+(?:{SHARE})"
    rf"|[得计记给加]\s*+(?:{SHARE})的?(?:分|{END})|(?:乘以?|[×*])\s*+(?:系数)?\s*+(?!100%|24小时)\d[\d.]*(?![\d.]|\s*+分)%?|系数[为是按:]?\s*+\d[\d.]*"
    rf"|(?:{HALF}){END}|[得计记给加扣]\s*+\d[\d.]*倍"
    # By how much in numbers and words that no factor is read from.
    rf"|(?:(?:\d[\d.]{{0,5}}|{CHINESE}{{1,5}})倍|双份|翻[两三四]番|(?:{CHINESE}{{1,5}}分之{CHINESE}{{1,5}}|\d/\d)|按\s*+0\.\d+|[上下]浮\s*+{OF}\s*+(?:{SHARE}))"
    rf"的?(?:标准|比例|系数)?\s*+{VERB}(?:分(?![钟值数别\d])|{END})"
    rf"|(?:(?<=[的者时])|(?<=[的者时],))(?:予以|给予|可)?(?:[上下]浮|减免|核减|减少|降低|提高|增加)\s*+(?:{SHARE}){END}"
)
SAID = re.compile(f"{FACTOR.pattern}|{ELSE}", re.VERBOSE)
OF_WHOM = rf"(?:单位|作者|完成人|主办|承办|协办|参与|合作)[^,;。()\d]{{0,4}}(?:{SHARE})"
MENTIONED = re.compile(f"{FACTOR.pattern}|{ELSE}|{HALF}|{TWICE}|{OFF}|{OF_WHOM}", re.VERBOSE)
# Conditions that hold for some of the times only, or for what is over: what is multiplied is then no sum.
SOME = re.compile(
    r"再次|[次年月天]起|起$|第[二三四五六七八九十\d]|以后|之后|此后|依次|逐[次年级]|每|超[过出额][^,;。]{0,6}部分"
    "|其[中余他它]|剩余|重复|累[计积]|同一|部分$|上述|以上各|各项"
)
CONDITION = re.compile("[一-鿿]{2}")
SIGNS = {"计加": "+", "计扣": "-", "加": "+", "加分": "+", "扣": "-", "扣减": "-", "扣除": "-", "减": "-", "扣分": "-"}
WHOLE = Decimal(1)


@dataclass(frozen=True)
class Factor:
    """Words at [start, end) that multiply, by how much, and when (`text` begins at `begin`); + or - as they say it."""

    begin: int
    start: int
    end: int
    value: Decimal
    sign: str | None

    def rule(self, printed: str, code: str = "") -> Rule:
        """The factor as a rule; `printed` is the text that it was found in."""
        return Rule(code, printed[self.begin : self.start].strip(TRIM), ZERO, factor=self.value)

    def words(self, printed: str) -> str:
        """The words that multiply, as printed."""
        return printed[self.start : self.end]


def told_factors(folded: str, read: Sequence[str], *, mentioned: bool = False) -> list[str]:
    """Return the words of a text that multiply points, without those that were read; of adjustments any that may."""
    if not HINT.search(folded):
        return []
    folded = _multiplied(folded)
    for words in read:
        folded = folded.replace(words, ",", 1)
    return [match[0].strip() for match in (MENTIONED if mentioned else SAID).finditer(folded)]


def factors_in(folded: str) -> list[Factor]:
    """Return the factors of a folded text that stand behind its marks and say when they hold, for all that it prices.

    The limit of what is multiplied may stand anywhere.
    """
    if not HINT.search(folded):
        return []
    marks = find_marks(folded)
    last = max((mark.end for mark in marks if mark.kind != LIMIT), default=0)
    return [factor for factor in _found(folded, marks) if factor.start >= last]


def _found(folded: str, marks: Sequence[Mark]) -> Iterator[Factor]:
    ends = [mark.end for mark in marks]
    folded = _multiplied(folded)
    for match in FACTOR.finditer(folded):
        words = next(word for name in ("share", "times", "after", "bare", "given") if (word := match[name]))
        begin = _begin(folded, match.start(), [end for end in ends if end <= match.start()])
        ends.append(match.end())
        condition, value = folded[begin : match.start()], _value(words)
        if CONDITION.search(condition) and not SOME.search(condition.strip(TRIM)) and value not in (ZERO, WHOLE):
            yield Factor(begin, match.start(), match.end(), value, SIGNS.get(match["verb"] or match["of"] or ""))


def _multiplied(folded: str) -> str:
    """Return a text of the same length without what only says that what is begun counts as whole."""
    return BEGUN.sub(lambda begun: "的" * len(begun.group()), folded)


def _begin(folded: str, start: int, ends: Sequence[int]) -> int:
    """Return where the condition before a factor begins: at its clause, with the one before where that is blank."""
    low = max(ends, default=0)
    begin = max(low, *(folded.rfind(char, low, start) + 1 for char in ",;。:(\n"))
    if folded[begin:start].strip() or begin == low:
        return begin
    return max(low, *(folded.rfind(char, low, begin - 1) + 1 for char in ",;。:(\n"))


def _value(words: str) -> Decimal:
    """Return by how much words multiply: `减半` 0.5, `两倍` 2, `50%` 0.5, `打八折` 0.8, `打八五折` 0.85."""
    if "半" in words:
        return Decimal("0.5")
    number = re.search(r"\d+(?:\.\d+)?", words)
    if words.endswith("折"):
        digits = number[0].replace(".", "") if number else "".join(str(DIGITS[char]) for char in words[1:-1])
        return Decimal(f"0.{digits}")
    if number:
        return EXACT.scaleb(Decimal(number[0]), -2) if words.endswith("%") else Decimal(number[0])
    if words.startswith("百分之"):
        return EXACT.scaleb(Decimal(number_of(words.removeprefix("百分之"))), -2)
    return Decimal(number_of(words[0])) if re.fullmatch("[两二三四五]倍", words) else Decimal(2)


def with_factors(parts: Sequence[Part], printed: str) -> tuple[tuple[Part, ...], list[str]]:
    """Return the parts of a row with the factors that its words have for them, and the words that were read.

    What stands in the bracket of a part's points is that part's, behind all marks the only part's.
    """
    folded = fold(printed)
    if not HINT.search(folded):
        return tuple(parts), []
    if len(parts) == 1:
        part, words = _with(parts[0], factors_in(folded), printed)
        return (part,), words
    leaves = [leaf for piece in read_clauses(folded) for leaf in piece.leaves()]
    if len(leaves) != len(parts):
        return tuple(parts), []
    found = list(_found(folded, find_marks(folded)))
    taken = [
        _with(part, [factor for factor in found if leaf.marks[-1].end <= factor.start < leaf.end], printed)
        for leaf, part in zip(leaves, parts, strict=True)
    ]
    return tuple(part for part, _words in taken), [word for _part, words in taken for word in words]


def _with(part: Part, factors: Sequence[Factor], printed: str) -> tuple[Part, list[str]]:
    """Give a part its factors; not where count × rate gives its points, and above 1 only where not all are reached."""
    if part.rate is not None:
        return part, []
    graded = bool(part.levels or part.losses)
    fitting = [factor for factor in factors if factor.sign is None and (factor.value < WHOLE or graded)]
    first = len(part.levels) + len(part.losses) + 1
    rules = tuple(factor.rule(printed, f"{part.code}.{order}") for order, factor in enumerate(fitting, start=first))
    return replace(part, losses=part.losses + rules), [fold(factor.words(printed)) for factor in fitting]


def is_bracketed(folded: str, at: int) -> bool:
    """Whether a place lies inside a bracket."""
    opening = folded.find("(")
    while 0 <= opening < at:
        close = closing(folded, opening, len(folded))
        if at < close:
            return True
        opening = folded.find("(", close)
    return False
