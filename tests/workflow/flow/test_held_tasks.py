"""No task waits for a person who is gone, and no result for a person who typed first."""

from datetime import timedelta

import pytest

from accounts.actors import actor_of
from accounts.models import Membership, Role, User
from outbox.models import Message
from scoring.models import Step
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, a_person, review
from workflow.board.services.signing import return_lines
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import reopen_review
from workflow.filing.services.acceptance import accept
from workflow.flow.models import Task
from workflow.flow.queries.visibility import is_held, tasks_for
from workflow.inbox.services import claim
from workflow.review.services.review import approve_review, hand_back_review, propose_review

pytestmark = pytest.mark.django_db


def held() -> tuple[World, Task, User]:
    """An acceptance that the desk's reviewer holds, and a colleague."""
    world = a_cycle().with_units(1).submitted()
    colleague = a_person(Role.REVIEWER, department=world.desks["district"])
    task = world.task(world.assessments[0], "acceptance")
    with world.clock():
        claim(task=task, by=world.reviewers["district"])
    return world, Task.objects.get(pk=task.pk), colleague


def sees(world: World, user: User, task: Task) -> bool:
    with world.clock():
        return tasks_for(actor_of(user)).filter(pk=task.pk).exists()


def test_what_a_colleague_holds_is_theirs_while_they_are_there() -> None:
    world, task, colleague = held()
    with world.clock():
        assert is_held(task)
    assert not sees(world, colleague, task)
    page = Visitor(world, colleague).get(f"/tasks/{task.pk}/")
    assert page.url == f"/assessments/{task.process_id}/", "the link of the mail to everybody still leads somewhere"


@pytest.mark.parametrize("how", ["deactivated", "moved away"])
def test_what_somebody_held_who_is_gone_is_free_again(how: str) -> None:
    world, task, colleague = held()
    holder = world.reviewers["district"]
    if how == "deactivated":
        User.objects.filter(pk=holder.pk).update(is_active=False)
    else:
        Membership.objects.filter(user=holder).update(until=world.at - timedelta(hours=1))
    assert sees(world, colleague, task)
    with world.clock():
        claim(task=task, by=colleague)
        accept(task=task, by=colleague)
    assert world.assessments[0].step == Step.DEPARTMENT_REVIEW


def test_a_head_who_typed_a_score_approves_once_a_colleague_has_handed_it_over() -> None:
    world = a_cycle().with_units(1).accepted()
    reviewer, head = world.reviewers["district"], world.heads["district"]
    task = world.task(world.assessments[0], "department_review")
    with world.clock():
        review(task, head)
        hand_back_review(task=task, by=head, why="请同事复核送审")
        Task.objects.filter(pk=task.pk).update(owner=None, status="NEW")
        propose_review(task=task, by=reviewer)
        approve_review(task=task, by=head)
    task.refresh_from_db()
    assert task.finished is not None


def test_a_reopened_review_is_told_at_once_to_whoever_scored_with_the_reason() -> None:
    world = a_cycle().with_units(1).rated()
    desk = world.desks["district"]
    assert desk is not None
    with world.clock():
        reopen_review(
            task=world.task(world.assessments[0], "consolidation"),
            by=world.office,
            departments=[desk.pk],
            parts=["1.1"],
            why="活动次数请复核",
            until=world.at + timedelta(days=2),
        )
        again = world.task(world.assessments[0], "department_review")
    (told,) = Message.objects.filter(cause__startswith=f"task:{again.pk}:")
    assert told.to == world.reviewers["district"]
    assert "活动次数请复核" in told.said_body and "1.1" in told.said_body


def test_the_office_is_told_at_once_what_the_leading_group_returned() -> None:
    world = a_cycle().with_units(1, "society").consolidated()
    with world.clock():
        board = submit_board(track=world.assessments[0].sheet.track, by=world.office)
        return_lines(board=board, line_ids=[board.lines.get().pk], why="请再核", by=world.chief)
        task = world.task(world.assessments[0], "consolidation")
    told = Message.objects.filter(cause__startswith=f"task:{task.pk}:")
    assert [message.to for message in told] == [world.office]
    assert "请再核" in told[0].body
