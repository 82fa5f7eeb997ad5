"""Reads which share of the total a component has: `工作考核占70%`, `各占50%`, `按7:3的比例`, `平时考核×40%`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.notice.fold import CHINESE, number_of, squeeze
from scoring.engine.track import LEADERS, RECIPIENTS, WORK

FULL_WEIGHT = 100
COMPONENTS = (
    (RECIPIENTS, "服务对象|社会评价|社会满意度|满意度|群众|公众"),
    (LEADERS, "领导|科协评价|市科协|省科协"),
    (WORK, "工作考核|工作实绩|业务考核|日常考核|目标考核|量化考核|指标考核"),
)
# 1.工作考核70分 / 工作考核（70%）: an item of a list, or a component of ours by its name.
STATED = re.compile(
    r"(?:^\s*(?:\(?\d{1,2}[.、)]|\([一二三四五六七八九十]\))\s*(?P<item>[^\d,;。:()]{2,14}?)"
    r"|(?P<named>(?:工作考核|工作实绩|业务考核|日常考核|目标考核|服务对象(?:评价|测评|打分|评分)|社会评价|满意度(?:测评|评价)?"
    r"|(?:[市省县区]?科协)?领导(?:班子)?(?:评价|测评|打分|评分)|[市省]科协评价)))"
    r"\s*\(?(?:占|权重|得分|成绩|分值|总分|的|为|:|\s)*"
    rf"(?:(?P<weight>\d{{1,3}}(?:\.\d+)?)\s*(?:分|%)(?!以[上下内])|(?<=[占重为值])(?P<words>{CHINESE}{{1,5}})分(?!之))"
)
REPEATED = re.compile(r"按\s*(?:照)?\s*(\d{1,3}(?:\.\d+)?)\s*%\s*(?:的)?(?:权重|比例|折算|计入)?")
# A figure of a share, and several in a row: 40%, 百分之四十, 四成五, ×0.4, 权重为0.4; 20%、30%、50%.
FACTOR = r"(?:(?<=[*×xX])|(?<=权重)|(?<=系数)|(?<=重为)|(?<=数为))\s*0?\.\d{1,2}(?!\d)"
FIGURE = (
    rf"(?:\d{{1,3}}(?:\.\d+)?\s*%|{FACTOR}|百分之{CHINESE}{{1,5}}"
    rf"|(?:{CHINESE}{{1,2}}(?<!百)分之{CHINESE}{{1,3}}|(?<![\d/])\d{{1,2}}\s*/\s*\d{{1,2}}(?![\d/]))"
    "|一半|半数|[一二两三四五六七八九]成(?:[一二三四五六七八九](?!成))?(?![员立果绩就效本]))"
)
FIGURE_ALONE = re.compile(FIGURE.replace(FACTOR, r"0?\.\d{1,2}"))
FIGURES = re.compile(rf"{FIGURE}(?:\s*[、,和与及]\s*{FIGURE})*")
# What stands between a name and its share, from the first word that weighs.
LEAD = re.compile(r"(?:[*×xX]\s*|(?:占|以\s*$|权重|系数|比重|比例|按照?|各|均(?!衡)|分别|折|\()[^,;。*×]{0,14})$")
TENTH = "(?:10|[1-9]|[一二三四五六七八九])"
RATIO = re.compile(
    rf"(?:按照?|以|之比|比例|权重|比重|占比)[^,;。\d]{{0,6}}?(?P<parts>\d{{1,2}}(?:\.\d+)?(?:\s*[:比]\s*\d{{1,2}}(?:\.\d+)?){{1,4}}"
    rf"|{TENTH}(?:比{TENTH}){{1,4}})(?!\d)(?!\s*[分时:])"
)
TOTALS = re.compile("总分|总成绩|总得分|总评|综合|最终|得分|成绩|分值|权重|比重|计入|折算|折合|加权|构成|组成|[*×=]")
# What names a judgement, of which a letter may give the share: not the share of women, or of money.
JUDGED = re.compile("考|评|督查|打分|得分|测评|检查|测试")
NO_SHARE = re.compile("达|超|以上|不低|不少|提高|增长|增加|下降|降低|完成|不足|同比")
QUOTA = re.compile("优秀|良好|合格|[一二三]等|等次|档次|名额|名次|先进|单位总数|参评|参加|通过率|完成率|参与率|覆盖率")
SCORED = "(?:工作)?(?:得分|成绩|分数|打分|评分|结果|[两二三四五六]?(?:个?部分|项|者)|情况)"
IN_FRONT = re.compile("^.*(?:其中|包括|分为|由|即|采取|采用|按照?|将|对(?!象)|年度|的|实行|=|:)|^(?:和|与|及|以及|则)")
DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2}


@dataclass(frozen=True)
class Share:
    """A share of the total (of 100) as a letter gives it to a name; `is_sure` where the words speak of a total."""

    name: str
    weight: Decimal
    printed: str
    begin: int
    end: int
    is_sure: bool = True

    @property
    def component(self) -> str | None:
        """The code of the component that bears such a name; None where none does."""
        return next((code for code, words in COMPONENTS if re.search(words, self.name)), None)

    @property
    def is_exact(self) -> bool:
        """Whether hundredths of a per cent write it: 三分之二 are none."""
        return self.weight == self.weight.quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Weights:
    """What a part of the letter says of weights: by component, and in its words where none is known for them."""

    by_component: dict[str, Decimal]
    strange: tuple[str, ...] = ()


def stated_in(text: str) -> list[Share]:
    """Return the weights that a folded paragraph states as items or by names of ours: `1.工作考核70分`."""
    return [
        Share(
            match["item"] or match["named"],
            Decimal(match["weight"] or number_of(match["words"])),
            squeeze(match.group()),
            *match.span(),
        )
        for match in STATED.finditer(text)
        if match["named"] or not QUOTA.search(match["item"])
    ]


def composed_in(text: str) -> list[Share]:
    """Return what a folded paragraph says that a total is made of, in shares, tenths, factors or a ratio."""
    return [
        share
        for sentence in re.finditer("[^。;\n]+", text)
        for share in (*_figures(sentence.group(), sentence.start()), *_ratios(sentence.group(), sentence.start()))
    ]


def settled(shares: Iterable[Share]) -> Weights:
    """Return the weights that these shares give; a name of no component, or a component given twice, is strange.

    Shares that are only perhaps some count where with the others they make the whole of what is judged.
    """
    given = list(shares)
    judged = [share for share in given if share.component or JUDGED.search(share.name)]
    whole = len(given) > 1 and bool(judged) and sum(share.weight for share in given) == FULL_WEIGHT
    # Several judgements with shares weigh, though they come to another sum: that is told.
    weighed = judged if len(judged) > 1 else []
    counted = [share for share in given if share.is_sure or whole or share in weighed]
    names: dict[str | None, str] = {}
    strange: dict[str, None] = {}  # in the order of the letter
    for share in counted:
        if share.component is None or not share.is_exact or names.setdefault(share.component, share.name) != share.name:
            strange[share.printed] = None
    known = {share.component: share.weight for share in counted if share.component and share.printed not in strange}
    return Weights(known, tuple(strange))


def _figures(sentence: str, begin: int) -> Iterator[Share]:
    """Yield the shares that a sentence, `begin` within its paragraph, gives to the names before them (or behind ×)."""
    is_sure = bool(TOTALS.search(sentence))
    behind = 0
    for run in FIGURES.finditer(sentence):
        before, behind = sentence[behind : run.start()], run.end()
        lead = LEAD.search(before)
        words = before[: lead.start()] if lead else before
        weights = [_hundredths(figure) for figure in FIGURE_ALONE.findall(run.group())]
        if not lead:
            product = re.match(r"\s*[*×xX]\s*([一-鿿]{2,16})", sentence[run.end() :])
            if product:
                yield from _told([_bare(product[1])], weights, sentence, run, begin, is_sure=True)
            continue
        if QUOTA.search(before) or NO_SHARE.search(before) or re.match("以[上下内]|左右", sentence[run.end() :]):
            continue
        names = _names(words)
        if len(weights) == 1 and re.search("各|均", lead.group()):
            weights *= len(names)
        yield from _told(names[-len(weights) :], weights, sentence, run, begin, is_sure=is_sure)


def _ratios(sentence: str, begin: int) -> Iterator[Share]:
    """Yield the shares of a ratio that makes 10 or 100 in all: `按7:3的比例`, `三比七`."""
    is_sure = bool(TOTALS.search(sentence))
    for match in RATIO.finditer(sentence):
        parts = [Decimal(DIGITS.get(part, part)) for part in re.split(r"\s*[:比]\s*", match["parts"])]
        total = sum(parts)
        if total in (10, FULL_WEIGHT):
            weights = [part * FULL_WEIGHT / total for part in parts]
            names = _names(sentence[: match.start()])[-len(parts) :]
            yield from _told(names, weights, sentence, match, begin, is_sure=is_sure)


def _told(
    names: list[str], weights: list[Decimal], sentence: str, run: re.Match[str], begin: int, *, is_sure: bool
) -> Iterator[Share]:
    """Yield a share for each name; where there are not as many of them, all that is printed as nobody's."""
    printed, span = squeeze(sentence), (begin + run.start(), begin + run.end())
    if len(names) != len(weights):
        yield Share("", sum(weights, Decimal(0)), printed, *span, is_sure=is_sure)
        return
    for name, weight in zip(names, weights, strict=True):
        yield Share(name, weight, printed, *span, is_sure=is_sure)


