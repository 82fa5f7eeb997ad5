"""Finds the marks in folded text: every number with 分, and what it states there."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from scoring.engine.notice.fold import CHINESE, number_of

POINTS = "points"
TOTAL = "total"
LIMIT = "limit"
RATE = "rate"
EVERY = "every"
LEVELS = "levels"
GRANT = "grant"
BAD = "bad"

MEASURE = (
    "(?:场次|人次|台次|例次|车次|户次|班次|批次|项目|季度|单位|课题|活动|社区|网格|课时|学时|次|项|个|篇|人|场|期|件|条|名"
    "|家|届|天|日|份|例|本|部|处|站|所|户|套|幅|批|类|门|种|月|年|位|起|村|校|点|轮|支|级|周|张|株|棵|辆|盏|间|栋|幢|块"
    "|艘|枚|宗|桩|笔|册|只|道|段|则|台(?!账)|座(?!谈)|组(?!织)|班(?!子)|头(?!条))"
)
PER = rf"{MEASURE}(?:\s*[、或/]\s*{MEASURE}(?=[\s,;。、)]|$))*"
NUMBER = r"(?<![\d时点])(?<!\d\.)\d{1,6}(?:\.\d{1,4})?"
# What a rate counts besides happenings and things: shares, sums, times, each with a number before it.
STEP = (
    r"(?:个?百分点|%|‰|[亿万千百]?元|万?人次|个?(?:季度|工作日|自然月|月|小时|星期|周|名次|位次)|小时|分钟|公里|千米|平方米|亩|吨|倍"
    rf"|{MEASURE})"
)
WORDS = "[零一二两三四五六七八九十百]"
NUMERAL = rf"(?:{NUMBER}|(?<!{WORDS}){WORDS}{{1,6}})"
IN_DIGITS = rf"{NUMBER}\s*分(?!钟|内|之|值|数|公司|支机构|会|院|校|店|局|行|队|部|类|组|期|批|秒|段)"
ENDS = r"(?=[\s,;。、)/每]|以[内上下]|[及或]以上|为[限止]|封顶|$)"
IN_WORDS = rf"(?<!{WORDS})(?!十分\s+[一-鿿]){WORDS}{{1,6}}分{ENDS}"
SCORE = rf"(?:{IN_DIGITS}|{IN_WORDS})"
CAPITALS = "[壹贰叁肆伍陆柒捌玖拾佰]+分"
VERB = r"(?:奖励|扣减|扣除|可加|可得|可计|加|扣|减|得|计|记|给|(?<![等金银铜大获])奖|\+|-)"
SIGNS = {
    "奖励": "+",
    "可加": "+",
    "加": "+",
    "奖": "+",
    "+": "+",
    "扣减": "-",
    "扣除": "-",
    "扣": "-",
    "减": "-",
    "-": "-",
}

# One of something, not the last figure of another number, nor the first of several.
ONCE = r"(?<![第同于足任统唯满过低高\d零一二两三四五六七八九十百])(?<!至少)(?<!达到)[一1]"
# What is counted one by one, and what 个 counts: `新增一个示范点加1分`, `提升1个等次`.
WHOLE = "个(?:百分点|月|季度|工作日|等次|档次|等级|名次|位次)"
COUNTED = f"(?:{WHOLE}|次|项|个|篇|场|件|条|名|家|份|例|处|起)"
NO_LIMIT = "(?!最[高多]|不得?超|上限|封顶)"
# What is said in brackets of what a rate counts: `每组织一场活动（50人以上）加0.5分`.
ASIDE = r"\([^()分]{1,30}\)"
# A comma right before the verb: `每发现一处，扣1分`, `缺席一次的，扣2分`.
PAUSE = r"(?:的?\s*,\s*(?=[加扣减]))?"
# How often something is due: `每月未开展扣5分` says when, `每张扣1分` what is counted.
OFTEN = "(?:半|第?[一二三四]?个?(?:年|季|月|周|天|日|学期|学年))"
# A character between what a rate counts and its verb; words of a limit say that it is no rate.
WITHIN = r"(?:(?!最[高多]|不得?超|上限|封顶|累计)[^,;。()\s\d分加扣减得计])"

MARK = re.compile(
    rf"""
    (?P<condition>(?<![扣加得计记减奖])(?:
          (?:{NUMBER}\s*分?\s*[-—–~至到]\s*{NUMBER}\s*分|{NUMBER}\s*分\s*(?:\(含\)|含)?\s*(?:(?:及|或)?以[上下])?)
          的?(?=\s*[得计记]\s*\d)
        | {NUMBER}\s*分(?:及|或)?以[上下]的?\s*,?(?=[得计记]\s*\d|不[得计记]分)
        | (?:得分|成绩|积分|测评分?|均分|分数)[^,;。()\d]{{0,4}}?{NUMBER}\s*分\s*(?:\(含\)|含)?\s*(?:及|或)?以上
          (?=[\s,;。、(]|$)
        | (?:\A|\n)\s*{NUMBER}\s*分(?:及|或)?以上\s*(?![^\n])))
  | (?P<levels>(?:分别|依次)(?:可|为)?\s*(?P<levels_verb>{VERB})?\s*
        (?P<levels_values>(?:{NUMERAL}\s*分?\s*(?:[、,/]|和|或|及)\s*)+{SCORE}))
  | (?P<grant>(?:(?:每[^,;。()\d每分]{{0,10}}?[一1]?|{ONCE})(?P<grant_per>{PER})[^,;。()\d分每加扣减]{{0,12}}?{PAUSE})?
        (?:(?:酌情|视情[况节形]?)(?:轻重)?(?:给予|酌情)?(?P<grant_verb>{VERB})|(?P<given_verb>扣减|扣除|奖励|[加扣减奖])|(?:给予|予以))
        \s*(?P<grant_least>{NUMBER})\s*分?\s*[-—–~至到]\s*(?P<grant_most>{IN_DIGITS})
        (?:(?<=分)\s*的?\s*(?P<grant_noun>[加扣]分))?)
  | (?P<every>(?:各|均|分别)(?P<every_verb>加|扣|减)\s*(?P<every_value>{SCORE}))
  | (?P<noun>每个(?P<noun_per>(?!{MEASURE}[加扣减得计]){WITHIN}{{2,8}}){PAUSE}
        (?P<noun_verb>{VERB})\s*(?P<noun_value>{SCORE}))
  | (?P<step>每[^,;。()\d每月年季度周天]{{0,10}}?
        (?:(?P<step_size>{NUMBER}|一)\s*(?P<step_unit>{STEP})|(?P<share>个?百分点)|(?P<bare_size>{NUMBER})(?={VERB}))
        {WITHIN}{{0,20}}?{PAUSE}(?P<step_verb>{VERB})\s*(?P<step_value>{SCORE}))
  | (?P<range>{NUMERAL}\s*分?\s*[-—–~至到]+\s*{SCORE}|(?:{NUMERAL}\s*[、/]\s*){{1,9}}{SCORE}|{CAPITALS}
        |按\s*(?:{NUMBER}\s*[、/]\s*)+{NUMBER}(?=\s*分?\s*[评计打赋记给]分)
        |(?:依次|逐[名级档次位])[^,;。()\d]{{0,4}}{SCORE})
  | (?P<open>(?:(?<!不)(?<!不得)超过|不?低于|不?少于|高于|达到|至少|不足|各(?:得|计|加|扣)?|分别为?)\s*{SCORE}
             |[扣减]满\s*{SCORE}(?=的)|{SCORE}\s*(?:及|或)?以上)
  | (?P<limit>(?:(?:每|单|各)个?小?(?:项|条|类|个)|本项|该项|此项|累计|合计|总计|总共|总分|得分
          |加分|扣分|减分|加减|最终|全年|均|共|\s)*
        (?:不得?(?:超过|突破)|不高于|不大于|最高|最多|至多|上限|封顶|限)
        \s*(?:不超过)?\s*[均各]?(?:为|是|{VERB})?\s*{SCORE}(?:\s*(?:以内|为限|封顶))?
      | (?:[加扣](?:完|满|足|至))?\s*{SCORE}\s*(?:封顶|为上?限|为止|以内|以下))
  | (?P<total>(?:共计|合计|总计|总分值|总分|满分|分值|(?:基础|基本|基准|起始|初始)分|共)
        \s*(?:[均各]?为|均?是|:)?\s*{SCORE})
  | (?P<each>(?:每[^,;。()\d每]{{0,10}}?(?:一|1)?(?P<each_per>{PER})(?:{NO_LIMIT}[^,;。()\d分]){{0,30}}?
                (?:{ASIDE}(?={VERB}))?{PAUSE}(?P<each_verb>{VERB})?
             |{ONCE}(?P<gain_per>(?>{COUNTED})){WITHIN}{{1,12}}?{PAUSE}(?P<gain_verb>加)
             |{ONCE}(?P<once_per>(?>{WHOLE}|{PER}))(?!性)
              (?:(?P<once_verb>[加扣])|(?!及|或|\(?含?\)?以)[^,;。()\d分每加扣减得计]{{0,12}}?{PAUSE}(?P<lost_verb>扣|减)
              |(?P<more_verb>[得计记])(?=\s*{SCORE}[\s,;。]*(?:最[高多]|累计|上限|封顶|不超过))))
        \s*(?P<each_value>{SCORE}))
  | (?P<odd>每[^,;。()\d每]{{0,8}}?(?P<odd_size>{NUMBER}|一)(?P<odd_per>{WITHIN}{{1,4}}?){PAUSE}(?P<odd_verb>[加扣减])
        \s*(?P<odd_value>{SCORE}))
  | (?P<any>每(?!{OFTEN})(?P<any_per>{WITHIN}{{1,12}}?){PAUSE}(?P<any_verb>[加扣减])\s*(?P<any_value>{SCORE}))
  | (?P<rate>(?P<rate_verb>{VERB})?\s*(?P<rate_value>{SCORE})
        \s*(?:/\s*每?|每)\s*一?\s*(?P<rate_per>{PER}|(?<=/)[^\W\d]{{1,6}}(?=[\s,;。、)]|$)))
  | (?P<points>(?P<verb>{VERB})?\s*(?P<value>{SCORE}))
  | (?P<bare>(?<=[一-鿿])(?P<bare_verb>[加扣])\s*(?P<bare_value>{NUMBER})(?=\s*(?:[,;。、)]|$)))
  | (?P<signed>(?<=[一-鿿])[-—–]\s*{NUMBER}(?=\s*(?:[,;。、)/]|$)))
    """,
    re.VERBOSE,
)
HINT = re.compile(r"[分加扣]|[一-鿿][-—–]\s*\d")  # one of them is in every mark
KEPT = 16384  # texts whose marks are kept: a row's words are looked at by several readers and by the accountant
FILLER = re.compile(r"(?:[\s,;、:。]|其中|且|并|但|按|即|计|上限|累计|合计|本项|该项|每项|加分|得分)*")


# Words before a number that say what is reached, one of several: `有方案得4分，无方案得2分`.
REACHED = ("得", "可得", "计", "可计", "记", "给")
# What a rate counts a second time: `每人每次`, `每人每半天`.
AGAIN = re.compile(rf"每半?{MEASURE}")
HOW_OFTEN = re.compile(r"每(?:个?月|年|季度?|周|天|半年)")


@dataclass(frozen=True)
class Mark:
    """A number with 分 at [start, end): its kind, value, the measure of a rate, and + or - where it adds or deducts.

    `levels` are all values of an enumeration (`分别加5分、3分、1分`), in the order printed; `verb` is the word before
    the number, `得` where a level is reached; `least` where points at discretion begin, which end with the value.
    """

    start: int
    end: int
    kind: str
    value: Decimal = Decimal(0)
    per: str | None = None
    sign: str | None = None
    levels: tuple[Decimal, ...] = ()
    verb: str | None = None
    least: Decimal | None = None


def find_marks(text: str) -> list[Mark]:
    """Return all marks of a folded text in order; a mark of kind BAD is a number that no rule can take."""
    return list(_marks(text)) if HINT.search(text) else []


@lru_cache(maxsize=KEPT)
def _marks(text: str) -> tuple[Mark, ...]:
    return tuple(_mark(match) for match in MARK.finditer(text) if not match["condition"])


def _value(text: str) -> Decimal:
    digits = re.findall(r"\d+(?:\.\d+)?", text)
    if digits:
        return Decimal(digits[-1])
    chinese = re.findall(rf"({CHINESE}+)分", text)
    return Decimal(number_of(chinese[-1]))


def _mark(match: re.Match[str]) -> Mark:
    start, end = match.span()
    start += len(match.group()) - len(match.group().lstrip())
    reader = next((reader for name, reader in READERS.items() if match[name]), _points)
    return reader(match, start, end)


def _unreadable(_match: re.Match[str], start: int, end: int) -> Mark:
    return Mark(start, end, BAD)


def _limit(match: re.Match[str], start: int, end: int) -> Mark:
    return Mark(start, end, LIMIT, _value(match["limit"]))


def _total(match: re.Match[str], start: int, end: int) -> Mark:
    return Mark(start, end, TOTAL, _value(match["total"]))


def _each(match: re.Match[str], start: int, end: int) -> Mark:
    """Read a rate (`每次加1分`, `一次扣1分`); `每月1次得60分` says how often for once 60."""
    verbs = (match["each_verb"], match["once_verb"], match["lost_verb"], match["more_verb"], match["gain_verb"])
    verb = next(filter(None, verbs), "")
    per = match["each_per"] or match["once_per"] or match["gain_per"]
    again = AGAIN.match(match.string, match.end("each_per")) if match["each_per"] else None
    if per == "人" and re.search("人[一1每]次", match["each"]):
        per = "人次"
    elif again:
        per = f"{per}{again[0]}"
    if verb in REACHED and HOW_OFTEN.match(match["each"]):
        return Mark(match.start("each_verb"), end, POINTS, _value(match["each_value"]), verb=verb)
    return Mark(start, end, RATE, _value(match["each_value"]), per, SIGNS.get(verb), verb=verb or None)


def _rate(match: re.Match[str], start: int, end: int) -> Mark:
    return Mark(start, end, RATE, _value(match["rate_value"]), match["rate_per"], SIGNS.get(match["rate_verb"]))


def _points(match: re.Match[str], start: int, end: int) -> Mark:
    verb = match["verb"]
    return Mark(start, end, POINTS, _value(match["value"]), None, SIGNS.get(verb), verb=verb)


def _without_unit(match: re.Match[str], start: int, end: int) -> Mark:
    """Read a number after 加 or 扣 that lacks its 分: `一等奖加3分，二等奖加2`."""
    verb = match["bare_verb"]
    return Mark(start, end, POINTS, Decimal(match["bare_value"]), None, SIGNS[verb], verb=verb)


def _every(match: re.Match[str], start: int, end: int) -> Mark:
    return Mark(start, end, EVERY, _value(match["every_value"]), None, SIGNS[match["every_verb"]])


def _levels(match: re.Match[str], start: int, end: int) -> Mark:
    """Read points that go to several names, one each in their order: `分别加5分、3分、1分`."""
    values = tuple(Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", match["levels_values"]))
    if not values:
        return Mark(start, end, BAD)
    return Mark(start, end, LEVELS, max(values), None, SIGNS.get(match["levels_verb"]), values)


def _grant(match: re.Match[str], start: int, end: int) -> Mark:
    """Read points at discretion within a range: `酌情扣0.5-2分`, `每次扣1-3分`, `给予1至3分加分`."""
    verb = match["grant_verb"] or match["given_verb"] or (match["grant_noun"] or "")[:1]
    least, most, sign = Decimal(match["grant_least"]), _value(match["grant_most"]), SIGNS.get(verb)
    if least > most or sign is None:
        return Mark(start, end, BAD)
    return Mark(start, end, GRANT, most, match["grant_per"], sign, least=least)


def _noun(match: re.Match[str], start: int, end: int) -> Mark:
    return Mark(start, end, RATE, _value(match["noun_value"]), match["noun_per"], SIGNS.get(match["noun_verb"]))


def _any(match: re.Match[str], start: int, end: int) -> Mark:
    """Read a rate for each of what no measure is known for: `每缺勤扣2分`."""
    return Mark(start, end, RATE, _value(match["any_value"]), match["any_per"], SIGNS[match["any_verb"]])


def _odd(match: re.Match[str], start: int, end: int) -> Mark:
    """Read a rate for so many of what no measure is known for: `每缺1证扣2分`."""
    size, unit = match["odd_size"], match["odd_per"]
    per = unit if size in ("1", "一") else size + unit
    return Mark(start, end, RATE, _value(match["odd_value"]), per, SIGNS[match["odd_verb"]])


def _step(match: re.Match[str], start: int, end: int) -> Mark:
    """Read a rate for each step: `每5万元加10分`, `每低10%扣1分`."""
    size, unit = match["step_size"] or match["bare_size"] or "1", match["step_unit"] or match["share"] or ""
    per = unit if unit and size in ("1", "一") else size + unit
    return Mark(start, end, RATE, _value(match["step_value"]), per, SIGNS.get(match["step_verb"]))


READERS = {
    "levels": _levels,
    "grant": _grant,
    "every": _every,
    "noun": _noun,
    "step": _step,
    "range": _unreadable,
    "signed": _unreadable,
    "open": _unreadable,
    "limit": _limit,
    "total": _total,
    "each": _each,
    "odd": _odd,
    "any": _any,
    "rate": _rate,
    "bare": _without_unit,
}


def only_points(text: str) -> Decimal | None:
    """Return the points of a folded text that states nothing else; None where it states more, adds or deducts."""
    marks = find_marks(text)
    plain = len(marks) == 1 and marks[0].kind in (POINTS, TOTAL) and not marks[0].sign
    return marks[0].value if plain else None


def only_filler(text: str) -> bool:
    """Say whether nothing but punctuation and joining words stands between two marks."""
    return FILLER.fullmatch(text) is not None
