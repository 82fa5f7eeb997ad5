"""The letters of other bodies: years, days, signatures, desks, weights and samples in other words."""

from typing import Any

import pytest

from scoring.engine.numbers import plain
from tests.scoring.engine.paths import scheme_from

SIGNED = "测试市科协\n2024年12月1日"
TITLE = "关于2024年度考核的通知"


def read(letter: str, title: str = TITLE, signed: str = SIGNED) -> dict[str, Any]:
    table = "附件1\n市级学会考核表\n\n\t指标说明\n\n\t1.甲（40分）\n\n\t2.乙（60分）\n"
    return scheme_from(f"{title}\n\n{letter}\n\n{signed}\n\n{table}").to_json()


def told(scheme: dict[str, Any], words: str) -> list[str]:
    return [finding["code"] for finding in scheme["findings"] if words in finding["message"]]


@pytest.mark.parametrize(
    ("title", "letter", "signed", "year"),
    [
        ("关于二〇二三年度考核的通知", "正文。", "测试市科协\n2024年1月5日", 2023),
        ("关于二○二三年度考核的通知", "正文。", "测试市科协\n2024年1月5日", 2023),
        ("关于开展年度考核的通知", "现就2023年度考核通知如下。", "测试市科协\n2024年1月5日", 2023),
        ("关于2023年总结和2024年度考核的通知", "正文。", "测试市科协\n2024年1月5日", 2024),
        ("关于开展年度考核的通知", "正文。", "测试市科协\n2024年11月5日", 2024),
        ("关于开展年度考核的通知", "对2022年以来成立的学会开展考核。", "测试市科协\n2024年11月5日", 2024),
        ("关于开展年度考核的通知", "根据2023年度考核办法开展考核。", "测试市科协\n2024年11月5日", 2024),
    ],
)
def test_the_year_assessed(title: str, letter: str, signed: str, year: int) -> None:
    scheme = read(letter, title, signed)
    assert scheme["year"] == year
    assert told(scheme, "is assumed, the year of the issue") == []


def test_several_years_in_a_title_are_told() -> None:
    scheme = read("正文。", "关于开展2023-2024年度考核的通知")
    assert (scheme["year"], told(scheme, "2023、2024")) == (2024, ["conflict"])


def test_a_year_that_is_only_that_of_an_early_issue_is_told() -> None:
    scheme = read("正文。", "关于开展年度考核的通知", "测试市科协\n2024年1月5日")
    assert (scheme["year"], told(scheme, "2024 is assumed, the year of the issue")) == (2024, ["missing"])


@pytest.mark.parametrize("day", ["1月10日前", "12月20日前"])
def test_a_day_without_a_year_in_a_notice_without_a_day_of_issue_is_told(day: str) -> None:
    scheme = read(f"请于{day}报送材料。", signed="")
    assert scheme["deadline"].startswith("2024-")
    assert told(scheme, f"“{day}” has no year, and the notice no day of issue") == ["missing"]


@pytest.mark.parametrize("signed", [SIGNED, ""])
def test_a_day_of_which_the_year_is_known_is_not_told(signed: str) -> None:
    day = "12月20日前" if signed else "2024年12月20日前"
    assert told(read(f"请于{day}报送材料。", signed=signed), "has no year") == []


@pytest.mark.parametrize(
    ("letter", "deadline"),
    [
        ("自评材料于2025年元月10日前报送。", "2025-01-10"),
        ("请于十二月廿日前报送材料。", "2024-12-20"),
        ("2024年12月31日前形成的成果计入考核，自评表于2025年1月10日前报送。", "2025-01-10"),
        ("12月28日前完成自评，12月31日前报送材料。", "2024-12-31"),
        ("12月28日前组织自查，请于12月31日前报送材料。", "2024-12-31"),
        ("请于12月20日前完成自评，并将自评表报送办公室。", "2024-12-20"),
        ("请于12月15日前完成系统填报工作。", "2024-12-15"),
        ("考核组将于12月20日前赴各单位实地考核，各单位要报送汇报材料。", None),
        ("参加12月10日前举办的培训，并按要求报送回执。", None),
        ("报送截止时间：2024-12-25 18:00。", "2024-12-25"),
        ("办公室于12月30日前复核，各单位报送的材料须真实。", None),
    ],
)
def test_until_when_material_is_due(letter: str, deadline: str | None) -> None:
    scheme = read(letter)
    assert (scheme["deadline"], told(scheme, "several deadlines")) == (deadline, [])


