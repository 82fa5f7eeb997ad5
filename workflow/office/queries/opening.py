"""How far the opening of a cycle is."""

from django.db.models import QuerySet

from scoring.models import Cycle, ScoreSheet
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.queries import unfinished_runs


def not_begun(cycle: Cycle) -> QuerySet[ScoreSheet]:
    """The sheets whose assessment has not begun: all before the cycle opens, then those still to be admitted."""
    return ScoreSheet.objects.filter(cycle=cycle, assessment=None)


def opening_of(cycle: Cycle) -> BulkRun | None:
    """The opening that is being worked off, if there is one."""
    return unfinished_runs().filter(kind=BulkKind.OPEN, cycle=cycle).first()
