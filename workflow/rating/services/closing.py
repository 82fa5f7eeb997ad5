"""Closing the leaders' ratings whose window is over: by the sweep (R9). The recipients' end as their box is opened."""

from collections.abc import Iterable

from scoring.models import RatingKind
from scoring.queries.counted import enough_rated
from workflow.flow.endings import Ending, hold, is_due
from workflow.flow.models import OutcomeKind, Task


def close_all_ratings(*, tasks: Iterable[Task]) -> list[Task]:
    """Close leaders' tasks whose window is over; with no rating, or fewer than the scheme asks for, it stays open (R9).

    Returns the tasks that were closed: by the sweep, idempotent, decided under the locks.
    """
    with hold(tasks) as held:
        over = [task for task in held.tasks if is_due(task)]
        enough = enough_rated([task.process.sheet for task in over])
        closed = [task for task in over if (task.process.sheet_id, RatingKind.LEADERS) in enough]
        data = {"component": RatingKind.LEADERS}
        held.end({task: Ending(kind=OutcomeKind.RATED, by=None, data=data) for task in closed})
    return closed
