"""What must hold of an assessment at any time, by sections 5 and 6 of the design."""

from documents.models import Submission
from scoring.models import Step
from workflow.board.queries.boards import ON_BOARD
from workflow.flow.models import Assessment, Outcome, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks

BRANCHES = {"department_review", "recipient_rating", "leadership_rating"}
STEP_OF = {branch: Step.DEPARTMENT_REVIEW for branch in BRANCHES}
ENDS = {Step.CIRCULATED, Step.NOT_ASSESSED, Step.EXCLUDED}


def faults(one: Assessment) -> list[str]:
    """What is wrong with an assessment by sections 5 and 6 of the design; nothing, at any time."""
    waiting = list(open_tasks().filter(process=one))
    nodes = [task.flow_task.name for task in waiting]
    standing = set(nodes) - {"join"}
    handed_in = Submission.objects.filter(sheet=one.sheet).exists()
    ended = Task.objects.filter(process=one).exclude(finished=None)
    reviews = [task.department_id for task in waiting if task.flow_task.name == "department_review"]
    single = [node for node in nodes if node != "department_review"]
    lines = list(one.sheet.board_lines.select_related("board"))
    rules = {
        "a submitted unit is excluded": not (one.step == Step.EXCLUDED and handed_in),
        "a silent unit is ranked": handed_in or not lines,
        "a silent unit is assessed": handed_in or one.step in (Step.SELF_EVALUATION, Step.EXCLUDED, Step.NOT_ASSESSED),
        "a node is open twice": len(single) == len(set(single)),
        "a department is asked twice": len(reviews) == len(set(reviews)),
        "an open join without open branches": "join" not in nodes or bool(standing & BRANCHES),
        "open tasks of two steps": len({STEP_OF.get(node, node) for node in standing}) <= 1,
        "the step is not that of the open tasks": not standing
        or {str(STEP_OF.get(node, node)) for node in standing} == {str(one.step)},
        "nothing is open, but it has not ended": bool(standing) or one.step in ENDS,
        "it has ended, but the process runs": bool(nodes) or one.finished is not None,
        "an open task has an outcome": not Outcome.objects.filter(task__in=waiting).exists(),
        "a person's task ended without an outcome": not ended.filter(outcome=None)
        .filter(role__gt="")
        .exclude(status="CANCELED")
        .exists(),
        "a barred grade was given": not any(line.grade and line.grade in line.barred for line in lines),
        "it is off the list though approved": one.step not in ON_BOARD[1:]
        or any(line.board.signed_at is not None for line in lines),
        "an end by an incident without one": one.step != Step.NOT_ASSESSED
        or OutcomeKind.NOT_ASSESSED in set(Outcome.objects.filter(task__process=one).values_list("kind", flat=True)),
    }
    return [name for name, holds in rules.items() if not holds]
