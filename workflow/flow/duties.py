"""Who owes a task of the flow, by when: asked by each node when its task is created."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.models import Role
from common import clock
from common.narrow import known
from scoring.models import Step
from scoring.queries.sheets import departments_answering, has_component
from workflow.flow.models import SENDS_BACK, Assessment, Node, OutcomeKind
from workflow.flow.nodes import Duty, once_if
from workflow.flow.queries.process import last_reviewer, last_sender, latest_outcome, planned_end

DutyData = dict[str, Any]


def _due(process: Assessment, step: Step) -> datetime | None:
    plan = planned_end(process, step)
    return clock.end_of(plan.ends_on) if plan else None


def self_evaluation(activation: Any, _data: DutyData) -> Duty:
    """The unit's filers, until the deadline or the date of the return or reinstatement (R6)."""
    process, outcome = activation.process, latest_outcome(activation.process)
    again = outcome is not None and outcome.kind in (OutcomeKind.RETURNED, OutcomeKind.REINSTATED)
    return Duty(
        role=Role.FILER,
        unit_id=process.sheet.unit_id,
        due_at=outcome.until if again and outcome else process.sheet.cycle.deadline_at,
        scope=tuple(outcome.parts) if again and outcome else (),
        fires=True,
    )


def acceptance(activation: Any, _data: DutyData) -> Duty:
    """The receiving desk of the track; after a return, whoever returned it."""
    process = activation.process
    return Duty(
        role=Role.REVIEWER,
        department_id=process.sheet.track.desk_id,
        owner_id=last_sender(process, Node.ACCEPTANCE, SENDS_BACK),
        due_at=_due(process, Step.ACCEPTANCE),
    )


def department_review(activation: Any, data: DutyData) -> Duty:
    """A department that answers for a part; after a reopening, whoever reviewed before."""
    process = activation.process
    return Duty(
        role=Role.REVIEWER,
        department_id=data["department_id"],
        owner_id=data.get("owner_id"),
        due_at=data.get("until") or _due(process, Step.DEPARTMENT_REVIEW),
        scope=tuple(data.get("scope", ())),
    )


def rating(activation: Any, _data: DutyData) -> Duty:
    """Nobody's inbox: the sweep closes it when the window closes (R9)."""
    return Duty(due_at=activation.process.sheet.cycle.ratings_close_at, fires=True)


def consolidation(activation: Any, _data: DutyData) -> Duty:
    """The office; after a reopening, whoever reopened."""
    process = activation.process
    return Duty(
        role=Role.OFFICE,
        owner_id=last_sender(process, Node.CONSOLIDATION, SENDS_BACK),
        due_at=_due(process, Step.CONSOLIDATION),
    )


def departments_of(activation: Any) -> Iterator[DutyData]:
    """One branch for each department that answers for a part of the track."""
    for department_id in departments_answering(activation.process.sheet.track):
        yield {"department_id": department_id}


def departments_asked_again(activation: Any) -> Iterator[DutyData]:
    """One branch for each department that the office names when it reopens a review."""
    process = activation.process
    outcome = known(latest_outcome(process))  # the branch is entered by a reopening only
    for department_id in outcome.departments:
        yield {
            "department_id": department_id,
            "scope": outcome.parts,
            "until": outcome.until,
            "owner_id": last_reviewer(process, department_id),
        }


def recipients_if_any(activation: Any) -> Iterator[DutyData]:
    """The branch of recipients' ratings, in tracks that have it (R2)."""
    return once_if(has_component(activation.process.sheet, "recipients"))


def leaders_if_any(activation: Any) -> Iterator[DutyData]:
    """The branch of leaders' ratings, in tracks that have it (R2)."""
    return once_if(has_component(activation.process.sheet, "leaders"))
