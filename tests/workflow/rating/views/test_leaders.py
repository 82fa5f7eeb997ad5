"""The leaders' grid under odd requests: numbers that are none, units that left it, closed windows."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role
from scoring.models import Abstention, Rating, ScoreSheet
from tests.support.pages import Visitor
from tests.support.world import START, World, a_cycle
from workflow.flow.endings import Ending, hold
from workflow.flow.models import OutcomeKind

pytestmark = pytest.mark.django_db
AUTOSAVE = {"X-Requested-With": "autosave"}
SHOWING = 10  # statements


@pytest.fixture
def world() -> World:
    """Two units, accepted, inside the rating window."""
    made = a_cycle().with_units(2).accepted()
    assert made.cycle.ratings_open_at is not None
    made.at = made.cycle.ratings_open_at + timedelta(hours=1)
    return made


# ---- the leaders' grid -------------------------------------------------------------------------------------------


def fields(world: World, leader: Any) -> list[str]:
    """The names of the inputs for numbers, a unit each."""
    return [line.unit.field for line in Visitor(world, leader).get("/ratings/").context["lines"]]


def box(field: str) -> str:
    """The name of the box beside an input, by which no number is given."""
    return field.replace("rating", "abstain")


def states(world: World) -> list[Any]:
    """What the first leader's sheet holds of each unit: a number, True for an abstention, None for neither."""
    lines = Visitor(world, world.leaders[0]).get("/ratings/").context["lines"]
    return [line.unit.abstains or line.unit.value for line in lines]


def test_a_leader_rates_by_a_plain_form(world: World) -> None:
    leader = Visitor(world, world.leaders[0])
    first, second = fields(world, world.leaders[0])
    assert leader.post("/ratings/", {first: "90", second: ""}).url == f"/ratings/?cycle={world.cycle.pk}"
    page = leader.get("/ratings/")
    assert page.context["left"] == 1
    assert [line.value for line in page.context["lines"]] == [Decimal(90), None]


@pytest.mark.parametrize("value", ["101", "-1", "gut", "9.999"])
def test_a_wrong_number_stays_at_its_unit_and_the_others_are_kept(world: World, value: str) -> None:
    first, second = fields(world, world.leaders[0])
    page = Visitor(world, world.leaders[0]).post("/ratings/", {first: value, second: "80"})
    assert page.status_code == 200
    assert page.context["lines"][0].value == value
    assert [bool(line.error) for line in page.context["lines"]] == [True, False]
    assert [rating.value for rating in Rating.objects.all()] == [Decimal(80)]


def test_saving_as_one_types_sends_only_what_changed(world: World) -> None:
    first, _second = fields(world, world.leaders[0])
    leader = Visitor(world, world.leaders[0])
    answer = leader.post("/ratings/", {first: "77"}, headers={"X-Requested-With": "autosave"}).json()
    assert answer["errors"] == {}
    assert re.fullmatch(r"\d\d:\d\d", answer["saved_at"])
    wrong = leader.post("/ratings/", {first: "7777"}, headers={"X-Requested-With": "autosave"}).json()
    assert list(wrong["errors"]) == [first]
    assert Rating.objects.get().value == Decimal(77)


def test_an_emptied_field_takes_a_rating_back(world: World) -> None:
    first, _second = fields(world, world.leaders[0])
    leader = Visitor(world, world.leaders[0])
    leader.post("/ratings/", {first: "77"})
    leader.post("/ratings/", {first: ""})
    assert Visitor(world, world.leaders[0]).get("/ratings/").context["left"] == 2


# ---- abstaining ----


def test_to_abstain_is_kept_as_such_and_is_neither_a_zero_nor_a_gap(world: World) -> None:
    first, second = fields(world, world.leaders[0])
    leader = Visitor(world, world.leaders[0])
    leader.post("/ratings/", {first: "", box(first): "on", second: "0"})
    assert states(world) == [True, Decimal(0)]
    assert leader.get("/ratings/").context["left"] == 0
    assert [rating.value for rating in Rating.objects.all()] == [Decimal(0)]


def test_of_a_number_and_an_abstention_the_new_one_counts(world: World) -> None:
    first, second = fields(world, world.leaders[0])
    leader = Visitor(world, world.leaders[0])
    leader.post("/ratings/", {first: "70", second: "", box(second): "on"})
    leader.post("/ratings/", {first: "70", box(first): "on", second: "80", box(second): "on"})
    assert states(world) == [True, Decimal(80)]


