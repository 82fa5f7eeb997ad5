"""A demo's clock: how far it runs ahead stands in the database, and every thread follows it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from audit.models import ClockShift
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError


def load_clock(**_signal: Any) -> None:
    """Let this thread's clock follow the demo's shift; asked before each request and each task of the queue."""
    shift = ClockShift.objects.values_list("ahead", flat=True).first()
    clock.set_shift(shift or timedelta(0))


@transaction.atomic
def move_clock(*, to: datetime, by: AbstractBaseUser) -> None:
    """Move the demo's clock forward to the instant `to` (aware); it never goes back.

    Raises DomainError for an instant in the past.
    """
    came_from = clock.now()
    if to <= came_from:
        raise DomainError(_("The clock only goes forward: choose a later time."), field="to")
    shift = ClockShift.objects.select_for_update().first() or ClockShift()
    shift.ahead += to - came_from
    shift.save()
    clock.set_shift(shift.ahead)
    log(Verb.CLOCK_MOVED, "clock:1", by=by, came_from=came_from.isoformat(), went_to=to.isoformat())
