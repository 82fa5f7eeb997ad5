"""Filling a self-evaluation: each save under the process lock, only while it is open and only what may be changed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from common.saving import Saved
from common.tables.heads import TableRow
from documents.models import Material, MaterialKind
from documents.services import materials, roster
from documents.wording import ROSTER
from scoring.models import ScoreSheet
from workflow.filing.queries.own import awaits_draw
from workflow.filing.services.claims import Claim, require_covered, save_claims
from workflow.flow.endings import hold, require_open
from workflow.flow.models import Assessment, Task


@contextmanager
def _filling(task: Task, arrived_at: datetime) -> Iterator[tuple[ScoreSheet, Sequence[str]]]:
    with hold([task]) as held:
        require_open(held.task)
        require_in_time(held.task, arrived_at)
        yield held.process.sheet, held.task.scope


def save_self_evaluation(
    *, task: Task, claims: Iterable[Claim], by: User, arrived_at: datetime, version: str = ""
) -> Saved[str]:
    """Save what was typed; fields at fault or in conflict are told in the answer, all others are saved (R6).

    Raises DomainError when the self-evaluation is not open any more at the instant `arrived_at` (aware).
    """
    with _filling(task, arrived_at) as (sheet, scope):
        return save_claims(sheet=sheet, claims=claims, by=by, scope=scope, version=version)


def add_material(
    *, task: Task, kind: MaterialKind, file: "File[Any]", by: User, arrived_at: datetime, code: str = ""
) -> Material:
    """Add a file to an open self-evaluation (R7); raises DomainError when the file or the time is wrong.

    The file is checked and stored before the lock is taken: nobody's saving waits for it.
    """
    stored = materials.stored_material(kind=kind, file=file, by=by, code=code)
    with stored as material, _filling(task, arrived_at) as (sheet, scope):
        require_covered(scope, code if kind == MaterialKind.EVIDENCE else str(kind))
        return materials.keep_material(material=material, sheet=sheet, by=by)


def remove_material(*, task: Task, material: Material, by: User, arrived_at: datetime) -> None:
    """Take a file out of an open self-evaluation; raises DomainError when it was not returned or is not open."""
    with _filling(task, arrived_at) as (_sheet, scope):
        require_covered(scope, material.code if material.kind == MaterialKind.EVIDENCE else material.kind)
        materials.remove_material(material=material, by=by)


def replace_roster(*, task: Task, rows: Sequence[TableRow], by: User, arrived_at: datetime) -> int:
    """Put a whole roster into an open self-evaluation, all rows or none; returns how many people (R7, R8).

    The rows are read before the lock is taken: nobody's saving waits for them.
    """
    people = roster.people_for(sheet=task.process.sheet, rows=rows)
    with _filling(task, arrived_at) as (sheet, scope):
        require_covered(scope, ROSTER)
        return roster.put_roster(sheet=sheet, people=people, by=by)


@transaction.atomic
def allow_smaller_roster(*, assessment: Assessment, by: User, reason: str) -> None:
    """Let a unit's roster be smaller than the sample, as long as nobody has been drawn from it (R8).

    Raises DomainError later on, and as `waive_roster` does.
    """
    held = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    if not awaits_draw(held):
        raise DomainError(_("A smaller roster can be allowed only until the recipients are drawn."))
    roster.waive_roster(sheet=held.sheet, by=by, reason=reason)


def require_in_time(task: Task, arrived_at: datetime) -> None:
    """Raise DomainError for what arrived (aware) when a self-evaluation was no longer open to its unit (R6)."""
    if task.due_at is not None and arrived_at >= task.due_at:
        raise DomainError(_("The deadline has passed. Please contact the office about an extension."))
