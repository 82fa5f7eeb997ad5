"""Reads until when material is due: a day in any writing, with the hour where one is printed (R6)."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time

from scoring.engine.notice.fold import CHINESE, fold, number_of, squeeze

ENDS = "期满"  # as which the last day of a stretch of days is read
BEFORE = f"(?:之前|以前|前|止|截止|{ENDS})"
DAY = r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:\([^()]*\))?"
HOUR = (
    r"(?:(?P<half>上午|中午|下午|晚上?|早上?|凌晨)?(?P<hour>\d{1,2})"
    r"(?:[时点](?:(?P<minute>\d{1,2})分?|(?P<past>半)|[整正])?|:(?P<minutes>\d\d)(?::\d\d)?[时分]?)"
    r"|(?:上午|中午|下午)?(?P<office>下班)(?:时间)?)"
)
DUE = re.compile(rf"{DAY}(?P<at>{HOUR})?(?:\([^()]*\))?{BEFORE}")
DUE_BY = re.compile(
    rf"(?:(?:截止|截至)[^\d。]{{0,8}}|不[晚迟]于|最[晚迟][于在]?|[报交]送?(?:日期|时间)[为是:]){DAY}(?P<at>{HOUR})?"
)
# `12月31日前发表`, `考核期为…`: when what is judged was done; it is no day to send anything by.
DONE = re.compile(
    "(?:期?间|内)?(?:正式|公开|依法|新|已)*"
    "(?:形成的?|产生的?|(?<!未)(?:完成|举办|召开|开展)的|(?:注册|登记)?成立|(?:注册|登记)的|发表|出版|获得|取得|获批|授权|立项|结题|验收|印发|入会|入职)"
)
PERIOD = re.compile(
    "(?:考核|考评|评价|统计|计分|活动|实施)(?:的)?(?:期|期限|期间|时间|时段|周期|区间)?(?:为|是|从|自|:)?$"
)
# `数据截至11月30日`: what is counted ends there, as for `截至11月30日，会员达到…`.
CUT_OFF = re.compile(
    "(?:数据|业绩|成果|(?:佐证|证明|支撑)材料|统计口径|统计时点)的?(?:统计|形成)?(?:时间|日期)?(?:均|为|以)*(?:截[至止]到?)?$"
)
# `12月20日前赴各单位实地考核`: others come; `12月10日前完成自查，12月20日前报送`: what is to be sent is due later.
VISITS = re.compile("[^,。;]{0,6}(?:赴|实地|(?:到|对)[各有参被])|[^,。;]{0,8}(?:复核|评审|抽查|公布|公示|印发)")
READY = re.compile("(?:[^,。;]{0,4}完成|组织|开展|进行)")
SENDS = re.compile("报|交(?!流|通|往|易|替|叉|接)|寄|送|上传|填|截止(?:日期|时间)")
NOON = 12
LATE = frozenset({"下午", "晚上", "晚"})
AT_NIGHT = frozenset({"晚上", "晚"})
NEXT_YEAR = ("次年", "翌年", "明年", "来年")
LAST_OF_MONTH = 0  # the day that `12月底` is written as until its year is known
DAY_AND_HOUR = re.compile(r"(20\d\d[./-]\d{1,2}[./-]\d{1,2})\s+(?=\d)")  # 2024-12-25 18:00
WRITINGS = (  # how days are written, and as what they are read
    (re.compile(r"(20\d\d)[./-](\d{1,2})[./-](\d{1,2})(?![\d.])日?"), r"\1年\2月\3日"),
    (re.compile(rf"(?<![\d.])(\d{{1,2}})\.(\d{{1,2}})(?=日?{BEFORE})日?"), r"\1月\2日"),
    (re.compile(r"(\d{1,2}月\d{1,2})号"), r"\1日"),
    (re.compile(r"(\d{1,2})月(?:底|末)"), rf"\1月{LAST_OF_MONTH}日"),
)
AT = re.sub(r"\?P<\w+>", "?:", rf"(?:{HOUR})?")
STRETCH = re.compile(
    rf"(?:(?P<year>20\d\d)年)?(?P<month>\d{{1,2}})月\d{{1,2}}日?{AT}[-—~至到]+"
    rf"(?:(?P<last_year>20\d\d)年)?(?:(?P<last_month>\d{{1,2}})月)?(?P<day>\d{{1,2}}日{AT})"
)
IN_CHINESE = re.compile(
    rf"(?:(二[〇零○0][〇零○0一二三四五六七八九]{{2}})年)?({CHINESE}{{1,3}})月({CHINESE}{{1,3}})(?=[日号])"
)
# 下午五点, 十二时三十分
HOURS_IN_CHINESE = re.compile(rf"(?<=[日午晚上早晨)]){CHINESE}{{1,3}}(?=[时点])|(?<=[时点]){CHINESE}{{1,3}}(?=分)")


@dataclass(frozen=True)
class Due:
    """Until when something is due: through a Beijing day, or before an hour of it.

    `is_unclear` where the hour is the office's own, or none that a day has; `is_assumed` where nothing says of which
    year the day is.
    """

    day: date
    hour: time | None = None
    is_unclear: bool = False
    printed: str = ""
    is_assumed: bool = False

    @property
    def instant(self) -> tuple[date, time | None]:
        """What tells two of them apart."""
        return self.day, self.hour

    @property
    def said(self) -> str:
        """The day, and the hour where there is one: `2024-12-10 12:00`."""
        return f"{self.day.isoformat()} {self.hour:%H:%M}" if self.hour else self.day.isoformat()


Dues = dict[tuple[date, time | None], Due]


def due(texts: Iterable[str], issued: date | None, year: int | None) -> list[Due]:
    """Return until when material is due, each once, in the order of the text.

    A day without a year is the first one on or after the issue (R6). Where no day is named before which to send, the
    last day of a stretch counts, else one on which data end.
    """
    named, stretches, cut_offs = Dues(), Dues(), Dues()
    for text in texts:
        plain = _plain(text)
        for match in _matches(plain):
            sentence = re.split("[。;]", plain[match.start() :])[0]
            begin = max(plain.rfind("。", 0, match.start()), plain.rfind(";", 0, match.start())) + 1
            if not SENDS.search(sentence) and not SENDS.search(plain[begin : match.start()]):
                continue
            before = plain[begin : match.start()]
            is_stretch = match.group().endswith(ENDS)
            clause = re.split("[,。;]", plain[match.end() :].lstrip(","))[0]
            visits = not SENDS.search(clause) and VISITS.match(clause)
            if visits or DONE.match(plain, match.end()) or (is_stretch and PERIOD.search(before)):
                continue
            read = _read(match, issued, year)
            kind = stretches if is_stretch else named
            if CUT_OFF.search(before) or (not before and match.group().startswith("截至")):
                kind = cut_offs
            if kind is named and READY.match(clause) and not SENDS.search(clause):
                kind = stretches
            if read:
                kind.setdefault(read.instant, read)
    return list((named or stretches or cut_offs).values())


def _plain(text: str) -> str:
    """The text in half width without blanks, its days in one writing."""
    plain = squeeze(DAY_AND_HOUR.sub(r"\1日", fold(text))).replace("元月", "1月").replace("廿", "二十")
    plain = IN_CHINESE.sub(_in_figures, plain)
    plain = HOURS_IN_CHINESE.sub(lambda match: str(number_of(match.group())), plain)
    for writing, read in WRITINGS:
        plain = writing.sub(read, plain)
    return STRETCH.sub(_its_last_day, plain)


def _its_last_day(match: re.Match[str]) -> str:
    month, last = int(match["month"]), int(match["last_month"] or match["month"])
    year = match["last_year"] or (match["year"] and str(int(match["year"]) + (last < month)))
    return (f"{year}年" if year else "") + f"{last}月{match['day']}{ENDS}"


def _in_figures(match: re.Match[str]) -> str:
    year, month, day = (number_of(part.replace("○", "〇")) if part else None for part in match.groups())
    return (f"{year}年" if year else "") + f"{month}月{day}"


def _matches(text: str) -> Iterator[re.Match[str]]:
    found = [*DUE.finditer(text), *DUE_BY.finditer(text)]
    return iter(sorted(found, key=lambda match: (match.start("month"), match.re is DUE_BY)))


def _read(match: re.Match[str], issued: date | None, year: int | None) -> Due | None:
    """What a match says; None for a day that there is not."""
    month, day = int(match["month"]), int(match["day"])
    if match["year"]:
        on = a_date(int(match["year"]), month, day)
    elif match.string.endswith(NEXT_YEAR, 0, match.start("month")):
        now = issued.year if issued else year
        on = a_date(now + 1, month, day) if now else None
    elif issued is None:
        on = a_date(year, month, day) if year else None
    else:
        same = a_date(issued.year, month, day)
        on = same if same and same >= issued else a_date(issued.year + 1, month, day)
    if on is None or (issued and on < issued):  # before the notice was written nothing could be sent
        return None
    hour = _hour(match)
    printed = match.group().replace(f"月{LAST_OF_MONTH}日", "月底")
    return Due(on, hour, _is_unclear(match, hour), printed, issued is None and not match["year"])


def a_date(year: int, month: int, day: int) -> date | None:
    """The day, or None where there is no such one; day 0 is the last of its month."""
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def _hour(match: re.Match[str]) -> time | None:
    """The hour before which it is due; None for the day's end (24:00 too), or for an hour that no day has."""
    if not match["hour"]:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or match["minutes"] or (30 if match["past"] else 0))
    if (match["half"] in LATE and hour < NOON) or (match["half"] == "中午" and hour < NOON - 2):
        hour += NOON
    if hour == NOON and match["half"] in AT_NIGHT:  # 晚12点 is the day's end
        return None
    try:
        return time(hour, minute)
    except ValueError:
        return None


def _is_unclear(match: re.Match[str], hour: time | None) -> bool:
    ends = (NOON, 2 * NOON) if match["half"] in AT_NIGHT else (2 * NOON,)
    at_the_end = (
        bool(match["hour"]) and int(match["hour"]) in ends and not int(match["minute"] or match["minutes"] or 0)
    )
    return bool(match["at"]) and hour is None and not at_the_end
