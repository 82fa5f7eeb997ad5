"""What became of assessments: their tasks, each with how it ended, read once for all that a page says of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from workflow.flow.models import Outcome, Task

History = Mapping[int, Sequence[Task]]  # assessment's key → its tasks, the oldest first


def history_of(assessments: Collection[int]) -> History:
    """The history of the assessments of these keys (one query, none without any)."""
    tasks: defaultdict[int, list[Task]] = defaultdict(list)
    if assessments:
        for task in Task.objects.filter(process__in=assessments).select_related("outcome__by").order_by("pk"):
            tasks[task.process_id].append(task)
    return tasks


def outcomes_in(tasks: Iterable[Task]) -> list[Outcome]:
    """How those of these tasks ended that did, the last one last."""
    return sorted((task.outcome for task in tasks if hasattr(task, "outcome")), key=lambda outcome: outcome.pk)
