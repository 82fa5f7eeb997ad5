"""Levels, bands, losses, points at discretion and grades by score as the reader takes them from a notice."""

from decimal import Decimal

import pytest

from scoring.engine.notice.grade_bands import read_grade_bands
from scoring.engine.numbers import plain
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Part, Rule
from tests.scoring.engine.paths import FIXTURES, annex, scheme_from, scheme_of

GRADES = ("优秀", "良好", "合格", "不合格")


def parts(name: str) -> tuple[Part, ...]:
    return scheme_of(FIXTURES / "small" / f"{name}.txt").tracks[0].parts()


def bands(part: Part) -> list[tuple[str, str | None, str | None]]:
    ends = [(level.points, level.least, level.below) for level in part.levels]
    return [(plain(points), *(None if end is None else plain(end) for end in rest)) for points, *rest in ends]  # type: ignore[misc]  # two ends


def told(rules: tuple[Rule, ...]) -> list[tuple[str, str, str | None]]:
    return [(rule.text, plain(rule.rate), rule.per) for rule in rules]


def test_bands_of_a_measured_number_are_read_with_what_they_measure() -> None:
    part = parts("item-bands")[0]
    assert (part.points, part.measure) == (6, "倍")
    assert bands(part) == [("2", "1.5", "2"), ("4", "2", "2.5"), ("6", "3", None)]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("25家以上的60分，15-24家的40分，15家以下的20分", [("60", "25", None), ("40", "15", "25"), ("20", None, "15")]),
        ("20-30家得60分，10-20家得40分", [("60", "20", "31"), ("40", "10", "20")]),
        ("20%-30%得60分，10%-19%得40分", [("60", "20", "30"), ("40", "10", "20")]),
        ("2.5-3倍得60分，2-2.5倍得40分", [("60", "2.5", "3"), ("40", "2", "2.5")]),
        ("25家以上得60分，10个以上得40分", [("60", None, None), ("40", None, None)]),
    ],
)
def test_a_band_of_whole_things_holds_its_last_number(
    words: str, read: list[tuple[str, str | None, str | None]]
) -> None:
    scheme = scheme_from(annex(f"1.服务企业\t{words}\t60", "2.其他\t\t40", head="考核内容\t评分标准\t分值"))
    assert bands(scheme.tracks[0].parts()[0]) == read


def test_levels_stand_in_the_words_of_the_row_too() -> None:
    rows = ("1.安排到位60分，基本到位40分，不到位0分\t60", "2.其他\t40")
    part, _other = scheme_from(annex(*rows, head="考核内容\t分值")).tracks[0].parts()
    assert bands(part) == [("60", None, None), ("40", None, None), ("0", None, None)]


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ("每承办一次市级活动加2分，省级加3分", [("2", "次"), ("3", "次")]),
        ("每承办一次市级活动加2分，另有创新加3分", [("2", "次"), ("3", None)]),
        ("年度评为AAAAA级的加5分，AAAA级加3分", [("5", None), ("3", None)]),
    ],
)
def test_what_each_of_a_list_counts(row: str, read: list[tuple[str, str | None]]) -> None:
    (item,) = scheme_from(annex("1.甲（100分）", "加分项", f"2.{row}。")).tracks[0].adjustments
    assert [(plain(rule.rate), rule.per) for rule in item.rules] == read
    assert item.highest is ("AAAA" in row)


def test_what_ends_a_deduction_is_told() -> None:
    scheme = scheme_from(annex("1.甲（100分）", "扣分项", "2.逾期每天扣1分，超过5天不得分。"))
    assert ["不得分" in finding.message.text() for finding in scheme.findings if finding.at == "D1"] == [True]


@pytest.mark.parametrize(
    ("name", "points"), [("item-levels", ["4", "2", "1"]), ("item-percent-levels", ["3", "2", "1"])]
)
def test_levels_of_a_row_are_data(name: str, points: list[str]) -> None:
    part = parts(name)[0]
    assert [plain(level.points) for level in part.levels] == points
    assert (part.measure, part.losses) == (None, ())


def test_levels_are_read_beside_a_column_of_points() -> None:
    assert [plain(level.points) for level in parts("item-in-the-scoring-column")[1].levels] == ["60", "30"]


def test_what_a_row_loses_is_data() -> None:
    assert told(parts("item-that-deducts")[0].losses) == [("会议出勤：缺席", "2", "次")]
    assert [plain(loss.rate) for loss in parts("rules-in-the-standard-column")[0].losses] == ["5", "3"]


def adjusted(printed: str) -> SchemeRules:
    return scheme_from(annex("1.甲（100分）", "加分项", "1.获奖（加1分/次）", "扣分项", printed))


