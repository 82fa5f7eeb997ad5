"""Incidents: decided by the office with a document, until the result is confirmed (R10)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Event
from scoring.models import Incident, Step
from scoring.services.results import score_of
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db


def page_of(world: World) -> str:
    return reverse("incidents", args=[world.assessments[0].pk])


def a_decision(**changes: Any) -> dict[str, Any]:
    document = SimpleUploadedFile("决定.pdf", b"%PDF-1.4 decision")
    return {"kind": "safety", "severity": "first_two", "reason": "较大安全事故", "document": document} | changes


@pytest.mark.parametrize(
    ("severity", "barred", "not_assessed"),
    [("first", ("特等",), False), ("first_two", ("特等", "一等"), False), ("not_assessed", (), True)],
)
def test_severity_bars_by_the_grades_of_the_scheme(severity: str, barred: tuple[str, ...], not_assessed: bool) -> None:
    world = a_cycle().with_units(1).opened()
    answer = Visitor(world, world.office).post(page_of(world), a_decision(severity=severity))
    score = score_of(world.assessments[0].sheet)
    assert answer.status_code == 302
    assert (score.barred, score.not_assessed) == (barred, not_assessed)
    event = Event.objects.get(verb="incident.decided")
    assert (event.why, event.actor) == ("较大安全事故", world.office)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"severity": "x"}, "severity"),
        ({"reason": " "}, "reason"),
        ({"document": ""}, "document"),
    ],
)
def test_an_incident_that_is_none_stays_as_typed(changes: dict[str, Any], field: str) -> None:
    world = a_cycle().with_units(1).opened()
    page = Visitor(world, world.office).post(page_of(world), a_decision(**changes))
    assert list(page.context["form"].errors) == [field]
    assert not Incident.objects.exists()


def test_a_track_without_the_rule_has_no_incidents() -> None:
    world = a_cycle().with_units(1, "society").opened()
    office = Visitor(world, world.office)
    assert office.get(page_of(world)).context["applies"] is False
    office.post(page_of(world), a_decision())
    assert not Incident.objects.exists()


def test_a_withdrawn_decision_bars_nothing_and_stays_with_the_reason() -> None:
    world = a_cycle().with_units(1).opened()
    office = Visitor(world, world.office)
    office.post(page_of(world), a_decision())
    withdraw = reverse("incident-withdraw", args=[Incident.objects.get().pk])
    office.post(withdraw, {"why": ""})
    assert score_of(world.assessments[0].sheet).barred == ("特等", "一等")
    for why in ("复议撤销", "再来"):
        office.post(withdraw, {"why": why})
    assert "复议撤销" in office.get(page_of(world)).content.decode()
    assert score_of(world.assessments[0].sheet).barred == ()
    assert Event.objects.filter(verb="incident.withdrawn", why="复议撤销").count() == 1


def test_after_confirmation_nothing_is_decided_any_more() -> None:
    world = a_cycle().with_units(1).reviewed()
    office = Visitor(world, world.office)
    office.post(page_of(world), a_decision())
    incident = Incident.objects.get()
    Assessment.objects.update(step=Step.APPROVAL)
    office.post(page_of(world), a_decision())
    office.post(reverse("incident-withdraw", args=[incident.pk]), {"why": "x"})
    assert office.get(page_of(world)).context["confirmed"] is True
    incident.refresh_from_db()
    assert Incident.objects.count() == 1
    assert incident.withdrawn_at is None


def test_the_document_is_for_those_who_read_the_cycle() -> None:
    world = a_cycle().with_units(1).opened()
    Visitor(world, world.office).post(page_of(world), a_decision())
    address = reverse("incident-document", args=[Incident.objects.get().pk])
    read = Visitor(world, world.supervisor).get(address)
    assert b"".join(read.streaming_content) == b"%PDF-1.4 decision"
    for person in (world.reviewers["district"], world.filers[world.assessments[0].sheet_id]):
        assert Visitor(world, person).get(address).status_code == 403
        assert Visitor(world, person).get(page_of(world)).status_code == 403
