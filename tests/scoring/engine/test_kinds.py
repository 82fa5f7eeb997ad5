"""Rules of every kind as data: written only where taken, read back the same, refused where they make no sense."""

import json
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.scheme import GradeBand, SchemeRules, scheme_sha256
from scoring.engine.score import UnitScore
from scoring.engine.track import Adjustment, Level, Rule, Veto
from tests.scoring.engine.paths import annex, scheme_from
from tests.support.scored import parse_units, score_units


def scheme(**changes: object) -> SchemeRules:
    """A scheme of one part of 100 points, changed as told."""
    plain = replace(scheme_from(annex("1.甲（100分）")), findings=(), grades=("优秀", "良好"))
    (track,) = plain.tracks
    (indicator,) = track.indicators
    part = replace(indicator.parts[0], **changes)
    return replace(plain, tracks=(replace(track, indicators=(replace(indicator, parts=(part,)),)),))


def of_track(**changes: object) -> SchemeRules:
    plain = scheme()
    return replace(plain, tracks=(replace(plain.tracks[0], **changes),))


LEVELS = (
    Level("1.1.1", "1.5-2倍", Decimal(40), Decimal("1.5"), Decimal(2)),
    Level("1.1.2", "2倍以上", Decimal(100), Decimal(2)),
)
LOSSES = (Rule("1.1.3", "缺席", Decimal(2), "次"), Rule("1.1.4", "迟到", Decimal(2), rate_from=Decimal("0.5")))
VETOES = (Veto("V1", "安全事故", "zero"), Veto("V2", "弄虚作假", "bars", ("优秀",)))
EVERY_KIND = [
    scheme(levels=LEVELS, measure="倍"),
    scheme(losses=LOSSES),
    of_track(vetoes=VETOES),
    replace(scheme(), grade_bands=(GradeBand("优秀", Decimal(90)), GradeBand("良好", below=Decimal(90)))),
    replace(scheme(), deadline=date(2024, 12, 10), deadline_time=time(12)),
]


@pytest.mark.parametrize("rules", EVERY_KIND)
def test_every_kind_comes_back_from_its_json(rules: SchemeRules) -> None:
    body = json.loads(json.dumps(rules.to_json()))
    again = SchemeRules.from_json(body)
    assert again == rules
    assert scheme_sha256(again.to_json()) == scheme_sha256(body)


