"""What departments and the office do in the demo: score, hand over, approve, open again, consolidate."""

from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from random import Random

from django.db.models import QuerySet

from common import clock
from common.narrow import known
from demo.world import texts
from demo.world.stage import Stage
from scoring.models import LineKind, SheetLine
from workflow.consolidation.services.consolidation import consolidate, decide_not_assessed, reopen_review
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import open_task, open_tasks
from workflow.review.queries.lines import lines_of
from workflow.review.services.points import Given, save_reviews
from workflow.review.services.review import approve_review, propose_review


def review_all(stage: Stage, *, deducted: Collection[int] = ()) -> None:
    """Every department scores every unit, and its head approves."""
    for task in _reviews(stage):
        _review(stage, task, deducted=task.process.sheet_id in deducted)


def _reviews(stage: Stage) -> QuerySet[Task]:
    return (
        open_tasks(Node.DEPARTMENT_REVIEW)
        .filter(process__sheet__cycle=stage.cycle)
        .select_related("department", "process__sheet__track", "process__sheet__cycle__scheme", "process__sheet__unit")
    )


def _review(stage: Stage, task: Task, *, deducted: bool = False, generous: bool = False) -> None:
    department = known(task.department)
    by = stage.cast.reviewers[department.name]
    given = {line.code: _given(stage.random, line, deducted, generous) for line in lines_of(task)}
    save_reviews(given={task: given}, by=by)
    propose_review(task=task, by=by)
    approve_review(task=task, by=stage.cast.heads[department.name])


def _given(random: Random, line: SheetLine, deducted: bool, generous: bool) -> Given:
    if line.kind == LineKind.RULE:
        times = Decimal(1) if deducted and line.code == "D1.1" else line.claimed
        return Given(value=times, note="示例：未完成交办工作" if times and line.code.startswith("D") else "")
    claimed = known(line.claimed)
    points = claimed if generous else texts.given(random, claimed)
    return Given(value=points, note="" if points == claimed else f"示例：{random.choice(texts.REASONS)}")


def reopen_and_review(stage: Stage, assessment: Assessment, *, part: str = "3.1", generous: bool = False) -> None:
    """The office asks the desk again about one part; it reviews, and the office gets it straight back."""
    task = known(open_task(assessment, Node.CONSOLIDATION))
    desk = known(assessment.sheet.track.desk)
    reopen_review(
        task=task,
        by=stage.cast.office,
        departments=[desk.pk],
        parts=[part],
        why="示例：请复核该项分值",
        until=clock.now() + timedelta(days=3),
    )
    for again in _reviews(stage).filter(process=assessment):
        _review(stage, again, generous=generous)


def consolidate_all(stage: Stage, *, not_assessed: Collection[int]) -> None:
    """The office confirms every result that waits, or decides that a unit is not assessed."""
    for task in open_tasks(Node.CONSOLIDATION).filter(process__sheet__cycle=stage.cycle).select_related("process"):
        if task.process.sheet_id in not_assessed:
            decide_not_assessed(task=task, by=stage.cast.office)
        else:
            consolidate(task=task, by=stage.cast.office)
