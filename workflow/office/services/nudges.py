"""Nudges (催办): the office reminds whoever owes a task, at most once a day for each person and task."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import event, log_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.letters import letter
from outbox.models import Message
from outbox.services import queue
from scoring.models import Cycle
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.services import Asked, Refused, acts_for, ask_of_many
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.holders import people_for
from workflow.flow.queries.process import OF_PEOPLE, about, open_tasks

NOBODY = _("There is nobody to remind, or everybody was reminded today.")


@dataclass(frozen=True)
class Reminder:
    """A reminder that would be sent: for which task, to whom; `cause` makes it once a day."""

    task: Task
    person: User

    @property
    def cause(self) -> str:
        """The unique cause of its mail."""
        return f"nudge:{self.task.pk}:{self.person.pk}:{clock.today().isoformat()}"


@dataclass(frozen=True)
class Reach:
    """Who can be reminded now of the open tasks of some assessments, and the tasks that nobody can act on."""

    reminders: list[Reminder]
    out_of_reach: list[Task]


def reach_of(assessments: Iterable[Assessment]) -> Reach:
    """The reminders that can be sent now, without those that went out today, and what they can't reach (4 queries)."""
    tasks = _tasks_of(assessments)
    people = people_for(tasks)
    everybody = [Reminder(task, person) for task in tasks for person in people[task.pk]]
    wanted = {reminder.cause: reminder for reminder in everybody}
    sent = set(Message.objects.filter(cause__in=wanted).values_list("cause", flat=True))
    return Reach(
        reminders=[reminder for cause, reminder in wanted.items() if cause not in sent],
        out_of_reach=[task for task in tasks if not people[task.pk]],
    )


def _tasks_of(assessments: Iterable[Assessment]) -> list[Task]:
    return list(
        open_tasks(*OF_PEOPLE)
        .filter(process__in=[assessment.pk for assessment in assessments])
        .select_related("process__sheet__unit", "process__sheet__cycle", "department", "owner")
        .order_by("process_id", "pk")
    )


def nudge_many(*, cycle: Cycle, assessments: Iterable[Assessment], by: User, note: str = "") -> BulkRun:
    """Ask that everybody is reminded who owes an open task of these assessments: few at once, many in chunks.

    A unit whose task has been done, or whose people have been reminded, before its turn comes is refused by name.
    Raises DomainError when there is nobody to remind, or everybody was reminded today.
    """
    require(by, is_office)
    reached = reach_of(assessments).reminders
    if not reached:
        raise DomainError(NOBODY)
    units = {reminder.task.process_id: reminder.task.process.sheet.unit_name for reminder in reached}
    return ask_of_many(BulkKind.NUDGE, units.items(), cycle=cycle, by=by, words={"note": note})


@acts_for(BulkKind.NUDGE)
def _nudge_units(keys: Sequence[int], asked: Asked) -> Refused:
    require(asked.by, is_office)
    reminders = reach_of(Assessment.objects.filter(pk__in=keys)).reminders
    note = asked.words["note"]
    queue(_letter(reminder, note) for reminder in reminders)
    people: dict[Task, list[str]] = defaultdict(list)
    for reminder in reminders:
        people[reminder.task].append(reminder.person.username)
    log_all(
        event(Verb.NUDGED, task.process.sheet, by=asked.by, why=note, data={"task": task.pk, "people": names})
        for task, names in people.items()
    )
    reached = {task.process_id for task in people}
    return {key: str(NOBODY) for key in keys if key not in reached}


def _letter(reminder: Reminder, note: str) -> Message:
    task = reminder.task
    return letter(
        "nudge",
        cause=reminder.cause,
        to=reminder.person,
        path=reverse("task", args=[task.pk]),
        about=about(task),
        due_at=task.due_at,
        process=task.process,
        note=note,
    )
