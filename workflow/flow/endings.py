"""The one way in which a task of the flow ends: under the process lock, checked again, with an outcome and an event."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from documents.models import Submission
from outbox.services import withdraw
from scoring.models import Cycle, ScoreSheet, Step
from workflow.flow.models import Assessment, Outcome, OutcomeKind, Task
from workflow.flow.queries.process import OPEN, about

VERB_OF = {
    OutcomeKind.SUBMITTED: Verb.SUBMITTED,
    OutcomeKind.LAPSED: Verb.LAPSED,
    OutcomeKind.EXCLUDED: Verb.EXCLUDED,
    OutcomeKind.REINSTATED: Verb.REINSTATED,
    OutcomeKind.CYCLE_CLOSED: Verb.CYCLE_CLOSED,
    OutcomeKind.ACCEPTED: Verb.ACCEPTED,
    OutcomeKind.RETURNED: Verb.RETURNED,
    OutcomeKind.REVIEWED: Verb.REVIEWED,
    OutcomeKind.RATED: Verb.RATINGS_CLOSED,
    OutcomeKind.CONSOLIDATED: Verb.CONSOLIDATED,
    OutcomeKind.REOPENED: Verb.REOPENED,
    OutcomeKind.NOT_ASSESSED: Verb.NOT_ASSESSED,
    OutcomeKind.APPROVED: Verb.APPROVED,
    OutcomeKind.PUBLICISED: Verb.PUBLICITY_ENDED,
    OutcomeKind.UPHELD: Verb.SENT_BACK,
    OutcomeKind.CIRCULATED: Verb.CIRCULATED,
}
# The ends of an assessment: the step that stays once no task is open.
FINAL_STEP = {OutcomeKind.CIRCULATED: Step.CIRCULATED, OutcomeKind.NOT_ASSESSED: Step.NOT_ASSESSED}


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a task is to end; the fields mean what they mean on `Outcome`."""

    kind: OutcomeKind
    by: User | None
    why: str = ""
    until: datetime | None = None
    parts: Sequence[str] = ()
    departments: Sequence[int] = ()
    submission: Submission | None = None
    board_id: int | None = None
    at: datetime | None = None
    data: dict[str, Any] = field(default_factory=dict)


@contextmanager
def locked(task: Task) -> Iterator[Any]:
    """The task's activation under the process lock, in a transaction, read afresh.

    Everything that decides (is it still open, who may, was it in time) is asked inside.
    """
    with task.activation() as activation:
        yield activation


def lock_processes(cycle: Cycle) -> None:
    """Lock every running process of a cycle, in the order of their keys; the caller is in a transaction.

    Whatever changes many tasks at once takes these locks first, as whoever ends a single task does.
    """
    running = Assessment.objects.select_for_update(of=("self",)).filter(sheet__cycle=cycle, finished=None)
    list(running.order_by("pk").only("pk"))


def is_open(activation: Any) -> bool:
    """Whether the locked task can still be ended."""
    return activation.task.status in OPEN


def require_open(activation: Any) -> None:
    """Raise DomainError if somebody else, or the sweep, has ended the locked task before."""
    if not is_open(activation):
        raise DomainError(_("This has been dealt with meanwhile. Reload the page to see how it stands."))


def end(activation: Any, ending: Ending) -> Outcome:
    """End the locked task: outcome, event, and on to the next node; the caller has checked the rules."""
    process: Assessment = activation.process
    came_from = process.step
    outcome = Outcome.objects.create(
        task=activation.task,
        kind=ending.kind,
        by=ending.by,
        at=ending.at or clock.now(),
        why=ending.why,
        until=ending.until,
        parts=list(ending.parts),
        departments=list(ending.departments),
        submission=ending.submission,
        board_id=ending.board_id,
    )
    withdraw([about(activation.task)])  # what was said about it and waits to be sent is no longer true
    if ending.kind in FINAL_STEP:
        process.step = FINAL_STEP[ending.kind]
    with in_house_language():  # the flow announces the tasks that follow
        activation.finish()
    record(
        Entry(
            verb=VERB_OF[ending.kind],
            subject=subject_of(process.sheet),
            by=ending.by,
            cycle_year=process.sheet.cycle.year,
            came_from=came_from,
            went_to=process.step,
            why=ending.why,
            at=outcome.at,
            data={"parts": list(ending.parts), "until": ending.until.isoformat() if ending.until else None}
            | ending.data,
        )
    )
    return outcome


def subject_of(sheet: ScoreSheet) -> str:
    """The name under which events about a unit's assessment are recorded."""
    return f"sheet:{sheet.pk}"
