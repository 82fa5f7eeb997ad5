"""Reads which grades there are, the best first."""

import re
from collections.abc import Iterable

from scoring.engine.notice.fold import fold

NAMES = (  # the best first
    "特等奖|特等|[一甲]等奖|[一甲]等|A[级类]?|五星级?|一类|优秀|优|先进|好|[二乙]等奖|[二乙]等|B[级类]?|四星级?|二类|良好|良|较好"
    "|[三丙]等奖|[三丙]等|C[级类]?|三星级?|三类|中|称职|达标|表扬|合格|一般|[四丁]等奖?|五等奖?|[DE][级类]?|[一二]星级?|[四五]类|基本称职|基本合格|较差|差|未达标|不达标|不合格|不称职"
)
LADDER = tuple(re.compile(name) for name in NAMES.split("|"))
GRADE = f"(?:{'|'.join(sorted(NAMES.split('|'), key=len, reverse=True))})"
QUOTED = rf"[“\"'‘]?(?P<grade>{GRADE})[”\"'’]?(?:奖|单位|等次|等级|档次|档)?"
ASIDE = r"\s*\([^()]{1,20}\)"
HOW_MANY = (
    rf"(?:{ASIDE}|\s*\(?\s*"
    r"(?:各?[占为]?\d{1,3}(?:\.\d+)?\s*(?:%|[名个家])|各?[一二三四五六七八九十]{1,3}[名个家])\)?)?"
)
ONE = re.compile(rf"\s*(?:\d{{1,3}}[个名家])?{QUOTED}{HOW_MANY}\s*")
DIVIDER = re.compile("[、,;和及与]+|(?=[“\"'‘])")
GOES_ON = re.compile("[、和及与]+")
NAMED = (  # what stands before the grades of a notice
    re.compile("(?:等次|等级|档次)(?:共?分为|设为|设|包括|依次为|为|:)+"),
    re.compile("(?:分为?|设)(?=[^。;:]+?个?(?:等次|等级|档次))"),
    re.compile("(?:评定|确定|认定|定)为(?=[^。;:]+?个?(?:等次|等级|档次))"),
    re.compile("(?:设立?|评出|评选出?|评定出?|产生|分为|表彰)"),
)
BECOMES = re.compile(rf"(?:评定为|确定为|认定为|评为|定为|列为|(?<![^\d\s一二三四五六七八九十百]分)为|是):?{QUOTED}")
# What may be a group of units as well, unless it is said of results.
CLASS = re.compile("[A-E][级类]?|[一二三四五]类|.星级?|好")
RESULTS = re.compile("结果|等次|等级|档次|评定|评为")
# 一、二、三等奖
SHORT = re.compile("(?P<names>(?:[特一二三四](?:等奖?)?[、和及与])+)(?P<last>[一二三四五])(?P<of>等奖?)")


def grades(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the grades that a letter names, best first: as a list of them, else as what scores or ranks become."""
    folded = [in_full(fold(line)) for line in lines]
    for shape in NAMED:
        for line in folded:
            for match in shape.finditer(line):
                named = tuple(_listed(line[match.end() :]))
                if len(named) > 1 and (RESULTS.search(line) or not all(map(CLASS.fullmatch, named))):
                    return named
    become = [grade for line in folded for match in BECOMES.finditer(line) for grade in _from(line, match)]
    named = tuple(sorted(dict.fromkeys(become), key=_place))
    return named if len(named) > 1 else ()


def in_full(text: str) -> str:
    """Return a folded text with grades that share their last character written out: 一等奖、二等奖."""
    return SHORT.sub(
        lambda match: (
            re.sub("(?<=[特一二三四])(?:等奖?)?(?=[、和及与])", match["of"], match["names"])
            + match["last"]
            + match["of"]
        ),
        text,
    )


def _listed(text: str) -> list[str]:
    """Return the grades that a text begins with, each once; none where it goes on with other names."""
    listed: list[str] = []
    place, divider = 0, ""
    while (match := ONE.match(text, place)) and match["grade"] not in listed:
        listed.append(match["grade"])
        behind = DIVIDER.match(text, match.end())
        if not behind:
            return listed
        place, divider = behind.end(), behind.group()
    return [] if GOES_ON.fullmatch(divider) and not match else listed


def _from(line: str, match: re.Match[str]) -> list[str]:
    """Return the grades that ranks or scores become here: `其余为良好、合格`."""
    return _listed(line[match.start("grade") :]) or [match["grade"]]


def _place(grade: str) -> int:
    return next(place for place, name in enumerate(LADDER) if name.fullmatch(grade))
