"""How many units may get a grade (R12): read from a notice in many words, kept, counted, printed and read back."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.compare import compare
from scoring.engine.edit import Edit, edited
from scoring.engine.errors import EngineErrors
from scoring.engine.notice import read_notice
from scoring.engine.notice.choices import choices
from scoring.engine.notice.printing import print_scheme, unsaid
from scoring.engine.notice.quotas import read_quotas
from scoring.engine.numbers import plain
from scoring.engine.quota import NEAREST, UP, Proposal, Quota, proposals, written_exactly
from scoring.engine.scheme import SchemeRules, scheme_sha256
from tests.scoring.engine.paths import annex, scheme_from

LEVELS = "考核等次分为优秀、良好、合格、不合格。"
PRIZES = "考核等次分为一等奖、二等奖、三等奖。"
SECOND = "\n\n附件2\n2024年度区县科协考核表\n\n\t指标说明\n\n\t1.甲（100分）\n"


def one(letter: str, *, note: str = "") -> SchemeRules:
    """A notice with one track."""
    return scheme_from(annex("1.甲（100分）", letter=letter) + note)


def two(letter: str) -> SchemeRules:
    """A notice with a track of societies and one of districts."""
    return scheme_from(annex("1.甲（100分）", letter=letter) + SECOND)


def figure(quota: Quota, value: Decimal | int | None) -> str:
    if quota.share is None:
        return str(value)
    return f"{plain(Decimal(value or 0))}/{quota.of}" if quota.of else f"{plain(Decimal(value or 0))}%"


def told_quota(quota: Quota) -> str:
    """A quota in short: 优秀 20%; 一等 3–10, the ranks behind the third; of a track behind @."""
    most = figure(quota, quota.count if quota.share is None else quota.share)
    ranks = f"{figure(quota, quota.after)}–" if quota.after is not None else ""
    words = [quota.grade, f"{ranks}{most}", *([quota.rounding] if quota.rounding else [])]
    return " ".join([*words, *([f"@{quota.track}"] if quota.track else [])])


def told(rules: SchemeRules) -> str:
    """The quotas of a scheme and what is told of them."""
    doubts = [finding.at.split(".")[1] for finding in rules.findings if finding.code == "quota" and finding.at]
    plainly = ["told" for finding in rules.findings if "how many may get a grade. Enter" in finding.message.msgid]
    return "; ".join([*map(told_quota, rules.quotas), *dict.fromkeys(doubts), *plainly])


# What a clerk reads in each sentence; written before the reader was asked.
CLERK = [
    (LEVELS, "优秀等次不超过参评单位的20%", "优秀 20%"),
    (LEVELS, "优秀等次的单位不得超过参评单位总数的三分之一", "优秀 1/3"),
    (LEVELS, "优秀比例控制在15%以内", "优秀 15%"),
    (LEVELS, "优秀单位名额为3个", "优秀 3"),
    (LEVELS, "优秀率不超过25%", "优秀 25%"),
    (LEVELS, "按参评单位总数的20%确定优秀等次", "优秀 20%; rounding"),
    (LEVELS, "优秀、良好等次分别不超过参评单位总数的10%、30%", "优秀 10%; 良好 30%"),
    (LEVELS, "优秀、良好比例各不超过30%", "优秀 30%; 良好 30%"),
    (LEVELS, "优秀和良好等次合计不超过50%", "told"),
    (LEVELS, "优秀等次20%左右", "优秀 20%; about; rounding"),
    (LEVELS, "优秀比例为15%-20%", "优秀 20%; about; rounding"),
    (LEVELS, "优秀等次名额另行通知", "told"),
    (LEVELS, "优秀等次原则上不超过20%", "优秀 20%"),
    (LEVELS, "前3名评为优秀", "优秀 0–3"),
    (LEVELS, "得分排名前20%的单位评定为优秀", "优秀 0%–20%; rounding"),
    (LEVELS, "排名前20%的为优秀，20%-60%的为良好，其余为合格", "优秀 0%–20%; 良好 20%–60%; rounding"),
    ("", "前3名为一等，4-10名为二等，其余为三等", "一等 0–3; 二等 3–10"),
    ("", "第1名为特等，第2至4名为一等，第5—8名为二等", "特等 0–1; 一等 1–4; 二等 4–8"),
    ("", "设一等奖1个、二等奖2个、三等奖3个", "一等奖 1; 二等奖 2; 三等奖 3"),
    ("", "设一、二、三等奖，各1名、2名、3名", "一等奖 1; 二等奖 2; 三等奖 3"),
    ("", "设一、二、三等奖各3名", "一等奖 3; 二等奖 3; 三等奖 3"),
    ("", "评选优秀单位10个", "优秀 10; grades"),
    ("", "表彰先进单位5名、优秀单位10名", "先进 5; 优秀 10"),
    ("", "评出3个一等奖、5个二等奖", "一等奖 3; 二等奖 5"),
    (LEVELS, "优秀单位20%，良好单位30%，其余为合格", "优秀 20%; 良好 30%; rounding"),
    (LEVELS, "评为优秀的单位控制在参评单位总数的百分之二十以内", "优秀 20%"),
    (LEVELS, "优秀等次不超过三成", "优秀 30%"),
    (LEVELS, "优秀等次不超过一半", "优秀 1/2"),
    (LEVELS, "优秀等次不超过两成半", "优秀 25%"),
    (LEVELS, "优秀等次按参评单位10%的比例确定，四舍五入取整", "优秀 10% nearest"),
    (LEVELS, "优秀名额不超过参评单位的20%，不足1个的按1个计算", "优秀 20%; more"),
    (LEVELS, "优秀等次不超过5个", "优秀 5"),
    (LEVELS, "优秀等次最多5家", "优秀 5"),
    (LEVELS, "优秀等次不少于3个", "told"),
    (LEVELS, "优秀单位由领导小组按一定比例确定", "told"),
    (LEVELS, "参评单位在10个以上的，优秀不超过3个；不足10个的，优秀不超过1个", "told; told"),
    (LEVELS, "90分以上且排名前20%的评为优秀", "优秀 0%–20%; about; rounding"),
    (LEVELS, "等次分为优秀（90分以上，不超过20%）、良好（80-89分，不超过40%）", "优秀 20%; 良好 40%"),
    (LEVELS, "开展活动10个得10分，获优秀的加5分", ""),
    (LEVELS, "评为优秀的单位奖励3万元", ""),
    (LEVELS, "连续3年优秀的单位可免检", ""),
    (LEVELS, "报送优秀案例2个", ""),
    (LEVELS, "推荐先进个人5名、优秀科技工作者3名", ""),
    (LEVELS, "随机抽取20名服务对象打分，按结果确定优秀", "told"),
    (LEVELS, "群众满意率达到90%以上的为优秀", "told"),
    (LEVELS, "项目完成率100%的单位可评为优秀", "told"),
    (LEVELS, "优秀单位从得分前5名中产生", "told"),
    (LEVELS, "优秀等次单位数量不超过本组参评单位数的20%（四舍五入）", "优秀 20% nearest"),
    (LEVELS, "“优秀”等次单位比例不超过30％", "优秀 30%"),
    (LEVELS, "优秀等次控制在参评单位总数的15%—20%之间", "优秀 20%; about"),
    (LEVELS, "评定优秀等次2个、良好等次若干", "优秀 2; more"),
    (PRIZES, "取前六名，分设一等奖1名、二等奖2名、三等奖3名", "一等奖 1; 二等奖 2; 三等奖 3; more"),
    (LEVELS, "优秀等次按每10个单位评1个的比例确定", "told"),
    (LEVELS, "良好等次不超过优秀等次的2倍", "told"),
    (LEVELS, "优秀占比10%，良好占比20%，不合格占比不低于5%", "优秀 10%; 良好 20%; more; rounding"),
    (LEVELS, "优秀等次名额分配：县区3个，市直部门5个", "told"),
    (LEVELS, "考核结果前10名的单位授予“优秀单位”称号", "优秀 0–10"),
    ("", "综合得分排在前三位的为一等奖，第四至第六位为二等奖", "一等奖 0–3; 二等奖 3–6"),
    (LEVELS, "对排名前10的单位评为优秀", "优秀 0–10"),
    (LEVELS, "末位5%评为不合格", "told"),
    (LEVELS, "表彰先进单位5个", "told"),
    (LEVELS, "优秀单位公示5个工作日", ""),
    (LEVELS, "其工作人员年度考核优秀比例提高到20%", ""),
    (LEVELS, "优秀、良好单位分别按30%和40%的比例评定", "优秀 30%; 良好 40%; rounding"),
    (LEVELS, "优秀单位占三分之一，良好单位占二分之一", "优秀 1/3; 良好 1/2; rounding"),
    (LEVELS, "各单位考核优秀等次的比例，原则上不超过本单位参评科室总数的25%", "优秀 25%"),
    (LEVELS, "优秀等次名额按参评单位总数20%以内掌握", "优秀 20%"),
    (LEVELS, "评定为优秀等次的，一般掌握在30%以内", "优秀 30%"),
    (LEVELS, "评选优秀组织奖5个", "优秀 5"),
    (LEVELS, "从中择优评选优秀单位6个", "优秀 6"),
    (LEVELS, "拟表彰优秀单位8家", "优秀 8"),
    (LEVELS, "对8家优秀单位予以通报表扬", "优秀 8"),
    (LEVELS, "优秀（不超过20%）、良好（不超过50%）、合格", "优秀 20%; 良好 50%"),
    (LEVELS, "优秀单位数不超过参评总数的1/4", "优秀 1/4"),
    (LEVELS, "按照综合得分由高到低排序，前25%确定为优秀等次", "优秀 0%–25%; rounding"),
    (LEVELS, "排名第1位的定为优秀", "优秀 0–1"),
    (LEVELS, "得分居前五名的授予优秀单位称号", "优秀 0–5"),
    (LEVELS, "考核得分排名后三位的评为不合格", "told"),
    (LEVELS, "优秀等次的名额不超过参评单位总数的20%，且不超过5个", "优秀 20%; more"),
    (LEVELS, "优秀每组不超过2个", "told"),
    (LEVELS, "本年度被通报批评2次的，不得评为优秀", ""),
    (LEVELS, "有2名以上职工受处分的，取消优秀资格", "told"),
    (LEVELS, "优秀单位可推荐2名先进个人", ""),
    (LEVELS, "优秀单位的负责人优秀比例可提高到30%", ""),
    (LEVELS, "抽查发现问题3个以上的，不得评优秀", "told"),
    (LEVELS, "优秀等次须群众满意度90%以上", "told"),
    (LEVELS, "优秀等次控制数为4个", "优秀 4"),
    (LEVELS, "优秀单位，数量控制在参评单位的十分之一", "优秀 1/10"),
    (LEVELS, "优秀比例不超过百分之十五，良好比例不超过百分之四十", "优秀 15%; 良好 40%"),
    (PRIZES, "一等奖1名，二等奖3名，三等奖5名", "一等奖 1; 二等奖 3; 三等奖 5"),
    (PRIZES, "一等奖占10%，二等奖占20%，三等奖占30%", "一等奖 10%; 二等奖 20%; 三等奖 30%; rounding"),
    (PRIZES, "一、二、三等奖分别占参评单位的10%、20%和30%", "一等奖 10%; 二等奖 20%; 三等奖 30%; rounding"),
    (PRIZES, "第1名获一等奖，第2、3名获二等奖", "一等奖 0–1; 二等奖 1–3"),
    (PRIZES, "第1名获一等奖，第3、5名获二等奖", "一等奖 0–1; more"),
    (PRIZES, "一等奖：第1名；二等奖：第2-3名；三等奖：第4-6名", "一等奖 0–1; 二等奖 1–3; 三等奖 3–6"),
    (PRIZES, "一等奖的评选比例为10%", "一等奖 10%; rounding"),
    (PRIZES, "一等奖空缺时，二等奖可增加1名", "told"),
    ("", "设特等奖1名、一等奖3名，优秀奖若干名", "特等奖 1; 一等奖 3; more"),
    ("", "授予10个单位“先进单位”称号", "先进 10; grades"),
    ("", "对考核前10名的单位通报表扬", "told"),
    ("", "年底评选表彰先进单位10个", "先进 10; grades"),
    ("", "培育优秀单位5个（10分）", ""),
    ("", "评选先进个人10名", ""),
    ("", "按20%的比例评选优秀单位", "优秀 20%; grades; rounding"),
    ("", "优秀单位占20%，良好单位占30%", "优秀 20%; 良好 30%; grades; rounding"),
    (LEVELS, "优秀等次的比例一般不得超过本系统参评单位总数的20%", "优秀 20%"),
    (LEVELS, "评优比例不超过20%", "told"),
    (LEVELS, "综合排名在前15%的乡镇评为优秀", "优秀 0%–15%; rounding"),
    (LEVELS, "按综合得分从高到低取前5名为优秀单位", "优秀 0–5"),
    (LEVELS, "优秀、良好、合格的比例为2:5:3", "told"),
    (LEVELS, "每个乡镇评选优秀村1个", "told"),
    (LEVELS, "每年评选优秀单位3个", "优秀 3"),
    (LEVELS, "连续3年评为优秀等次的，第4年不占优秀名额", "told"),
    (PRIZES, "一等奖（1名）、二等奖（2名）、三等奖（3名）", "一等奖 1; 二等奖 2; 三等奖 3"),
    (PRIZES, "获得一等奖的单位每单位奖励5000元，共3家", "told"),
    ("考核等次分为优、良、中、差。", "其中优不超过20%，良不超过50%", "优 20%; 良 50%"),
    ("考核等次分为优、良、中、差。", "评定为优的单位不超过3个", "优 3"),
    ("", "第一名为一等奖，第二、三名为二等奖", "一等奖 0–1; 二等奖 1–3"),
    ("", "设优胜单位5个", "told"),
    ("", "评选红旗单位3个、先进单位5个", "told"),
    ("", "表彰10个优胜单位", "told"),
    (LEVELS, "得分在前20%且不低于90分的单位，评为优秀", "told"),
    (LEVELS, "优秀等次从90分以上的单位中按不超过20%的比例产生", "told"),
    (LEVELS, "评选优秀学会5个、优秀学会秘书长10名", "优秀 5"),
    (LEVELS, "优秀团支部10个、优秀团员20名、优秀团干部10名", "优秀 10"),
    (LEVELS, "优秀基层党组织3个", "优秀 3"),
    (LEVELS, "评选优秀乡镇（街道）3个", "told"),
    (LEVELS, "优秀单位（3个）：甲、乙、丙", "优秀 3"),
    (LEVELS, "取总分前三名为优秀单位并授牌", "优秀 0–3"),
    (LEVELS, "考核总分排名第一的单位为优秀", "优秀 0–1"),
    (LEVELS, "排名最后的单位评为不合格", "told"),
    (PRIZES, "评选一等奖1项，二等奖2项", "told"),
    (PRIZES, "设一等奖两个、二等奖三个", "一等奖 2; 二等奖 3"),
    (PRIZES, "一等奖1-2名，二等奖3-5名", "一等奖 2; 二等奖 5; about"),
]


@pytest.mark.parametrize(("grades", "sentence", "read"), CLERK)
def test_a_sentence_is_read_as_a_clerk_reads_it(grades: str, sentence: str, read: str) -> None:
    assert told(one(f"{grades}{sentence}。")) == read


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        (
            "区县科协设一等奖2个、二等奖3个；市级学会设一等奖1个、二等奖2个。",
            "一等奖 2 @district; 二等奖 3 @district; 一等奖 1 @society; 二等奖 2 @society",
        ),
        ("区县科协一等奖2个，学会一等奖1个。", "一等奖 2 @district; 一等奖 1 @society"),
        ("各组一等奖不超过10%。", "一等奖 10% @society; 一等奖 10% @district"),
        ("前3名为一等奖。", "一等奖 0–3 @society; 一等奖 0–3 @district"),
        ("设一等奖3个。", "一等奖 3; track"),
        ("共评选一等奖3个。", "一等奖 3"),
        ("一等奖不超过参评单位的10%。", "一等奖 10%; track"),
        ("区县、学会一等奖共3个。", "told"),
        ("区县、学会一等奖各3个。", "一等奖 3 @society; 一等奖 3 @district"),
        ("区县、学会前3名评为一等奖。", "一等奖 0–3 @society; 一等奖 0–3 @district"),
        ("评选一等奖区县2个、一等奖学会1个。", "一等奖 2 @district; 一等奖 1 @society"),
    ],
)
def test_which_track_a_quota_is_for(sentence: str, read: str) -> None:
    assert told(two(f"{PRIZES}{sentence}")) == read


def test_a_quota_below_an_annex_is_its_tracks() -> None:
    note = "\n\n\n注：一等奖2个。"
    assert told(scheme_from(annex("1.甲（100分）", letter=PRIZES) + SECOND + note)) == "一等奖 2 @district"
    assert told(one(PRIZES, note=note)) == "一等奖 2"


def test_a_quota_in_the_section_of_a_track_is_the_tracks() -> None:
    letter = f"{PRIZES}\n一、市级学会考核\n详见附件1，一等奖2个。\n二、区县科协考核\n详见附件2，一等奖3个。"
    assert told(two(letter)) == "一等奖 2 @society; 一等奖 3 @district"


def tabled(*rows: str) -> str:
    """A third annex: a table of quotas."""
    cells = "".join("\n" + "".join(f"\t{cell}\n" for cell in row.split("|")) for row in rows)
    return f"\n\n附件3\n2024年度考核表彰名额分配表\n{cells}"


def test_a_table_of_quotas_is_read_row_by_row() -> None:
    table = tabled("类别|一等奖名额|二等奖（个）", "市级学会|1|10%", "区县科协|2个|", "合计|3|")
    rules = scheme_from(annex("1.甲（100分）", letter=PRIZES) + SECOND + table)
    assert told(rules) == "一等奖 1 @society; 二等奖 10% @society; 一等奖 2 @district; rounding"
    assert [track.code for track in rules.tracks] == ["society", "district"]
    assert unsaid(rules) == ()


def test_a_row_of_a_table_of_quotas_that_names_no_track_is_told() -> None:
    table = tabled("类别|一等奖", "机关部门|1", "区县科协|2")
    assert told(scheme_from(annex("1.甲（100分）", letter=PRIZES) + SECOND + table)) == "一等奖 2 @district; told"


def test_another_table_is_none_of_quotas() -> None:
    table = tabled("类别|联系人", "区县科协|2")
    assert told(scheme_from(annex("1.甲（100分）", letter=PRIZES) + SECOND + table)) == ""


def test_a_section_of_two_tracks_among_three_is_told() -> None:
    third = SECOND.replace("附件2", "附件3").replace("区县科协", "企业科协")
    letter = f"{PRIZES}\n一、学会和区县考核\n详见附件1、附件2，一等奖2个。\n二、企业科协考核\n详见附件3，一等奖3个。"
    assert told(scheme_from(annex("1.甲（100分）", letter=letter) + SECOND + third)) == "一等奖 3 @enterprise; told"


# What the letter's weights take for the share of a component, and tell.
READ_AS_WEIGHT = "满意度90%"
BASE = replace(one(LEVELS), findings=())
SHARE = Quota("Q1", "优秀不超过20%", "优秀", share=Decimal(20))


def with_quotas(*quotas: Quota, rules: SchemeRules = BASE) -> SchemeRules:
    return replace(rules, quotas=quotas)


@pytest.mark.parametrize(
    ("quota", "units", "exact", "most"),
    [
        (SHARE, 41, "8.2", 8),
        (SHARE, 40, "8", 8),
        (SHARE, 4, "0.8", 0),
        (replace(SHARE, rounding=NEAREST), 43, "8.6", 9),
        (replace(SHARE, rounding=NEAREST), 41, "8.2", 8),
        (replace(SHARE, rounding=UP), 41, "8.2", 9),
        (replace(SHARE, share=Decimal(1), of=3), 41, "13 2/3", 13),
        (replace(SHARE, share=Decimal(1), of=3), 2, "2/3", 0),
        (replace(SHARE, share=Decimal("12.5")), 10, "1.25", 1),
        (replace(SHARE, share=Decimal(60), after=Decimal(20)), 41, "24.6", 16),
        (replace(SHARE, share=None, count=3), 41, "3", 3),
        (replace(SHARE, share=None, count=10, after=Decimal(3)), 41, "10", 7),
    ],
)
def test_what_a_quota_comes_to(quota: Quota, units: int, exact: str, most: int) -> None:
    assert (written_exactly(quota.ends(units)[1]), quota.most(units)) == (exact, most)


def test_a_long_row_of_digits_is_looked_through_once() -> None:
    assert read_quotas([("1" * 20_000, ())], ("优秀",), {}) == []


def test_a_half_is_written_without_rounding() -> None:
    assert written_exactly(Fraction(5, 2)) == "2.5"


def test_of_two_quotas_of_a_grade_the_lower_counts() -> None:
    number = replace(SHARE, code="Q2", share=None, count=5)
    assert [proposal.most for proposal in proposals((SHARE, number), {"society": 41})] == [5]


def test_what_holds_for_all_together_is_counted_of_all_units() -> None:
    own = replace(SHARE, code="Q2", track="society")
    assert proposals((SHARE, own), {"society": 10, "district": 31}) == (
        Proposal("优秀", None, 41, (SHARE,)),
        Proposal("优秀", "society", 10, (own,)),
    )
    assert [proposal.track for proposal in proposals((SHARE,), {"society": 10})] == ["society"]
    assert [proposal.units for proposal in proposals((own,), {"a": 1, "b": 2})] == [0]


@pytest.mark.parametrize(
    "quota",
    [
        SHARE,
        replace(SHARE, share=None, count=3, track="society"),
        replace(SHARE, share=Decimal(2), of=3, after=Decimal(1), rounding=UP),
    ],
)
def test_a_quota_comes_back_from_its_json(quota: Quota) -> None:
    body = with_quotas(quota).to_json()
    again = SchemeRules.from_json(body)
    assert again.quotas == (quota,)
    assert scheme_sha256(again.to_json()) == scheme_sha256(body)


def test_a_scheme_without_quotas_is_written_as_it_always_was() -> None:
    assert "quotas" not in BASE.to_json()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"share": None}, "count"),
        ({"count": 3}, "count"),
        ({"share": None, "count": 3, "of": 3}, "share"),
        ({"share": None, "count": 3, "rounding": UP}, "share"),
        ({"share": Decimal(101)}, "of"),
        ({"of": 0}, "of"),
        ({"share": Decimal(4), "of": 3}, "of"),
        ({"after": Decimal(20)}, "after"),
        ({"share": None, "count": 3, "after": Decimal("1.5")}, "after"),
        ({"rounding": "down"}, "rounding"),
        ({"grade": "特等"}, "grade"),
        ({"track": "nowhere"}, "track"),
    ],
)
def test_what_makes_no_quota_is_refused_at_its_place(changes: dict[str, object], field: str) -> None:
    with pytest.raises(EngineErrors) as refused:
        SchemeRules.from_json(with_quotas(replace(SHARE, **changes)).to_json())  # type: ignore[arg-type]  # wrong values are what is tried
    assert {(error.place, error.field) for error in refused.value} == {("scheme.quotas[0]", field)}


def test_a_code_of_a_quota_stands_once() -> None:
    with pytest.raises(EngineErrors):
        SchemeRules.from_json(with_quotas(SHARE, SHARE).to_json())


def chosen(rules: SchemeRules, at: str, name: str) -> SchemeRules:
    """The scheme after one of the other readings of a finding."""
    choice = next(choice for choice in choices(rules, "quota", "", at) if choice.name == name)
    body = rules.to_json()
    for change in choice.changes:
        (key,) = change.path
        body[str(key)] = change.value
    return SchemeRules.from_json(body)


@pytest.mark.parametrize(
    ("letter", "at", "name", "read"),
    [
        (f"{LEVELS}优秀占20%，良好占30%。", "Q1.rounding", UP, "优秀 20% up; 良好 30% up"),
        (f"{LEVELS}优秀占20%。", "Q1.rounding", NEAREST, "优秀 20% nearest"),
        (f"{LEVELS}优秀不超过15%-20%。良好不超过50%。", "Q1.about", "lower", "优秀 15%; 良好 50%"),
        (f"{LEVELS}优秀单位3-5个。", "Q1.about", "lower", "优秀 3"),
    ],
)
def test_another_reading_of_a_quota(letter: str, at: str, name: str, read: str) -> None:
    assert "; ".join(map(told_quota, chosen(one(letter), at, name).quotas)) == read


def test_a_quota_for_all_may_be_each_tracks() -> None:
    rules = chosen(two(f"{PRIZES}设一等奖3个。区县科协二等奖2个。"), "Q1.track", "each")
    assert [(quota.code, told_quota(quota)) for quota in rules.quotas] == [
        ("Q1", "一等奖 3 @society"),
        ("Q3", "一等奖 3 @district"),
        ("Q2", "二等奖 2 @district"),
    ]


def test_where_a_notice_names_one_grade_the_others_get_another() -> None:
    assert chosen(one("评选优秀单位10个。"), "Q1.grades", "others").grades == ("优秀", "其他")


@pytest.mark.parametrize("at", ["Q1.about", "Q1.more", "Q9.rounding"])
def test_where_only_a_person_can_say_there_is_no_choice_that_changes_something(at: str) -> None:
    rules = one(f"{LEVELS}优秀20%左右，不足1个的另定。")
    assert all(SchemeRules.from_json(rules.to_json()) == chosen(rules, at, name) for name in named(rules, at))


def named(rules: SchemeRules, at: str) -> Iterator[str]:
    yield from (choice.name for choice in choices(rules, "quota", "", at))


def test_grades_that_are_named_need_no_others() -> None:
    assert choices(with_quotas(SHARE), "quota", "", "Q1.grades") == ()


@pytest.mark.parametrize(
    ("grades", "sentence", "read"), [case for case in CLERK if case[2] and READ_AS_WEIGHT not in case[1]]
)
def test_quotas_read_back_from_what_is_printed(grades: str, sentence: str, read: str) -> None:
    rules = one(f"{grades}{sentence}。")
    assert unsaid(rules) == ()
    assert read_notice(print_scheme(rules)).quotas == rules.quotas


@st.composite
def some_quota(draw: st.DrawFn) -> Quota:
    of = draw(st.none() | st.integers(2, 9))
    share = draw(st.none() | (st.integers(2, of) if of else st.integers(2, 99)))
    count = None if share else draw(st.integers(1, 40))
    after = draw(st.none() | st.integers(0, (share or count or 1) - 1))
    return Quota(
        "Q1",
        draw(st.sampled_from(["", "优秀若干"])),
        draw(st.sampled_from(["优秀", "良好"])),
        draw(st.sampled_from([None, "society", "district"])),
        count,
        None if share is None else Decimal(share),
        of if share else None,
        None if after is None else Decimal(after),
        draw(st.sampled_from([None, UP, NEAREST])) if share else None,
    )


PAIR = replace(two(LEVELS), findings=())


@settings(max_examples=60)
@given(some_quota())
def test_any_quota_is_put_into_words_that_read_back(quota: Quota) -> None:
    ranks_of_all = quota.after is not None and quota.track is None
    assert (unsaid(with_quotas(quota, rules=PAIR)) == ()) is not ranks_of_all


def test_a_quota_that_changed_is_shown_by_its_grade() -> None:
    before, after = with_quotas(SHARE, replace(SHARE, code="Q2")), with_quotas(replace(SHARE, share=Decimal(25)))
    assert {value.name for value in compare(before, after).values} == {
        "quotas.优秀.share",
        *(f"quotas.优秀 2.{name}" for name in ("text", "grade", "share")),
    }


def test_quotas_keep_their_codes_at_which_doubts_stand() -> None:
    body, codes = edited(with_quotas(SHARE).to_json(), Edit((), {"grade": "良好"}, add="quotas", at=0))
    assert [(quota["code"], quota["grade"]) for quota in body["quotas"]] == [("Q2", "良好"), ("Q1", "优秀")]
    assert codes[""] == {"Q1": "Q1"}


def test_a_choice_about_one_sentence_leaves_a_doubt_about_another_at_its_own() -> None:
    rules = chosen(two(f"{PRIZES}设一等奖3个。二等奖占20%。"), "Q1.track", "each")
    rounded = chosen(rules, "Q2.rounding", UP)
    assert [(quota.grade, quota.rounding) for quota in rounded.quotas] == [
        ("一等奖", None),
        ("一等奖", None),
        ("二等奖", UP),
    ]


def test_a_long_sentence_of_the_trade_is_read_at_once() -> None:
    assert told(one(f"{LEVELS}优秀{'各单位的参评' * 3000}不超过十分3个。")) == "told"
