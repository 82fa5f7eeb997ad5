"""Locks processes and then reads what is decided upon: in one trip, each in a statement of its own, by hand.

A statement that locks and reads at once would, after it has waited, see rows of other tables as they stood before.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model
from viewflow.workflow.fields import import_task_by_ref
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from accounts.models import Unit
from common.rows import Columns, Statement, fetch, keys_at_hand, places
from scoring.models import Cycle, Scheme, ScoreSheet, Track
from workflow.flow.cases import Case, Facts, Waiting
from workflow.flow.models import Assessment, Task

OVER = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)
# Alias → model of what is read for each task, and of what tasks have in common.
OWN: dict[str, type[Model]] = {"t": Task, "p": Assessment, "s": ScoreSheet, "u": Unit}
COMMON: dict[str, type[Model]] = {"k": Track, "c": Cycle, "m": Scheme}
# A scheme's text is long, and known by its SHA-256; how a score came about is read where it is shown.
LEFT_OUT = {"m": ("body",), "s": ("explain",)}
# A task that ends is seldom followed by more: their keys come with what is read.
FOLLOWERS = 6


@dataclass(frozen=True)
class Read:
    """What was read under the locks: each task with its case, and keys for tasks that follow."""

    cases: dict[Task, Case]
    keys: list[int]


def lock_and_read(tasks: Collection[int], processes: Collection[int]) -> Read:
    """Lock processes in the order of their keys, then read tasks of theirs; the caller is in a transaction.

    The tasks come in the order of their processes' keys, each with its case: what they share is one. NO KEY: whoever
    only refers to a locked row need not wait. SQLite's transactions begin with the one write lock.
    """
    if not tasks:
        return Read({}, [])
    own, common = _questions(connection.vendor)
    questions = [
        Statement(own % places(tasks), list(tasks)),
        Statement(common % places(processes), list(processes)),
    ]
    if connection.features.has_select_for_update:
        locking = f"SELECT id FROM workflow_assessment WHERE id IN ({places(processes)}) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608  names of ours
        questions.insert(0, Statement(locking, list(processes)))
    *_locked, rows, shared = fetch(*questions)
    tracks = _tracks(shared)
    columns, known = _columns(connection.vendor, "own"), {alias: dict[int, Any]() for alias in OWN}
    held: dict[Task, Assessment] = {}
    for row in rows:
        task, process, sheet, unit = (columns[alias].read(known[alias], row) for alias in OWN)
        track = tracks[sheet.track_id]
        held[task] = task.process = process
        process.sheet, sheet.unit, sheet.track, sheet.cycle = sheet, unit, track, track.cycle
    facts = Facts(held.values())
    cases = {
        process.pk: Case(process, facts, _waiting(row[-2])) for process, row in zip(held.values(), rows, strict=True)
    }
    return Read(
        {task: cases[process.pk] for task, process in held.items()}, sorted(key for row in rows for key in row[-1])
    )


def _tracks(rows: Sequence[Sequence[Any]]) -> dict[int, Track]:
    """The tracks that were read, with cycle and scheme."""
    columns, known = _columns(connection.vendor, "common"), {alias: dict[int, Any]() for alias in COMMON}
    for row in rows:
        track, cycle, scheme = (columns[alias].read(known[alias], row) for alias in COMMON)
        track.cycle, cycle.scheme = cycle, scheme
    return known["k"]


def _waiting(text: str | None) -> list[Task | Waiting]:
    return [
        Waiting(key, import_task_by_ref(node), Token(token), status)
        for key, node, token, status in json.loads(text or "[]")
    ]


@cache
def _columns(_vendor: str, which: str) -> dict[str, Columns[Any]]:
    columns: dict[str, Columns[Any]] = {}
    start = 0
    for alias, model in (OWN if which == "own" else COMMON).items():
        columns[alias] = Columns(model, alias, start, without=LEFT_OUT.get(alias, ()))
        start += columns[alias].width
    return columns


@cache
def _questions(vendor: str) -> tuple[str, str]:
    """What is asked about tasks of these keys, and about what those of these processes have in common."""
    on_postgres = vendor == "postgresql"
    listed, row = ("json_agg", "json_build_array") if on_postgres else ("json_group_array", "json_array")
    text = "::text" if on_postgres else ""
    over = ", ".join(f"'{status}'" for status in OVER)
    waiting = (
        f"(SELECT {listed}({row}(w.id, w.flow_task, w.token, w.status)){text} FROM workflow_task w"  # noqa: S608  names of ours
        f" WHERE w.process_id = p.id AND w.status NOT IN ({over}))"
    )
    own, common = (", ".join(part.sql for part in _columns(vendor, which).values()) for which in ("own", "common"))
    return (
        f"SELECT {own}, {waiting}, {keys_at_hand(Task, FOLLOWERS)} FROM workflow_task t"  # noqa: S608  names of ours
        " JOIN workflow_assessment p ON p.id = t.process_id JOIN scoring_scoresheet s ON s.id = p.sheet_id"
        " JOIN accounts_unit u ON u.id = s.unit_id WHERE t.id IN (%s) ORDER BY p.id, t.id",
        f"SELECT {common} FROM scoring_track k JOIN scoring_cycle c ON c.id = k.cycle_id"  # noqa: S608  names of ours
        " JOIN scoring_scheme m ON m.in_force_id = c.id WHERE k.id IN (SELECT s.track_id FROM scoring_scoresheet s"
        " JOIN workflow_assessment p ON p.sheet_id = s.id WHERE p.id IN (%s))",
    )
