"""Objections at the office's desk: who sees the person, how each is decided, and what an instant decides."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from audit.models import Event
from common import clock
from common.errors import DomainError
from outbox.models import Message
from scoring.models import Step
from tests.support.world import START, World, a_cycle
from workflow.consolidation.services.consolidation import consolidate
from workflow.publicity.models import Objection, ObjectionDecision, Publicity
from workflow.publicity.services.objections import Signed, decide_objection, file_objection

pytestmark = pytest.mark.django_db
PERSON = Signed(kind="person", name="样例姓名", contact="13900000000", workplace="某单位")


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def object_to(world: World, number: int = 0) -> Objection:
    """An objection to the unit of that number, filed now."""
    with world.clock():
        return file_objection(
            publicity=Publicity.objects.get(), sheet=world.assessments[number].sheet, signed=PERSON,
            text="得分与事实不符，请核实。", arrived_at=clock.now(),
        )  # fmt: skip


def test_it_is_received_with_a_number_and_the_office_is_told() -> None:
    world = a_cycle().with_units(1).published()
    objection = object_to(world)
    assert objection.receipt.startswith(f"{world.at.astimezone(clock.BEIJING):%Y%m%d}-")
    assert Message.objects.filter(cause=f"objection:{objection.pk}:{world.office.pk}").exists()
    event = Event.objects.get(verb="objection.filed")
    assert event.actor is None and "样例" not in str(event.data)


def test_personal_data_is_encrypted_at_rest() -> None:
    world = a_cycle().with_units(1).published()
    object_to(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact, workplace FROM workflow_objection")
        stored = "".join(cursor.fetchone())
    assert not any(word in stored for word in ("样例", "139", "单位"))


def test_the_instant_of_arrival_decides() -> None:
    world = a_cycle().with_units(1).published()
    publicity, sheet = Publicity.objects.get(), world.assessments[0].sheet
    with clock.travel(publicity.ends_at + timedelta(seconds=10)):
        with pytest.raises(DomainError):
            file_objection(publicity=publicity, sheet=sheet, signed=PERSON, text="迟", arrived_at=publicity.ends_at)
        in_time = publicity.ends_at - timedelta(milliseconds=1)
        file_objection(publicity=publicity, sheet=sheet, signed=PERSON, text="及时", arrived_at=in_time)
    assert Objection.objects.get().filed_at == in_time


def test_a_unit_of_another_publicity_is_refused() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").published()
    first = Publicity.objects.get(board__track__code="district")
    other = next(one.sheet for one in world.assessments if one.sheet.track.code == "society")
    with world.clock(), pytest.raises(DomainError) as caught:
        file_objection(publicity=first, sheet=other, signed=PERSON, text="错", arrived_at=clock.now())
    assert caught.value.field == "sheet"


def test_only_the_office_sees_who_objects() -> None:
    world = a_cycle().with_units(1).published()
    url = reverse("objection", args=[object_to(world).pk])
    with world.clock():
        assert "样例姓名" in signed_in(world.office).get(url).content.decode()
        for reader in (world.chief, world.supervisor):
            page = signed_in(reader).get(url)
            assert page.status_code == 200 and "样例姓名" not in page.content.decode()
        assert signed_in(world.reviewers["district"]).get(url).status_code == 403


@pytest.mark.parametrize(
    ("decision", "step"),
    [("refused", Step.PUBLICITY), ("dismissed", Step.PUBLICITY), ("upheld", Step.CONSOLIDATION)],
)
def test_the_office_decides_once(decision: str, step: Step) -> None:
    world = a_cycle().with_units(2).published()
    objection = object_to(world)
    office, url = signed_in(world.office), reverse("objection", args=[objection.pk])
    with world.clock():
        assert "answer" in office.post(url, {"decision": decision, "answer": ""}).context["form"].errors
        assert office.post(url, {"decision": decision, "answer": "经核实"}).status_code == 302
        again = office.post(url, {"decision": decision, "answer": "又一次"})
    assert again.status_code == 200 and again.context["form"].errors
    objection.refresh_from_db()
    assert (objection.decision, objection.answer, objection.decided_by) == (decision, "经核实", world.office)
    assert [one.step for one in world.assessments] == [step, Step.PUBLICITY]
    assert Event.objects.filter(verb="objection.decided").exists()


def test_a_second_objection_can_be_decided_after_the_first_was_upheld() -> None:
    world = a_cycle().with_units(1).published()
    first, second, third = (object_to(world) for _ in range(3))
    with world.clock():
        decide_objection(objection=first, decision=ObjectionDecision.UPHELD, answer="属实", by=world.office)
        decide_objection(objection=second, decision=ObjectionDecision.UPHELD, answer="属实", by=world.office)
        consolidate(task=world.task(world.assessments[0], "consolidation"), by=world.office)
        with pytest.raises(DomainError):
            decide_objection(objection=third, decision=ObjectionDecision.UPHELD, answer="属实", by=world.office)
        decide_objection(objection=third, decision=ObjectionDecision.DISMISSED, answer="不成立", by=world.office)
    assert world.assessments[0].step == Step.APPROVAL


def test_nobody_decides_on_their_own_unit_and_only_the_office_decides() -> None:
    world = a_cycle().with_units(1).published()
    objection = object_to(world)
    with world.clock():
        posted = signed_in(world.chief).post(
            reverse("objection", args=[objection.pk]), {"decision": "dismissed", "answer": "不成立"}
        )
        assert posted.status_code == 200
        Membership.objects.create(user=world.office, role=Role.FILER, unit=objection.sheet.unit, since=START)
        with pytest.raises(DomainError):
            decide_objection(
                objection=objection, decision=ObjectionDecision.DISMISSED, answer="不成立", by=world.office
            )
    objection.refresh_from_db()
    assert objection.decision == ""
