"""The signature by its page: the password once more, bound to the list that was seen, then sealed."""

import hashlib
import json

import pytest

from accounts.models import Membership, Role
from tests.support.pages import Visitor
from tests.support.world import World
from tests.workflow.board.made import a_board, lines_of
from workflow.board.models import Board
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades

pytestmark = pytest.mark.django_db


def graded() -> tuple[World, Board]:
    """A world whose units stand on a board, all with a grade."""
    world, board = a_board()
    with world.clock():
        set_grades(board=board, grades={}, rest="一等", by=world.chief)
    return world, board


def test_signing_asks_for_the_password_and_seals_what_was_seen() -> None:
    world, board = graded()
    chief, path, seen = Visitor(world, world.chief), f"/boards/{board.pk}/sign/", digest_of(board)
    assert chief.get(path).context["seen"] == chief.get(path, data={"seen": seen}).context["seen"] == seen
    for password in ("", "wrong"):
        page = chief.post(path, {"seen": seen, "password": password})
        assert list(page.context["form"].errors) == ["password"]
    assert chief.post(path, {"seen": seen, "password": "secret"}).url == f"/boards/{board.pk}/"
    board.refresh_from_db()
    sealed = chief.get(f"/boards/{board.pk}/sealed.json").content
    assert hashlib.sha256(sealed).hexdigest() == board.sha256 == seen
    assert (board.signed_by, len(json.loads(sealed)["lines"])) == (world.chief, 2)


def test_a_list_that_changed_meanwhile_is_shown_again() -> None:
    world, board = graded()
    chief, path, seen = Visitor(world, world.chief), f"/boards/{board.pk}/sign/", digest_of(board)
    with world.clock():
        set_grades(board=board, grades={lines_of(board)[0].pk: "二等"}, by=world.office)
    assert chief.get(path, data={"seen": seen}).url == f"/boards/{board.pk}/"
    page = chief.post(path, {"seen": seen, "password": "secret"})
    assert (page.status_code, page.context["digest"] != seen) == (422, True)
    assert Board.objects.get().signed_at is None


def test_only_a_signed_board_has_a_sealed_file() -> None:
    world, board = a_board(1)
    assert Visitor(world, world.office).get(f"/boards/{board.pk}/sealed.json").status_code == 404


def test_the_office_signs_nothing() -> None:
    world, board = a_board(1)
    office = Visitor(world, world.office)
    assert not office.get(f"/boards/{board.pk}/").context["may_sign"]
    assert office.get(f"/boards/{board.pk}/sign/").status_code == 403


def test_whoever_submitted_a_list_is_not_asked_to_sign_it() -> None:
    world, board = graded()
    Membership.objects.create(user=world.office, role=Role.CHIEF, since=world.at)
    both = Visitor(world, world.office)
    assert not both.get(f"/boards/{board.pk}/").context["may_sign"]
    assert both.get(f"/boards/{board.pk}/sign/").url == f"/boards/{board.pk}/"
    assert f"/boards/{board.pk}/" not in both.get("/").content.decode()
