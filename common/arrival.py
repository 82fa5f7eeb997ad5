"""When and whence a request came: the instant decides whether it was in time (R6), the address limits a flood."""

import re
import time
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from common import clock
from common.front import ARRIVED
from common.layers import Layer

# How a proxy writes when it got a request: seconds since 1970 with or without a point before their fractions.
STAMP = re.compile(r"(?:t=)?([0-9]{10})\.?([0-9]{0,9})")
# The bits of an IPv6 address that whoever has a line chooses for themselves.
OWN_BITS = 64


class ArrivalMiddleware(Layer):
    """Sets `request.arrived_at`: when its head was taken off the socket, not when a thread was free for it (R6)."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the arrival, go on."""
        request.arrived_at = clock.now() - _since_arrival(request)  # type: ignore[attr-defined]  # read through arrival_of()
        return self.get_response(request)


class PlainTextMiddleware(Layer):
    """Lets no NUL through in an address or a cookie: no person types one, and PostgreSQL can't look for it."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse such a request before anything reads it."""
        words = (request.path, unquote(request.META.get("QUERY_STRING", "")), *request.COOKIES.values())
        if any("\0" in word for word in words):
            raise BadRequest
        return self.get_response(request)


def _since_arrival(request: HttpRequest) -> timedelta:
    """How long the request has been with us: since our front took it, or a proxy of ours before that.

    Either is believed for as long as the sweep waits for late requests. What was on its way for longer, as a head is
    that was sent before a deadline to be followed by its body afterwards, counts as having come now.
    """
    waited = [time.monotonic() - request.META.get(ARRIVED, time.monotonic())]
    stamp = STAMP.fullmatch(request.META.get("HTTP_X_REQUEST_START", "")) if settings.PROXIES else None
    if stamp:
        waited.append(time.time() - float(f"{stamp[1]}.{stamp[2] or 0}"))
    believed = [seconds for seconds in waited if 0 <= seconds <= settings.DEADLINE_GRACE_SECONDS]
    return timedelta(seconds=max(believed, default=0))


def arrival_of(request: HttpRequest) -> datetime:
    """The instant (aware) at which `request` reached this house."""
    arrived: datetime = getattr(request, "arrived_at", None) or clock.now()
    return arrived


def address_of(request: HttpRequest) -> str:
    """Where a request came from: the address that the outermost of our proxies saw, never one that a client claims.

    Not by django-ipware: it counts from the same end only where it is told the opposite, and takes a public address of
    another header before a private one, as most of our people have.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 0 < settings.PROXIES <= len(hops):
        return direct
    return _plain(hops[-settings.PROXIES].strip()) or direct


def network_of(request: HttpRequest) -> str:
    """What counts as one place where tries are counted: an address, or of IPv6 the network that one line is given."""
    address = address_of(request)
    with suppress(ValueError):
        line = IPv6Address(address)
        return str(line.ipv4_mapped or IPv6Address(int(line) >> OWN_BITS << OWN_BITS))
    return address


def _plain(hop: str) -> str:
    """The address in what a proxy wrote, which may have a port and brackets; empty if there is none."""
    for word in (hop, hop.strip("[]"), hop.rpartition(":")[0].strip("[]")):
        with suppress(ValueError):
            return str(ip_address(word))
    return ""
