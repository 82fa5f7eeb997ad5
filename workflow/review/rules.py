"""Who may approve a review: asked of it with its lines, which are read once for a set of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from accounts.actors import Actor, current_memberships
from accounts.rules import Rule, rule
from scoring.models import SheetLine
from workflow.flow.models import Task


@dataclass(frozen=True)
class HeldReview:
    """A review under its lock: the lines that it covers, and how often the year's records hold each rule (R15)."""

    task: Task
    lines: Sequence[SheetLine]
    recorded: Mapping[str, int]


def _scored_nothing(actor: Actor, review: HeldReview) -> bool:
    return actor.user.pk not in {line.reviewed_by_id for line in review.lines} | {review.task.handed_over_by_id}


def _nobody_else_there(actor: Actor, review: HeldReview) -> bool:
    members = current_memberships().filter(department_id=review.task.department_id, user__is_active=True)
    return not members.exclude(user=actor.user).exists()


has_not_scored: Rule[HeldReview] = rule(
    _scored_nothing, gettext_lazy("Whoever scored does not approve: a colleague has to hand it over.")
)
is_alone_there: Rule[HeldReview] = rule(_nobody_else_there, gettext_lazy("A colleague of the department can do this."))
