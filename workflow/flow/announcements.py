"""Messages on a new task, to whoever must act: written in the transaction that creates the task."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.models import Role, User
from common import clock
from outbox.models import DUE, Message
from outbox.services import mail, queue
from workflow.flow.models import OutcomeKind, Task
from workflow.flow.queries.exclusion import office_people
from workflow.flow.queries.process import about, about_ratings, about_step, latest_outcome

# What sends a piece back to a department or the office.
COMES_BACK = (OutcomeKind.REOPENED, OutcomeKind.RETURNED, OutcomeKind.UPHELD)


def _due_before(instant: datetime | None) -> str:
    return _("It is due before %(instant)s.") % {"instant": DUE} if instant else ""


def _told(*, task: Task, people: Iterable[User], cause: str, depends_on: str) -> list[Message]:
    sheet = task.process.sheet
    subject = _("%(step)s: %(unit)s") % {"step": task.process.get_step_display(), "unit": sheet.unit_name}
    body = _("There is a new task for you in %(cycle)s: %(subject)s. %(due)s") % {
        "cycle": sheet.cycle.title,
        "subject": subject,
        "due": _due_before(task.due_at),
    }
    return [
        mail(
            cause=f"{cause}:{person.pk}",
            to=person,
            subject=subject,
            body=body.strip(),
            path=_page_of(task),
            about=depends_on,
            due_at=task.due_at,
        )
        for person in people
    ]


def _page_of(task: Task) -> str:
    return reverse("task", args=[task.pk])


def to_unit(activation: Any) -> None:
    """Tell the unit's filers that a self-evaluation is theirs: one mail for each task and person.

    After a return the mail says who, why, which parts and until when.
    """
    task = activation.task
    people = members_with(role=Role.FILER, unit_id=task.unit_id)
    outcome = latest_outcome(task.process)
    if outcome is None or outcome.kind != OutcomeKind.RETURNED:
        queue(_told(task=task, people=people, cause=f"task:{task.pk}", depends_on=about(task)))
        return
    subject = _("Returned for supplement: %(unit)s") % {"unit": task.process.sheet.unit_name}
    text = _(
        "%(by)s returned the self-evaluation. Reason: %(why)s Parts: %(parts)s. Please supplement before %(until)s."
    )
    body = text % {
        "by": outcome.by.name if outcome.by else "",
        "why": outcome.why,
        "parts": outcome.parts_in_words or _("all"),
        "until": DUE,
    }
    queue(
        mail(
            cause=f"task:{task.pk}:{person.pk}",
            to=person,
            subject=subject,
            body=body,
            path=_page_of(task),
            about=about(task),
            due_at=outcome.until,
        )
        for person in people
    )


def of_exclusion(activation: Any) -> None:
    """Tell the unit's filers that it takes no part in this year's assessment, and what can be done (R6)."""
    task, sheet = activation.task, activation.process.sheet
    subject = _("Not taking part in this assessment: %(unit)s") % {"unit": sheet.unit_name}
    text = _(
        "Nothing was handed in before the deadline of %(cycle)s, so %(unit)s is excluded. "
        "If there is a reason, please ask the office: %(contact)s"
    )
    body = text % {
        "cycle": sheet.cycle.title,
        "unit": sheet.unit_name,
        "contact": sheet.cycle.contact or office_people(),
    }
    queue(
        mail(
            cause=f"excluded:{task.pk}:{person.pk}",
            to=person,
            subject=subject,
            body=body,
            path=reverse("assessment", args=[activation.process.pk]),
            about=about(task),
        )
        for person in members_with(role=Role.FILER, unit_id=sheet.unit_id)
    )


def to_department(activation: Any) -> None:
    """Tell a department's reviewers: one mail a day and step, naming the first, since tasks come by the hundred."""
    task = activation.task
    people = members_with(role=Role.REVIEWER, department_id=task.department_id)
    if not _told_of_return(task, people):
        queue(_of_the_day(task, people, whose=f"department:{task.department_id}"))


def to_office(activation: Any) -> None:
    """Tell the office: one mail a day and step."""
    task, people = activation.task, members_with(role=Role.OFFICE)
    if not _told_of_return(task, people):
        queue(_of_the_day(task, people, whose="office"))


def _told_of_return(task: Task, people: Iterable[User]) -> bool:
    """What comes back is told at once, to whoever holds it or else to all: who sent it, why, which parts."""
    outcome = latest_outcome(task.process)
    if outcome is None or outcome.kind not in COMES_BACK:
        return False
    sheet = task.process.sheet
    body = _("%(by)s: %(kind)s. Reason: %(why)s Parts: %(parts)s.") % {
        "by": outcome.by.name if outcome.by else _("the system"),
        "kind": outcome.get_kind_display(),
        "why": outcome.why,
        "parts": task.scope_in_words or _("all"),
    }
    queue(
        mail(
            cause=f"task:{task.pk}:{person.pk}",
            to=person,
            subject=_("Back for another look: %(unit)s") % {"unit": sheet.unit_name},
            body=body,
            path=_page_of(task),
            about=about(task),
        )
        for person in ([task.owner] if task.owner else people)
    )
    return True


def to_leaders(activation: Any) -> None:
    """Tell the leaders that districts wait for their rating: one mail for each person and cycle (R9)."""
    cycle = activation.process.sheet.cycle
    body = _("Units of %(cycle)s wait for your rating. %(due)s") % {
        "cycle": cycle.title,
        "due": _due_before(cycle.ratings_close_at),
    }
    leaders = members_with(role=Role.LEADER) | members_with(role=Role.CHIEF)
    queue(
        mail(
            cause=f"leaders:{cycle.pk}:{person.pk}",
            to=person,
            subject=_("Leaders' ratings: %(cycle)s") % {"cycle": cycle.title},
            body=body.strip(),
            path=f"{reverse('leaders-grid')}?cycle={cycle.pk}",
            about=about_ratings(cycle),
            due_at=cycle.ratings_close_at,
            true_until=cycle.ratings_close_at,
        )
        for person in leaders.distinct()
    )


def _of_the_day(task: Task, people: Iterable[User], *, whose: str) -> list[Message]:
    """The one mail of the day and step: it stands for whatever follows, and so does not end with its first task."""
    cycle, node = task.process.sheet.cycle, task.flow_task.name
    cause = f"tasks:{cycle.pk}:{node}:{whose}:{clock.today().isoformat()}"
    return _told(task=task, people=people, cause=cause, depends_on=about_step(cycle, node))
