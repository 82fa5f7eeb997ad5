"""What the office has to see to in a cycle, apart from what the procedure asks of it."""

from dataclasses import dataclass

from outbox.queries import held_up, undelivered
from scoring.models import Cycle
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.queries import unfinished_runs
from workflow.flow.models import Task
from workflow.flow.queries.holders import unheld_tasks, vacancies
from workflow.office.queries.dashboard import stuck_tasks
from workflow.office.queries.opening import not_begun
from workflow.office.queries.watch import Watch, watch

A_FEW = 20


@dataclass(frozen=True)
class Attention:
    """Whether deadlines are watched, what fell due in vain (the first few), how much is undelivered or unheld;
    what was `asked` of many and is being worked off, and how many units an opening has left behind."""

    watch: Watch
    stuck: list[Task]
    undelivered: int
    held_up: int
    unheld: int
    vacancies: int
    asked: list[BulkRun]
    not_begun: int


def attention_of(cycle: Cycle) -> Attention:
    """What is amiss now (eleven queries)."""
    asked = list(unfinished_runs().filter(cycle=cycle))
    opening = any(run.kind == BulkKind.OPEN for run in asked)
    return Attention(
        watch=watch(),
        stuck=list(stuck_tasks(cycle)[:A_FEW]),
        undelivered=undelivered().count(),
        held_up=held_up().count(),
        unheld=unheld_tasks(cycle).count() if cycle.is_open else 0,
        vacancies=len(vacancies(cycle)) if cycle.is_open else 0,
        asked=asked,
        not_begun=not_begun(cycle).count() if cycle.is_open and not opening else 0,
    )
