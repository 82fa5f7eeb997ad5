"""A supplement that nobody hands in: the unit goes on exactly as it was submitted (6.2, 6.3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.tables.heads import TableRow
from documents.contents import Contents
from documents.models import Material, MaterialKind, RosterEntry, Submission, UnsubmittedDraft
from documents.queries import changes_of
from documents.services.roster import replace_roster
from documents.services.submissions import sealed_body
from scoring.engine.draw import commitment
from tests.support.filing import returned
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.single import exclude_overdue
from tests.support.traces import told
from tests.support.world import World, a_cycle, fill
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Node

pytestmark = pytest.mark.django_db


def sent_back() -> World:
    """A district whose materials were returned as a whole."""
    world = a_cycle().with_units(1).submitted()
    returned(world, until=world.at + timedelta(days=3))
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
        rows = [TableRow(number, ("科技志愿者", f"新人{number}", f"1391111{number:04d}")) for number in range(1, 4)]
        replace_roster(sheet=sheet, rows=rows, by=by)


def test_a_lapsed_supplement_leaves_nothing_of_the_draft() -> None:
    world = sent_back()
    sheet = world.assessments[0].sheet
    sealed = Submission.objects.get().body
    draft_over(world)
    assert sealed_body(Contents(sheet)) != sealed
    lapse(world)
    assert sealed_body(Contents(world.assessments[0].sheet)) == sealed
    assert RosterEntry.every.filter(sheet=sheet).count() == RosterEntry.objects.filter(sheet=sheet).count() == 5


def lapse(world: World) -> None:
    task = world.task(world.assessments[0], Node.SELF_EVALUATION)
    assert task.due_at is not None
    with clock.travel(task.due_at):
        assert exclude_overdue(task=task)


def test_what_was_typed_and_not_handed_in_is_kept_beside_the_sheet_without_its_people() -> None:
    world = sent_back()
    sheet = world.assessments[0].sheet
    draft_over(world)
    typed = sealed_body(Contents(sheet))
    lapse(world)
    draft = sheet.drafts.get()
    changes = changes_of(draft)
    assert (draft.body, draft.submission) == (typed, Submission.objects.get())
    assert [(line.code, line.claimed_before, line.claimed, line.text) for line in changes.lines] == [
        ("1.1", "10.00", "0.50", "草稿"),
        ("B1.1", None, "3.00", ""),
    ]
    assert ([material.name for material in changes.added], changes.left_out, changes.people) == (
        ["new.pdf"],
        ("summary.pdf",),
        3,
    )


def test_what_points_came_from_and_were_to_come_from_stands_beside_the_draft() -> None:
    world = sent_back()
    let_parts_be_of_every_kind(world)
    sheet = world.assessments[0].sheet
    sheet.lines.filter(code="1.1").update(basis={"level": "1.1.2"})
    lapse(world)
    [line] = changes_of(sheet.drafts.get()).lines
    assert (line.basis_before, line.basis) == ("", "1.1.2 省级；应得25分")


def test_the_unit_and_its_desk_are_told_what_became_of_the_supplement() -> None:
    world = sent_back()
    draft_over(world)
    lapse(world)
    assert told("lapsed:") == {world.filers[world.assessments[0].sheet_id], world.reviewers["district"]}


def test_a_supplement_in_which_nothing_was_changed_leaves_no_draft_but_is_told() -> None:
    world = sent_back()
    lapse(world)
    assert not UnsubmittedDraft.objects.exists()
    assert len(told("lapsed:")) == 2


def test_nobody_of_a_roster_that_stands_is_decrypted_under_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    world = sent_back()
    world.assessments[0].sheet.lines.filter(code="1.1").update(text="草稿")
    monkeypatch.setattr("common.encryption.EncryptedTextField.from_db_value", None)
    lapse(world)
    assert changes_of(UnsubmittedDraft.objects.get()).people is None


def test_the_draft_stands_on_the_page_for_those_who_typed_it_and_who_oversee_not_for_the_desk() -> None:
    world = sent_back()
    assessment = world.assessments[0]
    draft_over(world)
    lapse(world)
    file = Material.objects.get(name="new.pdf")
    seen = {}
    for name, person in {
        "unit": world.filers[assessment.sheet_id],
        "office": world.office,
        "desk": world.reviewers["district"],
    }.items():
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        with world.clock():
            page = client.get(reverse("assessment", args=[assessment.pk])).content.decode()
        seen[name] = ("草稿" in page, reverse("material", args=[file.pk]) in page)
    assert seen == {"unit": (True, True), "office": (True, True), "desk": (False, False)}


def test_a_supplement_that_is_handed_in_keeps_no_person_of_the_old_roster() -> None:
    world = sent_back()
    assessment = world.assessments[0]
    draft_over(world)
    assert RosterEntry.every.filter(sheet=assessment.sheet).count() == 8
    with world.clock():
        task = world.task(assessment, Node.SELF_EVALUATION)
        submit_assessment(task=task, by=world.filers[assessment.sheet_id], arrived_at=world.at)
    assert RosterEntry.every.filter(sheet=assessment.sheet).count() == 3
    assert len(Submission.objects.first().body["roster"]) == 3  # type: ignore[union-attr]  # it was just made


def test_a_seal_binds_the_people_of_the_roster() -> None:
    world = a_cycle().with_units(1).opened()
    sheet = world.assessments[0].sheet
    fill(sheet, world.filers[sheet.pk])
    (sealed, *_others) = sealed_body(Contents(sheet))["roster"]
    person = sheet.roster.get(opaque_id=sealed[0])
    assert sealed[1] == commitment(person.name, person.phone, bytes.fromhex(person.salt))
    assert sealed[1] != commitment(person.name, "13900009999", bytes.fromhex(person.salt)), "nobody can be exchanged"
