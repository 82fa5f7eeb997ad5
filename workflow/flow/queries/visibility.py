"""What exists for a person: the first of the two gates; what is not visible is not found."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor, current_memberships, lasting_memberships
from accounts.models import Membership, Role
from scoring.models import Responsibility
from workflow.flow.models import Assessment, Task

READS_ALL = frozenset({Role.OFFICE, Role.SUPERVISOR, Role.LEADER, Role.CHIEF})


def assessments_visible_to(actor: Actor) -> QuerySet[Assessment]:
    """The assessments that `actor` may read: their unit's, those of their departments, or all."""
    assessments: QuerySet[Assessment] = Assessment.objects.select_related(
        "sheet__unit", "sheet__track__desk", "sheet__cycle__scheme"
    ).defer("sheet__cycle__scheme__body")
    if actor.is_any(READS_ALL):
        return assessments
    departments = actor.department_ids()
    answering = Responsibility.objects.filter(track=OuterRef("sheet__track"), department_id__in=departments)
    own: QuerySet[Assessment] = assessments.filter(
        Q(sheet__unit_id__in=actor.unit_ids) | Q(sheet__track__desk_id__in=departments) | Exists(answering)
    )
    return own


def _able() -> QuerySet[Membership]:
    """What makes people able to act on the task of the outer query: its role (or that of the head of reviewers) in its
    place, held now by somebody active who has no stake in the unit. In SQL what `tasks_for` says of one actor."""
    place = Q(unit=OuterRef("unit")) | Q(department=OuterRef("department")) | Q(unit=None, department=None)
    duty = Q(role=OuterRef("role")) | Q(role=Role.HEAD)
    # The unit is found from inside: a question about tasks alone joins nothing, and can end early.
    about = Q(unit__sheets__assessment=OuterRef(OuterRef("process")))
    stake = Exists(lasting_memberships().filter(about, user=OuterRef("user")))
    return current_memberships().filter(place, duty, Q(role=Role.FILER) | ~stake, user__is_active=True)


def owner_is_there() -> Exists:
    """Whether the person who holds a task can still act on it, as a condition on tasks."""
    return Exists(_able().filter(user=OuterRef("owner")))


def anybody_can_act() -> Q:
    """Whether its place is held by somebody with no stake in any unit, as a condition on tasks: it is told from the
    place alone, of which there are few, and answers for nearly every task whether somebody can act on it."""
    free = current_memberships().filter(
        ~Exists(lasting_memberships().filter(user=OuterRef("user"), unit__isnull=False)), user__is_active=True
    )
    filers = current_memberships().filter(role=Role.FILER, user__is_active=True)
    heads = free.filter(role=Role.HEAD).values("department")
    reviewers = free.filter(role__in=(Role.REVIEWER, Role.HEAD)).values("department")
    return (
        Q(role=Role.FILER, unit__in=filers.values("unit"))
        | Q(role=Role.REVIEWER, department__in=reviewers)
        | Q(role=Role.HEAD, department__in=heads)
        | Q(Exists(free.filter(role=Role.OFFICE)), role=Role.OFFICE)
    )


def somebody_can_act() -> Exists:
    """Whether anybody can act on a task of people, as a condition on tasks: `anybody_can_act` is asked before it."""
    return Exists(_able())


def is_held(task: Task) -> bool:
    """Whether somebody who can still act on it holds the task."""
    held: bool = Task.objects.filter(owner_is_there(), pk=task.pk).exists()
    return held


def tasks_told_to(actor: Actor) -> QuerySet[Task]:
    """Tasks that a mail may have named to `actor`: done ones, and open ones of their place that a colleague holds."""
    place = Q(unit_id__in=actor.unit_ids) | Q(department_id__in=actor.department_ids())
    if Role.OFFICE in actor.roles:
        place |= Q(role=Role.OFFICE)
    told: QuerySet[Task] = Task.objects.filter(place | Q(finished__isnull=False))
    return told.filter(process__in=assessments_visible_to(actor).values("pk"))


def tasks_for(actor: Actor, *roles: Role) -> QuerySet[Task]:
    """The open tasks that `actor` may act on (of these roles, if some are named), claimed by nobody else or by
    themselves; said by columns.

    What is held by somebody who is gone is free again: no task waits for a person who can't come back to it.
    A person with a stake in the unit (a filer of it) never sees a department's or the office's task about it.
    """
    duties = [duty for role, duty in _duties(actor).items() if not roles or role in roles]
    mine = Q(owner=None) | Q(owner=actor.user) | ~owner_is_there() | Q(role=Role.FILER)
    owed: QuerySet[Task] = (
        Task.objects.filter(reduce(or_, duties), mine, finished=None) if duties else Task.objects.none()
    )
    return owed.select_related(
        "process__sheet__unit", "process__sheet__track", "process__sheet__cycle", "department", "owner"
    )


def _duties(actor: Actor) -> dict[Role, Q]:
    """What a person may act on in each of their roles, as conditions on tasks; what is with reviewers, heads may do."""
    not_own = actor.no_stake("process__sheet__unit")
    departments, headed = actor.department_ids(), actor.department_ids(Role.HEAD)
    duties = {
        Role.FILER: Q(role=Role.FILER, unit_id__in=actor.unit_ids) if actor.unit_ids else None,
        Role.REVIEWER: Q(role=Role.REVIEWER, department_id__in=departments) & not_own if departments else None,
        Role.HEAD: Q(role=Role.HEAD, department_id__in=headed) & not_own if headed else None,
        Role.OFFICE: Q(role=Role.OFFICE) & not_own if Role.OFFICE in actor.roles else None,
    }
    return {role: duty for role, duty in duties.items() if duty is not None}


def own_assessments(actor: Actor) -> QuerySet[Assessment]:
    """The assessments of the units that `actor` files for, newest cycle first."""
    return (
        assessments_visible_to(actor)
        .filter(sheet__unit_id__in=actor.unit_ids)
        .order_by("-sheet__cycle__year", "-sheet__cycle__pk", "sheet__unit__code")
    )
