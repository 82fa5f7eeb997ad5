"""viewflow's own activations as a reference: what sets of endings write is held against what these write singly."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from viewflow.workflow import activation as activations
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes import end as end_node
from viewflow.workflow.nodes import handle, join, split, start, view

from accounts.models import User
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.language import in_house_language
from outbox.services import queue, withdraw
from scoring.models import ScoreSheet
from workflow.flow.announcements import News, drafts
from workflow.flow.cases import Case, Facts
from workflow.flow.endings import FINAL_STEP, VERB_OF, Ending
from workflow.flow.models import Outcome, Task
from workflow.flow.nodes import FanOut, PersonTask, WaitingTask
from workflow.flow.queries.process import about
from workflow.flows import AssessmentFlow


class Duties:
    """Writes step, duty and letters when a task is created; conditions and duties read the activation as their case."""

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Any:
        activation = super().create(flow_task, prev_activation, token, data=data, seed=seed)  # type: ignore[misc]  # viewflow's create
        task, process, case = activation.task, activation.process, as_case(activation)
        if process.step != flow_task.step:
            process.step = flow_task.step
            process.save(update_fields=["step"])
        if flow_task.duty is not None:
            duty = flow_task.duty(case, data or {})
            task.role, task.unit_id, task.department_id = duty.role or "", duty.unit_id, duty.department_id
            task.due_at, task.fires, task.scope = duty.due_at, duty.fires, list(duty.scope)
            if duty.owner_id:
                task.owner_id, task.status, task.assigned = duty.owner_id, "ASSIGNED", clock.now()
            task.save()
        if flow_task.announce is not None:
            queue(draft.write() for draft in drafts([(flow_task.announce, News.of(case, task))]))
        return activation


class ViewActivation(Duties, view.ViewActivation):
    """A task of a person."""

    def finish(self) -> None:
        """End the task and go on."""
        if self.assign.can_proceed():
            self.assign(self.task.owner)
        self.start(None)
        self.execute()


class HandleActivation(Duties, handle.HandleActivation):
    """A task that waits for a sweep or a service."""

    def finish(self) -> None:
        """End the task and go on."""
        self.run(None)
        self.execute()


class FanOutActivation(split.SplitActivation):
    """One branch for each item of each source."""

    @Activation.status.super()
    def activate(self) -> None:
        """Collect the branches."""
        for node, _case, each in self.flow_task._branches:
            self.next_tasks.extend((node, item) for item in each(as_case(self)))


def as_case(activation: Any) -> Case:
    """An activation as conditions and duties read it: everything from the database."""
    process = activation.process
    outcome = Outcome.objects.filter(task__process=process).order_by("-pk").first()
    return Case(process, Facts([process]), waiting=[], outcome=outcome)


@contextmanager
def by_activations() -> Iterator[None]:
    """Let viewflow's activations work on our nodes, and date what they do by the house's clock."""
    mine = {PersonTask: ViewActivation, WaitingTask: HandleActivation, FanOut: FanOutActivation}
    patches: list[Any] = [patch.object(node, "activation_class", ours) for node, ours in mine.items()]
    patches += [patch.object(module, "now", clock.now) for module in (activations, end_node, handle, join, start, view)]
    patches.append(
        patch.object(Activation, "ended_as", lambda self, *kinds: as_case(self).ended_as(*kinds), create=True)
    )
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def begin_by_activation(sheet: ScoreSheet, by: User) -> None:
    """Begin one assessment."""
    activation = AssessmentFlow.start.activation_class.create(AssessmentFlow.start, None, None)
    activation.process.sheet, activation.process.created = sheet, clock.now()
    with in_house_language():
        activation.execute()
    log(Verb.ASSESSMENT_OPENED, sheet, by=by, went_to=activation.process.step)


def end_by_activation(key: int, ending: Ending) -> None:
    """End one task."""
    with Task.objects.get(pk=key).activation() as activation:
        process, came_from = activation.process, activation.process.step
        outcome = Outcome.objects.create(
            task=activation.task,
            kind=ending.kind,
            by=ending.by,
            at=ending.at or clock.now(),
            why=ending.why,
            until=ending.until,
            parts=list(ending.parts),
            departments=list(ending.departments),
        )
        withdraw([about(activation.task)])
        process.step = FINAL_STEP.get(ending.kind, process.step)
        with in_house_language():
            activation.finish()
        process.refresh_from_db()  # a join that is completed works on another instance
        log(
            VERB_OF[ending.kind],
            process.sheet,
            by=ending.by,
            came_from=came_from,
            went_to=process.step,
            why=ending.why,
            at=outcome.at,
            data={"parts": list(ending.parts), "until": ending.until.isoformat() if ending.until else None}
            | ending.data,
        )
