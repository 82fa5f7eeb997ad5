"""Nudges (催办): the office reminds whoever owes a task, at most once a day for each person and task."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import Entry, record_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.models import DUE, Message
from outbox.services import mail, queue
from workflow.flow.endings import subject_of
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.holders import people_for
from workflow.flow.queries.process import OF_PEOPLE, about, open_tasks


@dataclass(frozen=True)
class Nudge:
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

    nudges: list[Nudge]
    out_of_reach: list[Task]


def reach_of(assessments: Iterable[Assessment]) -> Reach:
    """The reminders that can be sent now, without those that went out today, and what they can't reach (4 queries)."""
    tasks = _tasks_of(assessments)
    people = people_for(tasks)
    wanted = [Nudge(task, person) for task in tasks for person in people[task.pk]]
    said = set(Message.objects.filter(cause__in=[nudge.cause for nudge in wanted]).values_list("cause", flat=True))
    return Reach(
        nudges=[nudge for nudge in wanted if nudge.cause not in said],
        out_of_reach=[task for task in tasks if not people[task.pk]],
    )


def nudges_for(assessments: Iterable[Assessment]) -> list[Nudge]:
    """The reminders that can be sent now for these assessments."""
    return reach_of(assessments).nudges


def _tasks_of(assessments: Iterable[Assessment]) -> list[Task]:
    return list(
        open_tasks(*OF_PEOPLE)
        .filter(process__in=[assessment.pk for assessment in assessments])
        .select_related("process__sheet__unit", "process__sheet__cycle", "department", "owner")
        .order_by("process_id", "pk")
    )


@transaction.atomic
def nudge(*, assessments: Iterable[Assessment], by: User, note: str = "") -> int:
    """Remind everybody who owes an open task of these assessments; returns how many mails are on their way.

    Raises DomainError when there is nobody to remind, or everybody was reminded today.
    """
    require(by, is_office)
    found = nudges_for(assessments)
    if not found:
        raise DomainError(_("There is nobody to remind, or everybody was reminded today."))
    queue(_letter(one, note) for one in found)
    tasks: dict[int, list[Nudge]] = defaultdict(list)
    for one in found:
        tasks[one.task.pk].append(one)
    record_all(
        [
            Entry(
                verb=Verb.NUDGED, subject=subject_of(ones[0].task.process.sheet), by=by,
                cycle_year=ones[0].task.process.sheet.cycle.year, why=note,
                data={"task": key, "people": [one.person.username for one in ones]},
            )
            for key, ones in tasks.items()
        ]
    )  # fmt: skip
    return len(found)


def _letter(one: Nudge, note: str) -> Message:
    task, sheet = one.task, one.task.process.sheet
    step = task.process.get_step_display()
    subject = _("Reminder: %(step)s, %(unit)s") % {"step": step, "unit": sheet.unit_name}
    lines = [_("The office reminds you of %(step)s of %(unit)s.") % {"step": step, "unit": sheet.unit_name}]
    if task.due_at:
        lines.append(_("It is due by %(instant)s.") % {"instant": DUE})
    if note:
        lines.append(note)
    return mail(
        cause=one.cause,
        to=one.person,
        subject=subject,
        body="\n".join(lines),
        path=reverse("task", args=[task.pk]),
        about=about(task),
        due_at=task.due_at,
    )
