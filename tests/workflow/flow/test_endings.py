"""Endings in sets write what viewflow's own activations write one by one: every row, every column."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Department, User
from audit.models import Event
from outbox.models import Message
from scoring.models import Responsibility
from tests.support.left_rows import everything
from tests.support.reference import begin_by_activation, by_activations, end_by_activation
from tests.support.world import World, a_cycle
from workflow.flow.endings import Ending, begin, hold
from workflow.flow.models import Assessment, Node, Outcome, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.flows import AssessmentFlow

pytestmark = pytest.mark.django_db
# So many assessments are walked; 200 where somebody wants to know it once more (KAOHE_WALKS=200).
WALKS = int(os.environ.get("KAOHE_WALKS", "30"))
SEED = int(os.environ.get("KAOHE_SEED", "2020"))
ROUNDS = 60
# How a task can end, the usual way most often.
ENDS: dict[str, dict[OutcomeKind, int]] = {
    Node.SELF_EVALUATION: {OutcomeKind.SUBMITTED: 6, OutcomeKind.LAPSED: 1, OutcomeKind.EXCLUDED: 2},
    Node.EXCLUDED: {OutcomeKind.REINSTATED: 4, OutcomeKind.CYCLE_CLOSED: 1},
    Node.ACCEPTANCE: {OutcomeKind.ACCEPTED: 3, OutcomeKind.RETURNED: 1},
    Node.DEPARTMENT_REVIEW: {OutcomeKind.REVIEWED: 1},
    Node.RECIPIENT_RATING: {OutcomeKind.RATED: 1},
    Node.LEADERSHIP_RATING: {OutcomeKind.RATED: 1},
    Node.CONSOLIDATION: {OutcomeKind.CONSOLIDATED: 6, OutcomeKind.REOPENED: 3, OutcomeKind.NOT_ASSESSED: 1},
    Node.APPROVAL: {OutcomeKind.APPROVED: 3, OutcomeKind.RETURNED: 1, OutcomeKind.RECOUNTED: 1},
    Node.PUBLICITY: {OutcomeKind.PUBLICISED: 3, OutcomeKind.UPHELD: 1, OutcomeKind.RECOUNTED: 1},
    Node.CIRCULATION: {OutcomeKind.CIRCULATED: 1},
}
DATED = (OutcomeKind.REINSTATED, OutcomeKind.RETURNED, OutcomeKind.REOPENED)

Do = Callable[[dict[Task, Ending]], None]


class Choices:
    """What happens, drawn from a seed and from where each assessment stands: the same both ways."""

    def __init__(self, world: World, at: datetime, round_: int) -> None:
        self._people: list[User | None] = [world.office, *world.reviewers.values(), None]
        self._departments = list(Department.objects.order_by("pk").values_list("pk", flat=True))
        self._at, self._round, self._first = at, round_, first_of(world)

    def of(self, tasks: Iterable[Task]) -> dict[Task, Ending]:
        """Of each assessment, at least one open task and how it ends."""
        by_process: dict[int, list[Task]] = {}
        for task in tasks:
            by_process.setdefault(task.process.sheet_id, []).append(task)
        endings: dict[Task, Ending] = {}
        for sheet, several in by_process.items():
            rng = random.Random(f"{SEED} {self._round} {sheet - self._first}")
            chosen = [task for task in several if rng.random() < 0.6] or several[-1:]
            endings |= {task: self._ending(rng, task) for task in chosen}
        return endings

    def _ending(self, rng: random.Random, task: Task) -> Ending:
        ways = ENDS[task.node]
        (kind,) = rng.choices(list(ways), list(ways.values()))
        asked = rng.sample(self._departments, rng.randint(1, 2)) if kind == OutcomeKind.REOPENED else []
        return Ending(
            kind=kind,
            by=rng.choice(self._people),
            why=rng.choice(["", "请补正“总结”。"]),
            until=self._at + timedelta(days=3) if kind in DATED else None,
            parts=rng.choice([[], ["1.1", "B1"]]) if kind in DATED else [],
            departments=sorted(asked),
            data=rng.choice([{}, {"total": "94.35"}]),
        )


def first_of(world: World) -> int:
    """The first sheet's key: what is drawn depends on a sheet's place, not on what stood in the database before."""
    return int(world.cycle.sheets.order_by("pk").values_list("pk", flat=True)[0])


def walked(world: World, start: Callable[[], None], do: Do) -> tuple[list[Any], Counter[str]]:
    """Walk every assessment to its end; what then stands in the tables, and how often each outcome was taken."""
    taken: Counter[str] = Counter()
    at = world.at
    with transaction.atomic():
        with world.clock(at):
            start()
        for round_ in range(ROUNDS):
            at += timedelta(hours=13)
            tasks = list(open_tasks(*Node).select_related("process__sheet").order_by("process_id", "pk"))
            if not tasks:
                break
            with world.clock(at):
                _claim(world, tasks, round_)
                endings = Choices(world, at, round_).of(tasks)
                do(endings)
            taken.update(ending.kind for ending in endings.values())
        rows = everything()
        transaction.set_rollback(True)
    return rows, taken


def _claim(world: World, tasks: list[Task], round_: int) -> None:
    """Somebody takes a task, another hands it over: what a later round goes back to."""
    first = first_of(world)
    for task in tasks:
        rng = random.Random(f"{SEED} claim {round_} {task.process.sheet_id - first}")
        person = world.reviewers["society"]
        if task.node == Node.DEPARTMENT_REVIEW and rng.random() < 0.5:
            Task.objects.filter(pk=task.pk).update(
                owner=person, status="ASSIGNED", handed_over_by=rng.choice([person, None])
            )


@pytest.fixture
def world() -> World:
    """Districts with two departments and both ratings, societies with two departments."""
    half = WALKS // 2
    world = a_cycle().with_units(WALKS - half).with_units(half, "society")
    for code, other in (("district", "society"), ("society", "district")):
        answering = Responsibility.objects.filter(track__cycle=world.cycle, track__code=code)
        answering.filter(pk=answering.latest("pk").pk).update(department=world.desks[other])
    world.opened()
    for model in (Message, Event, Outcome, Task, Assessment):
        model._default_manager.all().delete()
    return world


def test_sets_leave_every_row_that_viewflows_activations_leave(world: World) -> None:
    sheets = list(world.cycle.sheets.select_related("cycle__scheme", "track", "unit").order_by("pk"))

    def in_a_set(endings: dict[Task, Ending]) -> None:
        with hold(endings) as held:
            held.end({task: endings[task] for task in held.tasks})

    def one_by_one(endings: dict[Task, Ending]) -> None:
        for task, ending in endings.items():
            end_by_activation(task.pk, ending)

    def begun_one_by_one() -> None:
        for sheet in sheets:
            begin_by_activation(sheet, world.office)

    ours, taken = walked(world, lambda: begin(AssessmentFlow.start, sheets, by=world.office), in_a_set)
    with by_activations():
        theirs, taken_there = walked(world, begun_one_by_one, one_by_one)
    assert taken == taken_there
    assert set(taken) == set(OutcomeKind), "every way of ending is walked"
    for mine, reference in zip(ours, theirs, strict=True):
        assert len(mine) == len(reference)
        for one, other in zip(mine, reference, strict=True):
            assert one == other
