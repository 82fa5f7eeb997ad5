"""Forgetting who objected: name, workplace and contact go, the objection and its answer stay (R17)."""

from datetime import datetime

from django.db.models import QuerySet

from common import clock
from scoring.models import Cycle
from workflow.publicity.models import Objection


def remembered_objectors(decided_until: datetime) -> QuerySet[Objection]:
    """Objections decided until then (aware) whose names are still kept; an open one needs its objector."""
    return Objection.objects.filter(forgotten_at=None, decided_at__lte=decided_until)


def forget_objectors(cycle: Cycle, *, decided_until: datetime, most: int) -> int:
    """Empty what names at most so many objectors of a cycle; returns of how many. The caller holds the cycle's row."""
    due = remembered_objectors(decided_until).filter(sheet__cycle=cycle).order_by("pk")
    keys = list(due.values_list("pk", flat=True)[:most])
    return Objection.objects.filter(pk__in=keys).update(name="", workplace="", contact="", forgotten_at=clock.now())
