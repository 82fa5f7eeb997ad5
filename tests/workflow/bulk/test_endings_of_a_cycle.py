"""Sign-off, publicity and circulation of many: noted at once, worked off in chunks; what follows waits for them."""

from collections.abc import Callable

import pytest

from documents.models import NoticeReceipt
from scoring.models import Step
from tests.support.clients import browser_of
from tests.support.traces import causes, refused
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades
from workflow.board.services.signing import sign_board
from workflow.board.services.submitting import submit_board
from workflow.bulk import services
from workflow.bulk.models import BulkKind, BulkRun
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks
from workflow.publicity.services.publicity import publish
from workflow.tasks import bulk

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_are_many(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From here on two units are many."""
    return lambda: monkeypatch.setattr(services, "AT_ONCE", 1)


def on_board(world: World) -> Board:
    """The board of what is consolidated, with a grade for all."""
    with world.clock():
        track = world.assessments[0].sheet.track
        board = submit_board(track=track, by=world.office)
        set_grades(board=board, grades={}, rest="一等", by=world.chief)
    return board


def steps(world: World) -> set[str]:
    return {assessment.step for assessment in world.assessments}


def test_what_was_signed_is_approved_in_chunks_and_nothing_overtakes_it(two_are_many: Callable[[], None]) -> None:
    world = a_cycle().with_units(2).consolidated()
    board = on_board(world)
    two_are_many()
    with world.clock():
        sign_board(board=board, seen=digest_of(board), by=world.chief)
        assert steps(world) == {Step.APPROVAL}
        refused(lambda: submit_board(track=board.track, by=world.office))
        refused(lambda: publish(board=board, count_first_day=False, by=world.office))
        bulk()
        assert steps(world) == {Step.PUBLICITY}
        publish(board=board, count_first_day=False, by=world.office)


def test_who_signed_many_is_led_to_the_page_that_tells_how_far_it_is(two_are_many: Callable[[], None]) -> None:
    world = a_cycle().with_units(2).consolidated()
    board = on_board(world)
    two_are_many()
    with world.clock():
        client = browser_of(world.chief)
        answer = client.post(f"/boards/{board.pk}/sign/", {"password": "secret", "seen": digest_of(board)})
        run = BulkRun.objects.get(kind=BulkKind.SIGN_OFF)
        assert answer.url == f"/many/{run.pk}/"
        assert client.get(answer.url).status_code == 200


def test_a_list_is_public_at_once_and_dates_and_letters_follow_in_chunks(two_are_many: Callable[[], None]) -> None:
    world = a_cycle().with_units(2).approved()
    two_are_many()
    with world.clock():
        publicity = publish(board=Board.objects.get(), count_first_day=False, by=world.office)
        assert publicity.sheets.count() == 2, "whoever reads it reads the whole"
        assert not Task.objects.filter(due_at=publicity.ends_at).exists()
        assert not causes("publicity:")
        bulk()
    assert open_tasks(Node.PUBLICITY).filter(due_at=publicity.ends_at, fires=True).count() == 2
    assert len(causes("publicity:")) == 2


def test_an_objection_that_was_upheld_before_its_turn_keeps_its_unit_out(two_are_many: Callable[[], None]) -> None:
    world = a_cycle().with_units(2).approved()
    two_are_many()
    with world.clock():
        publicity = publish(board=Board.objects.get(), count_first_day=False, by=world.office)
        gone = open_tasks(Node.PUBLICITY).earliest("pk")
        Task.objects.filter(pk=gone.pk).update(status="DONE", finished=world.at)
        bulk()
    assert Task.objects.filter(due_at=publicity.ends_at).count() == 1


def test_a_notice_is_sealed_at_once_circulated_and_sent_in_chunks(two_are_many: Callable[[], None]) -> None:
    world = a_cycle().with_units(2).to_circulate()
    two_are_many()
    with world.clock():
        world.issue()
        assert (steps(world), NoticeReceipt.objects.count()) == ({Step.CIRCULATION}, 0)
        refused(world.issue)
        bulk()
    assert (steps(world), NoticeReceipt.objects.count()) == ({Step.CIRCULATED}, 2)
    assert len(causes("notice:")) == 2
    assert not BulkRun.objects.filter(finished_at=None).exists()
