"""How often something was done from one place: counted in the database, which is there when nothing else is."""

from datetime import timedelta

from django.db import transaction

from audit.models import Attempt
from common import clock
from common.encryption import fingerprint


@transaction.atomic
def take_turn(*, kind: str, place: str, most: int, within: timedelta) -> bool:
    """Count one more `kind` from `place` if that makes no more than `most` within the time; whether it did.

    Places are kept as keyed digests, and no longer than the time asks for.
    """
    now = clock.now()
    mark = fingerprint(place)
    Attempt.objects.filter(kind=kind, at__lte=now - within).delete()
    if Attempt.objects.filter(kind=kind, place=mark).count() >= most:
        return False
    Attempt.objects.create(kind=kind, place=mark, at=now)
    return True
