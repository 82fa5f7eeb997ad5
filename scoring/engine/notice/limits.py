"""Reads the limits of adjustments: `每项加分不超过3分，加减均不超过10分`, in a header, a note or the letter."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.notice.marks import LIMIT, POINTS, TOTAL, Mark, find_marks
from scoring.engine.track import BONUS, DEDUCTION

BOTH = frozenset({BONUS, DEDUCTION})
EACH = re.compile("[每单各]个?小?(?:项|条|类|个)")
ALL_ITEMS = re.compile("各个?小?(?:项|条|类|个).*(?:累计|合计|总)")  # `各项加分累计不得突破8分`
PLUS = re.compile("加|奖励|奖惩|附加")
BARE = re.compile(r"(?:[(,;]|加分项?|[扣减]分项?)\s*$")
MINUS = re.compile("扣|减|惩|负面")
HEADER = re.compile(
    "(?:(?:奖励|附加|特色|创新|额外|专项|其他|倒)?(?:加[、/和与及]?[扣减]分|加减分|加分|扣分|减分)|奖励分?|奖惩|附加分?|负面清单)"
    "(?:[、/和与及](?:加分|扣分|减分))?(?:项目|事项|指标|内容|部分|标准|情形|条款|因素|项)?(?=$|[(:,;。\\d]|不超过|最高)"
)
# `加分无上限`, `扣分不封顶`: that there is no limit is stated too; `次数不限` is none of points.
UNLIMITED = re.compile(
    "(?<![次人项数量])(?:(?:不设|没有|无)[上下]?(?:限|封顶)|上?不封顶|不限(?![于期时制])|[不无][作加受]?限制)"
)
# What a title or a head says of all rows below it.
ADJUSTING = {
    BONUS: re.compile("加分(?:表|清单|情形|事项|项目|内容)"),
    DEDUCTION: re.compile("扣分(?:表|清单|情形|事项|项目|内容)|负面清单"),
}
VETO_HEADER = re.compile("(?:一票)?否决(?:项目?|事项|情形|指标|条款)?$")


@dataclass
class Limits:
    """What may be added or deducted at most: for each item, and for all together, by kind.

    `unlimited` are the kinds of which the words say that all together have no limit.
    """

    each: dict[str, Decimal] = field(default_factory=dict)
    together: dict[str, Decimal] = field(default_factory=dict)
    unlimited: frozenset[str] = frozenset()

    def update(self, other: "Limits") -> None:
        """Take over what the other states."""
        self.each.update(other.each)
        self.together.update(other.together)
        self.unlimited |= other.unlimited


def kinds_of(text: str) -> frozenset[str]:
    """Return which kinds of adjustment a folded text speaks of."""
    return frozenset(kind for kind, words in ((BONUS, PLUS), (DEDUCTION, MINUS)) if words.search(text))


def read_limits(text: str, kinds: frozenset[str]) -> tuple[Limits, list[Mark]]:
    """Read the limits in a folded text; return them and the marks that are none. `kinds` is the section's kind.

    Without a section's kind only a mark that says 加分 or 扣分 is a limit.
    """
    limits = Limits(unlimited=_unlimited(text, kinds))
    left: list[Mark] = []
    before = 0
    for mark in find_marks(text):
        context = _context(text, before, mark)
        stated = kinds_of(context) or kinds
        before = mark.end
        bare = mark.kind in (LIMIT, TOTAL) or (mark.kind == POINTS and BARE.search(text[: mark.start]))
        if not bare or mark.sign or not stated:
            left.append(mark)
            continue
        each = EACH.search(context) and not ALL_ITEMS.search(context)
        place = limits.each if each else limits.together
        place.update(dict.fromkeys(sorted(stated), mark.value))
    return limits, left


def _unlimited(text: str, kinds: frozenset[str]) -> frozenset[str]:
    """Return of which kinds a folded text says that they have no limit."""
    clauses = [clause for clause in re.split("[,;。()]", text) if UNLIMITED.search(clause) and not EACH.search(clause)]
    return frozenset(kind for clause in clauses for kind in kinds_of(clause) or kinds)


def _context(text: str, before: int, mark: Mark) -> str:
    """Return the words that say what a limit is for: in its own clause, or before the bracket that holds it."""
    begin = max(before, *(text.rfind(char, 0, mark.start) + 1 for char in ",;。"))
    clause = text[begin : mark.end]
    inside = clause.rpartition("(")[2]
    return inside if kinds_of(inside) or EACH.search(inside) else clause
