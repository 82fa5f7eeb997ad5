"""Messages on a new task, to whoever must act: written in the transaction that creates the task."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.models import Role, User
from common import clock
from common.wording import spoken_instant
from outbox.models import Message
from outbox.services import mail, queue
from workflow.flow.models import OutcomeKind, Task
from workflow.flow.queries.exclusion import office_people
from workflow.flow.queries.process import about, about_ratings, latest_outcome

# What sends a piece back to a department or the office.
COMES_BACK = (OutcomeKind.REOPENED, OutcomeKind.RETURNED, OutcomeKind.UPHELD)


def _due_before(instant: datetime | None) -> str:
    return _("It is due before %(instant)s.") % {"instant": spoken_instant(instant)} if instant else ""


def _told(*, task: Task, people: Iterable[User], cause: str) -> list[Message]:
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
            path=f"/tasks/{task.pk}/",
            about=about(task),
        )
        for person in people
    ]


def to_unit(activation: Any) -> None:
    """Tell the unit's filers that a self-evaluation is theirs: one mail for each task and person.

    After a return the mail says who, why, which parts and until when.
    """
    task = activation.task
    people = members_with(role=Role.FILER, unit_id=task.unit_id)
    outcome = latest_outcome(task.process)
    if outcome is None or outcome.kind != OutcomeKind.RETURNED:
        queue(_told(task=task, people=people, cause=f"task:{task.pk}"))
        return
    subject = _("Returned for supplement: %(unit)s") % {"unit": task.process.sheet.unit_name}
    text = _(
        "%(by)s returned the self-evaluation. Reason: %(why)s Parts: %(parts)s. Please supplement before %(until)s."
    )
    body = text % {
        "by": outcome.by.name if outcome.by else "",
        "why": outcome.why,
        "parts": outcome.parts_in_words or _("all"),
        "until": spoken_instant(outcome.until) if outcome.until else "",
    }
    queue(
        mail(
            cause=f"task:{task.pk}:{person.pk}",
            to=person,
            subject=subject,
            body=body,
            path=f"/tasks/{task.pk}/",
            about=about(task),
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
            path=f"/assessments/{activation.process.pk}/",
            about=about(task),
        )
        for person in members_with(role=Role.FILER, unit_id=sheet.unit_id)
    )


def to_department(activation: Any) -> None:
    """Tell a department's reviewers: one mail a day and step, naming the first, since tasks come by the hundred."""
    task = activation.task
    people = members_with(role=Role.REVIEWER, department_id=task.department_id)
    if not _told_of_return(task, people):
        queue(_told(task=task, people=people, cause=_daily(task, f"department:{task.department_id}")))


def to_office(activation: Any) -> None:
    """Tell the office: one mail a day and step."""
    task, people = activation.task, members_with(role=Role.OFFICE)
    if not _told_of_return(task, people):
        queue(_told(task=task, people=people, cause=_daily(task, "office")))


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
            path=f"/tasks/{task.pk}/",
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
            path=f"/ratings/?cycle={cycle.pk}",
            about=about_ratings(cycle),
            true_until=cycle.ratings_close_at,
        )
        for person in leaders.distinct()
    )


def _daily(task: Task, whose: str) -> str:
    return f"tasks:{task.process.sheet.cycle_id}:{task.flow_task.name}:{whose}:{clock.today().isoformat()}"
