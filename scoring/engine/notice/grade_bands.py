"""Reads grades by score: `90分（含）以上为优秀，80分（含）至90分为良好，80分以下为合格`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.notice.fold import fold
from scoring.engine.scheme import GradeBand

POINTS = r"(?<![\d.])(\d{1,3}(?:\.\d{1,2})?)"
WITH, WITHOUT = r"(?:\(含[^()]{0,6}\)|\(包括本数\)|含)?", r"(?:\(不含[^()]{0,6}\))?"
# No brackets here that say whether the number itself counts: `90分以上(不含)` and `90分(含)为` are told.
SAYS = (
    r"\s*(?:\((?!不?含|包括)[^()]{0,6}\))?\s*(?:的(?:单位)?)?\s*(?:,|评定为|确定为|认定为|评为|定为|为|:|是)+\s*[“\"]?"
)
ABOVE = rf"{POINTS}\s*分{WITH}\s*(?:及|或)?以上{WITH}"
BETWEEN = rf"{POINTS}\s*分?{WITH}(?:以上)?\s*[-—–~至到,]\s*{POINTS}\s*分{WITHOUT}(?:以下)?{WITHOUT}"
UNDER = rf"(?:{POINTS}\s*分{WITHOUT}以下{WITHOUT}|(?:不足|低于|不满)\s*{POINTS}\s*分)"


@dataclass(frozen=True)
class ReadBands:
    """The bands of a folded text, and where their words stand; `whole` says that they leave no total out."""

    bands: tuple[GradeBand, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def whole(self) -> bool:
        """Whether each band begins where the one above it ends, and the highest is open."""
        ends = [band.below for band in self.bands]
        begins = [band.least for band in self.bands]
        return bool(ends) and ends[0] is None and ends[1:] == begins[:-1]


def read_grade_bands(text: str, grades: Sequence[str]) -> ReadBands:
    """Read the totals that make these grades, the highest first."""
    if not grades:
        return ReadBands((), ())
    grade = "(" + "|".join(sorted(map(re.escape, grades), key=len, reverse=True)) + ")"
    bands: list[tuple[GradeBand, tuple[int, int]]] = []
    folded = fold(text)
    for match in re.finditer(rf"(?:{BETWEEN}|{ABOVE}|{UNDER}){SAYS}{grade}", folded):
        low, high, least, below, under, name = match.groups()
        begins, ends = low or least, high or below or under
        band = GradeBand(name, Decimal(begins) if begins else None, Decimal(ends) if ends else None)
        bands.append((band, match.span()))
    bands.sort(key=lambda pair: Decimal(-1) if pair[0].least is None else pair[0].least, reverse=True)
    return ReadBands(tuple(band for band, _span in bands), tuple(span for _band, span in bands))