def test_what_is_not_taken_is_not_written() -> None:
    written = json.dumps(scheme().to_json())
    assert not any(
        key in written for key in ("levels", "measure", "losses", "rate_from", "vetoes", "grade_bands", "_time")
    )


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        (scheme(levels=(Level("a", "", Decimal(40)),)), "scheme.tracks[0].indicators[0].parts[0]"),
        (
            scheme(levels=(Level("a", "", Decimal(100), Decimal(2), Decimal(1)),)),
            "scheme.tracks[0].indicators[0].parts[0].levels[0]",
        ),
        (scheme(losses=(LOSSES[0], LOSSES[0])), "scheme.tracks[0].indicators[0].parts[0]"),
        (
            scheme(losses=(Rule("a", "", Decimal(1), rate_from=Decimal(2)),)),
            "scheme.tracks[0].indicators[0].parts[0].losses[0]",
        ),
        (of_track(vetoes=(Veto("V1", "", "bars"),)), "scheme.tracks[0].vetoes[0]"),
        (of_track(vetoes=(Veto("V1", "", "zero", ("优秀",)),)), "scheme.tracks[0].vetoes[0]"),
        (of_track(vetoes=(Veto("V1", "", "bars", ("特等",)),)), "scheme"),
        (of_track(vetoes=(VETOES[0], VETOES[0])), "scheme.tracks[0]"),
        (replace(scheme(), grade_bands=(GradeBand("优秀"),)), "scheme.grade_bands[0]"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(rules: SchemeRules, place: str) -> None:
    with pytest.raises(EngineErrors) as refused:
        SchemeRules.from_json(rules.to_json())
    assert {error.place for error in refused.value.errors} == {place}


@pytest.mark.parametrize("hour", ["29:00", "noon", "7:30", 12])
def test_an_hour_that_no_day_has_is_refused_at_its_place(hour: object) -> None:
    with pytest.raises(EngineErrors) as refused:
        SchemeRules.from_json(scheme().to_json() | {"deadline_time": hour})
    assert [(error.place, error.field) for error in refused.value.errors] == [("scheme", "deadline_time")]


def scored(rules: SchemeRules, **unit: object) -> UnitScore:
    (score,) = score_units(rules, parse_units(rules, [{"unit": "甲", "track": rules.tracks[0].code, **unit}]))
    return score


def said(score: UnitScore) -> str:
    return "\n".join(sentence.text() for sentence in score.explain)


def refused(rules: SchemeRules, **unit: object) -> set[str]:
    with pytest.raises(EngineErrors) as errors:
        scored(rules, **unit)
    return {error.place for error in errors.value}


def test_a_measured_number_comes_to_the_band_that_holds_it() -> None:
    (part,) = EVERY_KIND[0].tracks[0].parts()
    measured = {number: part.measured(Decimal(number)) for number in ("1.4", "1.5", "2", "9")}
    assert measured == {"1.4": None, "1.5": 40, "2": 100, "9": 100}
    assert part.level("1.1.1") == LEVELS[0]
    assert not Level("a", "有方案", Decimal(1)).holds(Decimal(1))
    assert scheme().tracks[0].parts()[0].measured(Decimal(1)) is None


def test_losses_never_take_more_than_the_part_has() -> None:
    (part,) = EVERY_KIND[1].tracks[0].parts()
    assert part.left({"1.1.3": 3, "1.1.4": Decimal("0.5")}) == Decimal("93.5")
    assert part.left({"1.1.3": 51}) == 0
    assert part.left({}) == 100


def at_discretion(per: str | None = None) -> SchemeRules:
    rule = Rule("D1.1", "酌情扣0.5－2分", Decimal(2), per, rate_from=Decimal("0.5"))
    return of_track(adjustments=(Adjustment("D1", "deduction", "酌情扣0.5－2分", rules=(rule,)),))


def test_points_at_discretion_are_given_themselves() -> None:
    score = scored(at_discretion(), parts={"1.1": "90"}, adjustments={"D1": {"D1.1": "1.5"}})
    assert (score.total, "D1: 1.5 [D1.1] = 1.5" in said(score)) == (Decimal("88.50"), True)
    assert scored(at_discretion("次"), adjustments={"D1": {"D1.1": "5"}}).deduction == 5
    assert scored(at_discretion(), adjustments={"D1": {"D1.1": "0"}}).deduction == 0


@pytest.mark.parametrize(("per", "given"), [(None, "0.4"), (None, "2.1"), (None, 1), ("次", "0.1")])
def test_points_out_of_the_range_are_refused(per: str | None, given: object) -> None:
    assert refused(at_discretion(per), adjustments={"D1": {"D1.1": given}}) == {"甲 adjustments.D1.D1.1"}


@pytest.mark.parametrize(
    ("veto", "total", "barred", "assessed", "sentence"),
    [
        (Veto("V1", "事故", "zero"), "0.00", (), True, "the total counts 0"),
        (Veto("V1", "事故", "not_assessed"), "90.00", (), False, "not assessed"),
        (Veto("V1", "事故", "bars", ("优秀",)), "90.00", ("优秀",), True, "bars 优秀"),
    ],
)
def test_a_veto_overrules_the_points(
    veto: Veto, total: str, barred: tuple[str, ...], assessed: bool, sentence: str
) -> None:
    score = scored(of_track(vetoes=(veto,)), parts={"1.1": "90"}, vetoes=["V1"])
    assert (str(score.total), score.barred, not score.not_assessed) == (total, barred, assessed)
    assert f"Veto V1 “事故”: {sentence}" in said(score)


def test_a_veto_that_nobody_decided_overrules_nothing_and_an_unknown_one_is_refused() -> None:
    rules = of_track(vetoes=VETOES)
    assert scored(rules, parts={"1.1": "90"}).total == 90
    assert refused(rules, vetoes=["V9"]) == {"甲 vetoes[0]"}
    assert rules.tracks[0].veto("V2") == VETOES[1]


BANDED = replace(
    of_track(vetoes=VETOES),
    grades=("优秀", "良好"),
    grade_bands=(GradeBand("优秀", Decimal(90)), GradeBand("良好", Decimal(60), Decimal(90))),
)


@pytest.mark.parametrize(("given", "grade"), [("90", "优秀"), ("89.99", "良好"), ("60", "良好"), ("59", None)])
def test_a_total_makes_a_grade(given: str, grade: str | None) -> None:
    score = scored(BANDED, parts={"1.1": given})
    assert (score.grade, score.to_json().get("grade")) == (grade, grade)
    assert ("Grade by the total" in said(score)) == (grade is not None)


def test_a_barred_grade_gives_way_to_the_next_and_a_unit_that_is_not_assessed_has_none() -> None:
    assert scored(BANDED, parts={"1.1": "95"}, vetoes=["V2"]).grade == "良好"
    assert scored(of_track(vetoes=(Veto("V1", "", "not_assessed"),)), vetoes=["V1"]).grade is None
    assert scored(replace(BANDED, grade_bands=(GradeBand("良好", below=Decimal(60)),))).grade == "良好"
