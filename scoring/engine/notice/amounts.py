"""Numbers, shares and ranks as sentences about grades write them: `3名`, `20%`, `三分之一`, `前3名`, `第4至10名`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.notice.fold import CHINESE, COUNT, number_of

SHARE = (
    rf"(?:\d{{1,3}}(?:\.\d+)?%|百分之{CHINESE}{{1,5}}|(?:{CHINESE}{{1,3}}|\d{{1,2}})分之(?:{CHINESE}{{1,3}}|\d{{1,2}})"
    r"|\d{1,2}/\d{1,2}(?!\d)|[一二两三四五六七八九]成半?(?![员立果绩就效本])|半数|一半)"
)
TO = "(?:[-—–~至到]+)"
# What is counted: units; no days, grades or groups, and nothing that points or money are given for.
NO_UNITS = "工作日|等次|等级|档次|档|月|部分|百分点|类|小时|方面|环节|阶段|组|片区|批"
REWARDED = "(?!以?上?的?[可均]?(?:得|加|计|扣|奖励))"
ONES = f"(?:(?:个(?!{NO_UNITS})|名|家|所){REWARDED})"
IN_TOP = r"(?:名|位|家|个(?!工作日|月)|(?![\d名位个家年月季次天日期款条项半章]))"
FIGURE = re.compile(
    rf"(?<![目之以年日月此事])前(?:(?P<top_share>{SHARE})|(?P<top>{COUNT}){IN_TOP})"
    rf"|第(?P<rank>{COUNT})[名位]?(?:{TO}第?(?P<to_rank>{COUNT}))?[名位]"
    rf"|(?<=排名|名列|位列|位居)第(?P<place>{COUNT})(?=的|,|$)"
    rf"|第(?P<listed>{COUNT}(?:[名位]?[、和及]第?{COUNT})+)[名位]"
    rf"|(?P<from_share>{SHARE}|\d{{1,3}}(?={TO}\d{{1,3}}%)){TO}(?P<to_share>{SHARE})"
    rf"|(?<![\d第])(?P<from_count>{COUNT}){ONES}?{TO}(?P<to_count>{COUNT})(?:{ONES}|位)"
    rf"|(?P<share>{SHARE})|(?<![第\d.同另这那每任])(?P<count>{COUNT}){ONES}"
)
RANK = re.compile(COUNT)
RANKED = re.compile(r"前|第|排名|名次|位次")
HUNDRED = 100


@dataclass(frozen=True)
class Figure:
    """A number of units, or a share: so many of `of` parts."""

    value: Decimal
    of: int | None = None


@dataclass(frozen=True)
class Amount:
    """A figure where it is printed, behind another where it is a range; `is_ranked` where it tells ranks.

    Of ranks `low` is what lies before them: `第4至10名` are the first 10 without the first 3.
    """

    begin: int
    end: int
    high: Figure
    low: Figure | None = None
    is_ranked: bool = False


def amounts_in(text: str) -> Iterator[Amount]:
    """Yield the amounts of a folded sentence without spaces, in their order."""
    ranks = bool(RANKED.search(text))
    for match in FIGURE.finditer(text):
        if match["listed"]:
            yield from _listed(match)
        for first, last, is_rank, before in (
            (None, "top_share", True, 0),
            (None, "top", True, 0),
            ("rank", "to_rank", True, 1),
            ("place", "place", True, 1),
            ("from_share", "to_share", ranks, 0),
            ("from_count", "to_count", ranks, 1),
            (None, "share", False, 0),
            (None, "count", False, 0),
        ):
            low, high = match[first] if first else None, match[last]
            if low is None and high is None:
                continue
            yield _amount(match, low, high or low or "", is_rank, before)


def _listed(match: re.Match[str]) -> Iterator[Amount]:
    """`第2、3名` are the first 3 without the first; of ranks that do not follow each other each is an amount."""
    begin = match.start("listed")
    ranks = [(number_of(rank[0]), begin + rank.start(), begin + rank.end()) for rank in RANK.finditer(match["listed"])]
    first, last = ranks[0][0], ranks[-1][0]
    if [rank for rank, *_span in ranks] == list(range(first, last + 1)):
        ranks = [(last, *match.span())]
    else:
        first = 0
    for rank, start, end in ranks:
        yield Amount(start, end, Figure(Decimal(rank)), Figure(Decimal((first or rank) - 1)), is_ranked=True)


def _amount(match: re.Match[str], low: str | None, high: str, is_ranked: bool, before: int) -> Amount:
    top = _figure(high)
    bottom = _figure(low, like=top) if low else None
    if is_ranked:
        bottom = Figure(bottom.value - before, bottom.of) if bottom else Figure(Decimal(0), top.of)
    return Amount(*match.span(), top, bottom, is_ranked)


def _figure(printed: str, like: Figure | None = None) -> Figure:
    """The figure that a text writes: 20%, 百分之二十, 三分之一, 1/3, 三成半, 一半, 十."""
    if printed in ("半数", "一半"):
        return Figure(Decimal(1), 2)
    if printed.endswith("%"):
        return Figure(Decimal(printed[:-1]), HUNDRED)
    if "分之" in printed:
        below, above = printed.split("分之")
        return Figure(Decimal(number_of(above)), number_of(below))
    if "/" in printed:
        above, below = printed.split("/")
        return Figure(Decimal(above), int(below))
    if "成" in printed:
        return Figure(Decimal(10 * number_of(printed[0]) + (5 if printed.endswith("半") else 0)), HUNDRED)
    return Figure(Decimal(number_of(printed)), like.of if like else None)
