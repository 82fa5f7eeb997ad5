"""What waits at the office for consolidation, and for whom the rest still waits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from accounts.actors import Actor
from scoring.engine.score import UnitScore
from scoring.models import Cycle, LineKind, ScoreSheet, SheetLine
from scoring.queries.counted import counted_of
from scoring.services.results import score_of
from scoring.wording import name_basis
from workflow.flow.models import Node, Outcome, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.flow.rules import consolidates
from workflow.review.queries.lines import limit_of, recorded_times_of, unanswered

SENT_HERE = (OutcomeKind.RETURNED, OutcomeKind.UPHELD, OutcomeKind.RECOUNTED)


def waiting_for_office(cycle: Cycle | None = None) -> QuerySet[Task]:
    """Open consolidation tasks (of a cycle), by track and unit."""
    tasks = open_tasks(Node.CONSOLIDATION).select_related(
        "process__sheet__unit", "process__sheet__track", "process__sheet__cycle__scheme", "owner"
    )
    tasks = tasks.defer("process__sheet__cycle__scheme__body")
    tasks = tasks.order_by("process__sheet__track__position", "process__sheet__unit__code")
    return tasks if cycle is None else tasks.filter(process__sheet__cycle=cycle)


def waiting_for_others(cycle: Cycle | None = None) -> QuerySet[Task]:
    """Open reviews and ratings (of a cycle): what consolidation still waits for, by unit."""
    tasks = (
        open_tasks(Node.DEPARTMENT_REVIEW, Node.RECIPIENT_RATING, Node.LEADERSHIP_RATING)
        .select_related("process__sheet__unit", "process__sheet__track", "department")
        .order_by("process__sheet__track__position", "process__sheet__unit__code", "pk")
    )
    return tasks if cycle is None else tasks.filter(process__sheet__cycle=cycle)


def why_sent_back(task: Task) -> Outcome | None:
    """The return or upheld objection that brought a unit here again, while it is the last word."""
    last = (
        Outcome.objects.filter(task__process_id=task.process_id).select_related("by", "board").order_by("-pk").first()
    )
    return last if last is not None and last.kind in SENT_HERE else None


@dataclass(frozen=True)
class ReadyUnit:
    """A unit that is ready: its score as it stands, what nobody has answered, and why one may not confirm it."""

    task: Task
    score: UnitScore
    unanswered: list[str]
    why_not: str


def ready_units(tasks: Sequence[Task], actor: Actor) -> list[ReadyUnit]:
    """The units of these consolidation tasks, each as it stands (four queries)."""
    sheets = [task.process.sheet for task in tasks]
    counted, recorded = counted_of(sheets), recorded_times_of(sheets)
    return [
        ReadyUnit(
            task=task,
            score=score_of(task.process.sheet, counted[task.process.sheet_id]),
            unanswered=unanswered(counted[task.process.sheet_id].lines, recorded[task.process.sheet_id]),
            why_not=consolidates.refusal(actor, task),
        )
        for task in tasks
    ]


@dataclass(frozen=True)
class ComparedLine:
    """A line as claimed and as reviewed; its two bars are drawn against `full`.

    It holds points unless it counts how often a rule applies. `basis` names what the points claimed come from, `found`
    those reviewed, where the department finds otherwise.
    """

    line: SheetLine
    full: Decimal
    unanswered: bool
    in_points: bool
    basis: str
    found: str


def compared_lines(sheet: ScoreSheet, open_lines: Collection[str]) -> list[ComparedLine]:
    """The lines that hold anything or should; a part is drawn against its points, a count against the larger of two."""
    rules = sheet.rules
    compared = []
    for line in sheet.lines.all():
        if line.claimed or line.reviewed is not None or line.code in open_lines:
            counts = max(line.claimed or Decimal(0), line.reviewed or Decimal(0), Decimal(1))
            full = (limit_of(rules, line) or Decimal(1)) if line.kind == LineKind.PART else counts
            part = rules.part(line.code)
            compared.append(
                ComparedLine(
                    line,
                    full,
                    unanswered=line.code in open_lines,
                    in_points=part is not None or line.code in rules.at_discretion,
                    basis=name_basis(part, line.basis, line.claimed),
                    found=name_basis(part, line.reviewed_basis or {}, line.reviewed),
                )
            )
    return compared
