"""The nodes of our flow: viewflow's own, with what makes a task: its step, who owes it, who is told of it.

They are declarations only; `workflow/flow/walk.py` walks them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from viewflow import this
from viewflow.workflow import flow

from accounts.models import Role
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


class _DutyNode:
    """What our view and handle nodes have in common."""

    step: Step
    duty: Any
    announce: Any

    def _take(self, step: Step, duty: Any, announce: Any) -> None:
        self.step, self.duty, self.announce = step, duty, announce

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)  # type: ignore[misc]  # viewflow's node
        self.duty = this.resolve(instance, self.duty)
        self.announce = this.resolve(instance, self.announce)


class PersonTask(_DutyNode, flow.View):
    """A task for a person; its page is found through the inbox, not through viewflow's own URLs."""

    def __init__(self, *, step: Step, duty: Any, announce: Any = None) -> None:
        super().__init__(None)
        self._take(step, duty, announce)


class WaitingTask(_DutyNode, flow.Handle):
    """A task that waits until a sweep or a service finishes it."""

    def __init__(self, *, step: Step, duty: Any = None, announce: Any = None) -> None:
        super().__init__()
        self._take(step, duty, announce)


class FanOut(flow.Split):
    """A parallel split over data: one branch for each item of a branch's source."""

    def Next(self, node: Any, *, each: Any) -> "FanOut":  # viewflow's vocabulary
        """Activate `node` once for each item that `each(case)` yields."""
        self._activate_next.append((node, None, each))
        return self


def once_if(condition: bool) -> Iterator[dict[str, Any]]:
    """A data source of one empty item, or none: a branch that a track may not have."""
    if condition:
        yield {}
