"""How often something was done from one place: counted in the database, which is there when nothing else is."""

from datetime import timedelta

from django.db import transaction

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
