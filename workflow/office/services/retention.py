"""Retention: names and phones go by themselves when their time is over; by the sweep, in chunks, idempotent (R17)."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from audit.models import Event
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.language import in_house_language
from documents.models import RosterEntry
from documents.services.forgetting import forget_people, remembered_people
from scoring.models import Cycle
from workflow.publicity.models import Objection
from workflow.publicity.services.forgetting import forget_objectors, remembered_objectors

AT_ONCE = 500  # people in one transaction


def forget_all(*, end: float) -> bool:
    """Delete what names people in cycles that were closed long enough ago; False when the time was over before.

    `end` is an instant of `time.monotonic()`. What was deleted stays deleted, so the next sweep goes on from there.
    """
    for cycle in _due():
        while _forget_some(cycle):
            if time.monotonic() >= end:
                return False
    return True


def _due() -> QuerySet[Cycle]:
    """Cycles in which there is something to forget."""
    until = _until()
    people = Exists(remembered_people().filter(sheet__cycle=OuterRef("pk")))
    objectors = Exists(remembered_objectors(until).filter(sheet__cycle=OuterRef("pk")))
    return Cycle.objects.filter(people | objectors, closed_at__lte=until).order_by("year", "pk")


def _until() -> datetime:
    """What was closed or decided until then has been kept long enough."""
    return clock.now() - timedelta(days=settings.PERSONAL_DATA_DAYS)


@transaction.atomic
def _forget_some(cycle: Cycle) -> bool:
    """Forget a chunk of a cycle's people; whether there are more. With the last of them the record says how many."""
    Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    forgotten = forget_people(cycle, most=AT_ONCE) + forget_objectors(cycle, decided_until=_until(), most=AT_ONCE)
    more = _due().filter(pk=cycle.pk).exists()
    if forgotten and not more:
        _tell(cycle)
    return more


def _tell(cycle: Cycle) -> None:
    """Record how many were forgotten since the record last said so: one event for all chunks."""
    told = Event.objects.filter(verb=Verb.PEOPLE_FORGOTTEN, subject=cycle.recorded_as).aggregate(at=Max("at"))["at"]
    since = {"forgotten_at__gt": told} if told else {"forgotten_at__isnull": False}
    counts = {
        "people": RosterEntry.every.filter(sheet__cycle=cycle, **since).count(),
        "objectors": Objection.objects.filter(sheet__cycle=cycle, **since).count(),
    }
    with in_house_language():
        why = _("%(people)d people of rosters, %(objectors)d objectors") % counts
    log(Verb.PEOPLE_FORGOTTEN, cycle, why=why, data=counts)
