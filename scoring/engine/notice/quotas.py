"""Reads how many units may get a grade: numbers, shares and ranks, of all units or of a track (R12).

A sentence is laid out in grades and amounts; an amount belongs to the grade beside it where only words of the trade
stand between them. What is left over is told; before an amount it may be a condition, and nothing behind it is read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from scoring.engine.notice.amounts import Amount, amounts_in
from scoring.engine.notice.fold import COUNT, fold, squeeze
from scoring.engine.notice.grades import NAMES, in_full
from scoring.engine.notice.names import KINDS, bare, kind_of
from scoring.engine.notice.rows import SUM
from scoring.engine.notice.source import Table
from scoring.engine.quota import NEAREST, UP, Quota

HUNDRED = 100
MANY = 2
UNIT = (
    "(?:单位|集体|组织|科协|区县|学会|协会|研究会|企业|园区|高校|学校|院系|学院|科室|部门|处室|股室|乡镇|镇街|街道|村|社区|医院"
    "|(?:基层)?[党团](?:支部|组织)|支部|团委|工会|班组|站所|机构|社团)"
)
SUFFIX = f"(?:{UNIT}|奖项?|等次|等级|档次|档|称号|者|的)"
ALL = (
    "(?:(?:全部|所有|全[省市县区]|本(?:系统|地区|级)?|各|每|该|同)?(?:组|类别?|序列|系列|组别)?内?(?:实际|应)?(?:参评|参加|参与|纳入|接受)?"
    f"(?:年度|综合|工作)?(?:被考核|受考核|考核|考评|评选)?(?:对象)?的?{UNIT}?(?:总数|总量|总)?(?:数量|数|量|个数)?的?)"
)
AT_MOST = (
    "不得?超过|不能超过|不超出?|不得?突破|不多于|不得?高于|不大于|控制在|掌握在|限制在|限定在|限在|限|最多|至多|最高"
    "|上限|以内|以下|之内"
)
SAID = (
    f"(?:{SUFFIX}|名额|比例|占比|比重|率|个数|数量|总?数|总量|限额|指标|{AT_MOST}|为|是|占|按照?|以|约|各|均|分别|原则上|一般"
    "|设立?|设置|评选?|评出|评定|确定|产生|安排|核定|掌握在?|控制数?|可|[,:(])"
)
CHOSEN = (
    f"(?:{UNIT}|的|比例|名额|数额|[个名家]|,|年度|考核|综合|择优|评选?|评定|评出|评为|确定|认定|定|列|选出|选定|产生|核定|授予"
    "|表彰|命名|设|为|出|是)"
)
BEHIND_GRADE = re.compile(f"(?:{SAID}|{ALL})*+")
BEFORE_GRADE = re.compile(f"{CHOSEN}*+")
RANKED_AS = re.compile(f"(?:{CHOSEN}|获得?|得|可|均|给予|颁发|分别|依次|直接)*+")
IN_RANK = re.compile(
    f"(?:{SUFFIX}|名额|为|是|由|取|各|分别|依次|考核|综合|得分|总分|成绩|排名|位列|位居|排在?|[,:(])*+"
)
GRADES_GO_ON = re.compile(f"{SUFFIX}*(?:[、和及与]|以及)")
AMOUNTS_GO_ON = re.compile("[、,和及与]|以及")
EVERY_ONE = re.compile("各|均|分别")

POINTS = re.compile(
    r"(?<!\d)\d{1,6}(?:\.\d{1,6})?(?:分?[-—–~至到]\d{1,6}(?:\.\d{1,6})?)?分(?!之)(?:\(含\))?(?:及?以[上下])?(?:\(含\))?的?(?:[且并]且?)?"
)
# People and works are no units; what a unit recommends, or is to make of others, is no grade of its own.
PEOPLE = "工作者|人员|人才|个人|干部|党员|教师|志愿者|职工|员工|负责人|团员|会员|秘书长|书记|主任|河长|家庭"
WORKS = "案例|作品|论文|项目|成果|信息|课题|调研报告|经验|典型|做法|品牌|活动|产品"
NOT_OURS = re.compile(
    rf"(?:先进|优秀|合格|良好)[^,、()]{{0,6}}(?:{PEOPLE}|{WORKS})[^,、]{{0,12}}"
    rf"|(?:{PEOPLE})[^,]{{0,12}}(?:优秀|合格)[^,]{{0,14}}"
    "|(?:推荐|推选|报送|上报|申报|创建|培育|打造|建成|争创)[^,]{0,16}"
)
CHOOSES = re.compile("评选|评出|评定|评为|表彰|设|产生|确定|命名|授予|奖|名额|比例|[不得]超过|控制|占|通报表扬")
LOOSE = re.compile("名额|比例")
OPEN = re.compile(
    f"[后末]{COUNT}[名位]|等奖{COUNT}项|最后|末尾|倒数|末位|若干|一定的?(?:比例|数量)|倍|每[^,]{{0,8}}[1一]个"
)
TOGETHER = re.compile("合计|共计|总计|之和|总和|累计|一共|总共|合并计算|共(?:评|表彰|设|产生)")
GROUPS = "组别?|类别?|类型|序列|系列|赛道|片区|层级|板块|领域|系统"
EACH = re.compile(f"(?:各|每个?|分|同|本|该)(?:{GROUPS})|(?:{GROUPS})各|分别按")
# So many in each of what is no track: `每个乡镇评选优秀村1个`.
IN_EACH = re.compile(f"(?:每个?|各)(?!{GROUPS}|年|届)[一-鿿]{{1,6}}?(?:评选|评出|评定|设|产生|表彰)")
# Prizes by names that no grade has, and how many get one: told.
PRIZES = re.compile(
    rf"(?:评选|评出|评定|表彰|命名|设立?)[^,、\d□]{{0,8}}(?:单位|集体|组织|奖){COUNT}[个名家]"
    rf"|(?:评选|评出|表彰|命名){COUNT}[个名家][^,、□]{{0,8}}(?:单位|集体)|(?:评优|评先|创优)[^,]{{0,6}}(?:比例|名额|指标)"
)
ABOUT = re.compile("左右|上下|约|大约|大致")
ROUNDED = ((UP, re.compile("进一|进1|进位|向上取整|进整|只入不舍")), (NEAREST, re.compile("四舍五入")))
DOWN = re.compile("取整|舍去|去尾|不计小数|只舍不入")
TABLE_HEAD = re.compile(r"(?:奖项|等次|名额|数量?|\(.*\))+$")
NO_QUOTA_BEHIND = re.compile("及?以上|中(?!的?评)|里")
NO_QUOTA_BEFORE = re.compile(
    "(?:[^优秀良好合格进]率|达到?|增长|提高|末位|末尾|倒数|最?后|不少于|不低于|至少)[^,]{0,4}$"
)
CONDITION_BEFORE = re.compile("(?:不足|不满|少于|低于|超过|多于|高于|在|有)$")
# A grade of one character is a word of its own.
ALONE = r"(?:(?<![其集当年]){0}(?=[、()\d,:占不控为比各等档级]|$)|(?<=为){0}(?=的|单位))"


@dataclass(frozen=True)
class Sentence:
    """A sentence about quotas as printed, with what was read of it, and what of that it leaves open.

    It `is_more` where it says more than was read, or nothing was; `is_about` where a figure is no sharp limit; its
    rounding is open where a share is no upper limit, its scope where there are several tracks and it names none.
    """

    text: str
    quotas: tuple[Quota, ...] = ()
    is_more: bool = False
    is_about: bool = False
    opens_rounding: bool = False
    opens_scope: bool = False


@dataclass(frozen=True)
class _Run:
    """Grades or amounts that stand side by side in a sentence."""

    begin: int
    end: int
    grades: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True)
class _Item:
    """An amount that belongs to a grade, and where in the sentence the two stand."""

    begin: int
    end: int
    grade: str
    amount: Amount


def read_quotas(
    lines: Iterable[tuple[str, Sequence[str]]], grades: Sequence[str], tracks: Mapping[str, str]
) -> list[Sentence]:
    """Read the sentences about quotas; each line comes with the codes of the tracks that it speaks of, none for all.

    `tracks` are the names of all tracks by code. Without `grades` those count that a sentence chooses units for.
    """
    reader = _Reader(tuple(grades), tracks if len(tracks) > 1 else {})
    said = dict.fromkeys(
        (squeeze(text), tuple(codes)) for line, codes in lines for text in re.split("[。;；\n]", line) if text.strip()
    )
    sentences = [sentence for text, codes in said if (sentence := reader.sentence(text, codes))]
    count = iter(range(1, 1 + sum(len(sentence.quotas) for sentence in sentences)))
    return [
        replace(sentence, quotas=tuple(replace(quota, code=f"Q{next(count)}") for quota in sentence.quotas))
        for sentence in sentences
    ]


def rows_of(table: Table, grades: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the rows of a table of quotas, with grades for its head: the name of each, and what it says in words."""
    head, *rows = table.rows
    called = {cell.column: TABLE_HEAD.sub("", squeeze(fold(cell.text))) for cell in head.cells}
    named = {column: grade for column, grade in called.items() if grade in grades}
    for row in rows if named else ():
        name = next((text for cell in row.cells if cell.column not in named and (text := squeeze(cell.text))), "")
        figures = [(named[cell.column], squeeze(cell.text)) for cell in row.cells if cell.column in named]
        said = "、".join(f"{grade}{text}{'个' if text.isdecimal() else ''}" for grade, text in figures if text)
        if said and not SUM.match(name):
            yield name, f"{name}：{said}"


