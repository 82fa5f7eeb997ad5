"""A worker that is killed at any statement leaves what the next one finishes: the same rows, nothing said twice."""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from audit.models import Event
from outbox.models import Message
from scoring.models import Scheme, SheetLine
from tests.support.killing import Killer, dies
from tests.support.left_rows import everything
from tests.support.world import World, a_cycle
from workflow.bulk import services
from workflow.bulk.models import BulkRun
from workflow.bulk.queries import unfinished_runs
from workflow.flow.models import Assessment, Outcome, Task
from workflow.office.services import sweep as sweeping
from workflow.office.services.opening import open_cycle
from workflow.tasks import bulk

pytestmark = [pytest.mark.both, pytest.mark.race, pytest.mark.django_db(transaction=True)]
# So many workers die; 20 with 2,000 units where somebody wants to know it once more (KAOHE_KILLS, KAOHE_KILLED_UNITS).
KILLS = int(os.environ.get("KAOHE_KILLS", "4"))
UNITS = int(os.environ.get("KAOHE_KILLED_UNITS", "24"))
SEED = int(os.environ.get("KAOHE_SEED", "2020"))
CHUNK = UNITS // (2 * KILLS)
LATEST_STATEMENT = 40  # about two chunks and what comes before them

Worked = Callable[[Callable[[], object]], None]


def undisturbed(work: Callable[[], object]) -> None:
    work()


class Deaths:
    """Lets workers die one after another, at statements drawn from the seed, and the last one come to its end."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)
        self.count = 0

    def __call__(self, work: Callable[[], object]) -> None:
        for _death in range(KILLS):
            number, answered = self._random.randint(1, LATEST_STATEMENT), self._random.random() < 0.5
            self.count += dies(work, Killer(number, answered=answered))
        work()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Units before the opening, which is worked off in several chunks, as is the sweep."""
    monkeypatch.setattr(services, "AT_ONCE", CHUNK)
    monkeypatch.setattr(sweeping, "AT_ONCE", CHUNK)
    return a_cycle().with_units(UNITS, "society")


def opened_and_swept(world: World, worked: Worked) -> list[Any]:
    """What stands in the tables after everything was opened and, at the deadline, everybody excluded."""
    forget(world)
    with world.clock():
        open_cycle(cycle=world.cycle, by=world.office)
        worked(bulk)
    world.cycle.refresh_from_db()
    begun = [*everything(), sorted(SheetLine.objects.values_list("sheet", "code", "kind", "position"))]
    assert not unfinished_runs().exists()
    with world.clock(world.deadline + timedelta(seconds=settings.DEADLINE_GRACE_SECONDS)):
        worked(sweeping.sweep)
    return [begun, everything()]


def forget(world: World) -> None:
    """Let the cycle be as it is before an opening."""
    for model in (Message, Event, Outcome, Task, Assessment, SheetLine, BulkRun):
        model._default_manager.all().delete()
    world.cycle.opened_at = None
    world.cycle.save(update_fields=["opened_at"])
    Scheme.objects.filter(cycle=world.cycle).update(frozen_at=None)
    world.cycle.refresh_from_db()


def test_killed_workers_leave_the_same_rows_as_one_that_lives(world: World) -> None:
    expected, deaths = opened_and_swept(world, undisturbed), Deaths()
    assert opened_and_swept(world, deaths) == expected
    assert deaths.count >= KILLS
    assert {assessment.step for assessment in world.assessments} == {"excluded"}
