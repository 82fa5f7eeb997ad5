"""Signing a board, who reads it, and how many queries its page takes."""

import hashlib
import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Unit, User
from audit.models import Event
from common.errors import DomainError
from scoring.models import ScoreSheet, Step
from tests.support.world import World, a_cycle, a_person
from workflow.board.models import Board, BoardLine
from workflow.board.services import digest_of, fill_grades, set_grades, sign_board, submit_board
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def a_board(count: int = 3) -> tuple[World, Board]:
    """A world whose districts wait for approval on a submitted board."""
    world = a_cycle().with_units(count).consolidated()
    with world.clock():
        return world, submit_board(track=world.cycle.tracks.get(code="district"), by=world.office)


def test_signing_asks_for_the_password_and_seals_what_was_seen() -> None:
    world, board = a_board()
    chief = signed_in(world.chief)
    with world.clock():
        fill_grades(board=board, grade="一等", by=world.chief)
        seen = digest_of(board)
        url = reverse("board-sign", args=[board.pk])
        assert chief.get(url, {"seen": seen}).context["seen"] == seen
        wrong = chief.post(url, {"seen": seen, "password": "guess"})
        assert "password" in wrong.context["form"].errors
        assert Board.objects.get().signed_at is None
        assert chief.post(url, {"seen": seen, "password": "secret"}).status_code == 302
        sealed = chief.get(reverse("board-sealed", args=[board.pk]))
    board.refresh_from_db()
    assert hashlib.sha256(sealed.content).hexdigest() == board.sha256 == seen
    assert len(json.loads(sealed.content)["lines"]) == 3
    assert {one.step for one in world.assessments} == {Step.PUBLICITY}
    assert Event.objects.filter(verb="assessment.approved").count() == 3
    assert Event.objects.filter(verb="board.signed").count() == 1


def test_a_list_that_changed_meanwhile_is_shown_again() -> None:
    world, board = a_board()
    chief = signed_in(world.chief)
    with world.clock():
        fill_grades(board=board, grade="一等", by=world.chief)
        seen = digest_of(board)
        line = board.lines.first()
        assert line is not None
        set_grades(board=board, grades={line.pk: "二等"}, by=world.office)
        url = reverse("board-sign", args=[board.pk])
        assert chief.get(url, {"seen": seen}).url == reverse("board", args=[board.pk])
        shown = chief.post(url, {"seen": seen, "password": "secret"})
    assert shown.status_code == 422 and shown.context["digest"] != seen
    assert Board.objects.get().signed_at is None


def test_no_signature_without_grades_or_on_stale_numbers() -> None:
    world, board = a_board()
    sheet = world.assessments[0].sheet
    with world.clock():
        with pytest.raises(DomainError):
            sign_board(board=board, seen=digest_of(board), by=world.chief)
        fill_grades(board=board, grade="一等", by=world.chief)
        with pytest.raises(DomainError):
            sign_board(board=board, seen=digest_of(board), by=world.office)
        sheet.barred = ["一等"]
        sheet.save()
        with pytest.raises(DomainError):
            sign_board(board=board, seen=digest_of(board), by=world.chief)


def test_who_reads_and_who_does_not() -> None:
    world, board = a_board(1)
    page = reverse("board", args=[board.pk])
    with world.clock():
        for reader in (world.office, world.chief, world.leaders[0], world.supervisor):
            assert signed_in(reader).get(page).status_code == 200
        for stranger in (next(iter(world.filers.values())), world.reviewers["district"]):
            assert signed_in(stranger).get(page).status_code == 403
        for other in (world.leaders[0], world.supervisor):
            assert not signed_in(other).get(page).context["may_edit"]
            assert signed_in(other).post(reverse("board-grades", args=[board.pk])).status_code == 403
        assert signed_in(world.office).get(reverse("board-sign", args=[board.pk])).status_code == 403
        assert signed_in(world.office).get(reverse("board-sealed", args=[board.pk])).status_code == 404


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_a_board_takes_the_same_queries_at_any_size(count: int, django_assert_max_num_queries: object) -> None:
    world = a_cycle().with_units(1).consolidated()
    track = world.assessments[0].sheet.track
    with world.clock():
        board = submit_board(track=track, by=world.office)
        sample = board.lines.get()
        _copies(sample, count - 1)
        client = signed_in(world.chief)
        with django_assert_max_num_queries(16):  # type: ignore[operator]  # pytest-django's fixture
            page = client.get(reverse("board", args=[board.pk]))
        assert len(page.context["rows"]) == count
        with django_assert_max_num_queries(12):  # type: ignore[operator]  # the same
            client.get(reverse("boards"))


def _copies(line: BoardLine, count: int) -> None:
    """More units on the same board, made at once."""
    sheet = line.sheet
    units = Unit.objects.bulk_create(Unit(code=f"copy{n}", name=f"副本{n}") for n in range(count))
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(cycle=sheet.cycle, track=sheet.track, unit=unit, unit_name=unit.name, total=sheet.total,
                   components=sheet.components) for unit in units
    )  # fmt: skip
    Assessment.objects.bulk_create(
        Assessment(sheet=one, step=Step.APPROVAL, flow_class=sheet.assessment.flow_class, status="NEW")
        for one in sheets
    )
    BoardLine.objects.bulk_create(
        BoardLine(board=line.board, sheet=one, rank=1, total=one.total, components=one.components) for one in sheets
    )


def test_a_person_of_the_office_sees_no_signature() -> None:
    world, board = a_board(1)
    other = a_person(Role.OFFICE)
    with world.clock():
        assert not signed_in(other).get(reverse("board", args=[board.pk])).context["may_sign"]
