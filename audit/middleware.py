"""When and whence a request came: the instant decides whether it was in time (R6), the address limits a flood."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

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


class PlainTextMiddleware:
    """Lets no NUL through in an address or a cookie: no person types one, and PostgreSQL can't look for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse such a request before anything reads it."""
        words = (request.path, unquote(request.META.get("QUERY_STRING", "")), *request.COOKIES.values())
        return HttpResponseBadRequest() if any("\0" in word for word in words) else self.get_response(request)


def arrival_of(request: HttpRequest) -> datetime:
    """The instant (aware) at which `request` reached this house."""
    arrived: datetime = getattr(request, "arrived_at", None) or clock.now()
    return arrived


def address_of(request: HttpRequest) -> str:
    """Where a request came from: the address that the outermost of our proxies saw, never one that a client claims."""
    direct: str = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 0 < settings.PROXIES <= len(hops):
        return direct
    return _plain(hops[-settings.PROXIES].strip()) or direct


def _plain(hop: str) -> str:
    """The address in what a proxy wrote, which may have a port and brackets; empty if there is none."""
    for word in (hop, hop.strip("[]"), hop.rpartition(":")[0].strip("[]")):
        with suppress(ValueError):
            return str(ip_address(word))
    return ""
