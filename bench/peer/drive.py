"""Drives the peer as a view of viewflow's would: the lock, the transitions, nothing else."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS
from viewflow.workflow.timers import fire_due_timers

from accounts.models import User
from bench.peer.flows import BRANCHES, PeerFlow, TimedFlow

PATH = ("self_evaluation", "acceptance", *BRANCHES, "consolidation", "approval", "publicity", "circulation")
NAME = "django-viewflow 2.4.0"
# The house has one node for all departments, the peer one for each.
OTHERWISE = {"department_review": BRANCHES[0]}


def begin(count: int) -> list[Any]:
    """Start so many processes."""
    return [PeerFlow.start.run() for _number in range(count)]


def task_of(process: Any, node: str) -> Any:
    """The open task of a node."""
    return Task.objects.get(process=process, flow_task=getattr(PeerFlow, node), finished=None)


def end(task: Any, by: User) -> None:
    """End one task under its lock."""
    with task.activation() as activation:
        if hasattr(activation, "assign"):
            if activation.task.status == STATUS.NEW:
                activation.assign(by)
            activation.start(None)
        else:
            activation.run(None)
        activation.execute()


def end_all(tasks: Sequence[Any], by: User) -> int:
    """End many tasks, one by one, as it knows no other way; how many."""
    for task in tasks:
        end(task, by)
    return len(tasks)


def timed(count: int) -> Callable[[], int]:
    """So many tasks whose timers are due, and the work that fires them."""
    for _number in range(count):
        TimedFlow.start.run()
    fire: Callable[[], int] = fire_due_timers
    return fire


def bring(processes: Iterable[Any], node: str, by: User) -> Iterator[Any]:
    """Bring each process to `node` of the house's flow; its open task there."""
    there = OTHERWISE.get(node, node)
    for process in processes:
        for before in PATH[: PATH.index(there)]:
            end(task_of(process, before), by)
        yield task_of(process, there)


def address(process: Any, by: User) -> str:
    """Where a person's browser ends the process's self-evaluation, which they have taken on."""
    task = task_of(process, "self_evaluation")
    with task.activation() as activation:
        activation.assign(by)
    return f"/peer/{process.pk}/self_evaluation/{task.pk}/execute/"


def served_tasks() -> int:
    """How many self-evaluations are ended."""
    return int(Task.objects.filter(flow_task=PeerFlow.self_evaluation, finished__isnull=False).count())
