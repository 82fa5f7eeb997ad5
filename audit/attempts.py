"""How often something was done from one place: counted in the database, which is there when nothing else is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q

from audit.models import Attempt
from common import clock
from common.encryption import fingerprint


def take_turn(*, kind: str, place: str, most: int, within: timedelta) -> bool:
    """Count one more `kind` from `place` if that makes no more than `most` within the time; whether it did.

    It stands first and is counted afterwards, when others can see it: of many that come at once, the last to count
    sees all of them. So it may be called in no transaction. Places are kept as keyed digests, and no longer than the
    time asks for.
    """
    now = clock.now()
    mark = fingerprint(place)
    with transaction.atomic(durable=True):
        Attempt.objects.filter(kind=kind, at__lte=now - within).delete()
        own = Attempt.objects.create(kind=kind, place=mark, at=now)
    if Attempt.objects.filter(kind=kind, place=mark).count() > most:
        own.delete()
        return False
    return True


@dataclass(frozen=True)
class Tried:
    """How often something was tried in vain: from one place, by everybody, and when last from that place."""

    here: int
    everywhere: int
    last_here: datetime | None


def tried(*, kind: str, place: str, within: timedelta) -> Tried:
    """What was tried in vain within the time (one query)."""
    here = Q(place=fingerprint(place))
    recent = Attempt.objects.filter(kind=kind, at__gt=clock.now() - within)
    return Tried(
        **recent.aggregate(here=Count("pk", filter=here), everywhere=Count("pk"), last_here=Max("at", filter=here))
    )


def note_try(*, kind: str, place: str, within: timedelta) -> None:
    """Note that a `kind` was tried in vain from `place`; what is older than the time asks for is forgotten."""
    now = clock.now()
    with transaction.atomic():
        Attempt.objects.filter(kind=kind, at__lte=now - within).delete()
        Attempt.objects.create(kind=kind, place=fingerprint(place), at=now)
