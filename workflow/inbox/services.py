"""Who does a task: claimed by one of those who may, released, or handed to a colleague."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.actors import members_with
from accounts.models import Role, User
from accounts.rules import require
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from outbox.services import mail, queue
from workflow.flow.endings import locked, require_open, subject_of
from workflow.flow.models import Task
from workflow.flow.queries.process import about
from workflow.flow.queries.visibility import is_held
from workflow.flow.rules import acts_on, holds


def colleagues_for(task: Task) -> QuerySet[User]:
    """The people who may do `task` too: the same role in the same unit or department, without a stake in the unit."""
    roles: Iterable[Role] = (Role.REVIEWER, Role.HEAD) if task.role == Role.REVIEWER else (Role(task.role),)
    found = User.objects.none()
    for role in roles:
        found = found | members_with(role=role, unit_id=task.unit_id, department_id=task.department_id)
    if task.role != Role.FILER:
        found = found.exclude(pk__in=members_with(role=Role.FILER, unit_id=task.process.sheet.unit_id).values("pk"))
    return found.distinct()


def claim(*, task: Task, by: User) -> None:
    """Take a task that nobody holds. Raises DomainError when somebody else has it, or it has ended."""
    with locked(task) as activation:
        require_open(activation)
        row: Task = activation.task
        if row.owner_id == by.pk:
            return
        if is_held(row):
            raise DomainError(_("%(name)s has claimed this already.") % {"name": row.owner})
        require(by, acts_on, row)
        _hold(row, by)
        _record(row, Verb.TASK_CLAIMED, by=by, went_to=by.name)


def release(*, task: Task, by: User) -> None:
    """Give back a task that `by` holds, so that any colleague can take it; a second call changes nothing."""
    with locked(task) as activation:
        require_open(activation)
        row: Task = activation.task
        if row.owner_id is None:
            return
        require(by, holds, row)
        row.owner, row.assigned, row.status = None, None, STATUS.NEW
        row.save(update_fields=["owner", "assigned", "status"])
        _record(row, Verb.TASK_RELEASED, by=by, came_from=by.name)


def delegate(*, task: Task, by: User, to: User, why: str = "") -> None:
    """Hand a task to a colleague of the same role and place, who gets a mail.

    Raises DomainError when `to` is no such colleague, or the task is somebody else's.
    """
    with locked(task) as activation:
        require_open(activation)
        row: Task = activation.task
        require(by, acts_on, row)
        if not colleagues_for(row).filter(pk=to.pk).exists():
            raise DomainError(_("%(name)s can't do this task.") % {"name": to.name}, field="to")
        if row.owner_id == to.pk:
            return
        before = row.owner.name if row.owner else ""
        _hold(row, to)
        event = _record(row, Verb.TASK_DELEGATED, by=by, came_from=before, went_to=to.name, why=why)
        _tell(row, by=by, to=to, why=why, cause=f"delegated:{event.pk}")


def _hold(row: Task, person: User) -> None:
    row.owner, row.assigned, row.status = person, clock.now(), STATUS.ASSIGNED
    row.save(update_fields=["owner", "assigned", "status"])


def _record(row: Task, verb: Verb, *, by: User, came_from: str = "", went_to: str = "", why: str = "") -> Any:
    sheet = row.process.sheet
    return record(
        Entry(
            verb=verb,
            subject=subject_of(sheet),
            by=by,
            cycle_year=sheet.cycle.year,
            came_from=came_from,
            went_to=went_to,
            why=why,
            data={"task": row.pk, "node": row.flow_task.name},
        )
    )


def _tell(row: Task, *, by: User, to: User, why: str, cause: str) -> None:
    sheet = row.process.sheet
    with in_house_language():
        subject = _("Handed to you: %(step)s, %(unit)s") % {
            "step": row.process.get_step_display(), "unit": sheet.unit_name
        }  # fmt: skip
        body = _("%(name)s handed you a task of %(cycle)s: %(unit)s. %(why)s") % {
            "name": by.name,
            "cycle": sheet.cycle.title,
            "unit": sheet.unit_name,
            "why": why,
        }
    path = reverse("task", args=[row.pk])
    queue([mail(cause=cause, to=to, subject=subject, body=body.strip(), path=path, about=about(row))])