@pytest.mark.parametrize(
    ("printed", "least", "most", "per"),
    [("1.纪律差的酌情扣0.5－2分", "0.5", "2", None), ("1.迟报每次酌情扣1-3分", "1", "3", "次")],
)
def test_a_range_at_discretion_is_data(printed: str, least: str, most: str, per: str | None) -> None:
    (rule,) = adjusted(printed).tracks[0].adjustments[-1].rules
    assert (rule.rate_from, rule.rate, rule.per) == (Decimal(least), Decimal(most), per)


def test_a_range_that_runs_backwards_is_told() -> None:
    assert ("unread", "D1") in {(finding.code, finding.at) for finding in adjusted("1.酌情扣5-1分").findings}


def test_a_range_that_prices_an_indicator_is_told() -> None:
    assert scheme_from(annex("1.甲酌情加1-5分（100分）", "2.乙（20分）")).errors()


@pytest.mark.parametrize("printed", ["1.甲2倍以上3次得60分；1倍以下得40分", "1.甲2-1倍得60分；1次以上得40分"])
def test_bands_that_are_not_surely_read_stay_a_choice(printed: str) -> None:
    text = annex(printed, "2.乙（40分）")
    (part, _other) = scheme_from(text).tracks[0].parts()
    assert (part.measure, bands(part)) == (None, [("60", None, None), ("40", None, None)])


def test_a_band_below_is_read() -> None:
    (part, _other) = scheme_from(annex("1.甲2倍以上得60分；不足2倍得40分", "2.乙（40分）")).tracks[0].parts()
    assert bands(part) == [("60", "2", None), ("40", None, "2")]


LETTER = "关于开展2024年度考核的通知\n考核等次分为优秀、良好、合格、不合格。\n{}\n\n"


def graded(printed: str) -> SchemeRules:
    return scheme_from(LETTER.format(printed) + annex("1.甲（100分）"))


def test_grades_by_score_are_data() -> None:
    scheme = graded("90分（含）以上为优秀，80分（含）至90分（不含）为良好，60-80分为合格，60分以下为不合格。")
    assert [(band.grade, band.least, band.below) for band in scheme.grade_bands] == [
        ("优秀", 90, None),
        ("良好", 80, 90),
        ("合格", 60, 80),
        ("不合格", None, 60),
    ]
    assert scheme.errors() == ()
    for total, grade in (("90", "优秀"), ("89.99", "良好"), ("59", "不合格")):
        assert [band.grade for band in scheme.grade_bands if band.holds(Decimal(total))] == [grade]


BANDS = [("优秀", 90, None), ("良好", 80, 90), ("合格", 60, 80), ("不合格", None, 60)]


@pytest.mark.parametrize(
    "printed",
    [
        "得分在90分以上的为优秀，80分以上不足90分的为良好，60分以上、80分以下的为合格，60分以下的为不合格。",
        "总分≥90分为优秀，80≤总分<90为良好，60≤总分<80为合格，总分<60为不合格。",
        "优秀：90分以上；良好：80-90分；合格：60-80分；不合格：60分以下。",
        "优秀等次须达到90分以上，良好等次80-90分，合格等次60-80分，不合格等次60分以下。",
        "优秀（90分以上，名额另定）、良好（80-90分）、合格（60-80分）、不合格（低于60分）。",
        "得分达到90分的评为优秀，得分达到80分的评为良好，达到60分的评为合格，低于60分的评为不合格。",
        "90分以上为优秀，80-89.99分为良好，60-79.99分为合格，60分以下为不合格。",
        "90—100分为优秀，80—90分（不含90分）为良好，60-80分为合格，60分以下为不合格。",
        "90分以上为优秀，80分以上为良好，60分以上为合格，60分以下为不合格。",
    ],
)
def test_grades_by_score_in_other_words(printed: str) -> None:
    scheme = graded(printed)
    assert [(band.grade, band.least, band.below) for band in scheme.grade_bands] == BANDS
    assert scheme.errors() == ()


@pytest.mark.parametrize(
    "printed",
    [
        "90分以上且无扣分的为优秀，80分以下为合格。",
        "排名前20%且得分90分以上的为优秀。",
        "优秀：90分以上且无扣分；良好：80-90分。",
        "优秀：90分以上，且无扣分；良好：80-90分。",
        "学会90分以上为优秀，高校80分以上为优秀。",
        "90分以上为优秀，90分以上为良好。",
    ],
)
def test_grades_under_further_conditions_are_told_and_not_taken(printed: str) -> None:
    scheme = graded(printed)
    told = [finding.code for finding in scheme.findings if finding.code in ("unread", "judgement")]
    assert (scheme.grade_bands, bool(told)) == ((), True)