def test_a_number_and_an_abstention_that_are_both_new_are_refused_at_their_unit(world: World) -> None:
    first, second = fields(world, world.leaders[0])
    page = Visitor(world, world.leaders[0]).post("/ratings/", {first: "70", box(first): "on", second: "60"})
    assert list(page.context["form"].errors) == [first]
    assert (page.context["lines"][0].value, page.context["lines"][0].abstains) == ("70", True)
    assert states(world) == [None, Decimal(60)]


@pytest.mark.parametrize(
    ("before", "sent", "after"),
    [
        ({"rating": "70"}, {"abstain": "on"}, True),
        ({"rating": "70"}, {"rating": "", "abstain": "on"}, True),
        ({"abstain": "on"}, {"rating": "70"}, Decimal(70)),
        ({"abstain": "on"}, {"rating": "70", "abstain": None}, Decimal(70)),
        ({"abstain": "on"}, {"abstain": None}, None),
        ({"abstain": "on"}, {"rating": ""}, True),
        ({"rating": "70"}, {"abstain": None}, Decimal(70)),
    ],
)
def test_saving_as_one_types_changes_only_what_is_sent(
    world: World, before: dict[str, str], sent: dict[str, str | None], after: Any
) -> None:
    first, _second = fields(world, world.leaders[0])
    named = {"rating": first, "abstain": box(first)}
    leader = Visitor(world, world.leaders[0])
    leader.post("/ratings/", {named[kind]: text for kind, text in before.items()})
    data: dict[str, Any] = {named[kind]: text for kind, text in sent.items() if text is not None}
    answer = leader.post("/ratings/", data | {"changed": [named[kind] for kind in sent]}, headers=AUTOSAVE).json()
    assert answer["errors"] == {}
    assert states(world)[0] == after


def test_saving_as_one_types_says_anew_how_many_are_left_and_how_the_unit_stands(world: World) -> None:
    first, _second = fields(world, world.leaders[0])
    answer = Visitor(world, world.leaders[0]).post("/ratings/", {first: "77"}, headers=AUTOSAVE).json()
    assert set(answer["html"]) == {"#left", f"#state-{first.removeprefix('rating-')}"}


def test_what_each_unit_did_stands_in_a_line_with_the_way_to_more(world: World) -> None:
    sheet = world.assessments[0].sheet
    codes = list(sheet.lines.order_by("position").values_list("code", flat=True))[:2]
    for code, text in zip(codes, ("开展活动\n五次。", "志愿服务" * 60), strict=True):
        sheet.lines.filter(code=code).update(text=text)
    page = Visitor(world, world.leaders[0]).get("/ratings/")
    line = page.context["lines"][0].unit.deeds
    assert line.startswith("开展活动 五次；志愿服务志愿服务")
    assert (len(line), line[-1]) == (90, "…")
    assert f"/assessments/{world.assessments[0].pk}/sheet/" in page.content.decode()


@pytest.mark.parametrize("units", [1, 6])
def test_the_sheet_asks_as_much_of_many_units_as_of_one(units: int) -> None:
    world = a_cycle().with_units(units).accepted()
    leader = Visitor(world, world.leaders[0])
    with CaptureQueriesContext(connection) as asked:
        leader.get("/ratings/")
    assert len(asked) == SHOWING


@pytest.mark.parametrize("when", ["before", "after"])
def test_outside_its_window_the_sheet_takes_nothing(world: World, when: str) -> None:
    opens, closes = world.cycle.ratings_open_at, world.cycle.ratings_close_at
    assert opens and closes
    world.at = opens - timedelta(seconds=1) if when == "before" else closes
    assert Visitor(world, world.leaders[0]).get("/ratings/").context["shut"] is True


def test_outside_the_window_nothing_is_kept_and_the_page_says_why(world: World) -> None:
    first, _second = fields(world, world.leaders[0])
    assert world.cycle.ratings_close_at is not None
    world.at = world.cycle.ratings_close_at
    leader = Visitor(world, world.leaders[0])
    page = leader.post("/ratings/", {first: "90"})
    assert page.status_code == 200
    assert page.context["form"].errors
    answer = leader.post("/ratings/", {first: "90"}, headers={"X-Requested-With": "autosave"}).json()
    assert list(answer["errors"]) == [first]
    assert not Rating.objects.exists()


