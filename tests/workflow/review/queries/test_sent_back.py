"""Whoever reviews again sees who asked for it and why, as long as it is theirs to do."""

from datetime import timedelta

import pytest

from accounts.models import Department
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, review
from workflow.consolidation.services.consolidation import reopen_review
from workflow.flow.models import Node, Task
from workflow.review.queries.sent_back import review_sent_back
from workflow.review.services.review import approve_review, hand_back_review, propose_review

pytestmark = pytest.mark.django_db


def task_of(world: World) -> Task:
    return world.task(world.assessments[0], Node.DEPARTMENT_REVIEW)


def handed_back(world: World, why: str) -> None:
    with world.clock():
        review(task_of(world), world.reviewers["society"])
        hand_back_review(task=task_of(world), by=world.heads["society"], why=why)


def reopened(world: World, why: str) -> None:
    with world.clock():
        reopen_review(
            task=world.task(world.assessments[0], Node.CONSOLIDATION),
            by=world.office,
            why=why,
            departments=[world.desks["society"].pk],
            parts=["1.1"],
            until=world.at + timedelta(days=2),
        )


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2, "society").accepted()


def test_a_first_review_was_given_back_by_nobody(world: World) -> None:
    assert review_sent_back(task_of(world)) is None


def test_the_head_s_reason_stands_until_it_is_handed_over_again(world: World) -> None:
    handed_back(world, "第一项缺理由")
    sent_back = review_sent_back(task_of(world))
    assert sent_back is not None
    assert (sent_back.by, sent_back.why) == (world.heads["society"], "第一项缺理由")
    with world.clock():
        propose_review(task=task_of(world), by=world.reviewers["society"])
    assert review_sent_back(task_of(world)) is None
    other = world.task(world.assessments[1], Node.DEPARTMENT_REVIEW)
    assert review_sent_back(other) is None, "another unit's review was not given back"


def test_the_last_word_counts(world: World) -> None:
    handed_back(world, "缺理由")
    with world.clock():
        propose_review(task=task_of(world), by=world.reviewers["society"])
        hand_back_review(task=task_of(world), by=world.heads["society"], why="还是缺")
    sent_back = review_sent_back(task_of(world))
    assert sent_back is not None
    assert sent_back.why == "还是缺"


def test_the_office_s_reason_stands_on_the_review_that_it_reopened() -> None:
    world = a_cycle().with_units(1, "society").reviewed()
    reopened(world, "请复核第一项")
    sent_back = review_sent_back(task_of(world))
    assert sent_back is not None
    assert (sent_back.by, sent_back.why) == (world.office, "请复核第一项")


def test_what_the_head_says_of_the_reopened_review_comes_last() -> None:
    world = a_cycle().with_units(1, "society").accepted()
    handed_back(world, "第一轮")
    with world.clock():
        propose_review(task=task_of(world), by=world.reviewers["society"])
        approve_review(task=task_of(world), by=world.heads["society"])
    world.at += timedelta(hours=1)
    reopened(world, "请复核")
    assert [sent_back.why for sent_back in [review_sent_back(task_of(world))] if sent_back] == ["请复核"]
    handed_back(world, "第二轮")
    assert [sent_back.why for sent_back in [review_sent_back(task_of(world))] if sent_back] == ["第二轮"]


def test_a_department_that_was_not_asked_again_has_no_word_to_read() -> None:
    world = a_cycle().with_units(1, "society").reviewed()
    reopened(world, "请复核")
    task = task_of(world)
    task.department = Department.objects.create(name="旁观部室")
    assert review_sent_back(task) is None


def test_a_finished_review_shows_none(world: World) -> None:
    handed_back(world, "缺理由")
    task = task_of(world)
    with world.clock():
        propose_review(task=task, by=world.reviewers["society"])
        approve_review(task=task_of(world), by=world.heads["society"])
    task.refresh_from_db()
    assert review_sent_back(task) is None


def test_the_page_says_who_and_why(world: World) -> None:
    handed_back(world, "第一项缺理由<b>")
    page = Visitor(world, world.reviewers["society"]).get(f"/review/{task_of(world).pk}/").content.decode()
    assert f"{world.heads['society'].name}退回：第一项缺理由&lt;b&gt;" in page
