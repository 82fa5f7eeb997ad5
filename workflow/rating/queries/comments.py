"""What recipients wrote: unread until somebody has screened it, then for the leading group and the unit (R17)."""

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.permissions import Action, may
from scoring.models import Comment, Cycle, Step
from workflow.flow.models import Assessment


def unscreened(actor: Actor | None = None) -> QuerySet[Comment]:
    """The comments that nobody has screened, without those about the person's own unit; in an order of chance."""
    comments = Comment.objects.filter(is_visible=None)
    return comments if actor is None else comments.filter(actor.no_stake("sheet__unit"))


def to_screen(actor: Actor, cycle: Cycle) -> QuerySet[Comment]:
    """What a person may screen in a cycle, unit by unit."""
    comments = unscreened(actor).filter(sheet__cycle=cycle).select_related("sheet__unit")
    return comments.order_by("sheet__track__position", "sheet__unit__code", "pk")


def may_read_comments(actor: Actor, assessment: Assessment) -> bool:
    """Whether a person may read what was released about a unit: its people once its result is circulated, else those
    who read the cycle."""
    if assessment.sheet.unit_id in actor.unit_ids:
        return assessment.step == Step.CIRCULATED
    return may(actor, Action.READ_CYCLE)


def released_comments(assessment: Assessment) -> list[str]:
    """What may be read about a unit, in an order of chance."""
    released = Comment.objects.filter(sheet=assessment.sheet_id, is_visible=True).order_by("pk")
    return list(released.values_list("text", flat=True))