@pytest.mark.parametrize(
    ("printed", "quoted"),
    [
        ("90分以上为优秀，80-89分为良好。", "80-89分为良好"),
        ("90分以上（不含）为优秀，80分以上至90分为良好，80分以下为合格。", "80分以上至90分为良好"),
        ("90分以上为优秀，80分至90分（含）为良好，80分以下为合格。", "90分以上为优秀"),
    ],
)
def test_grades_that_leave_totals_out_are_told_and_not_taken(printed: str, quoted: str) -> None:
    scheme = graded(printed)
    assert scheme.grade_bands == ()
    assert any(quoted in finding.message.text() for finding in scheme.findings if finding.code == "judgement")


def test_without_grades_nothing_is_a_grade_by_score() -> None:
    assert read_grade_bands("90分以上为优秀", ()).bands == ()
    assert not read_grade_bands("按期完成", GRADES).whole


def vetoes(
    *rows: str, letter: str = "考核等次分为优秀、良好、合格、不合格。"
) -> list[tuple[str, str, tuple[str, ...]]]:
    (track,) = scheme_from(annex("1.甲（100分）", "一票否决项", *rows, letter=letter)).tracks
    return [(veto.code, veto.effect, veto.grades) for veto in track.vetoes]


def test_a_veto_whose_words_say_what_follows_is_data() -> None:
    rows = ("1.弄虚作假的，考核计0分。", "2.发生事故的，不予考核。", "3.受到处分的，不得评为优秀。", "4.发生舆情的。")
    assert vetoes(*rows) == [("V1", "zero", ()), ("V2", "not_assessed", ()), ("V3", "bars", ("优秀",))]


@pytest.mark.parametrize(
    "row",
    ["1.受到处分的，不得评为先进。", "1.未按期完成的，该项得分计0分。", "1.受到处分的，取消评先资格。"],
)
def test_a_veto_whose_words_bar_no_known_grade_and_end_nothing_stays_a_remark(row: str) -> None:
    assert vetoes(row) == []


@pytest.mark.parametrize(
    ("row", "barred"),
    [
        ("1.受到处分的，不得评为良好及以上等次。", ("优秀", "良好")),
        ("1.受到处分的，不得评为优秀、良好，由办公室认定为合格。", ("优秀", "良好")),
        ("1.受到处分的，不能评为优秀等次。", ("优秀",)),
    ],
)
def test_a_veto_bars_the_grades_that_it_names_or_all_from_one_up(row: str, barred: tuple[str, ...]) -> None:
    assert vetoes(row) == [("V1", "bars", barred)]


@pytest.mark.parametrize(
    ("printed", "highest"),
    [
        ("1.承办年会的加5分，协办年会的加2分，就高不重复。", True),
        ("1.承办年会的加5分，协办年会的加2分。", False),
        ("1.承办年会每次加5分，协办年会每次加2分，就高不重复。", False),
    ],
)
def test_of_rules_that_count_once_the_highest_counts_where_the_row_says_so(printed: str, highest: bool) -> None:
    (item,) = scheme_from(annex("1.甲（100分）", "加分项", printed)).tracks[0].adjustments
    assert (item.highest, len(item.rules)) == (highest, 2)


@pytest.mark.parametrize(("printed", "told_at"), [("出勤，酌情加1-5分", {"1"}), ("出勤，酌情扣1-5分", set())])
def test_inside_a_row_points_at_discretion_are_lost_or_told(printed: str, told_at: set[str]) -> None:
    letter = "关于2024年度考核的通知\n\n某协会\n2024年12月1日\n\n附件1\n2024年度学会考核表\n"
    table = f"\n\t考核内容\n\t分值\n\n\t{printed}\n\t100\n"
    scheme = scheme_from(letter + table)
    (part,) = scheme.tracks[0].parts()
    assert {finding.at for finding in scheme.errors()} == told_at
    assert [(loss.rate_from, loss.rate) for loss in part.losses] == ([] if told_at else [(1, 5)])


@pytest.mark.parametrize(
    ("words", "is_told"),
    [("缺勤-2/天", True), ("瞒报－10；其他另计", True), ("2019-2020年、一类-二类齐备", False)],
)
def test_a_number_behind_a_minus_that_lacks_its_unit_is_told(words: str, is_told: bool) -> None:
    scheme = scheme_from(annex(f"1.考勤\t{words}\t60", "2.其他\t\t40", head="考核内容\t评分标准\t分值"))
    assert [finding.at for finding in scheme.findings if finding.code == "unread"] == (["1"] if is_told else [])