def _hundredths(figure: str) -> Decimal:
    """The weight that a figure writes, of 100: 40%, 百分之四十, 四成五, 0.4."""
    plain = squeeze(figure)
    if plain.startswith("百分之"):
        return Decimal(number_of(plain.removeprefix("百分之")))
    if plain.endswith(("半", "数")):
        return Decimal(FULL_WEIGHT) / 2
    if "分之" in plain or "/" in plain:
        below, above = plain.split("分之") if "分之" in plain else reversed(plain.split("/"))
        return Decimal(number_of(above) * FULL_WEIGHT) / (number_of(below) or 1)
    if "成" in plain:
        return Decimal(DIGITS[plain[0]] * 10 + DIGITS.get(plain[2:], 0))
    return Decimal(plain[:-1]) if plain.endswith("%") else Decimal(plain) * FULL_WEIGHT


def _names(words: str) -> list[str]:
    """Return the names of an enumeration, without what introduces them and what is said of all of them."""
    named = re.split(r"[、,+()]|(?<=.{2})(?:以及|和|与|及)(?=.{2})", squeeze(words))
    return [bare for bare in map(_bare, named) if len(bare) > 1]


def _bare(name: str) -> str:
    plain = IN_FRONT.sub("", squeeze(name))
    return re.sub(f"(?:{SCORED}|占|权重|比重|比例|总分|组成|构成|分别|各|[,:()])+$", "", plain)
