"""Reads the letter: number, title, issuer, dates, grades, publicity, desks and the names in its scope."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scoring.engine.notice.due import a_date
from scoring.engine.notice.fold import CHINESE, COUNT, fold, number_of, squeeze
from scoring.engine.notice.source import Paragraph

Lines = tuple[Paragraph, ...]
NUMBER = re.compile(r"(?:^|[\s:])([一-鿿]{2,20}\s*\(\s*(?:19|20)\d\d\s*\)\s*第?\s*\d{1,5}\s*号)\s*(?:签发人.*)?$")
TITLE = re.compile("关于.*(?:考核|考评|评价|通知)|考核.*(?:通知|方案|办法|意见)$")
TITLE_END = re.compile("(?:通知|方案|办法|意见|细则)$")
DATE = re.compile(r"(20\d\d)(?:年|[./-](?=\d{1,2}[./-]))(\d{1,2})[月./-](\d{1,2})日?")
CHINESE_DATE = re.compile(rf"(二[〇零○][〇零○一二三四五六七八九]{{2}})年({CHINESE}{{1,3}})月({CHINESE}{{1,3}})日")
PUBLICITY = re.compile(rf"公示(?:期|时间)?[^。;\d]{{0,8}}?({COUNT})\s*个?\s*(工作日|(?:自然|日历)?[天日])")
LONGEST_ISSUER = 40
EARLY = 3  # a notice of the first months often speaks of the year before
SHORTEST_NAME = 3
HEADS = re.compile("(?:科协|学会|协会|研究会|局|委)$")
SCOPE = re.compile("考核(?:范围|对象)|[：:]\\s*$")
RUN = re.compile("(?:科协|学会|协会|研究会|局)(?=市级|省级|各|全市|高校|高等|企业|企事业|区县|县级|园区|科研)")


# The years that a text speaks of, and that of which it assesses: `2023-2024年度`, `2024-2025学年`, `二〇二三年度`.
YEAR = re.compile(r"(20\d\d)(?=年|[-—–~至到/]+20\d\d(?:学?年))(?P<whole>年度|学年)?")
ASSESSED = re.compile(
    r"(?:^|[,。;:]|现就|现将|开展|做好|组织|实施|进行|关于|对)(20\d\d)年度[^,。;:\d]{0,12}?(?:考核|考评|评价|评估|测评|评比)(?!结果|办法|方案|情况)"
)
CHINESE_YEAR = re.compile("二[〇零○0][〇零○一二三四五六七八九]{2}(?=年|学年)")
SEAL = re.compile(r"\((?:盖?章|公章|印章|盖公章|代章|印)\)$")


def head_of(letter: Lines) -> Lines:
    """Return the lines before the first numbered heading of the body."""
    for index, line in enumerate(letter):
        if re.match(r"\s*[一二三四五六七八九十]、", line.text):
            return letter[:index]
    return letter


def number(letter: Lines) -> str | None:
    """Return the notice's own number, never that of a document it quotes, nor a header line above it."""
    for line in head_of(letter):
        match = NUMBER.search(fold(line.text))
        if match:
            return squeeze(line.text[match.start(1) : match.end(1)])
    return None


def title(letter: Lines) -> str | None:
    """Return the title, joined when it is set on several lines."""
    lines = [line.text.strip() for line in head_of(letter)]
    for index, line in enumerate(lines):
        if "关于" in line and not line.endswith(("。", "：", ":")) and "根据" not in line:
            for end in range(index + 1, min(index + 4, len(lines) + 1)):
                joined = "".join(lines[index:end])
                if TITLE_END.search(squeeze(joined)):
                    return squeeze(joined)
    return next((squeeze(line) for line in lines if TITLE.search(squeeze(line)) and not line.endswith("。")), None)


