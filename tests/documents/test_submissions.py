"""What a submission lacks, what may raise a question, and the seal on what is handed in (R7, R8)."""

from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest

from documents.contents import Contents
from documents.models import Material, MaterialKind, RosterEntry, RosterWaiver, Submission
from documents.services.submissions import doubts_about, missing_for, seal_submission, sealed_body
from scoring.engine.scheme import scheme_sha256
from scoring.models import LineKind, ScoreSheet
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).filled()


def sheet_of(world: World) -> ScoreSheet:
    sheet: ScoreSheet = world.assessments[0].sheet
    return sheet


def missing(world: World) -> list[str]:
    return [str(words) for words in missing_for(Contents(sheet_of(world)))]


def test_a_filled_sheet_lacks_nothing(world: World) -> None:
    assert missing(world) == []


def test_unfilled_parts_are_named(world: World) -> None:
    sheet_of(world).lines.filter(code__in=["1.1", "2.1"]).update(claimed=None)
    (words,) = missing(world)
    assert "1.1、2.1" in words


def test_of_many_unfilled_parts_the_first_and_their_number_are_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.services.submissions.NAMED_AT_MOST", 2)
    sheet_of(world).lines.update(claimed=None)
    (words,) = missing(world)
    assert "1.1、1.2" in words
    assert "2.1" not in words
    assert "3" in words


def test_a_part_at_zero_is_filled_and_an_adjustment_may_stay_empty(world: World) -> None:
    sheet_of(world).lines.filter(kind=LineKind.PART).update(claimed=Decimal(0))
    assert missing(world) == []


def test_the_summary_is_required_the_signed_copy_is_not(world: World) -> None:
    Material.objects.update(removed_at=world.at)
    assert len(missing(world)) == 1


def test_a_society_owes_no_roster() -> None:
    world = a_cycle().with_units(1, "society").filled()
    assert missing(world) == []


@pytest.mark.parametrize(("people", "lacking"), [(0, True), (1, True), (2, True), (3, False), (5, False)])
def test_a_roster_has_as_many_people_as_are_drawn(world: World, people: int, lacking: bool) -> None:
    RosterEntry.objects.filter(position__gt=people).delete()
    assert bool(missing(world)) is lacking


@pytest.mark.parametrize(("people", "lacking"), [(0, True), (1, False)])
def test_the_office_can_waive_the_number_but_not_the_roster(world: World, people: int, lacking: bool) -> None:
    RosterEntry.objects.filter(position__gt=people).delete()
    RosterWaiver.objects.create(sheet=sheet_of(world), reason="辖区小", waived_by=world.office)
    assert bool(missing(world)) is lacking


def test_points_without_a_word_or_a_file_are_a_doubt(world: World) -> None:
    sheet = sheet_of(world)
    before = len(doubts_about(Contents(sheet)))
    sheet.lines.filter(code__in=["1.1", "1.2"]).update(text=" ")
    assert len(doubts_about(Contents(sheet))) == before + 1
    summary = Material.objects.get()
    fields: dict[str, Any] = {name: getattr(summary, name) for name in ("file", "name", "size", "sha256")}
    Material.objects.create(sheet=sheet, uploaded_by=world.office, kind=MaterialKind.EVIDENCE, code="1.1", **fields)
    (doubt,) = (str(doubt) for doubt in doubts_about(Contents(sheet)) if "1.2" in str(doubt))
    assert "1.1" not in doubt


def test_a_signed_copy_settles_its_doubt(world: World) -> None:
    sheet = sheet_of(world)
    assert len(doubts_about(Contents(sheet))) == 1
    Material.objects.filter(kind=MaterialKind.SUMMARY).update(kind=MaterialKind.SCORE_SHEET)
    assert doubts_about(Contents(sheet)) == []


def test_the_seal_can_be_redone_from_what_is_kept(world: World) -> None:
    sheet = sheet_of(world)
    sealed = seal_submission(contents=Contents(sheet), by=world.filers[sheet.pk], arrived_at=world.at)
    body = sealed.body | {"number": 1, "arrived_at": world.at.astimezone(UTC).isoformat()}
    assert sealed.sha256 == scheme_sha256(body)
    assert sealed.receipt == f"20261201-{sheet.pk:05d}-1-{sealed.sha256[:6].upper()}"
    assert str(sealed) == sealed.receipt


def test_the_seal_holds_no_personal_data(world: World) -> None:
    body = str(sealed_body(Contents(sheet_of(world))))
    person = sheet_of(world).roster.all()[0]
    assert person.opaque_id in body
    assert str(person) == person.opaque_id
    for secret in (person.name, person.phone, person.salt, person.fingerprint):
        assert secret not in body


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: sheet.lines.filter(code="1.1").update(claimed=Decimal("9.99")),
        lambda sheet: sheet.lines.filter(code="1.1").update(text="别的"),
        lambda sheet: sheet.materials.update(sha256="1" * 64),
        lambda sheet: sheet.roster.all()[0].delete(),
    ],
    ids=["points", "words", "a file", "the roster"],
)
def test_any_change_changes_the_seal(world: World, change: Any) -> None:
    sheet = sheet_of(world)
    before = scheme_sha256(sealed_body(Contents(sheet)))
    change(sheet)
    assert scheme_sha256(sealed_body(Contents(ScoreSheet.objects.get(pk=sheet.pk)))) != before


def test_a_second_submission_supersedes_and_the_first_stays(world: World) -> None:
    sheet = sheet_of(world)
    first, second = (
        seal_submission(
            contents=Contents(sheet), by=world.filers[sheet.pk], arrived_at=world.at + timedelta(hours=hours)
        )
        for hours in (0, 1)
    )
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 != second.sha256
    assert list(Submission.objects.all()) == [second, first]
