"""A veto of the scheme is decided by the office like an incident, and overrules the points until it is taken back."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from audit.models import Event
from common.errors import DomainError
from scoring.models import IncidentKind, Scheme, ScoreSheet
from scoring.services.results import score_of
from scoring.wording import say_consequence
from tests.support.schemes import put_rules
from tests.support.single import keep_incident
from tests.support.world import World, a_cycle
from workflow.board.queries.boards import reasons_for_bars
from workflow.consolidation.forms import IncidentForm
from workflow.consolidation.services.incidents import Consequence, Decision, take_back_incident

pytestmark = pytest.mark.django_db

VETOES = [
    {"code": "V1", "text": "弄虚作假", "effect": "zero"},
    {"code": "V2", "text": "受到处分", "effect": "bars", "grades": ["特等"]},
]


@pytest.fixture
def opened() -> World:
    return a_cycle().with_units(1).opened()


def vetoed(opened: World, *, general: bool = True) -> ScoreSheet:
    """A sheet of a scheme with vetoes, with or without the general rule on incidents."""
    scheme = Scheme.objects.get(cycle=opened.cycle)
    for track in scheme.body["tracks"]:
        track.update(vetoes=VETOES, incident_rule=general)
    put_rules(scheme, scheme.body)
    return ScoreSheet.objects.select_related("cycle__scheme", "track", "unit").get(pk=opened.assessments[0].sheet_id)


def decision(veto: str = "", consequence: Consequence | None = None) -> Decision:
    document: Any = ContentFile(b"%PDF-1.4 made up", name="决定.pdf")
    return Decision(kind=IncidentKind.SAFETY, consequence=consequence, veto=veto, reason="查实", document=document)


def test_a_veto_overrules_the_points_until_it_is_taken_back(opened: World) -> None:
    sheet = vetoed(opened)
    incident = keep_incident(sheet=sheet, decision=decision("V1"), by=opened.office)
    assert score_of(sheet).total == 0
    event = Event.objects.get(verb="incident.decided")
    assert (event.why, event.data["veto"]) == ("查实", "V1")
    take_back_incident(incident=incident, why="查无实据", by=opened.office)
    assert score_of(sheet).total != 0


def test_a_veto_bars_the_grades_that_it_names(opened: World) -> None:
    sheet = vetoed(opened)
    assert keep_incident(sheet=sheet, decision=decision("V2"), by=opened.office).bars == ["特等"]
    assert score_of(sheet).barred == ("特等",)


@pytest.mark.parametrize("asked", [decision("V9"), decision(), decision(consequence=Consequence.FIRST)])
def test_what_the_scheme_does_not_say_is_refused(opened: World, asked: Decision) -> None:
    with pytest.raises(DomainError):
        keep_incident(sheet=vetoed(opened, general=False), decision=asked, by=opened.office)


def test_the_form_offers_the_vetoes_and_the_general_rule_only_where_it_applies(opened: World) -> None:
    offered = [code for code, _label in IncidentForm(vetoed(opened, general=False)).fields["severity"].choices]  # type: ignore[attr-defined]  # a choice field
    assert offered == ["V1", "V2"]
    sheet = vetoed(opened)
    files = {"document": ContentFile(b"%PDF-1.4", name="a.pdf")}
    form = IncidentForm(sheet, {"kind": "safety", "severity": "V1", "reason": "查实"}, files)
    assert form.is_valid(), form.errors
    assert (form.decision.veto, form.decision.consequence) == ("V1", None)


def test_what_follows_is_said_where_decisions_stand(opened: World) -> None:
    sheet = vetoed(opened)
    for asked in (decision("V1"), decision("V2"), decision(consequence=Consequence.FIRST_TWO)):
        keep_incident(sheet=sheet, decision=asked, by=opened.office)
    told = [say_consequence(incident, sheet.rules) for incident in sheet.incidents.order_by("pk")]
    assert told == ["一票否决 V1“弄虚作假”：总分计 0 分", "一票否决 V2“受到处分”：不得评为特等", "不能评特等、一等"]
    assert sorted(reasons_for_bars(sheet, sheet.rules)) == [*told[:2], "有事法则：不能评特等、一等。"]
