"""What waits at the office for consolidation, and for whom the rest still waits."""

from django.db.models import QuerySet

from scoring.models import Cycle
from workflow.flow.models import Outcome, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks

SENT_HERE = (OutcomeKind.RETURNED, OutcomeKind.UPHELD)


def waiting_for_office(cycle: Cycle | None = None) -> QuerySet[Task]:
    """Open consolidation tasks (of a cycle), by track and unit, with all that a result is computed from."""
    tasks = open_tasks("consolidation").select_related(
        "process__sheet__unit", "process__sheet__track", "process__sheet__cycle__scheme", "owner"
    )
    tasks = tasks.prefetch_related("process__sheet__lines", "process__sheet__ratings", "process__sheet__incidents")
    if cycle is not None:
        tasks = tasks.filter(process__sheet__cycle=cycle)
    return tasks.order_by("process__sheet__track__position", "process__sheet__unit__code")


def waiting_for_others(cycle: Cycle | None = None) -> QuerySet[Task]:
    """Open reviews and ratings (of a cycle): what consolidation still waits for, by unit."""
    tasks = (
        open_tasks("department_review", "recipient_rating", "leadership_rating")
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
