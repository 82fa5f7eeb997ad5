"""Ratings by leaders and recipients: inside the window, once, never a zero for none (R8, R9)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from common.saving import Saved
from outbox.queries import waiting
from scoring.models import Abstention, Ballot, Rating, Step
from scoring.queries.counted import counted_of
from tests.support.drawings import drawn
from tests.support.schemes import a_body
from tests.support.single import close_ratings
from tests.support.traces import last_event, refused
from tests.support.world import World, a_cycle
from workflow.flow.models import Task
from workflow.flow.queries.process import open_tasks
from workflow.rating.queries.leaders import ABSTAINED
from workflow.rating.services.ratings import save_leader_ratings
from workflow.rating.services.window import require_window, set_rating_window

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)
SAVING = 12  # statements, with one for the assessments of the world and two for the transaction


def window(world: World) -> tuple[datetime, datetime]:
    opens, closes = world.cycle.ratings_open_at, world.cycle.ratings_close_at
    assert opens and closes
    return opens, closes


def rate(world: World, value: str | None, *, at: datetime | None = None) -> Saved[int]:
    """What becomes of the first leader's rating of every unit."""
    arrived_at = at or window(world)[0]
    rating = None if value is None else Decimal(value)
    values = {assessment.sheet_id: rating for assessment in world.assessments}
    with world.clock(arrived_at):
        return save_leader_ratings(by=world.leaders[0], values=values, arrived_at=arrived_at)


def a_ballot(world: World) -> Ballot:
    drawn(world)
    return Ballot.objects.order_by("pk")[0]


# ---- the window ----


@pytest.mark.parametrize(
    ("place", "counts"),
    [("before", False), ("opening", True), ("inside", True), ("last", True), ("closing", False), ("after", False)],
)
def test_a_rating_counts_from_the_opening_until_just_before_the_closing(place: str, counts: bool) -> None:
    world = a_cycle().with_units(1).accepted()
    opens, closes = window(world)
    at = {
        "before": opens - MOMENT,
        "opening": opens,
        "inside": opens + timedelta(days=2),
        "last": closes - MOMENT,
        "closing": closes,
        "after": closes + timedelta(days=1),
    }[place]
    saved, sheet_id = rate(world, "90", at=at), world.assessments[0].sheet_id
    assert saved.saved == ({sheet_id} if counts else set())
    assert set(saved.refused) == (set() if counts else {sheet_id})
    assert Rating.objects.exists() is counts


@pytest.mark.parametrize("missing", ["ratings_open_at", "ratings_close_at"])
def test_without_a_window_nothing_counts(missing: str) -> None:
    world = a_cycle().with_units(1).accepted()
    at = window(world)[0]
    setattr(world.cycle, missing, None)
    refused(lambda: require_window(world.cycle, at))


def test_a_moved_window_moves_the_open_ratings_and_is_recorded() -> None:
    world = a_cycle().with_units(1).accepted()
    opens, closes = window(world)
    later = closes + timedelta(days=3)
    Task.objects.filter(finished=None).update(retry_at=later)
    with world.clock():
        set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=later, by=world.office)
    for node in ("recipient_rating", "leadership_rating"):
        task = world.task(world.assessments[0], node)
        assert (task.due_at, task.retry_at) == (later, None)
    review = world.task(world.assessments[0], "department_review")
    assert review.due_at != later, "a review keeps its own date"
    assert last_event(Verb.RATING_WINDOW_CHANGED).subject == f"cycle:{world.cycle.year}"


def test_a_window_never_closes_before_now() -> None:
    world = a_cycle().with_units(2).accepted()
    opens = world.cycle.ratings_open_at
    assert opens is not None
    world.at = opens + timedelta(days=1)
    with world.clock():
        for closes in (world.at, world.at - timedelta(seconds=1)):
            said = refused(
                lambda at=closes: set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=at, by=world.office),
                "ratings_close_at",
            )
            assert said
        soon = world.at + timedelta(seconds=1)
        set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=soon, by=world.office)
    assert {task.due_at for task in open_tasks("recipient_rating", "leadership_rating")} == {soon}


@pytest.mark.parametrize("length", [timedelta(0), -timedelta(days=1)], ids=["at once", "before it opens"])
def test_a_window_closes_after_it_opens(length: timedelta) -> None:
    world = a_cycle().with_units(1).accepted()
    opens, _closes = window(world)
    refused(
        lambda: set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=opens + length, by=world.office),
        "ratings_close_at",
    )


def test_what_waits_to_be_sent_about_the_window_follows_it() -> None:
    world = a_cycle().with_units(1).accepted()
    opens, closes = window(world)
    drawn(world)
    with world.clock():
        set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=closes + timedelta(days=3), by=world.office)
    with world.clock(closes + timedelta(days=2)):
        assert {message.cause.partition(":")[0] for message in waiting()} >= {"leaders", "ballot"}
    with world.clock(closes + timedelta(days=3)):
        assert not {message.cause.partition(":")[0] for message in waiting()} & {"leaders", "ballot"}


# ---- leaders ----


def test_a_leaders_rating_is_given_changed_and_taken_back() -> None:
    world = a_cycle().with_units(1).accepted()
    assert [len(rate(world, value).saved) for value in ("90", "90", "91.5", None, None)] == [1, 0, 1, 1, 0]
    assert not Rating.objects.exists()


def test_the_record_says_who_rated_and_never_what() -> None:
    world = a_cycle().with_units(1).accepted()
    for value in ("87.65", None):
        rate(world, value)
    events = Event.objects.filter(verb=Verb.RATED)
    assert {event.actor for event in events} == {world.leaders[0]}
    assert [(event.came_from, event.went_to, event.why, event.data) for event in events] == [("", "", "", {})] * 2


