"""A unit that too few have rated waits for the office: more time, more people, or what is there, with a reason (R9)."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from audit.verbs import Verb
from common.narrow import known
from outbox.models import Message
from scoring.models import Draw, Rating, Tally, TallyDecision
from tests.support.boxes import ballots_of, cast_all, closed, rating_task
from tests.support.schemes import put_rules
from tests.support.traces import causes, last_event, outcomes_of, refused
from tests.support.world import World, a_cycle
from workflow.flow.models import Task
from workflow.office.services.sweep import sweep
from workflow.rating.queries.tally import LEAST, BoxState, boxes_among, boxes_of, needed_by_track, too_few
from workflow.rating.services.ballots import cast_ballot
from workflow.rating.services.too_few import draw_more, give_more_time, take_what_is_there
from workflow.rating.services.window import set_rating_window

pytestmark = pytest.mark.django_db
FEW = LEAST - 1


@pytest.fixture
def world() -> World:
    """Two units that one recipient fewer than wanted has rated; their window is over."""
    made = a_cycle().with_units(2).accepted()
    for assessment in made.assessments:
        cast_all(made, ballots_of(made, assessment, 8), [80] * FEW)
    made.at = closed(made)
    return made


def task_of(world: World) -> Task:
    return rating_task(world.assessments[0])


def until(world: World, days: int = 7) -> datetime:
    return closed(world) + timedelta(days=days)


def states(world: World) -> list[BoxState]:
    with world.clock():
        return [box.state for box in boxes_of(world.cycle)]


def swept(world: World) -> int:
    with world.clock():
        return sweep()["recipient_rating"]


def test_too_few_are_not_opened_before_the_office_decides(world: World) -> None:
    assert states(world) == [BoxState.FEW] * 2
    assert swept(world) == 0
    assert not Rating.objects.exists()


def test_just_enough_are_opened(world: World) -> None:
    ballots = ballots_of(world, world.assessments[0], 8)
    world.at = known(world.cycle.ratings_close_at) - timedelta(hours=1)
    cast_ballot(ballot=ballots[FEW], value=Decimal(80), arrived_at=world.at)
    world.at = closed(world)
    assert states(world) == [BoxState.READY, BoxState.FEW]
    assert swept(world) == 1


def test_what_is_there_counts_if_the_office_says_so_with_a_reason(world: World) -> None:
    with world.clock():
        refused(lambda: take_what_is_there(task=task_of(world), why=" ", by=world.office), "why")
        take_what_is_there(task=task_of(world), why="名册仅六人", by=world.office)
    event = last_event(Verb.TOO_FEW_DECIDED)
    assert (event.actor, event.why, event.data["decision"], event.data["spent"]) == (
        world.office,
        "名册仅六人",
        "take",
        FEW,
    )
    assert swept(world) == 1
    assert Rating.objects.count() == FEW
    assert ("recipient_rating", "rated") in outcomes_of(world.assessments[0])
    tally = Tally.objects.get()
    assert (tally.decision, tally.why, tally.decided_by) == (TallyDecision.TAKE, "名册仅六人", world.office)


def test_of_none_at_all_nothing_can_be_taken() -> None:
    world = a_cycle().with_units(1).accepted()
    ballots_of(world, world.assessments[0], 8)
    world.at = closed(world)
    assert states(world) == [BoxState.NONE]
    with world.clock():
        refused(lambda: take_what_is_there(task=task_of(world), why="无", by=world.office))
        assert sweep()["recipient_rating"] == 0


def test_fewer_than_the_scheme_asks_for_can_t_be_taken() -> None:
    body = {"code": "recipients", "weight": "20", "least": 6}
    world = a_cycle().with_units(1).accepted()
    rules = world.cycle.scheme.body
    track = next(track for track in rules["tracks"] if track["code"] == "district")
    track["components"] = [body if each["code"] == "recipients" else each for each in track["components"]]
    put_rules(world.cycle.scheme, rules)
    cast_all(world, ballots_of(world, world.assessments[0], 8), [80] * LEAST)
    world.at = closed(world)
    assert states(world) == [BoxState.FEW]
    with world.clock():
        refused(lambda: take_what_is_there(task=task_of(world), why="少", by=world.office))
        assert list(too_few(needed_by_track([world.cycle.pk]))) == [task_of(world)], "the first page says the same"


@pytest.mark.both
@pytest.mark.parametrize("fewest", [1, LEAST + 2])
@pytest.mark.parametrize("decision", ["", TallyDecision.TAKE, TallyDecision.EXTEND])
def test_the_database_asks_by_the_rule_of_a_unit_s_box(fewest: int, decision: str) -> None:
    world = a_cycle().with_units(1).accepted()
    task, ballots = task_of(world), ballots_of(world, world.assessments[0], LEAST + 3)
    needed = {task.process.sheet.track_id: fewest}
    if decision:
        Tally.objects.create(sheet=task.process.sheet, decision=decision, why="少", decided_by=world.office)
    with world.clock(closed(world)):
        for spent in range(len(ballots)):
            (box,) = boxes_among([task])
            box = replace(box, needed=fewest)
            assert box.spent == spent
            assert too_few(needed).exists() == box.to_decide, spent
            ballots[spent].spent = True
            ballots[spent].save()


def test_more_time_is_the_unit_s_own_and_what_was_given_stays(world: World) -> None:
    with world.clock():
        give_more_time(task=task_of(world), until=until(world), why="农忙", by=world.office)
    assert states(world) == [BoxState.RUNNING, BoxState.FEW]
    ballot = ballots_of(world, world.assessments[0])[FEW]
    other = ballots_of(world, world.assessments[1])[FEW]
    at = until(world) - timedelta(microseconds=1)
    cast_ballot(ballot=ballot, value=Decimal(100), arrived_at=at)
    refused(lambda: cast_ballot(ballot=other, value=Decimal(100), arrived_at=at))
    refused(lambda: cast_ballot(ballot=ballot, value=Decimal(100), arrived_at=until(world)))
    world.at = until(world) + timedelta(minutes=2)
    assert swept(world) == 1
    assert Rating.objects.count() == LEAST


def test_more_time_lies_ahead(world: World) -> None:
    with world.clock():
        refused(lambda: give_more_time(task=task_of(world), until=world.at, why="农忙", by=world.office), "until")


def test_still_too_few_after_more_time_are_decided_on_again(world: World) -> None:
    with world.clock():
        give_more_time(task=task_of(world), until=until(world), why="农忙", by=world.office)
    world.at = until(world) + timedelta(minutes=2)
    assert states(world)[0] is BoxState.FEW
    with world.clock():
        take_what_is_there(task=task_of(world), why="已两次通知", by=world.office)
    assert states(world)[0] is BoxState.READY


def test_more_people_come_from_the_reserves_in_their_order_and_get_a_link(world: World) -> None:
    draw = Draw.objects.get(sheet=world.assessments[0].sheet)
    with world.clock():
        draw_more(task=task_of(world), count=2, until=until(world), why="两人失联", by=world.office)
    new = draw.ballots.filter(opaque_id__in=draw.reserves)
    assert sorted(ballot.opaque_id for ballot in new) == sorted(draw.reserves[:2])
    assert {f"ballot:{ballot.pk}:letter" for ballot in new} <= set(causes("ballot:"))
    assert {message.due_at for message in Message.objects.filter(cause__startswith="ballot:")} == {until(world)}
    with world.clock(until(world) + timedelta(minutes=2)):
        draw_more(task=task_of(world), count=1, until=until(world, 20), why="又一人", by=world.office)
    assert draw.ballots.filter(opaque_id=draw.reserves[2]).exists()


@pytest.mark.parametrize("count", [0, 9])
def test_no_more_people_come_than_are_left(world: World, count: int) -> None:
    with world.clock():
        refused(
            lambda: draw_more(task=task_of(world), count=count, until=until(world), why="少", by=world.office), "count"
        )
    assert rating_task(world.assessments[0]).due_at == world.cycle.ratings_close_at


def test_without_a_draw_nobody_can_come() -> None:
    world = a_cycle().with_units(1).accepted()
    world.at = closed(world)
    with world.clock():
        refused(lambda: draw_more(task=task_of(world), count=1, until=until(world), why="少", by=world.office), "count")


def test_while_rating_runs_or_enough_have_rated_nothing_is_decided(world: World) -> None:
    with world.clock(known(world.cycle.ratings_close_at) - timedelta(days=1)):
        for decide in (
            lambda: give_more_time(task=task_of(world), until=until(world), why="少", by=world.office),
            lambda: take_what_is_there(task=task_of(world), why="少", by=world.office),
        ):
            refused(decide)


def test_a_moved_window_moves_units_but_not_those_with_a_later_closing_of_their_own(world: World) -> None:
    with world.clock():
        give_more_time(task=task_of(world), until=until(world, 30), why="农忙", by=world.office)
        opens = known(world.cycle.ratings_open_at)
        set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=until(world, 10), by=world.office)
    assert [rating_task(assessment).due_at for assessment in world.assessments] == [
        until(world, 30),
        until(world, 10),
    ]
    with world.clock():
        set_rating_window(cycle=world.cycle, opens_at=opens, closes_at=until(world, 40), by=world.office)
    assert {rating_task(assessment).due_at for assessment in world.assessments} == {until(world, 40)}
