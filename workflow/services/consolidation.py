"""The office brings the pieces together: the result is confirmed, a review is opened again, or nothing is assessed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.models import Role, User
from audit import clock
from audit.errors import DomainError
from scoring.models import ScoreSheet
from scoring.queries import departments_answering
from scoring.services.results import compute_result
from workflow.models import OutcomeKind, Task
from workflow.services.transitions import Ending, end, locked, require_open


def consolidate(*, task: Task, by: User) -> ScoreSheet:
    """Compute the result once more under the lock and confirm it: the unit goes to the board (R2, R16).

    Raises DomainError while a rating is missing (R9) or when an incident says that the unit is not assessed.
    """
    with locked(task) as activation:
        sheet = _open_sheet(activation, by)
        score = compute_result(sheet)
        if score.not_assessed:
            raise DomainError(_("An incident says that this unit is not assessed; decide that instead."))
        if score.total is None:
            raise DomainError(_("The total is open: ratings are missing."))
        end(activation, Ending(kind=OutcomeKind.CONSOLIDATED, by=by, data={"total": str(score.total)}))
        return sheet


def reopen_review(
    *, task: Task, by: User, departments: Sequence[int], parts: Sequence[str], why: str, until: datetime
) -> None:
    """Ask departments again: who, which parts (all of theirs when none is named), why, until when (aware)."""
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    if until <= clock.now():
        raise DomainError(_("The date must lie ahead."), field="until")
    with locked(task) as activation:
        sheet = _open_sheet(activation, by)
        known = set(departments_answering(sheet.track))
        if not departments or set(departments) - known:
            raise DomainError(_("Choose the departments that are asked again."), field="departments")
        end(
            activation,
            Ending(
                kind=OutcomeKind.REOPENED, by=by, why=why, until=until, parts=parts, departments=sorted(set(departments))
            ),
        )


def decide_not_assessed(*, task: Task, by: User) -> None:
    """End the assessment of a unit whose incident says so (R10); its total, if it has one, is kept."""
    with locked(task) as activation:
        sheet = _open_sheet(activation, by)
        if not compute_result(sheet).not_assessed:
            raise DomainError(_("No incident says that this unit is not assessed."))
        reasons = "；".join(sheet.incidents.filter(withdrawn_at=None, not_assessed=True).values_list("reason", flat=True))
        end(activation, Ending(kind=OutcomeKind.NOT_ASSESSED, by=by, why=reasons))


def _open_sheet(activation: Any, by: User) -> ScoreSheet:
    require_open(activation)
    sheet: ScoreSheet = activation.process.sheet
    held = list(current_memberships().filter(user=by))
    if not any(membership.role == Role.OFFICE for membership in held):
        raise DomainError(_("Only the office consolidates."))
    if any(membership.unit_id == sheet.unit_id for membership in held):
        raise DomainError(_("Nobody decides on their own unit."))
    return sheet
