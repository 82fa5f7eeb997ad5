"""Inbox, dashboard and board ask as many questions at 10, 100 and 1,000 units."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from viewflow.workflow.token import Token

from accounts.models import Role, Unit, User
from scoring.models import ScoreSheet, Step, Track
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.board.models import Board, BoardLine
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import flow_ref

pytestmark = pytest.mark.django_db
SIZES = (10, 100, 1000)


def many(world: World, count: int, step: Step, node: str, **task: Any) -> list[ScoreSheet]:
    """Rows of `count` units at a step, without the flow."""
    track = Track.objects.get(cycle=world.cycle, code="district")
    start = Unit.objects.count()
    units = Unit.objects.bulk_create(Unit(code=f"q{start + n}", name=f"区{start + n}") for n in range(count))
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(
            cycle=world.cycle,
            track=track,
            unit=unit,
            unit_name=unit.name,
            total=Decimal("90.00"),
            explain=[],
            barred=[],
        )
        for unit in units
    )
    processes = Assessment.objects.bulk_create(
        Assessment(sheet=sheet, step=step, flow_class="workflow/flows.AssessmentFlow") for sheet in sheets
    )
    Task.objects.bulk_create(
        Task(
            process=process,
            flow_task=flow_ref(node),
            flow_task_type="HUMAN",
            status="NEW",
            token=Token("start"),
            due_at=world.at,
            **task,
        )
        for process in processes
    )
    return sheets


def asked(world: World, user: User, path: str) -> int:
    """How many questions a page asks the database."""
    visitor = Visitor(world, user)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert visitor.get(path).status_code == 200
    return len(queries)


def at_every_size(path: str, who: str, step: Step, node: str, **task: Any) -> set[int]:
    """The numbers of questions that a page asks as its units become more."""
    world = a_cycle().with_units(1).opened()
    user = {"office": world.office, "reviewer": world.reviewers["district"], "head": world.heads["district"]}[who]
    if task.pop("at_desk", False):
        task["department"] = world.desks["district"]
    found, before = set(), 0
    for size in SIZES:
        many(world, size - before, step, node, **task)
        before = size
        found.add(asked(world, user, path))
    return found


def test_the_dashboard_asks_as_much_at_every_size() -> None:
    found = at_every_size(
        "/cycles/2026/", "office", Step.DEPARTMENT_REVIEW, "department_review", at_desk=True, role=Role.REVIEWER
    )
    assert len(found) == 1


@pytest.mark.parametrize(
    ("path", "who", "role", "step", "node"),
    [
        pytest.param("/", "reviewer", Role.REVIEWER, Step.ACCEPTANCE, "acceptance", id="inbox of a desk"),
        pytest.param("/", "head", Role.HEAD, Step.DEPARTMENT_REVIEW, "department_review", id="inbox of a head"),
        pytest.param("/acceptance/", "reviewer", Role.REVIEWER, Step.ACCEPTANCE, "acceptance", id="acceptance"),
    ],
)
def test_what_a_department_owes_is_asked_for_as_much_at_every_size(
    path: str, who: str, role: Role, step: Step, node: str
) -> None:
    assert len(at_every_size(path, who, step, node, at_desk=True, role=role)) == 1


def test_the_inbox_of_the_office_asks_as_much_at_every_size() -> None:
    assert len(at_every_size("/", "office", Step.CONSOLIDATION, "consolidation", role=Role.OFFICE)) == 1


def test_a_board_asks_as_much_at_every_size() -> None:
    world = a_cycle().with_units(1).opened()
    track = Track.objects.get(cycle=world.cycle, code="district")
    board = Board.objects.create(track=track, version=1, submitted_by=world.office)
    found, before = set(), 0
    for size in SIZES:
        sheets = many(world, size - before, Step.APPROVAL, "approval")
        before = size
        BoardLine.objects.bulk_create(
            BoardLine(board=board, sheet=sheet, rank=1, total=sheet.total, barred=[]) for sheet in sheets
        )
        assert board.lines.count() == size
        found.add(asked(world, world.chief, f"/boards/{board.pk}/"))
        found.add(asked(world, world.chief, f"/boards/{board.pk}/"))
    assert len(found) == 1


def test_the_list_of_boards_asks_as_much_at_every_size() -> None:
    assert len(at_every_size("/boards/", "office", Step.APPROVAL, "approval")) == 1
