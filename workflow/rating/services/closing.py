"""Closing the rating tasks whose window is over: by the sweep (R9)."""

from collections.abc import Iterable

from scoring.models import RatingKind
from scoring.queries.counted import enough_rated
from workflow.flow.endings import Ending, hold, is_due
from workflow.flow.models import Node, OutcomeKind, Task

COMPONENT_OF = {Node.RECIPIENT_RATING: RatingKind.RECIPIENTS, Node.LEADERSHIP_RATING: RatingKind.LEADERS}


def close_all_ratings(*, tasks: Iterable[Task]) -> list[Task]:
    """Close rating tasks whose window is over; with no rating, or fewer than the scheme asks for, one stays open (R9).

    Returns the tasks that were closed: by the sweep, idempotent, decided under the locks.
    """
    with hold(tasks) as held:
        over = [task for task in held.tasks if is_due(task)]
        component = {task: COMPONENT_OF[task.node] for task in over}
        enough = enough_rated([task.process.sheet for task in over])
        closed = [task for task in over if (task.process.sheet_id, component[task]) in enough]
        held.end(
            {task: Ending(kind=OutcomeKind.RATED, by=None, data={"component": component[task]}) for task in closed}
        )
    return closed
