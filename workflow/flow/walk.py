"""Walks the declared flow in memory: what a set of endings creates, ends and links. It neither reads nor writes.

viewflow's nodes and edges are the one declaration of the procedure; the tests hold this walk against viewflow's own
activations, row by row.
"""

from datetime import datetime
from functools import cache
from typing import Any

from viewflow.workflow import flow
from viewflow.workflow.exceptions import FlowRuntimeError
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from common.rows import new
from workflow.flow.announcements import Announcement, News
from workflow.flow.cases import Case, Waiting
from workflow.flow.models import Task
from workflow.flow.nodes import FanOut, PersonTask, WaitingTask
from workflow.flow.queries.process import OPEN

WAITS = (PersonTask, WaitingTask)
KNOWN = (*WAITS, FanOut, flow.If, flow.Switch, flow.Join, flow.End, flow.StartHandle)


# What viewflow's nodes can be told besides, and this walk would pass over in silence.
EXTRAS = (
    "_boundary_events",
    "_compensation_handler",
    "_continue_on_condition",
    "_on_create",
    "_owner",
    "_owner_permission",
    "_task_data",
    "_task_seed",
)


@cache
def require_known(flow_class: Any) -> None:
    """Raise FlowRuntimeError if a flow declares something that is not walked here as viewflow would."""
    for node in flow_class.instance.nodes():
        if type(node) not in KNOWN or any(getattr(node, extra, None) for extra in EXTRAS) or _odd(node):
            raise FlowRuntimeError(f"{flow_class.__name__}.{node.name} is of a kind that the endings do not know")


def _odd(node: Any) -> bool:
    """A split whose branches don't all wait, or a switch whose default is not its last branch."""
    if isinstance(node, FanOut):
        return any(not isinstance(branch, WAITS) for branch, *_source in node._branches)
    if isinstance(node, flow.Switch):
        defaults = [condition is None for _branch, condition in node._branches]
        return not defaults[-1] or any(defaults[:-1])
    return False


class Walk:
    """What becomes of a set of tasks that end at one instant, case after case.

    `created` have no keys yet, and branches of a split no tokens: `number` gives them both.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.created: list[Task] = []
        self.ended: list[Task] = []
        self.joined: list[Waiting] = []
        self.links: list[tuple[Task | Waiting, Task | Waiting]] = []
        self.told: list[tuple[Announcement, News]] = []
        self._branches: list[tuple[Task, Task, int]] = []

    def begin(self, case: Case, start: flow.StartHandle) -> None:
        """Begin a process whose key is known."""
        require_known(start.flow_class)
        task = self._create(case, start, None, Token("start"), started=self.at, finished=self.at, status=STATUS.DONE)
        self._enter(case, start._next, task, task.token)

    def leave(self, case: Case, task: Task) -> None:
        """End an open task and go on from it."""
        require_known(task.flow_task.flow_class)
        if task.status not in OPEN or not isinstance(task.flow_task, WAITS):
            raise FlowRuntimeError(f"{task} can't be ended")
        case.waiting = [other for other in case.waiting if other.pk != task.pk]
        task.status, task.started, task.finished = STATUS.DONE, self.at, self.at
        self.ended.append(task)
        self._enter(case, task.flow_task._next, task, task.token)

    def number(self, keys: list[int]) -> None:
        """Give the created tasks their keys, in order, and the branches of splits their tokens."""
        for task, key in zip(self.created, keys, strict=True):
            task.pk = key
        for branch, split, number in self._branches:
            branch.token = Token(f"{split.token}/{split.pk}_{number}")

    def _enter(self, case: Case, node: Any, before: Task | Waiting, token: Token) -> None:
        if isinstance(node, WAITS):
            self._wait(case, self._create(case, node, before, token), {})
        elif isinstance(node, FanOut):
            self._fan_out(case, self._pass(case, node, before, token))
        elif isinstance(node, flow.Join):
            self._join(case, node, before, token)
        elif isinstance(node, flow.End):
            self._end(case, self._pass(case, node, before, token, started=self.at))
        else:
            self._enter(case, _chosen(node, case), self._pass(case, node, before, token), token)

    def _wait(self, case: Case, task: Task, data: dict[str, Any]) -> None:
        """A task that somebody owes: the assessment enters its step, and whoever must act is told."""
        node = task.flow_task
        case.process.step = node.step
        case.waiting.append(task)
        if node.duty is not None:
            duty = node.duty(case, data)
            task.role, task.unit_id, task.department_id = duty.role or "", duty.unit_id, duty.department_id
            task.due_at, task.fires, task.scope = duty.due_at, duty.fires, list(duty.scope)
            if duty.owner_id:
                task.owner_id, task.status, task.assigned = duty.owner_id, STATUS.ASSIGNED, self.at
        if node.announce is not None:
            self.told.append((node.announce, News.of(case, task)))

    def _fan_out(self, case: Case, split: Task) -> None:
        if any(isinstance(task.flow_task, flow.Join) for task in case.waiting):
            raise FlowRuntimeError(f"{split} splits while a join of its process is open")
        items = [(node, item) for node, _case, each in split.flow_task._branches for item in each(case)]
        if not items:
            raise FlowRuntimeError(f"{split} has no branch: its process would wait for nothing")
        for number, (node, item) in enumerate(items, start=1):
            branch = self._create(case, node, split, split.token)
            self._branches.append((branch, split, number))
            self._wait(case, branch, item)

    def _join(self, case: Case, node: flow.Join, before: Task | Waiting, token: Token) -> None:
        """The first branch to arrive opens the join, the last one goes on from it."""
        base, prefix = token.get_base_split_token(), f"{token.token.rpartition('_')[0]}_"
        join = next((task for task in case.waiting if task.flow_task is node), None)
        if join is None:
            join = self._create(case, node, before, base, started=self.at, status=STATUS.STARTED)
            case.waiting.append(join)
        else:
            self.links.append((before, join))
        if not token.is_split_token() or join.token != base:
            raise FlowRuntimeError(f"{before} comes to a join that waits for others")
        if any(task.token.token.startswith(prefix) for task in case.waiting):
            return
        case.waiting.remove(join)
        join.status, join.finished = STATUS.DONE, self.at
        if isinstance(join, Waiting):  # it stands in the database
            self.joined.append(join)
        self._enter(case, node._next, join, join.token)

    def _end(self, case: Case, _task: Task) -> None:
        if not case.waiting:
            case.process.status, case.process.finished = PROCESS.DONE, self.at

    def _pass(self, case: Case, node: Any, before: Task | Waiting, token: Token, **stamps: datetime) -> Task:
        """A node at which nothing waits."""
        return self._create(case, node, before, token, finished=self.at, status=STATUS.DONE, **stamps)

    def _create(self, case: Case, node: Any, before: Task | Waiting | None, token: Token, **columns: Any) -> Task:
        task = new(
            Task,
            process=case.process,
            flow_task=node,
            flow_task_type=node.task_type,
            token=token,
            created=self.at,
            **columns,
        )
        self.created.append(task)
        if before is not None:
            self.links.append((before, task))
        return task


def _chosen(node: Any, case: Case) -> Any:
    """Where an exclusive gateway leads; a switch has a default."""
    if isinstance(node, flow.If):
        return node._on_true if node._condition(case) else node._on_false
    return next(branch for branch, condition in node._branches if condition is None or condition(case))
