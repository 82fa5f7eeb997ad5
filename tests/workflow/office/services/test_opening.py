"""Opening a cycle: what keeps it, what is kept as it opens, and how many statements a unit costs."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actors import actor_of
from accounts.models import Role
from accounts.rules import is_office
from common import clock
from common.language import in_house_language
from scoring.models import Cycle, Finding, Responsibility, Step
from scoring.queries.cycles import PLANNED
from tests.support.clients import browser_of
from tests.support.world import a_cycle, a_person
from workflow.bulk import services as bulk
from workflow.bulk.models import BulkRun
from workflow.bulk.queries import refused_of
from workflow.bulk.services import work_off
from workflow.office.services.opening import open_cycle, what_keeps_from_opening

pytestmark = pytest.mark.django_db
OPEN = "/cycles/2026/open/"


@pytest.mark.both
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


def test_a_cycle_that_is_open_is_opened_no_second_time() -> None:
    world = a_cycle().with_units(2).opened()
    begun = [assessment.pk for assessment in world.assessments]
    with world.clock():
        open_cycle(cycle=world.cycle, by=world.office)
    assert [assessment.pk for assessment in world.assessments] == begun


def test_whoever_has_left_the_office_opens_no_more_and_a_colleague_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(3)
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    with world.clock():
        run = BulkRun.objects.get(pk=open_cycle(cycle=world.cycle, by=world.office).pk)  # left to the workers
        world.office.memberships.update(until=world.at)
        colleague = a_person(Role.OFFICE)
        assert work_off(run)
        with in_house_language():
            assert [item.why for item in refused_of(run)] == [is_office.refusal(actor_of(world.office), None)] * 3
        work_off(open_cycle(cycle=world.cycle, by=colleague))
    assert len(world.assessments) == 3


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
