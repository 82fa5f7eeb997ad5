"""Messages on a new task, to whoever must act: written in the transaction that creates the task."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.models import Role, User
from audit import clock
from outbox.models import Message
from outbox.services import mail, queue
from workflow.models import Task


def _told(*, task: Task, people: Iterable[User], cause: str) -> list[Message]:
    sheet = task.process.sheet
    subject = _("%(step)s: %(unit)s") % {"step": task.process.get_step_display(), "unit": sheet.unit_name}
    due = task.due_at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M") if task.due_at else ""
    body = _("There is a new task for you in %(cycle)s: %(subject)s. %(due)s") % {
        "cycle": sheet.cycle.title,
        "subject": subject,
        "due": _("It is due before %(instant)s (Beijing time).") % {"instant": due} if due else "",
    }
    return [
        mail(cause=f"{cause}:{person.pk}", to=person, subject=subject, body=body.strip(), path=f"/tasks/{task.pk}/")
        for person in people
    ]


def to_unit(activation: Any) -> None:
    """Tell the unit's filers that a self-evaluation is theirs: one mail for each task and person."""
    task = activation.task
    queue(_told(task=task, people=members_with(role=Role.FILER, unit_id=task.unit_id), cause=f"task:{task.pk}"))


def to_department(activation: Any) -> None:
    """Tell a department's reviewers: one mail a day and step, naming the first, since tasks come by the hundred."""
    task = activation.task
    people = members_with(role=Role.REVIEWER, department_id=task.department_id)
    queue(_told(task=task, people=people, cause=_daily(task, f"department:{task.department_id}")))


def to_office(activation: Any) -> None:
    """Tell the office: one mail a day and step."""
    task = activation.task
    queue(_told(task=task, people=members_with(role=Role.OFFICE), cause=_daily(task, "office")))


def _daily(task: Task, whose: str) -> str:
    return f"tasks:{task.process.sheet.cycle_id}:{task.flow_task.name}:{whose}:{clock.today().isoformat()}"
