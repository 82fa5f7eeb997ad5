"""What an excluded unit has to know: since when, by which deadline, whom to ask (R6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.actors import members_with
from accounts.models import Role
from scoring.models import Step
from workflow.flow.models import Assessment, Outcome, OutcomeKind


@dataclass(frozen=True)
class Exclusion:
    """Why a unit takes no part: nothing came before `deadline` (aware), so it is excluded since `since` (aware)."""

    since: datetime
    deadline: datetime | None
    contact: str


def exclusions_of(assessments: Iterable[Assessment]) -> dict[int, Exclusion]:
    """Assessment's key → its exclusion, for those that are excluded now (two queries, none without any)."""
    excluded = {assessment.pk: assessment for assessment in assessments if assessment.step == Step.EXCLUDED}
    if not excluded:
        return {}
    ended = Outcome.objects.filter(kind=OutcomeKind.EXCLUDED, task__process__in=excluded)
    last = {outcome.task.process_id: outcome for outcome in ended.select_related("task").order_by("pk")}
    office = office_people()
    return {
        pk: Exclusion(
            since=outcome.at, deadline=outcome.task.due_at, contact=excluded[pk].sheet.cycle.contact or office
        )
        for pk, outcome in last.items()
    }


def office_people() -> str:
    """The office's people with their mail addresses: whom units may ask where the cycle names nobody."""
    return "、".join(f"{user.name} {user.email}".strip() for user in members_with(role=Role.OFFICE))