def speaks_of(name: str, text: str) -> bool:
    """Whether a text names a track, by its name or by the kind of its units."""
    kind = dict(KINDS).get(kind_of(name) or "")
    return bool(kind.search(text)) if kind else len(bare(name)) > 1 and bare(name) in text


@dataclass(frozen=True)
class _Reader:
    """Reads sentences, knowing the grades, and the names of the tracks where there are several."""

    grades: tuple[str, ...]
    tracks: Mapping[str, str]

    @cached_property
    def words(self) -> "re.Pattern[str]":
        """The words for grades: those known, and all that a grade may be called."""
        shapes = [shape for shape in NAMES.split("|") if len(shape) > 1 and shape != "一般"]  # 一般不超过 is no grade
        shapes += [re.escape(name) for name in self.grades]
        shapes.sort(key=len, reverse=True)
        return re.compile("|".join(shape if len(shape) > 1 else ALONE.format(shape) for shape in shapes))

    def sentence(self, printed: str, codes: Sequence[str]) -> Sentence | None:
        """Read a sentence; None where it says nothing of quotas."""
        text = NOT_OURS.sub(lambda match: "□" * len(match[0]), re.sub("[“”\"'‘’]", "", in_full(fold(printed))))
        with_points = bool(POINTS.search(text))
        text = POINTS.sub(lambda match: "," * len(match[0]), text)
        if not self.is_about_grades(text):
            return Sentence(printed, is_more=True) if PRIZES.search(text) and not with_points else None
        amounts = list(amounts_in(text))
        items = list(_items(text, self.runs(text, amounts)))
        used = {item.amount for item in items}
        left = [amount for amount in amounts if amount not in used]
        # What stands before an item may be the condition under which it counts.
        first = min((amount.begin for amount in left if not amount.is_ranked), default=len(text))
        sure = [item for item in items if item.begin < first and self.known(item.grade)]
        quotas, open_scope = [], False
        for item, own in self.scoped(text, sure, codes):
            if own is None or self.in_others(text, item):
                left.append(item.amount)
                continue
            open_scope |= bool(self.tracks) and not own and not TOGETHER.search(text)
            quotas += [self.quota(printed, text, item, code) for code in own or (None,)]
        more = len(sure) < len(items) or bool(left or OPEN.search(text) or (not items and LOOSE.search(text)))
        # Points are given for counts; a share, or ranks, beside points is a condition of a grade.
        by_count = not any(amount.is_ranked or amount.high.of for amount in left)
        if not quotas and (not more or (with_points and by_count)):
            return None
        shares = [quota for quota in quotas if quota.share is not None]
        return Sentence(
            printed,
            tuple(quotas),
            is_more=more,
            is_about=any(_is_about(text, item, with_points=with_points) for item in sure),
            opens_rounding=bool(shares) and not (re.search(AT_MOST, text) or DOWN.search(text) or shares[0].rounding),
            opens_scope=open_scope,
        )

    def in_others(self, text: str, item: _Item) -> bool:
        """Whether a number holds in each of some groups that are no tracks."""
        if item.amount.is_ranked or item.amount.high.of:
            return False
        return bool(IN_EACH.search(text)) or (not self.tracks and bool(EACH.search(text)))

    def is_about_grades(self, text: str) -> bool:
        """Whether a text names a known grade; without any, whether units are chosen for one."""
        named = [match[0] for match in self.words.finditer(text)]
        return bool(named) and (bool(CHOOSES.search(text)) or (bool(self.grades) and any(map(self.known, named))))

    def known(self, grade: str) -> str:
        """The grade as the notice calls it; without any known, as it is printed; else nothing."""
        alike = (known for known in self.grades if known.removesuffix("奖") == grade.removesuffix("奖"))
        return next(alike, "") if self.grades else grade

    def runs(self, text: str, amounts: Sequence[Amount]) -> list[_Run]:
        """Return the grades and the amounts of a sentence in their order, those side by side together."""
        single = [_Run(*match.span(), grades=(match[0],)) for match in self.words.finditer(text)]
        single += [_Run(amount.begin, amount.end, amounts=(amount,)) for amount in amounts]
        runs: list[_Run] = []
        for run in sorted(single, key=lambda run: run.begin):
            last = runs[-1] if runs else None
            if last and last.end <= run.begin and bool(last.grades) == bool(run.grades):
                go_on = (GRADES_GO_ON if run.grades else AMOUNTS_GO_ON).fullmatch(text, last.end, run.begin)
                if go_on and not set(last.grades) & set(run.grades):
                    runs[-1] = _Run(last.begin, run.end, last.grades + run.grades, last.amounts + run.amounts)
                    continue
            runs.append(run)
        return runs

    def scoped(
        self, text: str, items: Sequence[_Item], codes: Sequence[str]
    ) -> Iterator[tuple[_Item, tuple[str, ...] | None]]:
        """Yield each item with the tracks that it is for: none for all together; None where nobody can tell."""
        said, begin = tuple(codes), 0
        for item in items:
            said = tuple(code for code in self.tracks if speaks_of(self.tracks[code], text[begin : item.end])) or said
            begin = item.end
            each = item.amount.is_ranked or EACH.search(text) or (said and EVERY_ONE.search(text))
            if each and not said:
                yield item, tuple(self.tracks)
            else:
                yield item, said if each or len(said) < MANY else None

    def quota(self, printed: str, text: str, item: _Item, track: str | None) -> Quota:
        """The quota that an item gives to a track, or to all."""
        high, low = item.amount.high, item.amount.low if item.amount.is_ranked else None
        rounding = next((how for how, words in ROUNDED if words.search(text)), None) if high.of else None
        return Quota(
            code="",
            text=printed,
            grade=self.known(item.grade),
            track=track,
            count=None if high.of else int(high.value),
            share=high.value if high.of else None,
            of=high.of if high.of and high.of != HUNDRED else None,
            after=low.value if low else None,
            rounding=rounding,
        )


