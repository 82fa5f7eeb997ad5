"""What exists for a person: the first of the two gates; what is not visible is not found."""

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Role
from workflow.models import Assessment, Task

READS_ALL = frozenset({Role.OFFICE, Role.SUPERVISOR, Role.LEADER, Role.CHIEF})


def assessments_visible_to(actor: Actor) -> QuerySet[Assessment]:
    """The assessments that `actor` may read: their unit's, those of their departments, or all."""
    found: QuerySet[Assessment] = Assessment.objects.select_related(
        "sheet__unit", "sheet__track__desk", "sheet__cycle__scheme"
    )
    if actor.is_any(READS_ALL):
        return found
    departments = actor.department_ids()
    own: QuerySet[Assessment] = found.filter(
        Q(sheet__unit_id__in=actor.unit_ids)
        | Q(sheet__track__desk_id__in=departments)
        | Q(sheet__track__responsibilities__department_id__in=departments)
    ).distinct()
    return own


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """The open tasks that `actor` may act on, claimed by nobody else or by themselves; said by columns.

    A person with a stake in the unit (a filer of it) never sees a department's or the office's task about it.
    """
    mine = Q(owner=None) | Q(owner=actor.user)
    not_own = ~Q(process__sheet__unit_id__in=actor.unit_ids)
    duty = Q(role=Role.FILER, unit_id__in=actor.unit_ids)
    duty |= Q(role=Role.REVIEWER, department_id__in=actor.department_ids()) & not_own
    duty |= Q(role=Role.HEAD, department_id__in=actor.department_ids(Role.HEAD)) & not_own
    if Role.OFFICE in actor.roles:
        duty |= Q(role=Role.OFFICE) & not_own
    owed: QuerySet[Task] = (
        Task.objects.filter(duty, finished=None)
        .filter(mine | Q(role=Role.FILER))
        .select_related("process__sheet__unit", "process__sheet__track", "process__sheet__cycle", "department", "owner")
    )
    return owed
