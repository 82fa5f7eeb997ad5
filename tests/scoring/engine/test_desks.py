"""The desk that material is sent to, with its second name in brackets, however the sentence runs."""

import pytest

from tests.scoring.engine.paths import annex, scheme_from


@pytest.mark.parametrize(
    ("letter", "desk"),
    [
        ("请将材料于12月10日前报送至市科协学会部（国际部）。", "学会部（国际部）"),
        ("材料请于12月10日前报县科协科普部（县反邪教协会秘书处），联系人另行通知。", "科普部（县反邪教协会秘书处）"),
        ("请于12月10日前将自评表（一式两份）送县科协组织人事部（离退休干部处）。", "组织人事部（离退休干部处）"),
        ("请各乡镇科协于12月10日前将考核材料报送至区科协科普部，电子版发至邮箱。", "科普部"),
        ("自评表于12月10日前报局综合科（党建办）备案。", "综合科（党建办）"),
        ("请于12月10日前将自评表交到团县委组织部（青年发展部）。", "组织部（青年发展部）"),
        ("请于12月10日前报送自评表至市总工会基层工作部（女职工部）。", "基层工作部（女职工部）"),
        ("各单位请于12月10日前将自评报告、佐证材料报县河长制办公室。", "县河长制办公室"),
        ("请于12月10日前将自评表报送考核办（设在县委组织部）。", "考核办"),
        ("请于12月10日前将总结报告交办公室。", "办公室"),
        ("自评报告于12月10日前报组织部。", "组织部"),
        ("请于12月10日前报送自评表，报告情况由宣传部汇总。", None),
        ("请于12月10日前报送自评表。材料不再报送办公室。", None),
        ("请于12月10日前报送自评表。", None),
    ],
)
def test_a_desk_in_any_sentence_about_material(letter: str, desk: str | None) -> None:
    (track,) = scheme_from(annex("1.甲（40分）", "2.乙（60分）", letter=letter)).tracks
    assert track.desk == desk


def test_each_kind_of_units_has_its_own_desk() -> None:
    letter = "区县科协的自评表报送至组织部。市级学会的自评表报送至学会部。"
    (track,) = scheme_from(annex("1.甲（40分）", "2.乙（60分）", letter=letter)).tracks
    assert track.desk == "学会部"
