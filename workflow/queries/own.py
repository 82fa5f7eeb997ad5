"""The assessments that a filer fills in."""

from django.db.models import QuerySet

from accounts.actors import Actor
from workflow.models import Assessment
from workflow.queries.visibility import assessments_visible_to


def own_assessments(actor: Actor) -> QuerySet[Assessment]:
    """The assessments of the units that `actor` files for, newest cycle first."""
    return (
        assessments_visible_to(actor)
        .filter(sheet__unit_id__in=actor.unit_ids)
        .order_by("-sheet__cycle__year", "sheet__unit__code")
    )
