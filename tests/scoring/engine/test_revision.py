"""A correction of rules in force: what it may change, and what becomes of numbers; the same rules change nothing."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from scoring.engine.basis import Basis
from scoring.engine.edit import Edit, edited
from scoring.engine.revision import Revision, forbidden, revisions
from scoring.engine.scheme import GradeBand, SchemeRules
from scoring.engine.score import score_unit
from scoring.engine.units import Unit
from tests.scoring.engine.test_score_again import Json, worlds
from tests.support.schemes import a_body
from tests.support.scored import parse_units

SCHEME = SchemeRules.from_json(a_body())
SOCIETY = ("tracks", 1)


def corrected(*edits: Edit) -> SchemeRules:
    """The scheme after these steps, codes kept."""
    return SchemeRules.from_json(edited(a_body(), *edits, sealed=a_body())[0])


def society(*edits: Edit) -> Revision:
    return revisions(SCHEME, corrected(*edits))["society"]


def words(after: SchemeRules, *assessed: str) -> list[str]:
    return [message.text() for message in forbidden(SCHEME, after, assessed)]


def with_rule(**values: Any) -> Revision:
    return society(Edit((*SOCIETY, "adjustments", 1, "rules", 0), values))


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_the_same_rules_change_nothing(world: tuple[Json, list[Json]]) -> None:
    body, given_units = world
    scheme = SchemeRules.from_json(body)
    assert revisions(scheme, SchemeRules.from_json(deepcopy(body))) == {}
    for unit in parse_units(scheme, given_units):
        track = scheme.track(unit.track)
        assert track is not None
        revision = Revision(track, track)
        assert (revision.gone, revision.fresh) == ((), ())
        carried = revision.unit(unit)
        assert score_unit(track, carried) == score_unit(track, unit)


def test_rows_keep_their_codes_and_new_ones_go_on_behind_all_that_were() -> None:
    part = (*SOCIETY, "indicators", 0, "parts")
    body, _codes = edited(a_body(), Edit((*part, 1), remove=True), sealed=a_body())
    body, _codes = edited(body, Edit(part[:-1], add="parts"), sealed=a_body())
    assert [row["code"] for row in body["tracks"][1]["indicators"][0]["parts"]] == ["1.1", "1.3"]
    body, codes = edited(body, Edit((*part, 0), move=1), Edit(SOCIETY, add="bonus"), sealed=a_body())
    assert [row["code"] for row in body["tracks"][1]["indicators"][0]["parts"]] == ["1.3", "1.1"]
    assert [row["code"] for row in body["tracks"][1]["adjustments"]] == ["B1", "D1", "B2"]
    assert codes["society"]["1.1"] == "1.1"


def test_a_track_that_is_begun_again_takes_no_code_that_was() -> None:
    body = a_body()
    body["tracks"][1]["code"] = "annex-1"
    after, _codes = edited(body, Edit(SOCIETY, remove=True), Edit((), add="tracks"), sealed=body)
    assert [track["code"] for track in after["tracks"]] == ["district", "annex-2"]


def test_points_go_on_as_far_as_there_is_room() -> None:
    revision = society(Edit((*SOCIETY, "indicators", 0, "parts", 0), {"points": "8"}))
    assert revision.carried("1.1", Decimal(10)) == 8
    assert revision.carried("1.2", Decimal(10)) == 10
    assert revision.carried("1.1", None) is None


def test_what_is_gone_says_nothing_any_more() -> None:
    revision = society(Edit((*SOCIETY, "indicators", 0, "parts", 0), remove=True))
    assert [piece.code for piece in revision.gone] == ["1.1"]
    unit = revision.unit(Unit("u", "society", parts={"1.1": Decimal(9), "1.2": Decimal(4)}, counts={"D1.1": 2}))
    assert (unit.parts, unit.counts) == ({"1.2": 4}, {"D1.1": 2})


@pytest.mark.parametrize(
    ("values", "given_", "left"),
    [
        ({"per": None}, 3, 1),
        ({"rate_from": "0.5"}, 3, None),
        ({"rate": "1"}, 3, 3),
    ],
)
def test_how_often_a_rule_applies_goes_on_where_it_means_the_same(
    values: dict[str, Any], given_: int, left: int | None
) -> None:
    assert with_rule(**values).carried("D1.1", given_) == left


def test_points_at_discretion_outside_the_new_range_are_given_anew() -> None:
    body = a_body()
    rule = body["tracks"][1]["adjustments"][1]["rules"][0]
    rule |= {"rate_from": "0.5", "rate": "2", "per": None}
    before, after = SchemeRules.from_json(body), deepcopy(body)
    after["tracks"][1]["adjustments"][1]["rules"][0] |= {"rate_from": "1", "rate": "1.5"}
    revision = revisions(before, SchemeRules.from_json(after))["society"]
    assert [revision.carried("D1.1", Decimal(number)) for number in ("0.5", "1.2", "2")] == [
        None,
        Decimal("1.2"),
        Decimal("1.5"),
    ]
    unit = revision.unit(Unit("u", "society", counts={"D1.1": Decimal("1.2")}))
    assert unit.counts == {"D1.1": Decimal("1.2")}


def test_bands_of_grades_touch_every_track() -> None:
    banded = replace(SCHEME, grade_bands=(GradeBand("特等", Decimal(90)),))
    assert list(revisions(SCHEME, banded)) == ["district", "society"]
    assert list(revisions(SCHEME, replace(SCHEME, tracks=SCHEME.tracks[:1]))) == []


def test_what_people_rely_on_stays() -> None:
    after = corrected(
        Edit((), {"year": 2027, "grades": ["特等"]}),
        Edit(("tracks", 0), {"desk": "别的部", "recipients": None, "components": [{"code": "work", "weight": "100"}]}),
        Edit(SOCIETY, remove=True),
    )
    said = words(after, "district", "society")
    assert len(said) == 6
    assert sum("区县" in text for text in said) == 3
    assert sum("市级学会" in text for text in said) == 1


def test_a_track_without_units_is_free() -> None:
    after = corrected(Edit(SOCIETY, remove=True), Edit(("tracks", 0), {"desk": "别的部"}))
    assert words(after) == []


def test_points_that_came_from_other_levels_or_losses_are_known() -> None:
    place = (*SOCIETY, "indicators", 0, "parts", 0)
    revision = society(Edit(place, add="losses"), Edit((*place, "losses", 0), {"text": "缺席"}))
    assert revision.is_reworked("1.1")
    assert not revision.is_reworked("1.2")
    assert not revision.is_reworked("B1.1")


PART: Json = {"code": "1.1", "text": "", "points": "40", "at_least": None, "rate": None, "per": None}
LEVELS = [{"code": "1.1.1", "text": "国家级", "points": "40"}, {"code": "1.1.2", "text": "省级", "points": "25"}]
BANDS = [
    {"code": "1.1.1", "text": "", "points": "20", "least": "1", "below": "3"},
    {"code": "1.1.2", "text": "", "points": "40", "least": "3"},
]
LOSS = {"code": "1.1.9", "text": "缺席", "rate": "2", "per": "次", "cap": None}
GRANTED = LOSS | {"per": None, "rate": "3", "rate_from": "1"}


def of_part(before: Json, after: Json) -> Revision:
    """A part that counts otherwise."""
    made = []
    for values in (before, after):
        body = a_body()
        body["tracks"][1]["indicators"][0]["parts"][0] = PART | values
        track = SchemeRules.from_json(body).track("society")
        assert track is not None
        made.append(track)
    return Revision(*made)


@pytest.mark.parametrize(
    ("before", "after", "basis", "points", "left"),
    [
        ({"levels": LEVELS}, {"levels": [LEVELS[0], LEVELS[1] | {"points": "30"}]}, {"level": "1.1.2"}, 25, 30),
        ({"levels": LEVELS}, {"levels": LEVELS[:1]}, {"level": "1.1.2"}, 25, 25),
        ({"levels": LEVELS}, {"levels": [LEVELS[0], LEVELS[1] | {"points": "30"}]}, {"level": "1.1.2"}, 26, 26),
        ({"levels": LEVELS}, {"levels": [LEVELS[0], LEVELS[1] | {"points": "30"}]}, {}, 25, 25),
        ({"levels": BANDS}, {"levels": [BANDS[0] | {"points": "15"}, BANDS[1]]}, {"measured": "2"}, 20, 15),
        ({"levels": BANDS}, {"levels": [BANDS[0] | {"least": "2.5"}, BANDS[1]]}, {"measured": "2"}, 20, 20),
        ({"levels": BANDS}, {"levels": LEVELS}, {"measured": "2"}, 20, 20),
        ({"levels": BANDS}, {"levels": BANDS, "measure": "倍"}, {"measured": "2"}, 20, 20),
        ({"losses": [LOSS]}, {"losses": [LOSS | {"rate": "3"}]}, {"losses": {"1.1.9": "2"}}, 36, 34),
        ({"losses": [LOSS]}, {"losses": [LOSS], "points": "30"}, {"losses": {"1.1.9": "2"}}, 36, 26),
        ({"losses": [LOSS]}, {"losses": [LOSS | {"per": None}]}, {"losses": {"1.1.9": "2"}}, 36, 36),
        ({"losses": [LOSS]}, {"losses": [GRANTED]}, {"losses": {"1.1.9": "2"}}, 36, 36),
        ({"losses": [LOSS]}, {}, {"losses": {"1.1.9": "2"}}, 36, 36),
        ({"losses": [GRANTED]}, {"losses": [GRANTED], "points": "30"}, {"losses": {"1.1.9": "2"}}, 38, 28),
        ({"losses": [GRANTED]}, {"losses": [GRANTED | {"rate_from": "2.5"}]}, {"losses": {"1.1.9": "2"}}, 38, 38),
    ],
)
def test_points_follow_by_the_new_rules_where_they_followed_and_these_know_what_from(
    before: Json, after: Json, basis: Json, points: int, left: int
) -> None:
    revision = of_part(before, after)
    assert revision.carried("1.1", points, Basis.from_json(basis)) == left
    unit = Unit("u", "society", parts={"1.1": Decimal(points)}, bases={"1.1": Basis.from_json(basis)})
    assert revision.unit(unit).parts == {"1.1": left}