@pytest.mark.parametrize(
    ("signed", "issuer", "issued"),
    [
        ("测试市科协（盖章）\n2024年11月8日", "测试市科协", "2024-11-08"),
        ("测试市科协\n2024.11.8", "测试市科协", "2024-11-08"),
        ("测试市科协\n2024/11/08", "测试市科协", "2024-11-08"),
        ("测试市科协\n2024年11月8日\n抄送：省科协。\n测试市科协办公室 2024年11月9日印发", "测试市科协", "2024-11-08"),
        ("测试市科协办公室 2024年11月9日印发", "测试市科协办公室", "2024-11-09"),
    ],
)
def test_who_signed_and_when(signed: str, issuer: str, issued: str) -> None:
    scheme = read("正文。", signed=signed)
    assert (scheme["issuer"], scheme["issued"]) == (issuer, issued)


def test_a_number_behind_its_name() -> None:
    assert read("正文。", f"文号：测科协通〔2024〕31号\n{TITLE}")["number"] == "测科协通〔2024〕31号"


@pytest.mark.parametrize(
    ("letter", "desk"),
    [
        ("各学会材料报送至市社科联学会工作处（一号楼）。", "学会工作处"),
        ("各单位将自评材料报县卫健局基层卫生股。", "基层卫生股"),
        ("请将总结材料及自评表送交校长办公室。", "校长办公室"),
        ("材料报送：市妇联办公室。", "办公室"),
        ("材料统一交由学会服务中心收取。", "学会服务中心"),
        ("请将材料报至考核工作领导小组办公室（设在人事处）。", "考核工作领导小组办公室"),
        ("请将考核材料报街道党建办。", "街道党建办"),
        ("请将考核材料报测试街道党建办。", "党建办"),
        ("各单位考核材料报市总工会基层工作部汇总。", "基层工作部"),
    ],
)
def test_the_desk_without_its_house(letter: str, desk: str) -> None:
    assert read(letter)["tracks"][0]["desk"] == desk


def test_several_desks_one_after_the_other() -> None:
    letter = "自评表于12月20日前报送：市级学会报市科协学会部，高校科协报市科协普及部。"
    tables = "".join(
        f"附件{n}\n{name}考核表\n\n\t指标\n\n\t1.甲（100分）\n\n" for n, name in ((1, "市级学会"), (2, "高校科协"))
    )
    scheme = scheme_from(f"{TITLE}\n\n{letter}\n\n{SIGNED}\n\n{tables}")
    assert [track.desk for track in scheme.tracks] == ["学会部", "普及部"]


def weights(letter: str) -> dict[str, str]:
    components = scheme_from_letter(letter).tracks[0].components
    return {component.code: plain(component.weight) for component in components}


def scheme_from_letter(letter: str) -> Any:
    return scheme_from(f"{TITLE}\n\n{letter}\n\n{SIGNED}\n\n附件1\n学会考核表\n\n\t指标说明\n\n\t1.甲（100分）\n")


@pytest.mark.parametrize(
    "letter",
    [
        "总分由三部分构成：工作考核占七十分，服务对象评价占二十分，领导评价占十分。",
        "工作考核占总分的十分之七，服务对象评价占十分之二，领导评价占十分之一。",
        "总分=工作考核×0.7+服务对象评价×0.2+领导评价×0.1。",
        "工作考核占总分的7/10，服务对象评价占2/10，领导评价占1/10。",
    ],
)
def test_weights_in_words_and_fractions(letter: str) -> None:
    assert weights(letter) == {"work": "70", "recipients": "20", "leaders": "10"}
    assert not [finding for finding in scheme_from_letter(letter).findings if finding.code == "judgement"]