def test_a_leader_abstains_rates_after_all_and_abstains_again() -> None:
    world = a_cycle().with_units(1).accepted()
    opens, sheet = window(world)[0], world.assessments[0].sheet_id
    kept = []
    for given in (ABSTAINED, ABSTAINED, Decimal(0), ABSTAINED, None):
        with world.clock(opens):
            saved = save_leader_ratings(by=world.leaders[0], values={sheet: given}, arrived_at=opens)
        kept.append((len(saved.saved), Rating.objects.count(), Abstention.objects.count()))
    assert kept == [(1, 0, 1), (0, 0, 1), (1, 1, 0), (1, 0, 1), (1, 0, 0)]


def test_who_abstained_counts_for_nothing() -> None:
    world = a_cycle().with_units(1).accepted()
    task, (opens, closes), sheet = (
        world.task(world.assessments[0], "leadership_rating"),
        window(world),
        world.assessments[0].sheet,
    )
    with world.clock(opens):
        save_leader_ratings(by=world.leaders[0], values={sheet.pk: ABSTAINED}, arrived_at=opens)
    with world.clock(closes):
        assert close_ratings(task=task) is False, "an abstention alone is no rating"
    assert counted_of([sheet])[sheet.pk].ratings["leaders"] == []


def test_each_leader_has_a_rating_of_their_own() -> None:
    world = a_cycle().with_units(2).accepted()
    opens, _closes = window(world)
    for number, leader in enumerate([*world.leaders, world.chief]):
        values: dict[int, Decimal | None] = dict.fromkeys(
            [assessment.sheet_id for assessment in world.assessments], Decimal(80 + number)
        )
        with world.clock(opens):
            assert save_leader_ratings(by=leader, values=values, arrived_at=opens).saved == set(values)
    assert sorted(Rating.objects.values_list("value", flat=True)) == [80, 80, 81, 81, 82, 82]


def test_nobody_rates_their_own_unit_and_the_others_are_kept() -> None:
    world = a_cycle().with_units(2).accepted()
    leader, (other, own) = world.leaders[0], [assessment.sheet for assessment in world.assessments]
    Membership.objects.create(user=leader, role=Role.FILER, unit=own.unit, since=world.at)
    saved = rate(world, "90")
    assert (saved.saved, set(saved.refused)) == ({other.pk}, {own.pk})
    assert list(Rating.objects.values_list("sheet", flat=True)) == [other.pk]


def test_only_leaders_rate() -> None:
    world = a_cycle().with_units(1).accepted()
    opens, _closes = window(world)
    refused(lambda: save_leader_ratings(by=world.office, values={}, arrived_at=opens))


@pytest.mark.parametrize("track", ["society", "district"])
def test_a_unit_that_does_not_wait_for_leaders_is_not_rated(track: str) -> None:
    world = a_cycle().with_units(1, track).submitted()
    assert set(rate(world, "90").refused) == {world.assessments[0].sheet_id}


@pytest.mark.parametrize("units", [1, 12])
def test_a_sheet_is_saved_with_the_same_statements_for_few_and_many(units: int, django_assert_num_queries: Any) -> None:
    world = a_cycle().with_units(units).accepted()
    with django_assert_num_queries(SAVING):
        assert len(rate(world, "90").saved) == units


# ---- closed ----


def test_the_leaders_rating_closes_at_the_end_of_its_window() -> None:
    world = a_cycle().with_units(1).accepted()
    task, (_opens, closes) = world.task(world.assessments[0], "leadership_rating"), window(world)
    sheet, rater = world.assessments[0].sheet, world.leaders[0]
    Rating.objects.create(sheet=sheet, component="leaders", value=Decimal(90), rater=rater)
    with world.clock(closes - MOMENT):
        assert close_ratings(task=task) is False
    with world.clock(closes):
        assert close_ratings(task=task) is True
        assert close_ratings(task=task) is False
    event = last_event(Verb.RATINGS_CLOSED)
    assert (event.actor_id, event.data["component"]) == (None, "leaders")
    assert world.assessments[0].step == Step.DEPARTMENT_REVIEW, "the others are still out"


@pytest.mark.parametrize("node", ["recipient_rating", "leadership_rating"])
def test_without_any_rating_it_stays_open(node: str) -> None:
    world = a_cycle().with_units(1).accepted()
    task, (_opens, closes) = world.task(world.assessments[0], node), window(world)
    other = "leaders" if node == "recipient_rating" else "recipients"
    rater = world.leaders[0] if other == "leaders" else None
    Rating.objects.create(sheet=world.assessments[0].sheet, component=other, value=Decimal(90), rater=rater)
    with world.clock(closes + timedelta(days=30)):
        assert close_ratings(task=task) is False
    assert world.task(world.assessments[0], node) == task


def test_with_fewer_ratings_than_the_scheme_asks_for_it_stays_open() -> None:
    body = a_body()
    body["tracks"][0]["components"][2]["least"] = 2
    world = a_cycle(tracks=body["tracks"]).with_units(1).accepted()
    task, (opens, closes) = world.task(world.assessments[0], "leadership_rating"), window(world)
    for leader, closing in zip(world.leaders, (False, True), strict=True):
        with world.clock(opens):
            save_leader_ratings(by=leader, values={world.assessments[0].sheet_id: Decimal(90)}, arrived_at=opens)
        with world.clock(closes):
            assert close_ratings(task=task) is closing
