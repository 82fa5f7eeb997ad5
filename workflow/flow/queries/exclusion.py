"""What an excluded unit has to know: since when, by which deadline, whom to ask (R6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import members_with
from accounts.models import Role
from scoring.models import Step
from workflow.flow.models import Assessment, Outcome, OutcomeKind, Task
from workflow.flow.queries.history import History, history_of, outcomes_in


@dataclass(frozen=True)
class Exclusion:
    """Why a unit takes no part: nothing came before `deadline` (aware), so it is excluded since `since` (aware)."""

    since: datetime
    deadline: datetime | None
    contact: str


def exclusions_of(assessments: Iterable[Assessment], history: History | None = None) -> dict[int, Exclusion]:
    """Assessment's key → its exclusion, for those that are excluded now (none without any; else one query where their
    cycle names nobody to ask, and one where their history is not at hand)."""
    excluded = [assessment for assessment in assessments if assessment.step == Step.EXCLUDED]
    known = history if history is not None else history_of([assessment.pk for assessment in excluded])
    unnamed = any(not assessment.sheet.cycle.contact for assessment in excluded)
    office = office_people() if unnamed else ""
    return {
        assessment.pk: Exclusion(
            since=outcome.at, deadline=outcome.task.due_at, contact=assessment.sheet.cycle.contact or office
        )
        for assessment in excluded
        for outcome in _ended_by_the_deadline(known.get(assessment.pk, ()))[-1:]
    }


def _ended_by_the_deadline(tasks: Iterable[Task]) -> list[Outcome]:
    return [outcome for outcome in outcomes_in(tasks) if outcome.kind == OutcomeKind.EXCLUDED]


def office_people() -> str:
    """The office's people with their mail addresses: whom units may ask where the cycle names nobody."""
    return "、".join(f"{user.name} {user.email}".strip() for user in members_with(role=Role.OFFICE))
