"""How long the next try to sign in has to wait, after failures of a name from here, of this address, of this name.

django-axes counts: five failures of a name from an address rest for a quarter of an hour. What it has not are limits of
another kind beside it: from one address many names, for one name many addresses. Those are only slowed, a try each half
minute, since a whole office stands behind one address, and anybody can fail for anybody's name. For a name each address
has tries of its own, which nobody elsewhere can take away: one that has not failed for it does not wait.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessFailureLog
from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest

from accounts.identity import key_of
from accounts.known import known_as

NOTHING = timedelta(0)


class SlowingHandler(AxesDatabaseHandler):  # type: ignore[misc]  # axes carries no types
    """The database handler of axes, which also slows."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this try has to wait."""
        return bool(super().is_locked(request, credentials)) or _slowed(request, credentials) > NOTHING

    def wait(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> timedelta:
        """How long the next try of this name from here has to wait."""
        return max(self._rest(request, credentials), _slowed(request, credentials))

    def _rest(self, request: HttpRequest, credentials: dict[str, Any] | None) -> timedelta:
        if not super().is_locked(request, credentials):
            return NOTHING
        (rows,) = self.get_user_attempts(request, credentials)  # one set for the one pair of AXES_LOCKOUT_PARAMETERS
        ends: datetime = rows.latest("attempt_time").attempt_time + get_cool_off(request)
        return ends - _now(request)


def _slowed(request: HttpRequest, credentials: dict[str, Any] | None) -> timedelta:
    """How long to wait because of what others tried from this address or for this name; nothing in a known browser."""
    name = key_of((credentials or {}).get("username") or "")
    if known_as(request, name):
        return NOTHING
    recent = AccessFailureLog.objects.filter(attempt_time__gt=get_cool_off_threshold(request)).order_by()
    here = Q(ip_address=request.axes_ip_address)  # type: ignore[attr-defined]  # set by axes
    waits = [NOTHING]
    for same in (here, Q(username=name)):
        failures = recent.filter(same).aggregate(count=Count("pk"), latest_here=Max("attempt_time", filter=here))
        if failures["count"] >= settings.SIGN_IN_FREE_FAILURES and failures["latest_here"]:
            waits.append(failures["latest_here"] + settings.SIGN_IN_PAUSE - _now(request))
    return max(waits)


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.axes_attempt_time  # type: ignore[attr-defined]  # set by axes
    return now
