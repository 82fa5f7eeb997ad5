"""A public list as bytes: rendered once for each state that it can have, and handed to every stranger alike.

On the day of publicity everybody looks. All that a list says is sealed, but for newer lists of its track and for time:
one statement asks for these, and whoever comes within a blink of it (`FRESH`) shares its answer: the more come at once,
the less is asked for each. A page bears no token and sets no cookie, so that all strangers get the same bytes.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from common import clock
from common.arrival import arrival_of
from common.front import ARRIVED

MOST_KEPT = 200
FRESH = 0.25  # seconds for which an answer of the database stands: shorter than the way of a page to its reader
PERSONAL = frozenset({settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name})


@dataclass(frozen=True)
class State:
    """All that can change of what a list says: how many lists its track has, whether it is over, the day, and in which
    language it is read."""

    slug: str
    lists: int
    is_over: bool
    today: date
    language: str | None


@dataclass(frozen=True)
class Known:
    """What was read of a list, asked at an instant (time.monotonic): its end (aware), how many lists its track has."""

    asked_at: float
    ends_at: datetime
    lists: int


# By hand: the ORM takes longer to write it than the rest of an answer takes.
KNOWN = """
SELECT shown.ends_at, (
    SELECT COUNT(*) FROM workflow_publicity public JOIN workflow_board listed ON listed.id = public.board_id
    WHERE listed.track_id = board.track_id
) FROM workflow_publicity shown JOIN workflow_board board ON board.id = shown.board_id WHERE shown.slug = %s
"""
_ASKING = Lock()
_KNOWN: dict[str, Known] = {}  # by slug
_PREPARED: dict[State, tuple[str, bytes]] = {}  # a page, and the tag by which a browser asks whether it has changed


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether an answer says nothing to this person alone: a stranger without messages, at the plain address."""
    return PERSONAL.isdisjoint(request.COOKIES) and not request.META.get("QUERY_STRING")


def state_of(request: HttpRequest, slug: str) -> State | None:
    """The state of a list for whoever asks; None if there is no such list (one query, or another's who waited too)."""
    known = _known(slug, since=request.META.get(ARRIVED, time.monotonic()))
    if known is None:
        return None
    over = arrival_of(request) >= known.ends_at
    return State(slug, known.lists, over, clock.today(), get_language())


def _known(slug: str, *, since: float) -> Known | None:
    """What the house knows of a list, asked after the instant `since` (time.monotonic) or a blink before it."""
    with _ASKING:
        known = _KNOWN.get(slug)
        if known is None or known.asked_at <= since - FRESH:
            asked_at = time.monotonic()
            with connection.cursor() as cursor:
                cursor.execute(KNOWN, [slug])
                row = cursor.fetchone()
            if row is None:
                return None
            ends_at, lists = row
            known = _KNOWN[slug] = Known(asked_at, ends_at if ends_at.tzinfo else ends_at.replace(tzinfo=UTC), lists)
    return known


def prepared(request: HttpRequest, state: State, render: Callable[[dict[str, str]], HttpResponse]) -> HttpResponse:
    """The page in this state, or that it has not changed; `render` makes it where it is not prepared yet.

    It has no token: its one form, which changes the language, needs none.
    """
    made = _PREPARED.get(state)  # held here: another thread may clear what is kept
    if made is None:
        whole = render({"csrf_token": ""}).content
        if len(_PREPARED) >= MOST_KEPT:
            _PREPARED.clear()
        made = _PREPARED[state] = f'W/"{hashlib.sha256(whole).hexdigest()}"', whole
    tag, page = made
    kept = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Cookie"}
    answer = HttpResponse(page, headers=kept)
    return get_conditional_response(request, etag=tag, response=answer) or answer
