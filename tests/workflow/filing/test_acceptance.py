"""The receiving desk accepts or returns, one or many; nobody their own unit."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role
from common.errors import DomainError
from scoring.models import Step
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, a_person
from workflow.filing.services.acceptance import accept
from workflow.flow.models import Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).with_units(1, "society").submitted()


def desk(world: World, track: str = "district") -> Visitor:
    return Visitor(world, world.reviewers[track])


def steps(world: World) -> list[str]:
    return [assessment.step for assessment in world.assessments]


def test_a_desk_sees_what_reports_to_it(world: World) -> None:
    page = desk(world).get("/acceptance/")
    assert [task.process for task in page.context["page"]] == world.assessments[:2]
    assert page.context["tracks"][0].waiting == 2


def test_a_unit_is_shown_with_its_claims_and_files_and_accepted(world: World) -> None:
    path = f"/acceptance/{world.assessments[0].pk}/"
    page = desk(world).get(path).content.decode()
    assert "summary.pdf" in page
    assert "139****0001" in page
    assert "13900000001" not in page
    assert desk(world).post(path).url == f"/acceptance/?cycle={world.cycle.pk}"
    assert steps(world)[0] == Step.DEPARTMENT_REVIEW


def test_a_return_says_why_what_and_until_when(world: World) -> None:
    assessment = world.assessments[0]
    path = f"/acceptance/{assessment.pk}/"
    day = (world.at + timedelta(days=3)).date()
    desk(world).post(path, {"return": "1", "why": "缺公章", "parts": ["summary", "1.1"], "until": day.isoformat()})
    again = world.task(assessment, Node.SELF_EVALUATION)
    assert again.scope == ["summary", "1.1"]
    assert again.due_at is not None
    assert again.due_at.date() > day - timedelta(days=1)
    page = Visitor(world, world.filers[assessment.sheet_id]).get(f"/assessments/{assessment.pk}/")
    assert page.context["returns"][0].why == "缺公章"


@pytest.mark.parametrize(
    "fields", [{"why": "", "until": "2026-12-20"}, {"why": "x", "until": "2026-11-01"}, {"why": "x"}]
)
def test_a_return_without_reason_or_date_keeps_what_was_typed(world: World, fields: dict[str, str]) -> None:
    answer = desk(world).post(f"/acceptance/{world.assessments[0].pk}/", {"return": "1", **fields})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert steps(world)[0] == Step.ACCEPTANCE


def test_many_are_shown_first_then_accepted(world: World) -> None:
    ids = [world.task(assessment, Node.ACCEPTANCE).pk for assessment in world.assessments]
    shown = desk(world).post("/acceptance/many/", {"ids": ids})
    assert len(shown.context["items"]) == 2
    assert set(steps(world)) == {Step.ACCEPTANCE}
    desk(world).post("/acceptance/many/", {"ids": ids, "confirmed": "1"})
    assert steps(world) == [Step.DEPARTMENT_REVIEW, Step.DEPARTMENT_REVIEW, Step.ACCEPTANCE]
    assert desk(world).post("/acceptance/many/", {"ids": ids, "confirmed": "1"}).status_code == 302


def test_another_department_and_other_roles_find_nothing(world: World) -> None:
    path = f"/acceptance/{world.assessments[0].pk}/"
    assert desk(world, "society").get(path).status_code == 404
    assert desk(world, "society").post(path).status_code == 404
    for who in (world.supervisor, world.office, world.filers[world.assessments[0].sheet_id]):
        assert Visitor(world, who).post(path).status_code == 403
    assert steps(world)[0] == Step.ACCEPTANCE


def test_nobody_accepts_their_own_unit(world: World) -> None:
    assessment = world.assessments[0]
    both = a_person(Role.REVIEWER, department=world.desks["district"])
    both.memberships.create(role=Role.FILER, unit=assessment.sheet.unit, since=world.at - timedelta(days=9))
    assert Visitor(world, both).post(f"/acceptance/{assessment.pk}/").status_code == 404
    with world.clock(), pytest.raises(DomainError):
        accept(task=world.task(assessment, Node.ACCEPTANCE), by=both)
    with world.clock(), pytest.raises(DomainError):
        accept(task=world.task(assessment, Node.ACCEPTANCE), by=world.reviewers["society"])


@pytest.mark.parametrize("count", [2, 12])
def test_the_list_takes_a_fixed_number_of_queries(count: int, django_assert_num_queries: Any) -> None:
    world = a_cycle().with_units(count).submitted()
    visitor = desk(world)
    with django_assert_num_queries(9):
        visitor.get("/acceptance/")
