"""The settings of a cycle: planned dates, options, receiving desks, and who answers for what."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.identity import require_seen
from accounts.models import Department, User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.models import Cycle, PlannedStep, Responsibility, Step, Track
from scoring.queries.cycles import PLANNED
from scoring.services.schemes import codes_of
from scoring.services.workdays import working_days

Plan = Mapping[Step, tuple[date, date]]
# How many working days each step after the deadline gets by default; the publicity's length is the cycle's own.
LENGTH = {
    Step.ACCEPTANCE: 3,
    Step.DEPARTMENT_REVIEW: 10,
    Step.CONSOLIDATION: 3,
    Step.APPROVAL: 3,
    Step.CIRCULATION: 5,
}
EVALUATION_DAYS = 30
SATURDAY = 5


def default_plan(cycle: Cycle) -> tuple[dict[Step, tuple[date, date]], bool]:
    """Sensible dates of every step, by working days from the deadline (R13), and whether all holidays were known.

    Where a year's holiday order is not known yet only weekends are left out. Empty without a deadline.
    """
    if cycle.deadline_at is None:
        return {}, True
    last = (cycle.deadline_at - timedelta(microseconds=1)).astimezone(clock.BEIJING).date()
    opened = cycle.opened_at.astimezone(clock.BEIJING).date() if cycle.opened_at else clock.today()
    first = last - timedelta(days=EVALUATION_DAYS)
    plan = {Step.SELF_EVALUATION: (opened if first < opened <= last else first, last)}
    known = True
    for step in PLANNED[1:]:
        days = cycle.publicity_working_days if step == Step.PUBLICITY else LENGTH[step]
        counted, sure = _after(last, days)
        plan[step] = (counted[0], counted[-1])
        known, last = known and sure, counted[-1]
    return plan, known


def _after(day: date, days: int) -> tuple[list[date], bool]:
    try:
        return list(working_days(day, days, count_first=False).counted), True
    except DomainError:
        counted: list[date] = []
        while len(counted) < days:
            day += timedelta(days=1)
            if day.weekday() < SATURDAY:
                counted.append(day)
        return counted, False


@transaction.atomic
def set_plan(*, cycle: Cycle, plan: Plan, by: User) -> None:
    """Keep when each step is planned; raises DomainError at the step whose end lies before its beginning."""
    for step, (starts, ends) in plan.items():
        if ends < starts:
            raise DomainError(_("The end lies before the beginning."), field=f"{step}_to")
    require(by, is_office)
    before = {planned.step: planned for planned in cycle.planned_steps.select_for_update()}
    changes = {}
    for step, (starts, ends) in plan.items():
        planned = before.get(step) or PlannedStep(cycle=cycle, step=step)
        if (planned.starts_on, planned.ends_on) != (starts, ends):
            was = f"{planned.starts_on} – {planned.ends_on}" if planned.pk else ""
            changes[str(step)] = [was, f"{starts} – {ends}"]
            planned.starts_on, planned.ends_on = starts, ends
            planned.save()
    if changes:
        log(Verb.CYCLE_CHANGED, cycle, by=by, data={"plan": changes})


@transaction.atomic
def keep_defaults(*, cycle: Cycle, by: User) -> None:
    """Keep the proposed dates of steps that nobody planned; ratings count during the work assessment if unset (R9)."""
    require(by, is_office)
    plan, _known = default_plan(cycle)
    planned = {step.step: (step.starts_on, step.ends_on) for step in cycle.planned_steps.all()}
    set_plan(cycle=cycle, plan={step: dates for step, dates in plan.items() if step not in planned}, by=by)
    if cycle.ratings_close_at is None and plan:
        starts, ends = planned.get(Step.DEPARTMENT_REVIEW, plan[Step.DEPARTMENT_REVIEW])
        cycle.ratings_open_at, cycle.ratings_close_at = clock.midnight(starts), clock.end_of(ends)
        cycle.save(update_fields=["ratings_open_at", "ratings_close_at"])


class Options(TypedDict):
    """How publicity is counted (R13), quotas, track → grade → greatest number of units (R12), and whom to ask.

    `quotas_came_to` is what the notice's own quotas came to as these were decided, `quotas_why` why they are others.
    """

    count_first_day: bool
    quotas: Mapping[str, Mapping[str, int]]
    contact: NotRequired[str]
    draw_each_category: NotRequired[bool | None]
    quotas_came_to: NotRequired[Mapping[str, Mapping[str, int]]]
    quotas_why: NotRequired[str]


@transaction.atomic
def set_options(*, cycle: Cycle, by: User, **options: Unpack[Options]) -> None:
    """Keep the options of a cycle.

    Whether one recipient of each category is drawn at least (R8) stays as it is where None is given. Raises DomainError
    for a contact that holds what can't be seen, once the cycle is closed, and for another rule of the draw once it is
    open: its rosters are published by that rule.
    """
    contact, draw_each_category = options.get("contact", ""), options.get("draw_each_category")
    require_seen(contact=contact)
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    require(by, is_office)
    if held.closed_at is not None:
        raise DomainError(_("The cycle is closed: nothing of it changes any more."))
    wanted = {
        "count_first_day": options["count_first_day"],
        "quotas": {code: dict(own) for code, own in options["quotas"].items() if own},
        "contact": contact,
        "draw_each_category": held.draw_each_category if draw_each_category is None else draw_each_category,
    }
    if held.opened_at is not None and wanted["draw_each_category"] != held.draw_each_category:
        raise DomainError(_("Once the cycle is open its draws don't change their rule."), field="draw_each_category")
    if "quotas_came_to" in options:
        wanted |= {"quotas_came_to": options["quotas_came_to"], "quotas_why": options.get("quotas_why", "")}
    changes = {name: [getattr(held, name), value] for name, value in wanted.items() if getattr(held, name) != value}
    if changes:
        for name, value in wanted.items():
            setattr(held, name, value)
        held.save(update_fields=list(wanted))
        log(Verb.CYCLE_CHANGED, held, by=by, why=options.get("quotas_why", ""), data=changes)


@transaction.atomic
def set_responsibilities(*, track: Track, desk: Department, answers: Mapping[str, Department], by: User) -> None:
    """Keep the receiving desk of a track and which department answers for each part and adjustment.

    Raises DomainError once the cycle is open: tasks have been given out by then.
    """
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=track.cycle_id)
    require(by, is_office)
    if cycle.opened_at is not None:
        raise DomainError(_("The cycle is open: desks and responsibilities can't be changed any more."))
    track.cycle = cycle
    before = {answer.code: answer for answer in track.responsibilities.select_related("department")}
    changes = {}
    for code in codes_of(track.rules):
        department = answers.get(code, desk)
        answer = before.get(code) or Responsibility(track=track, code=code)
        if answer.department_id != department.pk:
            changes[code] = [str(answer.department) if answer.pk else "", department.name]
            answer.department = department
            answer.save()
    if track.desk_id != desk.pk:
        changes["desk"] = [track.desk.name if track.desk else "", desk.name]
        track.desk = desk
        track.save(update_fields=["desk"])
    if changes:
        log(Verb.CYCLE_CHANGED, cycle, by=by, data={"track": track.code, "answers": changes})
