"""What the services refuse, each in its own words and at its field; nothing changes when they do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from audit.models import Event
from common.errors import DomainError
from tests.support.world import World, a_cycle
from workflow.inbox.services import delegate
from workflow.office.services.extensions import reinstate

pytestmark = pytest.mark.django_db


@dataclass
class Refused:
    """A call at the world's instant that must be refused, leaving no event and no other step."""

    world: World

    def __call__(self, call: Callable[[], Any], field: str | None = None) -> None:
        """Call it."""
        before, steps = Event.objects.count(), [assessment.step for assessment in self.world.assessments]
        with self.world.clock(), pytest.raises(DomainError) as raised:
            call()
        assert raised.value.field == field
        assert str(raised.value.message).strip()
        assert Event.objects.count() == before
        assert [assessment.step for assessment in self.world.assessments] == steps


def test_a_task_goes_only_to_a_colleague() -> None:
    world = a_cycle().with_units(1).submitted()
    task, desk = world.task(world.assessments[0], "acceptance"), world.reviewers["district"]
    refused = Refused(world)
    refused(lambda: delegate(task=task, by=desk, to=world.supervisor), "to")
    refused(lambda: delegate(task=task, by=world.filers[world.assessments[0].sheet_id], to=desk))


def test_reinstating() -> None:
    world = a_cycle().with_units(1).opened()
    task, refused = world.task(world.assessments[0], "self_evaluation"), Refused(world)
    later = world.at + timedelta(days=1)
    refused(lambda: reinstate(task=task, by=world.office, until=world.at, why="网络故障"), "until")
    refused(lambda: reinstate(task=task, by=world.office, until=later, why=""), "why")
    refused(lambda: reinstate(task=task, by=world.office, until=later, why="网络故障"))