def closed(world: World, number: int) -> str:
    """The field of a unit whose rating ended after the leader had opened the sheet."""
    assessment = world.assessments[number]
    with world.clock(), hold([world.task(assessment, "leadership_rating")]) as held:
        held.end({held.task: Ending(kind=OutcomeKind.RATED, by=None)})
    return f"rating-{assessment.sheet_id}"


def test_what_is_typed_for_a_unit_that_left_the_sheet_is_named_and_the_others_are_kept(world: World) -> None:
    _first, second = fields(world, world.leaders[0])
    gone = closed(world, 0)
    page = Visitor(world, world.leaders[0]).post("/ratings/", {gone: "66", second: "80"})
    [told] = page.context["form"].non_field_errors()
    assert f"{world.assessments[0].sheet.unit_name} 66" in told
    assert [rating.sheet_id for rating in Rating.objects.all()] == [world.assessments[1].sheet_id]


def test_an_abstention_for_a_unit_that_left_the_sheet_is_told_unless_it_counts(world: World) -> None:
    _first, second = fields(world, world.leaders[0])
    gone = closed(world, 0)
    leader = Visitor(world, world.leaders[0])
    page = leader.post("/ratings/", {gone: "", box(gone): "on", second: ""})
    [told] = page.context["form"].non_field_errors()
    assert world.assessments[0].sheet.unit_name in told
    Abstention.objects.create(sheet=world.assessments[0].sheet, rater=world.leaders[0], given_at=world.at)
    assert leader.post("/ratings/", {gone: "", box(gone): "on", second: ""}).status_code == 302


@pytest.mark.parametrize(("before", "now", "told"), [("70", "70.00", 0), ("70", "71", 1), ("", " ", 0), ("70", "x", 1)])
def test_only_what_was_typed_anew_is_called_lost(world: World, before: str, now: str, told: int) -> None:
    first, second = fields(world, world.leaders[0])
    leader = Visitor(world, world.leaders[0])
    leader.post("/ratings/", {first: before, second: ""})
    page = leader.post("/ratings/", {closed(world, 0): now, second: ""})
    assert (page.status_code == 200) is bool(told)
    assert page.status_code == 302 or len(page.context["form"].non_field_errors()) == told


def test_saving_as_one_types_says_at_the_field_that_its_unit_left(world: World) -> None:
    gone = closed(world, 0)
    leader = Visitor(world, world.leaders[0])
    answer = leader.post("/ratings/", {gone: "66"}, headers={"X-Requested-With": "autosave"}).json()
    assert list(answer["errors"]) == [gone]
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "field",
    ["rating-", "rating-x", "rating-99999999999999999999999", "rating-٣", "rating-03", "rating-３", "other"],
)
def test_a_field_of_nobody_on_the_sheet_is_no_fault(world: World, field: str) -> None:
    assert Visitor(world, world.leaders[0]).post("/ratings/", {field: "5"}).status_code == 302


def test_units_that_leaders_never_rated_are_not_named(world: World) -> None:
    a_cycle(year=2031).with_units(1)
    sheet = ScoreSheet.objects.get(cycle__year=2031)
    answer = Visitor(world, world.leaders[0]).post("/ratings/", {f"rating-{sheet.pk}": "5"})
    assert answer.status_code == 302


def test_one_own_unit_does_not_keep_a_leader_from_rating_the_others(world: World) -> None:
    first, second = fields(world, world.leaders[0])
    own = world.assessments[0].sheet
    Membership.objects.create(user=world.leaders[0], role=Role.FILER, unit=own.unit, since=START)
    page = Visitor(world, world.leaders[0]).post("/ratings/", {first: "99", second: "80"})
    assert page.context["form"].non_field_errors()
    assert [rating.value for rating in Rating.objects.all()] == [Decimal(80)]


def test_with_nothing_to_rate_the_grid_is_empty() -> None:
    world = a_cycle().with_units(1).opened()
    page = Visitor(world, world.chief).get("/ratings/")
    assert (page.context["lines"], page.context["left"]) == ([], 0)
