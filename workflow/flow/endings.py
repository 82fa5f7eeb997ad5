"""The one way in which tasks of the flow end: in sets, under their processes' locks, each with outcome and event.

`hold` locks and then reads; the caller asks its rules of what it holds; `Held.end` walks the flow and writes all at
once. One task is a set of one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from viewflow.workflow import flow
from viewflow.workflow.exceptions import FlowRuntimeError

from accounts.models import User
from audit.models import Event
from audit.services import event
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.rows import Batch, new, next_keys
from documents.models import Submission
from outbox.services import queue_in, withdraw_in
from scoring.models import Cycle, ScoreSheet, Step
from workflow.flow.announcements import drafts
from workflow.flow.cases import Case, Facts
from workflow.flow.models import Assessment, Outcome, OutcomeKind, Task
from workflow.flow.queries.process import OPEN, about
from workflow.flow.reading import Read, lock_and_read
from workflow.flow.walk import Walk

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
    OutcomeKind.RECOUNTED: Verb.RECOUNTED,
    OutcomeKind.CIRCULATED: Verb.CIRCULATED,
}
# The ends of an assessment: the step that stays once no task is open.
FINAL_STEP = {OutcomeKind.CIRCULATED: Step.CIRCULATED, OutcomeKind.NOT_ASSESSED: Step.NOT_ASSESSED}


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a task is to end; the fields mean what they mean on `Outcome`, `data` is for its event."""

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


class Held:
    """Tasks whose processes are locked, in the order of the processes' keys, read after the locks were given.

    Each task brings its process with sheet, unit, track, cycle and scheme; what tasks have in common is one instance.
    """

    def __init__(self, read: Read) -> None:
        self._cases, self._keys = read.cases, read.keys
        self.tasks = list(self._cases)

    @property
    def task(self) -> Task:
        """The task, where one is held."""
        (task,) = self.tasks
        return task

    @property
    def process(self) -> Assessment:
        """The process of the one task."""
        process: Assessment = self.task.process
        return process

    def end(self, endings: Mapping[Task, Ending], *, besides: Batch | None = None) -> None:
        """End held tasks that are open, with outcomes and events, and go on; the caller has checked the rules.

        What is to be written `besides` goes first, in the same trip. Everything is dated by the house's clock, which is
        what people read, a demo's shifted one too.
        """
        if not endings:
            return
        walk, outcomes, events = Walk(clock.now()), list[Outcome](), list[Event]()
        processes: dict[int, Assessment] = {}
        for task, ending in endings.items():
            case, came_from = self._cases[task], task.process.step
            if task.process is not case.process:
                raise FlowRuntimeError(f"{task} is to be ended as it is held, not as it was known before")
            processes[case.process.pk] = case.process
            case.outcome = outcome = _outcome(task, ending, walk.at)
            case.process.step = FINAL_STEP.get(ending.kind, came_from)
            walk.leave(case, task)
            outcomes.append(outcome)
            events.append(_event(case, outcome, ending, came_from))
        batch = besides or Batch()
        batch.update(Assessment, list(processes.values()), ["step", "status", "finished"])
        batch.insert(outcomes)
        # What was said about these tasks and waits to be sent is no longer true.
        withdraw_in(batch, [about(task) for task in endings])
        _write(batch, walk, events, self._keys)


@contextmanager
def hold(tasks: Iterable[Task]) -> Iterator[Held]:
    """Lock the processes of these tasks in the order of their keys, in a transaction, and read them afresh.

    Everything that decides (is it still open, who may, was it in time) is asked inside.
    """
    with transaction.atomic():
        wanted = dict(_keys_of(tasks))
        yield Held(lock_and_read(wanted.keys(), set(wanted.values())))


def _keys_of(tasks: Iterable[Task]) -> Iterable[tuple[int, int]]:
    """Of each task its key and its process's: a question is asked for no more, since all is read under the locks."""
    if isinstance(tasks, QuerySet):
        return tasks.order_by().values_list("pk", "process_id")
    return ((task.pk, task.process_id) for task in tasks)


def begin(
    start: flow.StartHandle, sheets: Iterable[ScoreSheet], *, by: User | None, besides: Batch | None = None
) -> None:
    """Begin the assessments of these sheets: their self-evaluations are open from now on.

    What is to be written `besides` goes first, in the same trip.
    """
    walk, events = Walk(clock.now()), list[Event]()
    processes = [new(Assessment, flow_class=start.flow_class, sheet=sheet, created=walk.at) for sheet in sheets]
    facts = Facts(processes)
    for process, key in zip(processes, next_keys(Assessment, len(processes)), strict=True):
        process.pk = key
        case = Case(process, facts, waiting=[])
        walk.begin(case, start)
        events.append(event(Verb.ASSESSMENT_OPENED, case.sheet, by=by, went_to=process.step))
    batch = besides or Batch()
    batch.insert(processes)
    _write(batch, walk, events, [])


def lock_processes(cycle: Cycle) -> None:
    """Lock every running process of a cycle, in the order of their keys; the caller is in a transaction.

    Whatever changes many tasks at once takes these locks first, as whoever ends a single task does.
    """
    running = Assessment.objects.select_for_update(of=("self",), no_key=True).filter(sheet__cycle=cycle, finished=None)
    list(running.order_by("pk").only("pk"))


def is_due(task: Task) -> bool:
    """Whether the locked task is open and its date has come: what the sweep acts on."""
    return is_open(task) and task.due_at is not None and task.due_at <= clock.now()


def is_open(task: Task) -> bool:
    """Whether the locked task can still be ended."""
    return task.status in OPEN


def require_open(task: Task) -> None:
    """Raise DomainError if somebody else, or the sweep, has ended the locked task before."""
    if not is_open(task):
        raise DomainError(_("This has been dealt with meanwhile. Reload the page to see how it stands."))


def _outcome(task: Task, ending: Ending, at: datetime) -> Outcome:
    return new(
        Outcome,
        task=task,
        kind=ending.kind,
        by=ending.by,
        at=ending.at or at,
        why=ending.why,
        until=ending.until,
        parts=list(ending.parts),
        departments=list(ending.departments),
        submission=ending.submission,
        board_id=ending.board_id,
    )


def _event(case: Case, outcome: Outcome, ending: Ending, came_from: str) -> Event:
    until = ending.until.isoformat() if ending.until else None
    return event(
        VERB_OF[ending.kind],
        case.sheet,
        by=ending.by,
        came_from=came_from,
        went_to=case.process.step,
        why=ending.why,
        at=outcome.at,
        data={"parts": list(ending.parts), "until": until} | ending.data,
    )


def _write(batch: Batch, walk: Walk, events: Sequence[Event], keys: Sequence[int]) -> None:
    """Write what a walk has made, events and messages: the messages last, since whoever writes the same one waits.

    `keys` are at hand for the tasks it created; what they lack is asked for.
    """
    wanted = len(walk.created)
    missing = next_keys(Task, wanted - len(keys)) if wanted > len(keys) else []
    walk.number([*keys, *missing][:wanted])
    link = Task.previous.through
    batch.update(Task, walk.ended, ["status", "started", "finished"])
    batch.update(Task, walk.joined, ["status", "finished"])
    batch.insert(walk.created)
    batch.insert([new(link, from_task_id=task.pk, to_task_id=before.pk) for before, task in walk.links])
    batch.insert(events)
    queue_in(batch, drafts(walk.told))
    batch.send()