def _items(text: str, runs: Sequence[_Run]) -> Iterator[_Item]:
    """Yield each amount with the grade that it belongs to: a run of either with the run beside it."""
    taken: set[int] = set()
    for first, second in pairwise(runs):
        if first.begin in taken or bool(first.grades) == bool(second.grades):
            continue
        grades, amounts = (first, second) if first.grades else (second, first)
        between = text[first.end : second.begin]
        given = _given(grades.grades, amounts.amounts, between + _near(text, amounts))
        if given and _belongs(text, grades, amounts):
            taken.add(second.begin)
            yield from (_Item(first.begin, second.end, grade, amount) for grade, amount in given)


def _given(grades: Sequence[str], amounts: Sequence[Amount], words: str) -> list[tuple[str, Amount]]:
    if len(grades) == len(amounts):
        return list(zip(grades, amounts, strict=True))
    if len(amounts) == 1 and EVERY_ONE.search(words):
        return [(grade, amounts[0]) for grade in grades]
    return []


def _near(text: str, amounts: _Run) -> str:
    return text[max(0, amounts.begin - 2) : amounts.begin]


def _belongs(text: str, grades: _Run, amounts: _Run) -> bool:
    """Whether only words of the trade stand between grades and amounts, and nothing makes them another figure."""
    if NO_QUOTA_BEHIND.match(text, amounts.end) or NO_QUOTA_BEFORE.search(text[: amounts.begin]):
        return False
    is_ranked = amounts.amounts[0].is_ranked
    if grades.begin < amounts.begin:
        return bool((IN_RANK if is_ranked else BEHIND_GRADE).fullmatch(text, grades.end, amounts.begin))
    if is_ranked:
        return bool(RANKED_AS.fullmatch(text, amounts.end, grades.begin))
    is_condition = CONDITION_BEFORE.search(text[: amounts.begin])
    return not is_condition and bool(BEFORE_GRADE.fullmatch(text, amounts.end, grades.begin))


def lower_end(quota: Quota) -> Quota | None:
    """The quota with the lower end of the range that its words name; None where they name none."""
    for amount in amounts_in(squeeze(in_full(fold(quota.text)))):
        if amount.low and not amount.is_ranked and amount.high.value in (quota.share, quota.count):
            of_all = amount.low.of is not None
            return replace(
                quota,
                count=None if of_all else int(amount.low.value),
                share=amount.low.value if of_all else None,
            )
    return None


def _is_about(text: str, item: _Item, *, with_points: bool) -> bool:
    """Whether a figure is none to hold on to: `左右`, a range, ranks that also ask for points."""
    if item.amount.is_ranked:
        return with_points
    return item.amount.low is not None or bool(ABOUT.search(text, item.begin, item.end + 2))
