"""Locks processes and then reads what is decided upon, each in one statement by hand.

A statement that locks and reads at once would, after it has waited, see rows of other tables as they stood before.
"""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model
from viewflow.workflow.fields import import_task_by_ref
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from accounts.models import Unit
from common.rows import Columns
from scoring.models import Cycle, Scheme, ScoreSheet, Track
from workflow.flow.cases import Case, Facts, Waiting
from workflow.flow.models import Assessment, Task

OVER = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
# Alias → model of what is read at once; a scheme's text is long, and known by its SHA-256.
Known = dict[str, dict[int, Any]]
JOINED: dict[str, type[Model]] = {
    "t": Task,
    "p": Assessment,
    "s": ScoreSheet,
    "u": Unit,
    "k": Track,
    "c": Cycle,
    "m": Scheme,
}
LEFT_OUT = {"m": ("body",)}


def lock(keys: Collection[int]) -> None:
    """Lock processes, in the order of their keys; the caller is in a transaction.

    NO KEY: whoever only refers to one of these rows need not wait. SQLite's transactions begin with the one write lock.
    """
    if keys and connection.features.has_select_for_update:
        locking = f"SELECT id FROM workflow_assessment WHERE id IN ({_places(keys)}) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608  names of ours
        with connection.cursor() as cursor:
            cursor.execute(locking, list(keys))


def read(keys: Collection[int]) -> dict[Task, Case]:
    """The tasks of these keys in the order of their processes' keys, each with its case: what they share is one."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_reading(connection.vendor) % _places(keys), list(keys))
        rows = cursor.fetchall()
    columns, known = _columns(connection.vendor), {alias: dict[int, Any]() for alias in JOINED}
    held = {columns["t"].read(known["t"], row): _joined(columns, known, row) for row in rows}
    facts = Facts(held.values())
    cases = {
        process.pk: Case(process, facts, _waiting(row[-1])) for process, row in zip(held.values(), rows, strict=True)
    }
    for task, process in held.items():
        task.process = process
    return {task: cases[process.pk] for task, process in held.items()}


def _joined(columns: dict[str, Columns[Any]], known: Known, row: Sequence[Any]) -> Assessment:
    """The process of a row, with sheet, unit, track, cycle and scheme."""
    process: Assessment
    process, sheet, unit, track, cycle, scheme = (
        columns[alias].read(known[alias], row) for alias in JOINED if alias != "t"
    )
    process.sheet, sheet.unit, sheet.track, sheet.cycle = sheet, unit, track, cycle
    track.cycle, cycle.scheme = cycle, scheme
    return process


def _waiting(text: str | None) -> list[Task | Waiting]:
    return [
        Waiting(key, import_task_by_ref(node), Token(token), status)
        for key, node, token, status in json.loads(text or "[]")
    ]


@cache
def _columns(_vendor: str) -> dict[str, Columns[Any]]:
    columns: dict[str, Columns[Any]] = {}
    start = 0
    for alias, model in JOINED.items():
        columns[alias] = Columns(model, alias, start, without=LEFT_OUT.get(alias, ()))
        start += columns[alias].width
    return columns


@cache
def _reading(vendor: str) -> str:
    on_postgres = vendor == "postgresql"
    many, one = ("json_agg", "json_build_array") if on_postgres else ("json_group_array", "json_array")
    text = "::text" if on_postgres else ""
    over = ", ".join(f"'{status}'" for status in OVER)
    waiting = (
        f"(SELECT {many}({one}(w.id, w.flow_task, w.token, w.status)){text} FROM workflow_task w"  # noqa: S608  names of ours
        f" WHERE w.process_id = p.id AND w.status NOT IN ({over}))"
    )
    columns = ", ".join(part.sql for part in _columns(vendor).values())
    return (
        f"SELECT {columns}, {waiting} FROM workflow_task t JOIN workflow_assessment p ON p.id = t.process_id"  # noqa: S608  names of ours
        " JOIN scoring_scoresheet s ON s.id = p.sheet_id JOIN accounts_unit u ON u.id = s.unit_id"
        " JOIN scoring_track k ON k.id = s.track_id JOIN scoring_cycle c ON c.id = s.cycle_id"
        " JOIN scoring_scheme m ON m.cycle_id = c.id WHERE t.id IN (%s) ORDER BY p.id, t.id"
    )


def _places(keys: Collection[int]) -> str:
    return ", ".join(["%s"] * len(keys))
