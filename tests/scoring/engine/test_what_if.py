"""Known numbers under rules that are not theirs: the same rules change nothing, others are carried or named."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.scheme import SchemeRules
from scoring.engine.track import BONUS, Component, Indicator, Part, Rule, TrackRules, Veto
from scoring.engine.units import Incident, Unit
from scoring.engine.what_if import INCIDENT, Change, carrying, changed, try_rules
from tests.scoring.engine.paths import NOTICE, scheme_of
from tests.support.scored import score_units

SCHEME = scheme_of(NOTICE)
TRACK = next(track for track in SCHEME.tracks if track.code == "society")
DISTRICT = next(track for track in SCHEME.tracks if track.code == "district")


def with_track(track: TrackRules) -> SchemeRules:
    return replace(SCHEME, tracks=tuple(track if track.code == old.code else old for old in SCHEME.tracks))


def a_unit(name: str = "u1", **changes: object) -> Unit:
    """A society with the points of every part and two bonus items."""
    parts = {part.code: part.points for part in TRACK.parts()}
    return replace(Unit(name, "society", parts=parts, counts={"B1.1": 1}), **changes)  # type: ignore[arg-type]  # each its own


@st.composite
def units(draw: st.DrawFn) -> list[Unit]:
    names = [f"u{number}" for number in range(draw(st.integers(1, 5)))]
    given_points = {part.code: st.integers(0, int(part.points)).map(Decimal) for part in TRACK.parts()}
    counts = {rule.code: st.integers(0, 3 if rule.per else 1) for rule in TRACK.rules()}
    return [
        Unit(
            name, "society", parts=draw(st.fixed_dictionaries(given_points)), counts=draw(st.fixed_dictionaries(counts))
        )
        for name in names
    ]


@settings(max_examples=30)
@given(units())
def test_under_the_same_rules_nothing_changes(given_units: list[Unit]) -> None:
    trial = try_rules(SCHEME, SCHEME, given_units)
    assert [tried.after for tried in trial.units] == [tried.before for tried in trial.units]
    assert [(tried.change, tried.climbed, tried.not_carried) for tried in trial.units] == [(0, 0, ())] * len(
        trial.units
    )
    explained = score_units(SCHEME, given_units)
    assert [(tried.before.total, tried.before.rank) for tried in trial.units] == [(s.total, s.rank) for s in explained]


def test_a_lower_limit_changes_totals_and_ranks() -> None:
    many = a_unit(counts={rule.code: 1 for rule in TRACK.rules() if rule.code.startswith("B")})
    other = a_unit("u2", parts=a_unit().parts, counts={"B1.1": 1})
    (first, second) = try_rules(
        SCHEME, changed(SCHEME, {"society": Change({}, {BONUS: Decimal(1)})}), [many, other]
    ).units
    assert (first.before.rank, second.before.rank) == (1, 2)
    assert first.after and second.after and (first.after.rank, second.after.rank) == (1, 1)
    assert (first.climbed, second.climbed) == (0, 1)
    assert first.change is not None and first.change < 0


def test_other_weights_weigh_the_same_marks() -> None:
    unit = Unit("u1", "district", recipient_ratings=(Decimal(80),), leader_ratings=(Decimal(90),))
    weights = {"work": Decimal(0), "recipients": Decimal(50), "leaders": Decimal(50)}
    (tried,) = try_rules(SCHEME, changed(SCHEME, {"district": Change(weights, {})}), [unit]).units
    assert tried.after and (tried.before.total, tried.after.total) == (Decimal("25.00"), Decimal("85.00"))


def test_points_over_the_new_limit_are_cut_and_named() -> None:
    first, *rest = TRACK.indicators
    lower = replace(first, parts=(replace(first.parts[0], points=Decimal(1)), *first.parts[1:]))
    (tried,) = try_rules(SCHEME, with_track(replace(TRACK, indicators=(lower, *rest))), [a_unit()]).units
    assert tried.not_carried == (first.parts[0].code,)
    assert tried.change == 1 - first.parts[0].points


def test_a_part_that_is_gone_is_lost_and_one_that_is_new_counts_nothing() -> None:
    new = Part("9.1", "全新的一项", Decimal(5))
    other = replace(TRACK, indicators=(*TRACK.indicators[1:], Indicator("9", "全新的一项", Decimal(5), parts=(new,))))
    carried = carrying(TRACK, other)
    assert [part.code for part in carried.lost] == [part.code for part in TRACK.indicators[0].parts]
    assert carried.fresh == (new,)
    assert set(carried.not_carried(a_unit(), other)) == {part.code for part in TRACK.indicators[0].parts}


def test_a_part_is_found_in_another_row() -> None:
    first, second, *rest = DISTRICT.indicators
    moved = replace(first.parts[0], code="2.9")
    indicators = (replace(first, parts=first.parts[1:]), replace(second, parts=(*second.parts, moved)), *rest)
    carried = carrying(DISTRICT, replace(DISTRICT, indicators=indicators))
    assert (carried.parts[first.parts[0].code], carried.lost) == (moved, ())


def test_a_rule_that_now_counts_once_takes_one() -> None:
    rule = next(rule for rule in TRACK.rules() if rule.per)
    item = next(item for item in TRACK.adjustments if rule in item.rules)
    once = replace(item, rules=tuple(replace(each, per=None) for each in item.rules))
    other = replace(TRACK, adjustments=tuple(once if each == item else each for each in TRACK.adjustments))
    carried = carrying(TRACK, other)
    unit = a_unit(counts={rule.code: 3})
    assert carried.carried(unit, other).counts == {rule.code: 1}
    assert carried.not_carried(unit, other) == (rule.code,)


def test_incidents_go_along_where_the_rules_know_them() -> None:
    unit = Unit("u1", "district", incidents=(Incident(not_assessed=True),))
    without = replace(DISTRICT, incident_rule=False)
    assert carrying(DISTRICT, DISTRICT).carried(unit, DISTRICT).incidents == unit.incidents
    assert carrying(DISTRICT, without).carried(unit, without).incidents == ()
    assert carrying(DISTRICT, without).not_carried(unit, without) == (INCIDENT,)


def test_a_unit_whose_track_is_gone_has_no_result() -> None:
    other = replace(SCHEME, tracks=tuple(track for track in SCHEME.tracks if track.code != "society"))
    (tried,) = try_rules(SCHEME, other, [a_unit()]).units
    assert (tried.after, tried.change, tried.climbed) == (None, None, None)


def test_a_total_that_stays_open_has_no_change() -> None:
    (tried,) = try_rules(SCHEME, SCHEME, [Unit("u1", "district")]).units
    assert (tried.change, tried.climbed) == (None, None)


def test_a_veto_goes_along_by_its_words_or_is_named() -> None:
    old = replace(TRACK, vetoes=(Veto("V1", "发生重大安全事故", "zero"), Veto("V2", "弄虚作假", "not_assessed")))
    new = replace(TRACK, vetoes=(Veto("V1", "弄虚作假", "not_assessed"),))
    unit = a_unit(vetoes=("V1", "V2"))
    assert carrying(old, new).carried(unit, new).vetoes == ("V1",)
    assert carrying(old, new).not_carried(unit, new) == ("V1",)


def with_first_rule(**changes: object) -> tuple[TrackRules, Rule]:
    """The track with its first rule changed, and that rule."""
    item = TRACK.adjustments[0]
    rule = replace(item.rules[0], **changes)  # type: ignore[arg-type]  # each its own
    return replace(TRACK, adjustments=(replace(item, rules=(rule, *item.rules[1:])), *TRACK.adjustments[1:])), rule


@pytest.mark.parametrize(("per", "kept"), [(None, 2), ("次", 5)])
def test_points_at_discretion_stay_within_what_the_rule_gives(per: str | None, kept: int) -> None:
    track, free = with_first_rule(rate=Decimal(2), rate_from=Decimal(1), per=per)
    carried = carrying(track, track).carried(a_unit(counts={free.code: Decimal(5)}), track)
    assert carried.counts == {free.code: kept}


def test_points_at_discretion_are_no_number_of_times() -> None:
    free, rule = with_first_rule(rate=Decimal(2), rate_from=Decimal(1))
    for before, after, given_to_it in ((free, TRACK, Decimal("1.5")), (TRACK, free, 1)):
        unit = a_unit(counts={rule.code: given_to_it})
        carried = carrying(before, after)
        assert carried.carried(unit, after).counts == {}
        assert carried.not_carried(unit, after) == (rule.code,)


def test_ratings_that_the_other_rules_do_not_know_are_named() -> None:
    unit = Unit("u1", "district", recipient_ratings=(Decimal(80),), leader_ratings=(Decimal(90),))
    alone = replace(DISTRICT, components=(Component("work", Decimal(100)),))
    assert carrying(DISTRICT, alone).not_carried(unit, alone) == ("recipients", "leaders")
