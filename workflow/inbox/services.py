"""Who does a task: claimed by one of those who may, released, or handed to a colleague."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.actors import members_with
from accounts.models import Role, User
from accounts.rules import require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from outbox.letters import letter
from outbox.services import queue
from workflow.flow.endings import hold, require_open
from workflow.flow.models import Task
from workflow.flow.queries.process import about
from workflow.flow.queries.visibility import is_held
from workflow.flow.rules import acts_on, holds


def colleagues_for(task: Task) -> QuerySet[User]:
    """The people who may do `task` too: the same role in the same unit or department, without a stake in the unit."""
    roles: Iterable[Role] = (Role.REVIEWER, Role.HEAD) if task.role == Role.REVIEWER else (Role(task.role),)
    colleagues = User.objects.none()
    for role in roles:
        colleagues = colleagues | members_with(role=role, unit_id=task.unit_id, department_id=task.department_id)
    if task.role != Role.FILER:
        filers = members_with(role=Role.FILER, unit_id=task.process.sheet.unit_id)
        colleagues = colleagues.exclude(pk__in=filers.values("pk"))
    return colleagues.distinct()


def claim(*, task: Task, by: User) -> None:
    """Take a task that nobody holds. Raises DomainError when somebody else has it, or it has ended."""
    with hold([task]) as held:
        free = held.task
        require_open(free)
        if free.owner_id == by.pk:
            return
        if is_held(free):
            raise DomainError(_("%(name)s has claimed this already.") % {"name": free.owner})
        require(by, acts_on, free)
        _give(free, by)
        log(Verb.TASK_CLAIMED, free.process.sheet, by=by, went_to=by.name, data=_which(free))


def release(*, task: Task, by: User) -> None:
    """Give back a task that `by` holds, so that any colleague can take it; a second call changes nothing."""
    with hold([task]) as held:
        mine = held.task
        require_open(mine)
        if mine.owner_id is None:
            return
        require(by, holds, mine)
        mine.owner, mine.assigned, mine.status = None, None, STATUS.NEW
        mine.save(update_fields=["owner", "assigned", "status"])
        log(Verb.TASK_RELEASED, mine.process.sheet, by=by, came_from=by.name, data=_which(mine))


def delegate(*, task: Task, by: User, to: User, why: str = "") -> None:
    """Hand a task to a colleague of the same role and place, who gets a mail.

    Raises DomainError when `to` is no such colleague, or the task is somebody else's.
    """
    with hold([task]) as held:
        mine = held.task
        require_open(mine)
        require(by, acts_on, mine)
        if not colleagues_for(mine).filter(pk=to.pk).exists():
            raise DomainError(_("%(name)s can't do this task.") % {"name": to.name}, field="to")
        if mine.owner_id == to.pk:
            return
        sheet, before = mine.process.sheet, mine.owner.name if mine.owner else ""
        _give(mine, to)
        delegated = log(
            Verb.TASK_DELEGATED, sheet, by=by, came_from=before, went_to=to.name, why=why, data=_which(mine)
        )
        with in_house_language():
            handed = letter(
                "delegated",
                cause=f"delegated:{delegated.pk}",
                to=to,
                path=reverse("task", args=[mine.pk]),
                about=about(mine),
                process=mine.process,
                by=by,
                why=why,
            )
            queue([handed])


def _give(task: Task, person: User) -> None:
    task.owner, task.assigned, task.status = person, clock.now(), STATUS.ASSIGNED
    task.save(update_fields=["owner", "assigned", "status"])


def _which(task: Task) -> dict[str, object]:
    """Which task of the unit an event is about."""
    return {"task": task.pk, "node": task.flow_task.name}
