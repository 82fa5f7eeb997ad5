"""What happened to an assessment, as its unit may read it: no remarks that were meant for others."""

from django.db.models import Q, QuerySet

from workflow.flow.models import Assessment, Node, Outcome, OutcomeKind
from workflow.flow.queries.process import flow_ref

FOR_THE_UNIT = (
    OutcomeKind.SUBMITTED,
    OutcomeKind.LAPSED,
    OutcomeKind.EXCLUDED,
    OutcomeKind.REINSTATED,
    OutcomeKind.ACCEPTED,
    OutcomeKind.NOT_ASSESSED,
    OutcomeKind.PUBLICISED,
    OutcomeKind.CIRCULATED,
)


def timeline_of(assessment: Assessment) -> QuerySet[Outcome]:
    """What was done with the assessment, newest first; a return by the desk among it."""
    shown = Q(kind__in=FOR_THE_UNIT) | _returned_by_desk()
    return Outcome.objects.filter(shown, task__process=assessment).select_related("by").order_by("-pk")


def returns_of(assessment: Assessment) -> list[Outcome]:
    """The returns by the receiving desk, newest first: who, why, which parts, until when."""
    returned = Outcome.objects.filter(_returned_by_desk(), task__process=assessment)
    return list(returned.select_related("by", "task__department").order_by("-pk"))


def _returned_by_desk() -> Q:
    return Q(kind=OutcomeKind.RETURNED, task__flow_task=flow_ref(Node.ACCEPTANCE))
