"""A public list as bytes: rendered once for each state that it can have, and handed to every stranger alike.

On the day of publicity everybody looks. All that a list says is sealed, but for newer lists of its track and for time:
one statement asks for these, so that nobody is handed what was old when they asked. Those who have come before it was
asked, and wait for a thread, share its answer: the more come at once, the less is asked for each.
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
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

from common import clock
from common.arrival import arrival_of
from common.front import ARRIVED

MOST_KEPT = 200
# Stands where each answer has a token of its own, for the form that changes the language.
TOKEN = "the-token-of-this-answer"  # noqa: S105  # no secret: it is replaced
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
_PREPARED: dict[State, tuple[str, list[bytes]]] = {}  # the digest of a page, and its pieces between the tokens


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
    """What the house knows of a list, asked after the instant `since` (time.monotonic)."""
    with _ASKING:
        known = _KNOWN.get(slug)
        if known is None or known.asked_at <= since:
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
    """The page in this state, or that it has not changed; `render` makes it where it is not prepared yet."""
    if state not in _PREPARED:
        whole = render({"csrf_token": TOKEN}).content
        if len(_PREPARED) >= MOST_KEPT:
            _PREPARED.clear()
        _PREPARED[state] = hashlib.sha256(whole).hexdigest(), whole.split(TOKEN.encode())
    digest, pieces = _PREPARED[state]
    # Whoever has lost the cookie needs a page with a token that fits the new one.
    known = hashlib.sha256(f"{digest}{request.COOKIES.get(settings.CSRF_COOKIE_NAME, '')}".encode()).hexdigest()
    answer = HttpResponse(get_token(request).encode().join(pieces), headers={"ETag": f'W/"{known}"'})
    patch_cache_control(answer, no_cache=True)
    return get_conditional_response(request, etag=answer.headers["ETag"], response=answer) or answer