def signed(letter: Lines) -> tuple[str | None, date | None]:
    """Return the issuer and the day of issue: the last line that is a date, and the name above or before it.

    Who printed it, on which day (`某办公室 2024年11月9日印发`), counts only where nobody has signed.
    """
    for printed in ("", r"\(?印发\)?"):
        for index in reversed(range(len(letter))):
            line = squeeze(fold(letter[index].text))
            match = re.fullmatch(rf"(.*?)(?:{DATE.pattern}|{CHINESE_DATE.pattern}){printed}", line)
            if match and not re.search("[,。;:]", match[1]):
                numbers = [number_of(re.sub("○", "〇", part)) for part in match.groups()[1:] if part]
                above = squeeze(letter[index - 1].text) if index else ""
                return _issuer(match[1] or above) or _letterhead(letter), a_date(*numbers)
    return _letterhead(letter), None


def _issuer(name: str) -> str | None:
    name = name[: len(name) - len(seal[0])] if (seal := SEAL.search(fold(name))) else name
    return name if 1 < len(name) <= LONGEST_ISSUER and not re.search("[。，：；、:;]|附件", name) else None


def _letterhead(letter: Lines) -> str | None:
    lines = (squeeze(line.text).removesuffix("文件") for line in head_of(letter))
    return next((line for line in lines if re.fullmatch("[一-鿿]{2,30}(?:协会|科协|委员会|局|厅)", line)), None)


@dataclass(frozen=True)
class Year:
    """The year assessed; `printed` where a title names several, `is_assumed` where only an early issue has one."""

    year: int | None
    printed: str = ""
    is_assumed: bool = False


def year(titles: Iterable[str | None], letter: Lines, issued: date | None) -> Year:
    """Return the year assessed: the one in a title, else that of which the letter assesses, else that of the issue."""
    for text in titles:
        plain = _in_figures(text or "")
        years = [(int(match[1]), match["whole"]) for match in YEAR.finditer(plain)]
        if years:
            whole = [number for number, is_whole in years if is_whole] or [number for number, _is_whole in years]
            several = {number for number, _is_whole in years}
            return Year(whole[-1], "、".join(map(str, sorted(several))) if len(several) > 1 else "")
    for line in letter:
        match = ASSESSED.search(_in_figures(line.text))
        if match:
            return Year(int(match[1]))
    early = issued is not None and issued.month <= EARLY
    return Year(issued.year if issued else None, is_assumed=early)


def _in_figures(text: str) -> str:
    """The text in half width without blanks, its years in figures."""
    digits = str.maketrans("〇零○一二三四五六七八九", "000123456789")
    return CHINESE_YEAR.sub(lambda match: match.group().translate(digits), squeeze(fold(text)))


def publicity_days(letter: Lines) -> tuple[int, bool] | None:
    """Return how long results are public, and whether the letter says working days."""
    for line in letter:
        match = PUBLICITY.search(fold(line.text))
        if match and number_of(match[1]):
            return number_of(match[1]), match[2] == "工作日"
    return None


def unclear_names(letter: Lines, known: Iterable[str]) -> list[str]:
    """Return stretches of the scope in which two names run together: `高新区科协市级学会（协会、研究会）`."""
    names = sorted(
        {squeeze(fold(name)) for name in known if len(squeeze(name)) >= SHORTEST_NAME}, key=len, reverse=True
    )
    unclear = []
    for line in letter:
        if not SCOPE.search(line.text):
            continue
        folded = fold(line.text)
        for begin, end in _elements(folded):
            element = folded[begin:end]
            joined = RUN.search(element) or any(
                HEADS.search(element.partition(name)[0]) for name in names if element.find(name) > 0
            )
            if joined:
                unclear.append(line.text[begin:end].strip())
    return unclear


def _elements(folded: str) -> Iterable[tuple[int, int]]:
    """Yield the elements of an enumeration; what stands in brackets does not divide them."""
    depth = begin = 0
    for index, char in enumerate(folded + "。"):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth <= 0 and char in ",;、。:":
            yield begin, index
            begin = index + 1
