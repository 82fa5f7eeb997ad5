"""When the deadline has passed: clear words on every page, nothing taken, and nothing that was typed is lost (R6)."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import DomainError
from common.front import ARRIVED
from documents.models import Material, RosterEntry, Submission
from scoring.models import Step
from tests.support.clients import messages_on
from tests.support.filing import returned
from tests.support.pages import Visitor
from tests.support.single import exclude_overdue
from tests.support.world import World, a_cycle
from workflow.filing.queries.own import why_closed
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Assessment, Node

pytestmark = pytest.mark.django_db


def first(world: World) -> Assessment:
    return world.assessments[0]


def filer(world: World) -> Visitor:
    return Visitor(world, world.filers[first(world).sheet_id])


def path(world: World, more: str = "") -> str:
    return f"/self-evaluation/{first(world).pk}/{more}"


def excluded() -> World:
    """A unit that had filled everything in, but did not hand it in."""
    world = a_cycle().with_units(1).filled()
    world.at = world.deadline
    with world.clock():
        assert exclude_overdue(task=world.task(first(world), Node.SELF_EVALUATION))
    return world


def lapsed() -> World:
    """A unit whose materials were returned, and that did not supplement them in time."""
    world = a_cycle().with_units(1).submitted()
    until = world.at + timedelta(days=2)
    returned(world, until=until)
    world.at = until
    with world.clock():
        assert exclude_overdue(task=world.task(first(world), Node.SELF_EVALUATION))
    return world


@pytest.mark.parametrize("more", ["", "check/", "materials/", "roster/"])
def test_an_excluded_unit_is_told_so_on_every_page_and_never_that_it_handed_in(more: str) -> None:
    world = excluded()
    page = filer(world).get(path(world, more))
    assert page.status_code == 200
    assert "不参加本次考核" in page.content.decode()
    assert why_closed(Assessment(step=Step.ACCEPTANCE)) not in page.content.decode()


@pytest.mark.parametrize(("waited", "step"), [(5, Step.ACCEPTANCE), (1, Step.SELF_EVALUATION)])
def test_what_was_sent_in_time_counts_however_long_it_waited_for_a_thread(waited: int, step: Step) -> None:
    world = a_cycle().with_units(1).filled()
    world.at = world.deadline + timedelta(seconds=3)
    filer(world).post(path(world, "check/"), **{ARRIVED: time.monotonic() - waited})
    assert Assessment.objects.get(pk=first(world).pk).step == step


def test_the_words_differ_for_the_excluded_and_for_those_who_handed_in() -> None:
    assert why_closed(first(excluded())) != why_closed(Assessment(step=Step.ACCEPTANCE))


def test_a_plain_form_that_comes_too_late_saves_nothing_and_keeps_every_word_on_the_page() -> None:
    world = excluded()
    page = filer(world).post(path(world), {"claimed-1.1": "33", "text-1.1": "写了一晚上"})
    shown = page.content.decode()
    assert page.context["problem"] == why_closed(first(world))
    assert 'value="33"' in shown
    assert "写了一晚上" in shown
    line = first(world).sheet.lines.get(code="1.1")
    assert (line.claimed, line.text == "写了一晚上") == (10, False)


def test_a_roster_that_comes_too_late_is_told_and_its_text_kept() -> None:
    world = excluded()
    before = RosterEntry.objects.count()
    page = filer(world).post(path(world, "roster/"), {"rows": "科技志愿者,王五,13911112222"})
    assert why_closed(first(world)) in page.context["form"].non_field_errors()
    assert "科技志愿者,王五,13911112222" in page.content.decode()
    assert RosterEntry.objects.count() == before


def test_a_file_that_comes_too_late_is_refused_and_none_is_removed() -> None:
    world = excluded()
    kept = Material.objects.get()
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    page = filer(world).post(path(world, "materials/"), {"kind": "summary", "file": file})
    assert why_closed(first(world)) in page.context["form"].non_field_errors()
    answer = filer(world).post(path(world, f"materials/{kept.pk}/remove/"))
    assert messages_on(answer) == [why_closed(first(world))]
    assert list(Material.objects.filter(removed_at=None)) == [kept]


def test_an_excluded_unit_cannot_hand_in_any_more() -> None:
    world = excluded()
    page = filer(world).post(path(world, "check/"))
    assert page.status_code == 200
    assert page.context["problem"]
    assert not Submission.objects.exists()
    assert first(world).step == Step.EXCLUDED


def test_a_supplement_that_lapsed_is_not_answered_with_the_receipt_of_what_was_handed_in_before() -> None:
    world = lapsed()
    page = filer(world).post(path(world, "check/"))
    assert page.status_code == 200
    assert page.context["problem"]
    assert Submission.objects.count() == 1


def test_a_click_that_waited_for_the_sweep_is_told_the_truth() -> None:
    world = lapsed()
    ended = first(world).task_set.filter(outcome__kind="lapsed").get()
    with world.clock(), pytest.raises(DomainError):
        submit_assessment(task=ended, by=world.filers[first(world).sheet_id], arrived_at=world.at)


def test_a_task_that_was_dealt_with_otherwise_before_its_deadline_takes_nothing() -> None:
    world = a_cycle().with_units(1).submitted()
    waiting = world.task(first(world), Node.ACCEPTANCE)
    returned(world)
    with world.clock(), pytest.raises(DomainError):
        submit_assessment(task=waiting, by=world.filers[first(world).sheet_id], arrived_at=world.at)


@pytest.mark.parametrize("more", ["save/", "check/", "materials/", "roster/"])
def test_before_any_task_was_made_nothing_is_taken(more: str) -> None:
    world = a_cycle().with_units(1).opened()
    first(world).task_set.filter(role="filer").delete()
    answer: Any = filer(world).post(path(world, more), {"rows": "科技志愿者,王五,13911112222"})
    assert answer.status_code in (200, 422)
    assert not Submission.objects.exists()
    assert not RosterEntry.objects.exists()
