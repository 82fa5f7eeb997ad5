"""Opening and closing a cycle through the pages: what keeps it, what happens, and how many statements a unit costs."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from audit.verbs import Verb
from common import clock
from scoring.models import Cycle, Finding, Responsibility, Step
from scoring.queries.cycles import PLANNED
from tests.support.clients import browser_of
from tests.support.world import a_cycle
from workflow.filing.services.self_evaluation import exclude_overdue
from workflow.flow.models import Assessment
from workflow.office.services.opening import open_cycle, what_keeps_from_opening

pytestmark = pytest.mark.django_db
OPEN, CLOSE = "/cycles/2026/open/", "/cycles/2026/close/"


def test_the_page_says_how_many_begin_and_opens_when_asked() -> None:
    world = a_cycle().with_units(2).with_units(1, "society")
    client = browser_of(world.office)
    with world.clock():
        page = client.get(OPEN)
        assert [track.units for track in page.context["tracks"]] == [2, 1]
        assert Assessment.objects.count() == 0
        assert client.post(OPEN).headers["Location"] == "/cycles/2026/"
        assert client.post(OPEN).status_code == 302
        assert client.get(OPEN).status_code == 302
    assert Assessment.objects.count() == 3
    assert Event.objects.filter(verb=Verb.CYCLE_OPENED).count() == 1


def test_what_is_not_settled_keeps_the_cycle_from_opening() -> None:
    world = a_cycle()
    cycle = world.cycle
    Finding.objects.create(scheme=cycle.scheme, code="unread", severity="error", message="x")
    Finding.objects.create(scheme=cycle.scheme, code="numbering", severity="confirm", message="y")
    Responsibility.objects.filter(track__code="district", code="1.1").delete()
    cycle.tracks.filter(code="society").update(desk=None)
    cycle.deadline_at = None
    cycle.save()
    assert len(what_keeps_from_opening(cycle)) == 6
    page = browser_of(world.office).post(OPEN)
    assert page.status_code == 200
    assert len(page.context["keeps"]) == 6
    name = cycle.tracks.get(code="district").name
    assert any(f"{name}：1.1" in str(reason) for reason in page.context["keeps"]), "tracks are called by their names"
    cycle.refresh_from_db()
    assert cycle.opened_at is None


def test_dates_that_nobody_planned_are_kept_as_proposed() -> None:
    world = a_cycle().with_units(1)
    world.cycle.planned_steps.exclude(step=Step.APPROVAL).delete()
    Cycle.objects.update(ratings_open_at=None, ratings_close_at=None)
    kept = world.cycle.planned_steps.get().ends_on
    with world.clock():
        browser_of(world.office).post(OPEN)
    world.cycle.refresh_from_db()
    plan = {planned.step: planned for planned in world.cycle.planned_steps.all()}
    assert set(plan) == set(PLANNED)
    assert plan[Step.APPROVAL].ends_on == kept
    assert world.cycle.ratings_close_at == clock.end_of(plan[Step.DEPARTMENT_REVIEW].ends_on)
    assert world.task(world.assessments[0], "self_evaluation").due_at == world.cycle.deadline_at


def test_a_cycle_without_a_scheme_does_not_open() -> None:
    world = a_cycle()
    world.cycle.scheme.delete()
    world.cycle.refresh_from_db()
    assert len(what_keeps_from_opening(world.cycle)) == 1


def test_a_unit_costs_few_statements() -> None:
    spent = []
    world = a_cycle()
    for units in (2, 10):
        world.with_units(units)
        with transaction.atomic(), world.clock(), CaptureQueriesContext(connection) as asked:
            open_cycle(cycle=world.cycle, by=world.office)
            transaction.set_rollback(True)
        spent.append(len(asked))
    assert (spent[1] - spent[0]) / 10 <= 20


def test_a_cycle_closes_once_everything_has_ended() -> None:
    world = a_cycle().with_units(1).opened()
    client = browser_of(world.office)
    with world.clock():
        page = client.post(CLOSE)
        assert page.context["running"] == 1
    after = world.cycle.deadline_at
    with clock.travel(after):
        exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
        assert client.get(CLOSE).context["running"] == 0
        assert client.post(CLOSE).status_code == 302
        assert client.post(CLOSE).status_code == 302
    world.cycle.refresh_from_db()
    assert world.cycle.closed_at == after
    assert world.assessments[0].step == Step.EXCLUDED
    assert world.assessments[0].finished is not None
    assert Event.objects.filter(verb=Verb.CYCLE_CLOSED, subject="cycle:2026").count() == 1


def test_outsiders_open_and_close_nothing() -> None:
    world = a_cycle().with_units(1)
    for user in (world.supervisor, world.chief, *world.filers.values(), *world.reviewers.values()):
        for url in (OPEN, CLOSE):
            assert browser_of(user).get(url).status_code == 403
            assert browser_of(user).post(url).status_code == 403
    assert browser_of(world.office).get(CLOSE).status_code == 404
    assert browser_of(world.office).get(reverse("cycle-open", args=[1999])).status_code == 404