def test_half_each() -> None:
    assert weights("工作考核与领导评价各占一半。") == {"work": "50", "leaders": "50"}


def test_what_the_weights_come_to_is_no_other_number() -> None:
    scheme = scheme_from_letter("工作考核80分、领导评价20分，合计100分。")
    assert (weights("工作考核80分、领导评价20分，合计100分。"), scheme.errors()) == (
        {"work": "80", "leaders": "20"},
        (),
    )


def test_how_finely_is_counted_are_no_points() -> None:
    assert scheme_from_letter("考核分值精确到0.01分。").errors() == ()


@pytest.mark.parametrize(
    "letter", ["总成绩中，工作考核占三分之二，服务对象评价占三分之一。", "工作考核得分占总分的2/3，领导评价占1/3。"]
)
def test_weights_that_no_hundredths_write_are_told(letter: str) -> None:
    scheme = scheme_from_letter(letter)
    assert [finding.code for finding in scheme.errors()] == ["unread"]


@pytest.mark.parametrize(
    "letter", ["3.优秀单位数量控制在30%以内。", "会员的三分之二以上参加。", "1.坚持一分部署、九分落实。"]
)
def test_shares_that_weigh_nothing(letter: str) -> None:
    scheme = scheme_from_letter(letter)
    assert (weights(letter), scheme.errors()) == ({"work": "100"}, ())


@pytest.mark.parametrize(
    ("words", "sample"),
    [
        ("每个单位随机抽取不少于15名服务对象打分", 15),
        ("随机抽取服务对象25人进行测评", 25),
        ("从名册中随机抽选30名服务对象", 30),
        ("由每单位抽样二十五名服务对象测评", 25),
        ("抽查5个单位", 20),
    ],
)
def test_how_many_are_drawn(words: str, sample: int) -> None:
    scheme = scheme_from_letter(f"总分由工作考核70分、服务对象评价30分构成。{words}。")
    assert scheme.tracks[0].recipients.sample == sample


def test_days_of_publicity_that_are_no_working_days_are_told() -> None:
    scheme = read("公示期10个自然日。")
    assert (scheme["publicity_working_days"], told(scheme, "does not say working days")) == (10, ["missing"])


@pytest.mark.parametrize(
    ("letter", "grades"),
    [
        ("考核结果设A、B、C、D四个等次。", ["A", "B", "C", "D"]),
        ("等级：A级（90分以上）、B级（80-90分）、C级（80分以下）。", ["A级", "B级", "C级"]),
        ("评定为优秀、称职、基本称职、不称职四个等次。", ["优秀", "称职", "基本称职", "不称职"]),
        ("考核结果分为一类、二类、三类单位。", ["一类", "二类", "三类"]),
        ("考核结果分为五星、四星、三星三个等次。", ["五星", "四星", "三星"]),
        ("考核结果分为“好”“较好”“一般”“差”四个等次。", ["好", "较好", "一般", "差"]),
        ("按得分排名，前30%为优秀，其余为良好、合格。", ["优秀", "良好", "合格"]),
        ("考核对象分为一类、二类、三类学会。", []),
        ("各单位分为A类、B类。", []),
    ],
)
def test_grades_of_other_names(letter: str, grades: list[str]) -> None:
    assert read(letter)["grades"] == grades


def test_a_paragraph_about_several_annexes_is_read_sentence_by_sentence() -> None:
    letter = "学会考核满分80分，加分不超过5分，见附件1；高校考核满分90分，加分不超过10分，不足60分的约谈，见附件2。"
    tables = "".join(
        f"附件{number}\n{name}考核表\n\n\t指标说明\n\n\t1.甲（{full}分）\n\n\t加分项\n\n\t1.乙（加1分/次）\n\n"
        for number, name, full in ((1, "学会", 80), (2, "高校科协", 90))
    )
    scheme = scheme_from(f"{TITLE}\n\n{letter}\n\n{SIGNED}\n\n{tables}")
    assert [(plain(track.full_marks), track.bonus_cap) for track in scheme.tracks] == [("80", 5), ("90", 10)]
    assert ["不足60分" in finding.message.text() for finding in scheme.errors()] == [True]
