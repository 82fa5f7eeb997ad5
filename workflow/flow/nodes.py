"""The nodes of our flow: viewflow's own, with the columns of a task written when it is created."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.handle import HandleActivation
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.nodes.view import ViewActivation

from accounts.models import Role
from common import clock
from scoring.models import Step


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Who owes a task, by when, and what it covers; `fires` lets the sweep act on it at `due_at`."""

    role: Role | None = None
    unit_id: int | None = None
    department_id: int | None = None
    owner_id: int | None = None
    due_at: datetime | None = None
    scope: tuple[str, ...] = ()
    fires: bool = False


def _write_duty(activation: Any, duty: Duty) -> None:
    task = activation.task
    task.role = duty.role or ""
    task.unit_id, task.department_id = duty.unit_id, duty.department_id
    task.due_at, task.fires, task.scope = duty.due_at, duty.fires, list(duty.scope)
    if duty.owner_id:
        task.owner_id = duty.owner_id
        task.status = "ASSIGNED"
        task.assigned = clock.now()
    task.save()


def _enter_step(activation: Any) -> None:
    step: Step | None = activation.flow_task.step
    if step is not None and activation.process.step != step:
        activation.process.step = step
        activation.process.save(update_fields=["step"])


class DutyCreation:
    """Writes the duty and the step of the assessment in the transaction that creates the task."""

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Any:
        """Create the task, then ask the node's duty function who owes it."""
        activation = super().create(flow_task, prev_activation, token, data=data, seed=seed)  # type: ignore[misc]  # viewflow's create
        _enter_step(activation)
        if flow_task.duty is not None:
            _write_duty(activation, flow_task.duty(activation, data or {}))
        if flow_task.announce is not None:
            flow_task.announce(activation)
        return activation


class DutyViewActivation(DutyCreation, ViewActivation):
    """A person's task: claimed or not, it is finished by the service that ends it."""

    def finish(self) -> None:
        """End the task and go on; the caller holds the process lock and has written the outcome."""
        if self.assign.can_proceed():
            self.assign(self.task.owner)
        self.start(None)
        self.execute()


class DutyHandleActivation(DutyCreation, HandleActivation):
    """A task that waits for a sweep or a service."""

    def finish(self) -> None:
        """End the task and go on; the caller holds the process lock and has written the outcome."""
        self.run(None)
        self.execute()


DutyOf = Callable[[Any, dict[str, Any]], Duty]


class _DutyNode:
    """What our view and handle nodes have in common."""

    step: Step | None
    duty: Any
    announce: Any

    def _take(self, step: Step | None, duty: Any, announce: Any) -> None:
        self.step, self.duty, self.announce = step, duty, announce

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)  # type: ignore[misc]  # viewflow's node
        self.duty = this.resolve(instance, self.duty)
        self.announce = this.resolve(instance, self.announce)


class PersonTask(_DutyNode, flow.View):
    """A task for a person; its page is found through the inbox, not through viewflow's own URLs."""

    activation_class = DutyViewActivation

    def __init__(self, *, step: Step, duty: Any, announce: Any = None) -> None:
        super().__init__(None)
        self._take(step, duty, announce)


class WaitingTask(_DutyNode, flow.Handle):
    """A task that waits until a sweep or a service finishes it."""

    activation_class = DutyHandleActivation

    def __init__(self, *, step: Step | None, duty: Any = None, announce: Any = None) -> None:
        super().__init__()
        self._take(step, duty, announce)


class FanOutActivation(SplitActivation):
    """Makes one branch for each item of a branch's data source."""

    @Activation.status.super()
    def activate(self) -> None:
        """Collect the branches: one task for each item."""
        for node, _case, source in self.flow_task._branches:
            self.next_tasks.extend((node, item) for item in source(self))


class FanOut(flow.Split):
    """A parallel split over data: only `activate` and `Next` are ours, `create_next` and the join stay stock."""

    activation_class = FanOutActivation

    def Next(self, node: Any, *, each: Any) -> "FanOut":  # viewflow's vocabulary
        """Activate `node` once for each item that `each(activation)` yields."""
        self._activate_next.append((node, None, each))
        return self


def once_if(condition: bool) -> Iterator[dict[str, Any]]:
    """A data source of one empty item, or none: a branch that a track may not have."""
    if condition:
        yield {}
