"""Who can act on a task, and what nobody holds: the office sees to it before a deadline does."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.actors import current_memberships, lasting_memberships
from accounts.models import Department, Membership, Role, User
from accounts.queries import working
from scoring.models import Cycle, Responsibility, ScoreSheet, Track
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import OF_PEOPLE, open_tasks
from workflow.flow.queries.visibility import anybody_can_act, somebody_can_act


def people_for(tasks: Sequence[Task]) -> dict[int, list[User]]:
    """By the key of each task, whom to remind of it (two queries): its owner while they can act on it, else everybody
    of its role and place, else, where no reviewer can, the head; nobody with a stake in the unit."""
    places = _places(tasks)
    stakes = _stakes_in([task.process.sheet.unit_id for task in tasks])
    people: dict[int, list[User]] = {}
    for task in tasks:
        unit, place = task.process.sheet.unit_id, task.unit_id or task.department_id
        first, head = places[(task.role, place)], places[(Role.HEAD, place)] if task.role == Role.REVIEWER else []
        if task.role != Role.FILER:
            first, head = ([person for person in able if (person.pk, unit) not in stakes] for able in (first, head))
        owner = [person for person in (*first, *head) if person.pk == task.owner_id]
        people[task.pk] = owner[:1] or first or head
    return people


def _places(tasks: Sequence[Task]) -> dict[tuple[str, int | None], list[User]]:
    roles = {task.role for task in tasks} | {Role.HEAD}
    held = current_memberships().filter(user__is_active=True, role__in=roles).select_related("user")
    places: dict[tuple[str, int | None], list[User]] = defaultdict(list)
    for membership in held.order_by("pk"):
        places[(membership.role, membership.unit_id or membership.department_id)].append(membership.user)
    return places


def _stakes_in(units: Sequence[int]) -> set[tuple[int, int | None]]:
    return set(lasting_memberships().filter(unit__in=set(units)).values_list("user_id", "unit_id"))


def unheld_tasks(cycle: Cycle) -> QuerySet[Task]:
    """The open tasks of people in a cycle that nobody can act on, the earliest due first: as `tasks_for` has it."""
    # In this order a database asks: of thousands nearly all drop out at the first, and what joins others comes last.
    its_cycle = Subquery(Assessment.objects.filter(pk=OuterRef("process")).values("sheet__cycle"))
    tasks: QuerySet[Task] = open_tasks(*OF_PEOPLE).filter(~anybody_can_act()).filter(~somebody_can_act())
    tasks = tasks.alias(its_cycle=its_cycle).filter(its_cycle=cycle.pk)
    return tasks.select_related("process__sheet__track", "department", "owner").order_by("due_at", "pk")


@dataclass(frozen=True)
class Vacancy:
    """A role that nobody holds now, in a unit, in a department or (no place) in the whole body."""

    role: Role
    place: str = ""


def vacancies(cycle: Cycle) -> list[Vacancy]:
    """The roles that a running cycle needs and nobody holds: filers of units that are under way, reviewers and heads
    of departments that answer for something, leaders and their head (four queries)."""
    filers = units_without_filer(cycle).order_by("track__position", "unit__code").values_list("unit_name", flat=True)
    places = [
        Vacancy(role, name)
        for role in DEPARTMENTAL
        for name in departments_without(cycle, role).order_by("code").values_list("name", flat=True)
    ]
    there = set(leaders_there().values_list("role", flat=True))
    return [*(Vacancy(Role.FILER, name) for name in filers), *places, *leaders_missing(cycle, there)]


DEPARTMENTAL = (Role.REVIEWER, Role.HEAD)
LEADING = (Role.LEADER, Role.CHIEF)


def units_without_filer(cycle: Cycle) -> QuerySet[ScoreSheet]:
    """The units under way for which nobody files."""
    running = ScoreSheet.objects.filter(cycle=cycle, assessment__finished=None, assessment__isnull=False)
    return running.filter(~Exists(working(Role.FILER).filter(unit=OuterRef("unit"))))


def departments_without(cycle: Cycle, role: Role) -> QuerySet[Department]:
    """The departments that answer for something in a cycle and have nobody in a role."""
    desk = Exists(Track.objects.filter(cycle=cycle, desk=OuterRef("pk")))
    answers = Exists(Responsibility.objects.filter(track__cycle=cycle, department=OuterRef("pk")))
    return Department.objects.filter(desk | answers, ~Exists(working(role).filter(department=OuterRef("pk"))))


def leaders_there() -> QuerySet[Membership]:
    """What makes people leaders, or head of the leading group, now."""
    return current_memberships().filter(role__in=LEADING, user__is_active=True)


def leaders_missing(cycle: Cycle, there: Collection[str]) -> Iterator[Vacancy]:
    """The roles of the leading group that a cycle needs and nobody has, by those that somebody has."""
    rated = any(part.code == "leaders" for track in cycle.scheme.rules.tracks for part in track.components)
    if rated and not there:
        yield Vacancy(Role.LEADER)
    if Role.CHIEF not in there:
        yield Vacancy(Role.CHIEF)
