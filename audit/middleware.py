"""When and whence a request came: the instant decides whether it was in time (R6), the address limits a flood."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audit import clock
from audit.services import load_clock


class ArrivalMiddleware:
    """Sets `request.arrived_at` before anything else happens to the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the demo's clock, note the arrival, go on."""
        load_clock()
        request.arrived_at = clock.now()  # type: ignore[attr-defined]  # read through arrival_of()
        return self.get_response(request)


def arrival_of(request: HttpRequest) -> datetime:
    """The instant (aware) at which `request` reached this house."""
    arrived: datetime = getattr(request, "arrived_at", None) or clock.now()
    return arrived


def address_of(request: HttpRequest) -> str:
    """Where a request came from: the address that the outermost of our proxies saw, never one that a client claims."""
    direct: str = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return hops[-settings.PROXIES] if 0 < settings.PROXIES <= len(hops) else direct
