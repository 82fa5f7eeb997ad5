"""The office moves the planned dates of a cycle; what is owed by them moves along."""

from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from common import clock
from common.errors import DomainError
from outbox.services import move_due
from scoring.models import Cycle, Step
from scoring.services.cycles import Options, Plan, set_options, set_plan
from workflow.board.queries.quotas import Answer, answer_to, came_to, proposed
from workflow.flow.endings import lock_processes
from workflow.flow.models import Outcome, Task
from workflow.flow.queries.process import about, about_step, open_tasks
from workflow.rating.services.window import set_rating_window

# The steps whose tasks are due at the end planned for the step; the others have dates of their own (R6, R9, R13).
DUE_BY_PLAN = (Step.ACCEPTANCE, Step.DEPARTMENT_REVIEW, Step.CONSOLIDATION)


@transaction.atomic
def keep_settings(
    *, cycle: Cycle, plan: Plan, by: User, window: tuple[datetime, datetime] | None = None, **options: Unpack[Options]
) -> int:
    """Keep all of a cycle's settings or none; returns how many open tasks follow the new dates.

    What the notice's own quotas come to is thereby confirmed, unless some are left open; DomainError where the quotas
    are others and no reason is given. The processes are locked before the cycle, as everywhere. Raises DomainError
    besides as `set_options`, `move_plan` and `set_rating_window` do.
    """
    lock_processes(cycle)
    require(by, is_office)
    set_options(cycle=cycle, by=by, **_answering(cycle, options))
    moved = move_plan(cycle=cycle, plan=plan, by=by)
    if window and window != (cycle.ratings_open_at, cycle.ratings_close_at):
        set_rating_window(cycle=cycle, opens_at=window[0], closes_at=window[1], by=by)
    return moved


def _answering(cycle: Cycle, options: Options) -> Options:
    """The options with what the notice's quotas came to, if they are answered, and a reason where they are others.

    Without a reason, fields left empty answer nothing yet: the rest is kept, and the board waits.
    """
    from_notice, why = proposed(cycle), options.get("quotas_why", "").strip()
    answer = answer_to(from_notice, options["quotas"], [track.code for track in cycle.scheme.rules.tracks])
    if answer == Answer.OTHERWISE and not why:
        raise DomainError(_("The quotas are others than the notice's. Say why."), field="quotas_why")
    if answer == Answer.NOT_ALL and not why:
        return {**options, "quotas_came_to": {}, "quotas_why": ""}
    reason = "" if answer == Answer.AS_SAID else why
    return {**options, "quotas_came_to": came_to(from_notice), "quotas_why": reason}


@transaction.atomic
def move_plan(*, cycle: Cycle, plan: Plan, by: User) -> int:
    """Keep when each step is planned; returns how many open tasks are due at another instant (24:00 of a day) by it.

    A task with a date of its own, from a return or a reopening, keeps it. Raises DomainError as `set_plan` does.
    """
    lock_processes(cycle)
    require(by, is_office)
    before = {planned.step: planned.ends_on for planned in cycle.planned_steps.select_for_update()}
    set_plan(cycle=cycle, plan=plan, by=by)
    moved = 0
    for step in DUE_BY_PLAN:
        was, now = before.get(step), plan[step][1] if step in plan else None
        if was and now and was != now:
            moved += _move(cycle, step, clock.end_of(was), clock.end_of(now))
    return moved


def _move(cycle: Cycle, step: Step, before: datetime, instant: datetime) -> int:
    """Let the tasks of a step be due at another instant, and what waits to be sent about them say so."""
    tasks = list(_due_at(cycle, step, before).only("pk"))
    move_due([about_step(cycle, step), *map(about, tasks)], instant)
    moved: int = Task.objects.filter(pk__in=[task.pk for task in tasks]).update(due_at=instant)
    return moved


def _due_at(cycle: Cycle, step: Step, instant: datetime) -> QuerySet[Task]:
    """Open tasks of a step that are due at `instant` by the plan, and not because somebody said so."""
    decided = Outcome.objects.filter(until=instant, task__process__sheet__cycle=cycle).values("task__process")
    return open_tasks(step).filter(process__sheet__cycle=cycle, due_at=instant).exclude(process__in=decided)
