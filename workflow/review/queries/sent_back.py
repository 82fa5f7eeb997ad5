"""Who gave a piece of work back, and why: shown where it is done again."""

from dataclasses import dataclass

from accounts.models import Role, User
from audit.models import Event
from audit.verbs import Verb
from workflow.flow.models import Outcome, OutcomeKind, Task


@dataclass(frozen=True)
class SentBack:
    """The last word of whoever gave work back."""

    by: User | None
    why: str


def review_sent_back(task: Task) -> SentBack | None:
    """Who gave this review back to the reviewers and why, while they hold it: its head, or the office (two queries)."""
    if task.finished is not None or task.role != Role.REVIEWER:
        return None
    handed = Event.objects.filter(
        verb=Verb.REVIEW_HANDED_BACK,
        subject=task.process.sheet.recorded_as,
        at__gte=task.created,
        data__department=task.department_id,
    )
    event = handed.select_related("actor").order_by("-pk").first()
    if event is not None:
        return SentBack(event.actor, event.why)
    asked = Outcome.objects.filter(task__process=task.process_id, kind=OutcomeKind.REOPENED, at__lte=task.created)
    outcome = asked.select_related("by").order_by("-pk").first()
    if outcome is None or task.department_id not in outcome.departments:
        return None
    return SentBack(outcome.by, outcome.why)
