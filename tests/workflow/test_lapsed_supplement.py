"""A supplement that nobody hands in: the unit goes on exactly as it was submitted (6.2, 6.3)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from audit import clock
from documents.models import Material, MaterialKind, RosterEntry, Submission
from documents.services.roster import replace_roster
from documents.services.submissions import sealed_body
from documents.services.tables import Row
from tests.support.world import World, a_cycle, fill
from workflow.services.acceptance import return_for_supplement
from workflow.services.self_evaluation import exclude_overdue, submit_assessment

pytestmark = pytest.mark.django_db


def returned() -> World:
    """A district whose materials were returned as a whole."""
    world = a_cycle().with_units(1).submitted()
    with world.clock():
        task = world.task(world.assessments[0], "acceptance")
        until = world.at + timedelta(days=3)
        return_for_supplement(task=task, by=world.reviewers["district"], why="补正", until=until)
    return world


def draft_over(world: World) -> None:
    """The filer changes everything, and hands nothing in."""
    sheet = world.assessments[0].sheet
    by = world.filers[sheet.pk]
    sheet.lines.filter(code="1.1").update(claimed=Decimal("0.5"), text="草稿")
    sheet.lines.filter(code="B1.1").update(claimed=Decimal(3))
    sheet.materials.update(removed_at=world.at)
    Material.objects.create(
        sheet=sheet, kind=MaterialKind.SUMMARY, file="new.pdf", name="new.pdf", size=1, sha256="f" * 64, uploaded_by=by
    )
    with world.clock():
        rows = [Row(number, ("科技志愿者", f"新人{number}", f"1391111{number:04d}")) for number in range(1, 4)]
        replace_roster(sheet=sheet, rows=rows, by=by)


def test_a_lapsed_supplement_leaves_nothing_of_the_draft() -> None:
    world = returned()
    sheet = world.assessments[0].sheet
    sealed = Submission.objects.get().body
    draft_over(world)
    assert sealed_body(sheet) != sealed
    task = world.task(world.assessments[0], "self_evaluation")
    assert task.due_at is not None
    with clock.travel(task.due_at):
        assert exclude_overdue(task=task)
    assert sealed_body(world.assessments[0].sheet) == sealed
    assert RosterEntry.every.filter(sheet=sheet).count() == RosterEntry.objects.filter(sheet=sheet).count() == 5


def test_a_supplement_that_is_handed_in_keeps_no_person_of_the_old_roster() -> None:
    world = returned()
    assessment = world.assessments[0]
    draft_over(world)
    assert RosterEntry.every.filter(sheet=assessment.sheet).count() == 8
    with world.clock():
        task = world.task(assessment, "self_evaluation")
        submit_assessment(task=task, by=world.filers[assessment.sheet_id], arrived_at=world.at)
    assert RosterEntry.every.filter(sheet=assessment.sheet).count() == 3
    assert len(Submission.objects.first().body["roster"]) == 3  # type: ignore[union-attr]  # it was just made


def test_a_seal_binds_the_people_of_the_roster() -> None:
    world = a_cycle().with_units(1).opened()
    sheet = world.assessments[0].sheet
    fill(sheet, world.filers[sheet.pk])
    before = sealed_body(sheet)["roster"]
    person = sheet.roster.all()[0]
    person.phone = "13900009999"
    person.save()
    assert sealed_body(sheet)["roster"] != before
