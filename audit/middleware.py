"""Notes the instant at which a request arrived: the one that decides whether it was in time (R6)."""

from collections.abc import Callable
from datetime import datetime

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
