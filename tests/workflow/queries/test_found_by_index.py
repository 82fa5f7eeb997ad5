"""What pages, sweep and mail ask among tens of thousands of rows is found by an index; none is there for nothing.

The planner chooses by what it knows of the rows: there are enough of them, counted (ANALYZE), and nothing is switched
off. PostgreSQL alone: it says by name what it looks into.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.actors import Actor, actor_of
from bench.multitude import Copied, multiply
from common import clock
from outbox.models import Channel, Message
from outbox.queries import messages_of, waiting
from outbox.services import _unsent
from scoring.models import ScoreSheet, SheetLine, Track
from tests.support.world import World, a_cycle
from workflow.flow.models import Assessment, Node, Outcome, Task
from workflow.flow.queries.history import history_of
from workflow.flow.queries.process import about, open_tasks, overdue
from workflow.flow.queries.visibility import assessments_visible_to
from workflow.inbox.queries.owed import assessments_of, waiting_for
from workflow.office.queries.dashboard import Listed, standing, stuck_tasks
from workflow.office.services.closing import close_cycle
from workflow.office.services.sweep import due_tasks
from workflow.review.queries.review_grid import Asked, Only, grid_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
UNITS, COPIES = 4, 350
NAMED = re.compile(r"(?:using|on) (\w+)")
# Indexes that hold something together, or are looked into when a track or a scheme of a draft is deleted.
NEEDED_BESIDES = {
    "outbox_message_cause_key",
    "outbox_message_cause_781bd583_like",
    "sheet_once",
    "scoring_scoresheet_track_id_81588594",
}


@dataclass
class Crowd:
    """A running cycle under review and one that is closed, each with thousands of units; and those who look."""

    world: World
    first: Assessment

    @property
    def track(self) -> Track:
        """The track of the running cycle."""
        return self.world.cycle.tracks.select_related("cycle__scheme").get(code="district")

    @property
    def task(self) -> Task:
        """A task of the running cycle."""
        return Task.objects.filter(process=self.first).earliest("pk")

    def filer(self) -> Actor:
        """Whoever files for a unit."""
        return actor_of(self.world.filers[self.first.sheet_id])

    def reviewer(self) -> Actor:
        """Who reviews in the department of the track."""
        return actor_of(self.world.reviewers["district"])

    def office(self) -> Actor:
        """The office."""
        return actor_of(self.world.office)


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[Crowd]:
    """Thousands of units, and the messages about them, nearly all of which are sent."""
    with django_db_blocker.unblock(), transaction.atomic():
        past = a_cycle().with_units(UNITS).circulated()
        with past.clock():
            close_cycle(cycle=past.cycle, by=past.office)
        world = a_cycle(year=2027, number="测科协发〔2027〕2号", issued="2027-02-01", deadline="2027-12-31")
        first = world.with_units(UNITS).accepted().assessments[0]
        with connection.cursor() as cursor:
            cursor.execute(Copied(Message, "true", renamed=("cause",)).statement(), {"copies": COPIES})
            cursor.execute("UPDATE outbox_message SET sent_at = created_at WHERE id >= 10000000")
        multiply(past.cycle, COPIES)
        multiply(world.cycle, COPIES)
        connection.check_constraints()  # once for all: each test would check all rows that are not checked yet
        with world.clock():
            yield Crowd(world, first)
        transaction.set_rollback(True)


def looked_into(ask: Callable[[], object]) -> str:
    """The plans of everything that `ask` asks."""
    plans = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            execute("EXPLAIN " + sql, params, many, context)
            plans.extend(row[0] for row in context["cursor"].fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        ask()
    return "\n".join(plans)


def a_page(rows: QuerySet[Any]) -> list[Any]:
    """The first page of rows."""
    return list(rows[:50])


Ask = Callable[[Crowd], object]
# What is asked: how, the index that finds it, and the table that is never read whole for it.
HOT: dict[str, tuple[Ask, str, str]] = {
    "a department's tasks": (lambda c: waiting_for(c.reviewer()), "task_open_department", "workflow_task"),
    "the office's tasks": (lambda c: waiting_for(c.office()), "task_open_department", "workflow_task"),
    "a filer's tasks": (lambda c: waiting_for(c.filer()), "task_open_unit", "workflow_task"),
    "what the sweep tried in vain": (lambda c: list(stuck_tasks(c.world.cycle)), "task_stuck", "workflow_task"),
    "the first page of the dashboard": (
        lambda c: list(Listed(standing(c.world.cycle), {c.track: UNITS * COPIES})[0:50]),
        "accounts_unit_code_key",
        "accounts_unit",
    ),
    "what is due": (lambda c: a_page(due_tasks()), "task_due", "workflow_task"),
    "what is late": (lambda c: list(Task.objects.filter(overdue())), "task_open_node", "workflow_task"),
    "the open tasks of a node": (
        lambda c: open_tasks(Node.CIRCULATION).count(),
        "task_open_node",
        "workflow_task",
    ),
    "what became of a unit": (
        lambda c: history_of([c.first.pk]),
        "workflow_task_process_id_59fe598c",
        "workflow_task",
    ),
    "how it ended": (
        lambda c: history_of([c.first.pk]),
        "workflow_outcome_task_id_key",
        "workflow_outcome",
    ),
    "a filer's units": (
        lambda c: list(assessments_of(c.filer())),
        "scoring_scoresheet_unit_id_174d84dd",
        "scoring_scoresheet",
    ),
    "the assessment of a sheet": (
        lambda c: list(assessments_visible_to(c.filer())[:1]),
        "workflow_assessment_sheet_id_key",
        "workflow_assessment",
    ),
    "one assessment": (
        lambda c: list(assessments_visible_to(c.office()).filter(pk=c.first.pk)),
        "workflow_assessment_pkey",
        "workflow_assessment",
    ),
    "a page of the dashboard": (
        lambda c: a_page(standing(c.world.cycle, search=c.first.sheet.unit.code)),
        "workflow_task_process_id_59fe598c",
        "workflow_task",
    ),
    "a page of the review grid": (
        lambda c: grid_of(c.reviewer(), c.track),
        "line_once",
        "scoring_sheetline",
    ),
    "a page further on in the review grid": (
        lambda c: grid_of(c.reviewer(), c.track, Asked(since=f"{c.first.sheet.unit.code}-3")),
        "accounts_unit_code_key",
        "accounts_unit",
    ),
    "a page of what lacks points": (
        lambda c: grid_of(c.reviewer(), c.track, Asked(only=Only.MISSING)),
        "line_once",
        "scoring_sheetline",
    ),
    "the lines of a sheet": (
        lambda c: list(c.first.sheet.lines.all()),
        "line_once",
        "scoring_sheetline",
    ),
    "what is to be sent": (
        lambda c: a_page(waiting().filter(channel=Channel.MAIL, next_attempt_at__lte=clock.now())),
        "message_waiting",
        "outbox_message",
    ),
    "what is unsent about a task": (lambda c: list(_unsent([about(c.task)])), "message_about", "outbox_message"),
    "a person's messages": (
        lambda c: a_page(messages_of(c.world.office)),
        "outbox_message_to_id_66d986c3",
        "outbox_message",
    ),
}


@pytest.mark.parametrize("name", HOT)
def test_it_is_found_by_its_index(crowd: Crowd, name: str) -> None:
    ask, index, table = HOT[name]
    plan = looked_into(lambda: ask(crowd))
    assert index in NAMED.findall(plan), plan
    assert f"Seq Scan on {table}" not in plan, plan


@pytest.mark.parametrize("model", [Task, Assessment, Outcome, Message, ScoreSheet, SheetLine])
def test_no_index_is_there_for_nothing(crowd: Crowd, model: Any) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        there = {name for (name,) in cursor.fetchall()}
    plans = looked_into(lambda: [ask(crowd) for ask, _index, _table in HOT.values()])
    assert there - set(NAMED.findall(plans)) <= NEEDED_BESIDES | {f"{table}_pkey"}
