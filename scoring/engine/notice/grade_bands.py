"""Reads grades by score: `90分（含）以上为优秀，80分（含）至90分为良好`, `优秀：90分以上`, `80≤总分＜90为良好`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from scoring.engine.notice.fold import fold
from scoring.engine.scheme import GradeBand

LEAST, BELOW = (rf"(?<![\d.])(?P<{name}>\d{{1,3}}(?:\.\d{{1,2}})?)" for name in ("least", "below"))
WITH, WITHOUT = r"(?:\(含[^()]{0,6}\)|\(包括本数\)|含)?", r"(?:\(不含[^()]{0,6}\))?"
SHORT_OF = "(?:不足|低于|未满|不满|不到|未达到?|小于)"
TO = rf"(?:[-—–~至到,、]\s*{SHORT_OF}?|{SHORT_OF})"
RANGES = (
    rf"{LEAST}\s*分?{WITH}(?:及?以上{WITH}\s*(?:{TO})?|\s*{TO})\s*{BELOW}\s*分{WITHOUT}(?:以下)?{WITHOUT}",
    rf"{LEAST}\s*分?\s*(?:≤|<=)\s*[^\d,;。()]{{0,6}}?\s*<\s*{BELOW}\s*分?",
    rf"{LEAST}\s*分{WITH}\s*(?:及|或)?以上{WITH}",
    rf"(?:≥|>=)\s*{LEAST}\s*分?",
    rf"(?<!未)(?<!不)(?:达到?|不低于)\s*{LEAST}\s*分",
    rf"{BELOW}\s*分{WITHOUT}以下{WITHOUT}",
    rf"{SHORT_OF}\s*{BELOW}\s*分",
    rf"<\s*{BELOW}\s*分?",
)
# No brackets here that say whether the number itself counts: `90分以上(不含)` and `90分(含)为` are told.
SAYS = (
    r"\s*(?:\((?!不?含|包括)[^()]{0,6}\))?\s*(?:的(?:单位)?)?\s*,?\s*(?:评定为|确定为|认定为|评为|定为|为|:|是)"
    r"\s*[“\"]?"
)
# `优秀：90分以上`, `优秀等次须达到90分以上`, `A级（90分以上）`.
NAMED = r"[”\"]?(?:等次|等级|档次|单位|等|级)?\s*(?:[:(为是须需应在]|(?<!未)(?<!不)达到?|总分|得分)*\s*"
# No condition besides follows: `优秀：90分以上且无扣分` is told.
ALONE = r"(?=\s*(?:的|者)?\s*(?:[,;。、)\n]|$))(?!\s*,?\s*(?:且|并|同时|而且))"
AND = re.compile("(?:且|并|同时)[^,;。]{0,6}$")
CENT = Decimal("0.01")
FULL_MARKS = Decimal(100)


@dataclass(frozen=True)
class ReadBands:
    """The bands of a folded text, and where their words stand; `whole` says that they leave no total out."""

    bands: tuple[GradeBand, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def whole(self) -> bool:
        """Whether each band, of a grade of its own, begins where the one above it ends, and the highest is open."""
        ends = [band.below for band in self.bands]
        begins = [band.least for band in self.bands]
        own = len({band.grade for band in self.bands}) == len(set(begins)) == len(self.bands)
        return own and bool(ends) and ends[0] is None and ends[1:] == begins[:-1]


def read_grade_bands(text: str, grades: Sequence[str]) -> ReadBands:
    """Read the totals that make these grades, the highest first."""
    if not grades:
        return ReadBands((), ())
    grade = "(?P<grade>" + "|".join(sorted(map(re.escape, grades), key=len, reverse=True)) + ")"
    bands: list[tuple[GradeBand, tuple[int, int]]] = []
    for match in _found(fold(text), grade):
        least, below = (Decimal(end) if (end := match.groupdict().get(name)) else None for name in ("least", "below"))
        bands.append((GradeBand(match["grade"], least, below), match.span()))
    bands.sort(key=lambda pair: Decimal(-1) if pair[0].least is None else pair[0].least, reverse=True)
    return ReadBands(_meeting([band for band, _span in bands]), tuple(span for _band, span in bands))


def _found(folded: str, grade: str) -> Iterator[re.Match[str]]:
    """Yield each band once: a range before one of its ends, what follows a range before what goes before it."""
    taken: list[tuple[int, int]] = []
    shapes = [f"(?:{between}){SAYS}{grade}" for between in RANGES]
    shapes += [f"{grade}{NAMED}(?:{between}){ALONE}" for between in RANGES]
    for shape in shapes:
        for match in re.finditer(shape, folded):
            if AND.search(folded[: match.start()]):
                continue
            if not any(begin < match.end() and match.start() < end for begin, end in taken):
                taken.append(match.span())
                yield match


def _meeting(bands: Sequence[GradeBand]) -> tuple[GradeBand, ...]:
    """Return the bands, the highest first, each to where the one above begins where its words say so.

    The highest goes on past `90-100分`: a bonus may carry a total there. Totals have two decimals: `80-89.99分` goes to
    below 90. Of steps that only say from where on (`90分以上为优秀，80分以上为良好`) the highest reached counts.
    """
    if not bands:
        return ()
    highest = bands[0]
    meeting = [replace(highest, below=None) if highest.below == FULL_MARKS else highest]
    for above, band in pairwise(bands):
        meets = band.below is None or (above.least is not None and band.below + CENT == above.least)
        meeting.append(replace(band, below=above.least) if meets else band)
    return tuple(meeting)
