"""Reads which desk material is sent to, and by whom: `各区县科协材料报组织人事部`, `报送至市科协学会部（国际部）`."""

import re
from collections.abc import Iterator

from scoring.engine.notice.fold import fold
from scoring.engine.notice.names import bare, kind_of
from scoring.engine.notice.source import Paragraph

# The house whose desk it is: `市总工会基层工作部`, `县卫健局基层卫生股`.
HOUSE = (
    "(?:[一-鿿]{0,8}?(?:科协|科学技术协会|总工会|社科联|文联|侨联|残联|妇联|[团县市区]委|局|厅)"
    "|[一-鿿]{1,8}?(?:工会|委员会|协会|联合会|街道|公司|集团|医院|学校|大学|学院|河长办|政府))?"
)
UNIT = "(?:办公室|中心|[部处室科办股组])"
DESK = re.compile(
    r"([^,。;:()]{0,120}?(?:\([^()]{0,60}\)[^,。;:()]{0,60}?)?)(?:的)?(?:考核|申报|自评|有关|相关)?材料(?:\([^()]{0,20}\))?"
    r"(?:纸质|电子|[版档件]|一式.{1,3}[份套]|分别|统一|请)*"
    rf"(?:[报送递提]交|报送|报|送|交|寄送?)(?:至|到|给|由|:)*{HOUSE}([一-鿿]{{2,14}}?{UNIT}(?:\((?!设在)[一-鿿]{{2,10}}{UNIT}\))?)(?=[,。;、:()]|$)"
)
MATERIAL = re.compile("材料|自评|总结|报告|报表|评分表|考核表|申报表|登记表|台账|资料|方案|自查")
# A desk at the end of what is sent, after its house, with its second name in brackets.
SENT = re.compile(
    r"(?:报送|呈报|上报(?!告)|[报送递提上]交|报(?![告表名备道刊纸销])|寄送|寄|送|交)[^,。;:()]{0,12}?(?:至|到|给|由|:|(?<=[报送交]))"
    rf"{HOUSE}(?P<desk>(?![报送交])[一-鿿]{{2,12}}?{UNIT}(?:\((?!设在|地址|联系|电话|邮箱)[一-鿿]{{2,14}}\))?)"
    r"(?=[,。;、:()]|$|备案|汇总|审核|审定|收)"
)
# `报送：区县残联报办公室，直属单位报人事科`: who to which desk, one after the other.
LISTED = re.compile(
    rf"(?:^|[,:])([^,:()]{{2,14}}?)(?:的)?(?:报送|报|送|交)(?:至|到|给)?{HOUSE}([一-鿿]{{2,12}}?{UNIT})(?=,|$)"
)
UNSENT = re.compile("(?:不得|不再|不必|不需|无需|毋须|无须)(?:另行|单独|再)?$")  # what is sent nowhere
EVERYONE = re.compile(
    r"(?:请|将|于|\d{4}年|\d{1,2}月\d{1,2}日|(?:之|以)?前)*(?:各?(?:考核|有关|被考核)?单位|以上|上述)?"
)


def desks(letter: tuple[Paragraph, ...]) -> list[tuple[str, str]]:
    """Return who sends material to which desk, in the letter's words: (`各企事业科协`, `企事业工作部`)."""
    senders: list[tuple[str, str]] = []
    for line in letter:
        folded = re.sub(r"\(([^()]*)\)", lambda match: "(" + match[1].replace(",", "、") + ")", fold(line.text))
        named = [
            (line.text[slice(*match.span(1))].strip(), line.text[slice(*match.span(2))])
            for match in DESK.finditer(folded)
        ]
        senders += named or _sent(line.text, folded)
    return senders


def desk_for(desks: list[tuple[str, str]], name: str, section: str) -> str | None:
    """Return the desk of a track: by the letter's section about it, by its name, its kind, else the one for all."""
    heading = bare(re.sub(r"^\s*(?:[一二三四五六七八九十]+、|\(.{1,3}\)|\d+[.、])", "", fold(section)))
    for wanted in (heading, bare(name)):
        for who, desk in desks:
            if wanted and bare(who) == wanted:
                return desk
    kind = kind_of(name)
    by_kind = [desk for who, desk in desks if kind and kind_of(who) == kind]
    for_all = [desk for who, desk in desks if EVERYONE.fullmatch(bare(who))]
    of_no_kind = {desk for who, desk in desks if kind_of(who) is None}
    only = [desk for desk in of_no_kind if len(of_no_kind) == 1]
    return next(iter(by_kind + for_all + only), None)


def _sent(line: str, folded: str) -> Iterator[tuple[str, str]]:
    """Yield desks named by other sentences about material: for the kind of units that it names, else for all."""
    for sentence in re.finditer("[^。;]+", folded):
        listed = list(LISTED.finditer(sentence.group()))
        if len(listed) > 1:
            begin = sentence.start()
            yield from ((each[1], line[begin + each.start(2) : begin + each.end(2)]) for each in listed)
            continue
        match = SENT.search(sentence.group()) if MATERIAL.search(sentence.group()) else None
        if match and not UNSENT.search(sentence.group()[: match.start()]):
            begin, end = (sentence.start() + place for place in match.span("desk"))
            who = sentence.group()[: match.start()]
            yield (who if kind_of(who) else "", line[begin:end])
