"""Who owes a task of the flow, by when: asked by each node when its task is created."""

from collections.abc import Iterator
from typing import Any

from accounts.models import Role
from common.narrow import known
from scoring.models import Step
from scoring.queries.sheets import has_component
from workflow.flow.cases import Case
from workflow.flow.models import SENDS_BACK, Node, OutcomeKind
from workflow.flow.nodes import Duty, once_if

DutyData = dict[str, Any]


def self_evaluation(case: Case, _data: DutyData) -> Duty:
    """The unit's filers, until the deadline or the date of the return or reinstatement (R6)."""
    outcome = case.outcome if case.ended_as(OutcomeKind.RETURNED, OutcomeKind.REINSTATED) else None
    return Duty(
        role=Role.FILER,
        unit_id=case.sheet.unit_id,
        due_at=outcome.until if outcome else case.cycle.deadline_at,
        scope=tuple(outcome.parts) if outcome else (),
        fires=True,
    )


def acceptance(case: Case, _data: DutyData) -> Duty:
    """The receiving desk of the track; after a return, whoever returned it."""
    return Duty(
        role=Role.REVIEWER,
        department_id=case.sheet.track.desk_id,
        owner_id=case.facts.last_sender(case.process, Node.ACCEPTANCE, SENDS_BACK),
        due_at=case.facts.due(case.cycle, Step.ACCEPTANCE),
    )


def department_review(case: Case, data: DutyData) -> Duty:
    """A department that answers for a part; after a reopening, whoever reviewed before."""
    return Duty(
        role=Role.REVIEWER,
        department_id=data["department_id"],
        owner_id=data.get("owner_id"),
        due_at=data.get("until") or case.facts.due(case.cycle, Step.DEPARTMENT_REVIEW),
        scope=tuple(data.get("scope", ())),
    )


def rating(case: Case, _data: DutyData) -> Duty:
    """Nobody's inbox: the sweep closes it when the window closes (R9)."""
    return Duty(due_at=case.cycle.ratings_close_at, fires=True)


def consolidation(case: Case, _data: DutyData) -> Duty:
    """The office; after a reopening, whoever reopened."""
    return Duty(
        role=Role.OFFICE,
        owner_id=case.facts.last_sender(case.process, Node.CONSOLIDATION, SENDS_BACK),
        due_at=case.facts.due(case.cycle, Step.CONSOLIDATION),
    )


def departments_of(case: Case) -> Iterator[DutyData]:
    """One branch for each department that answers for a part of the track."""
    for department_id in case.facts.departments_of(case.sheet.track):
        yield {"department_id": department_id}


def departments_asked_again(case: Case) -> Iterator[DutyData]:
    """One branch for each department that the office names when it reopens a review."""
    outcome = known(case.outcome)  # the branch is entered by a reopening only
    for department_id in outcome.departments:
        yield {
            "department_id": department_id,
            "scope": outcome.parts,
            "until": outcome.until,
            "owner_id": case.facts.last_reviewer(case.process, department_id),
        }


def recipients_if_any(case: Case) -> Iterator[DutyData]:
    """The branch of recipients' ratings, in tracks that have it (R2)."""
    return once_if(has_component(case.sheet, "recipients"))


def leaders_if_any(case: Case) -> Iterator[DutyData]:
    """The branch of leaders' ratings, in tracks that have it (R2)."""
    return once_if(has_component(case.sheet, "leaders"))
