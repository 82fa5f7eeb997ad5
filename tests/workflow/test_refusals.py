"""What the services refuse, each in its own words and at its field; nothing changes when they do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Membership, Role, User
from audit.models import Event
from common import clock
from common.errors import DomainError
from scoring.models import Ballot, Rating, Step
from tests.support.world import World, a_cycle, a_person
from workflow.inbox.services import delegate
from workflow.office.services.extensions import reinstate
from workflow.publicity.models import ObjectionDecision, Publicity
from workflow.publicity.services.objections import Signed, decide_objection, file_objection
from workflow.rating.services.draws import draw_recipients
from workflow.rating.services.ratings import cast_ballot

pytestmark = pytest.mark.django_db


def files_for(user: User, world: World) -> User:
    """The same person also files for the first unit."""
    Membership.objects.create(
        user=user, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at - timedelta(days=9)
    )
    return user


@dataclass
class Refused:
    """A call at the world's instant that must be refused, leaving no event and no other step."""

    world: World

    def __call__(self, call: Callable[[], Any], field: str | None = None) -> None:
        """Call it."""
        before, steps = Event.objects.count(), [one.step for one in self.world.assessments]
        with self.world.clock(), pytest.raises(DomainError) as raised:
            call()
        assert raised.value.field == field
        assert str(raised.value.message).strip()
        assert Event.objects.count() == before
        assert [one.step for one in self.world.assessments] == steps


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


def test_a_ballot_after_its_step_is_refused() -> None:
    world = a_cycle().with_units(1).accepted()
    with world.clock():
        draw_recipients(assessments=world.assessments, by=world.office, seed=b"1" * 32)
    ballot = Ballot.objects.first()
    opens = world.cycle.ratings_open_at
    assert ballot and opens
    with clock.travel(opens):
        cast_ballot(ballot=ballot, value=Decimal(90), arrived_at=opens)
    Refused(world)(lambda: cast_ballot(ballot=ballot, value=Decimal(10), arrived_at=opens))
    world.task(world.assessments[0], "recipient_rating").delete()
    Refused(world)(lambda: cast_ballot(ballot=ballot, value=Decimal(10), arrived_at=opens))
    assert Rating.objects.count() == 1


def test_objecting() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").published()
    publicity = Publicity.objects.get(board__track__code="district")
    mine, other = (one.sheet for one in world.assessments)
    signed = Signed(kind="person", name="示例", contact="19900000000")
    refused = Refused(world)

    def file(sheet: Any, arrived_at: Any = world.at) -> Callable[[], Any]:
        return lambda: file_objection(
            publicity=publicity, sheet=sheet, signed=signed, text="有异议", arrived_at=arrived_at
        )

    refused(file(other), "sheet")
    refused(file(mine, publicity.ends_at))
    with world.clock():
        objection = file(mine)()

    def decide(answer: str, by: User = world.office) -> Callable[[], None]:
        return lambda: decide_objection(objection=objection, decision=ObjectionDecision.DISMISSED, answer=answer, by=by)

    refused(decide(" "), "answer")
    refused(decide("不成立", files_for(a_person(Role.OFFICE), world)))
    with world.clock():
        decide("不成立")()
    refused(decide("不成立"))
    assert [one.step for one in world.assessments] == [Step.PUBLICITY] * 2
