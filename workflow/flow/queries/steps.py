"""The steps of one assessment as people see them (design.md section 5), with planned or actual dates."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from common import clock
from common.wording import say_date
from scoring.models import PlannedStep, ScoreSheet, Step
from scoring.queries.cycles import PLANNED
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.history import History, history_of

# An assessment that ends early shows the steps before, then how it ended.
ENDS_AFTER = {Step.EXCLUDED: Step.SELF_EVALUATION, Step.NOT_ASSESSED: Step.CONSOLIDATION}
STEP_OF_NODE = {Node.RECIPIENT_RATING: Step.DEPARTMENT_REVIEW, Node.LEADERSHIP_RATING: Step.DEPARTMENT_REVIEW}


@dataclass(frozen=True)
class StepShown:
    """A step with its dates in words and its state: past, missed, now, next or later."""

    label: str
    dates: str
    state: str


def frame_of(assessment: Assessment) -> dict[str, Any]:
    """What the frame of an assessment's page reads: the sheet, the cycle that the head names, the steps."""
    sheet = assessment.sheet
    return {"assessment": assessment, "sheet": sheet, "cycle": sheet.cycle, "steps": steps_of(assessment)}


def steps_of(assessment: Assessment) -> list[StepShown]:
    """The steps of `assessment`, as `steps_of_each` says (two queries)."""
    return steps_of_each([assessment], history_of([assessment.pk]))[assessment.pk]


def steps_of_each(assessments: Collection[Assessment], history: History) -> dict[int, list[StepShown]]:
    """Assessment's key → its steps in order.

    A past step shows the day on which it ended, the present one until when it is due, the others what is planned
    (days in Beijing). A self-evaluation that was not handed in is `missed`: what was never done is not drawn as done.
    One query, none without any; the assessments bring their sheet, track, cycle and scheme.
    """
    if not assessments:
        return {}
    plans: defaultdict[int, dict[str, PlannedStep]] = defaultdict(dict)
    for planned in PlannedStep.objects.filter(cycle__in={assessment.sheet.cycle_id for assessment in assessments}):
        plans[planned.cycle_id][planned.step] = planned
    return {
        assessment.pk: _steps(assessment, history.get(assessment.pk, ()), plans[assessment.sheet.cycle_id])
        for assessment in assessments
    }


def _steps(assessment: Assessment, tasks: Iterable[Task], plan: Mapping[str, PlannedStep]) -> list[StepShown]:
    known = (*_instants(tasks), plan)
    at = Step(assessment.step)
    shown = _shown(at)
    current = shown.index(at) if at in shown else len(shown)
    return [
        StepShown(_label(step, assessment.sheet), _dates(step, distance, known), _state(step, distance, at))
        for distance, step in enumerate(shown, start=-current)
    ]


def _shown(step: Step) -> list[Step]:
    if step in ENDS_AFTER:
        return [*PLANNED[: PLANNED.index(ENDS_AFTER[step]) + 1], step]
    return list(PLANNED)


def _label(step: Step, sheet: ScoreSheet) -> str:
    if step is Step.DEPARTMENT_REVIEW and len(sheet.rules.components) > 1:
        return _("Work assessment and ratings")
    return str(step.label)


def _state(step: Step, distance: int, at: Step) -> str:
    if distance < 0:
        return "missed" if at is Step.EXCLUDED and step is Step.SELF_EVALUATION else "past"
    return {0: "now", 1: "next"}.get(distance, "later")


def _instants(tasks: Iterable[Task]) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """When each step ended last, and until when its open tasks are due."""
    ended: dict[str, datetime] = {}
    due: dict[str, datetime] = {}
    for task in tasks:
        name = task.flow_task.name
        step = STEP_OF_NODE.get(name, name)
        if hasattr(task, "outcome"):
            ended[step] = max(task.outcome.at, ended.get(step, task.outcome.at))
        elif task.finished is None and task.due_at is not None:
            due[step] = max(task.due_at, due.get(step, task.due_at))
    if Step.SELF_EVALUATION in ended:  # not when an exclusion ended: a unit may be excluded again after reinstatement
        ended[Step.EXCLUDED] = ended[Step.SELF_EVALUATION]
    if Step.CONSOLIDATION in ended:
        ended[Step.NOT_ASSESSED] = ended[Step.CONSOLIDATION]
    return ended, due


Known = tuple[Mapping[str, datetime], Mapping[str, datetime], Mapping[str, PlannedStep]]


def _dates(step: Step, distance: int, known: Known) -> str:
    ended, due, plan = known
    over = distance < 0 or step in ENDS_AFTER
    if over and step in ended:
        return _say(ended[step].astimezone(clock.BEIJING).date())
    if distance == 0 and step in due:
        return _("until %(day)s") % {"day": _say(clock.last_day(due[step]))}
    if over or step not in plan:
        return ""
    row = plan[step]
    first, last = _say(row.starts_on), _say(row.ends_on)
    return first if row.starts_on == row.ends_on else f"{first}—{last}"


def _say(day: date) -> str:
    return say_date(day, today=clock.today())
