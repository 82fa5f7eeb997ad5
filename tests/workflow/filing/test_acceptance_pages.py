"""The desk's pages under odd requests: what a colleague did meanwhile, dates that are slips, marks that are none."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role
from documents.models import RosterEntry
from scoring.models import Step
from tests.support.clients import messages_on
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.filing.services.acceptance import accept
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).with_units(1, "society").submitted()


def desk(world: World) -> Visitor:
    return Visitor(world, world.reviewers["district"])


def path(world: World, number: int = 0) -> str:
    return f"/acceptance/{world.assessments[number].pk}/"


def test_a_desk_of_two_tracks_has_a_tab_for_each(world: World) -> None:
    both = world.reviewers["district"]
    both.memberships.create(role=Role.REVIEWER, department=world.desks["society"], since=world.at - timedelta(days=9))
    every = Visitor(world, both).get("/acceptance/")
    assert [tab.count for tab in every.context["tabs"]] == [3, 2, 1]
    assert [tab.current for tab in every.context["tabs"]] == [True, False, False]
    society = Visitor(world, both).get("/acceptance/", data={"track": "society"})
    assert [task.process for task in society.context["page"]] == [world.assessments[2]]
    assert [tab.current for tab in society.context["tabs"]] == [False, False, True]


@pytest.mark.parametrize("track", ["society", "nothing", "'"])
def test_a_track_that_is_not_the_desk_s_shows_all_of_its_own(world: World, track: str) -> None:
    page = desk(world).get("/acceptance/", data={"track": track})
    assert len(page.context["page"].object_list) == 2


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_page_that_there_is_not_shows_the_nearest(world: World, page: str) -> None:
    assert desk(world).get("/acceptance/", data={"page": page}).status_code == 200


def test_states_are_counted_by_track(world: World) -> None:
    with world.clock():
        accept(task=world.task(world.assessments[0], Node.ACCEPTANCE), by=world.reviewers["district"])
    (track,) = desk(world).get("/acceptance/").context["tracks"]
    assert (track.total, track.filling, track.waiting, track.accepted, track.excluded) == (2, 0, 1, 1, 0)


def test_a_unit_without_a_submission_can_be_read_but_not_accepted() -> None:
    world = a_cycle().with_units(1).opened()
    page = desk(world).get(path(world))
    assert page.context["task"] is None
    answer = desk(world).post(path(world))
    assert answer.status_code == 200
    assert len(messages_on(answer)) == 1
    assert world.assessments[0].step == Step.SELF_EVALUATION


def test_a_return_after_a_colleague_has_accepted_says_so_and_changes_nothing(world: World) -> None:
    with world.clock():
        accept(task=world.task(world.assessments[0], Node.ACCEPTANCE), by=world.heads["district"])
    day = (world.at + timedelta(days=3)).date().isoformat()
    answer = desk(world).post(path(world), {"return": "1", "why": "缺公章", "until": day})
    assert answer.context["form"].non_field_errors()
    assert world.assessments[0].step == Step.DEPARTMENT_REVIEW


def test_what_a_colleague_claimed_is_theirs_to_decide(world: World) -> None:
    Visitor(world, world.heads["district"]).post(f"/tasks/{world.task(world.assessments[0], 'acceptance').pk}/claim/")
    page = desk(world).get(path(world))
    assert page.context["task"] is None
    desk(world).post(path(world))
    assert world.assessments[0].step == Step.ACCEPTANCE


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"until": "9999-12-31"}, "until"),
        ({"until": "2028-12-01"}, "until"),
        ({"until": "2026-11-30"}, "until"),
        ({"until": "31.12.2026x"}, "until"),
        ({"parts": ["9.9"]}, "parts"),
        ({"why": "x" * 2001}, "why"),
        ({"why": "a\x00b"}, "why"),
    ],
)
def test_a_slip_is_told_at_its_field_and_nothing_is_returned(world: World, fields: dict[str, Any], field: str) -> None:
    good = {"return": "1", "why": "缺公章", "until": "2026-12-20", "parts": ["summary"]}
    answer = desk(world).post(path(world), good | fields)
    assert list(answer.context["form"].errors) == [field]
    assert world.assessments[0].step == Step.ACCEPTANCE


def test_a_return_counts_until_the_end_of_its_day_and_comes_straight_back(world: World) -> None:
    assessment = world.assessments[0]
    desk(world).post(path(world), {"return": "1", "why": "缺公章", "until": "2026-12-20"})
    again = world.task(assessment, Node.SELF_EVALUATION)
    assert again.due_at is not None
    assert again.due_at.isoformat() == "2026-12-20T16:00:00+00:00"
    with world.clock():
        submit_assessment(task=again, by=world.filers[assessment.sheet_id], arrived_at=world.at)
    assert world.task(assessment, Node.ACCEPTANCE).owner == world.reviewers["district"]


@pytest.mark.parametrize("ids", [[], ["x"], ["-1"], ["9" * 30], ["0"], ["１２３４５６７８９"]])
def test_marks_that_are_none_accept_nothing(world: World, ids: list[str]) -> None:
    answer = desk(world).post("/acceptance/many/", {"ids": ids, "confirmed": "1"})
    assert answer.url == "/acceptance/"
    assert len(messages_on(answer)) == 1
    assert {assessment.step for assessment in world.assessments} == {Step.ACCEPTANCE}


def test_the_roster_is_shown_masked_with_its_counts(world: World) -> None:
    page = desk(world).get(path(world))
    shown = page.content.decode()
    assert page.context["people_count"] == 5
    assert page.context["sample"] == 3
    for person in RosterEntry.objects.filter(sheet=world.assessments[0].sheet):
        assert person.name not in shown
        assert person.phone not in shown


def test_a_track_without_a_roster_shows_none(world: World) -> None:
    page = Visitor(world, world.reviewers["society"]).get(path(world, 2))
    assert page.status_code == 200
    assert "counts" not in page.context
