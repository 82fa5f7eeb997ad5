"""The office moves the planned dates of a cycle; what is owed by them moves along."""

from django.db import transaction

from accounts.models import User
from audit import clock
from scoring.models import Cycle, Step
from scoring.services.cycles import Plan, set_plan
from workflow.queries.process import open_tasks

# The steps whose tasks are due at the end planned for the step; the others have dates of their own (R6, R9, R13).
DUE_BY_PLAN = (Step.ACCEPTANCE, Step.DEPARTMENT_REVIEW, Step.CONSOLIDATION)


@transaction.atomic
def move_plan(*, cycle: Cycle, plan: Plan, by: User) -> int:
    """Keep when each step is planned; returns how many open tasks are due at another instant (24:00 of a day) by it.

    A task with a date of its own, from a return or a reopening, keeps it. Raises DomainError as `set_plan` does.
    """
    before = {row.step: row.ends_on for row in cycle.planned_steps.select_for_update()}
    set_plan(cycle=cycle, plan=plan, by=by)
    moved = 0
    for step in DUE_BY_PLAN:
        was, now = before.get(step), plan[step][1] if step in plan else None
        if was and now and was != now:
            owed = open_tasks(step).filter(process__sheet__cycle=cycle, due_at=clock.end_of(was))
            moved += owed.update(due_at=clock.end_of(now))
    return moved
