"""Incidents and consolidation under odd requests: wrong choices, missing reasons, what is confirmed already."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.models import Incident, Step
from tests.support.clients import messages_on
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.consolidation.services.consolidation import consolidate
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).accepted()


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def an_incident(**changes: Any) -> dict[str, Any]:
    document = SimpleUploadedFile("order.pdf", b"%PDF-1.4")
    return {"kind": "safety", "severity": "not_assessed", "reason": "事故", "document": document} | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "x"}, "kind"),
        ({"severity": "x"}, "severity"),
        ({"reason": " "}, "reason"),
        ({"document": ""}, "document"),
    ],
)
def test_an_incident_that_is_none_stays_as_typed(world: World, changes: dict[str, Any], field: str) -> None:
    page = office(world).post(f"/assessments/{world.assessments[0].pk}/incidents/", an_incident(**changes))
    assert list(page.context["form"].errors) == [field]
    assert not Incident.objects.exists()


def test_a_decision_is_taken_back_once_and_with_a_reason(world: World) -> None:
    path = f"/assessments/{world.assessments[0].pk}/incidents/"
    choice = office(world).get(path).context["form"].fields["severity"].choices[0][0]
    assert office(world).post(path, an_incident(severity=choice)).url == path
    row = Incident.objects.get()
    for why in ("", "查明属实有误", "再来"):
        answer = office(world).post(f"/incidents/{row.pk}/withdraw/", {"why": why})
        assert answer.url == path
        assert messages_on(answer)
    row.refresh_from_db()
    assert row.withdrawn_why == "查明属实有误"


@pytest.fixture
def rated() -> World:
    return a_cycle().with_units(2).rated()


def test_what_is_confirmed_is_named_first(rated: World) -> None:
    keys = [task.pk for task in open_tasks(Node.CONSOLIDATION)]
    page = office(rated).post("/consolidation/confirm/", {"ids": keys})
    assert len(page.context["items"]) == 2
    answer = office(rated).post("/consolidation/confirm/", {"ids": keys, "confirmed": "1"})
    assert answer.url == "/consolidation/"
    assert {assessment.step for assessment in rated.assessments} == {Step.APPROVAL}
    again = office(rated).post("/consolidation/confirm/", {"ids": keys, "confirmed": "1"})
    assert len(messages_on(again)) == 1, "none of them waits any more"


def test_a_unit_that_was_confirmed_meanwhile_is_not_found(rated: World) -> None:
    assessment = rated.assessments[0]
    with rated.clock():
        consolidate(task=rated.task(assessment, Node.CONSOLIDATION), by=rated.office)
    assert office(rated).get(f"/consolidation/{assessment.pk}/").status_code == 404
    assert office(rated).post(f"/consolidation/{assessment.pk}/", {"reopen": "1"}).status_code == 404


def test_without_an_incident_nobody_is_left_out(rated: World) -> None:
    assessment = rated.assessments[0]
    answer = office(rated).post(f"/consolidation/{assessment.pk}/", {"not_assessed": "1"})
    assert answer.status_code == 200
    assert messages_on(answer)
    assert rated.assessments[0].step == Step.CONSOLIDATION


@pytest.mark.parametrize("missing", ["departments", "why", "until"])
def test_a_reopening_with_something_left_out_reopens_nothing(rated: World, missing: str) -> None:
    desk = rated.desks["district"]
    data = {
        "reopen": "1",
        "departments": [str(desk and desk.pk)],
        "why": "请复核",
        "until": "2027-12-31",
        "parts": ["1.1"],
    }
    data.pop(missing)
    page = office(rated).post(f"/consolidation/{rated.assessments[0].pk}/", data)
    assert list(page.context["form"].errors) == [missing]
    assert rated.assessments[0].step == Step.CONSOLIDATION


def test_the_sum_on_the_page_can_be_redone(rated: World) -> None:
    page = office(rated).get(f"/consolidation/{rated.assessments[0].pk}/")
    assert page.context["explain"]
    assert {line.line.code for line in page.context["lines"]} == {"1.1", "1.2", "2.1"}
    assert page.context["deduction_bars"] == ()
