"""A public list as bytes: rendered once for each state that it can have, and handed to every stranger alike.

On the day of publicity everybody looks. All that a list says is sealed, but for newer lists of its track and for time:
one statement asks for these, so that what is handed out is never older than what the house knows.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language

from common import clock
from workflow.publicity.models import Publicity

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


_PREPARED: dict[State, tuple[str, list[bytes]]] = {}  # the digest of a page, and its pieces between the tokens


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether an answer says nothing to this person alone: a stranger without messages, at the plain address."""
    return PERSONAL.isdisjoint(request.COOKIES) and not request.META.get("QUERY_STRING")


def state_of(slug: str, *, at: datetime) -> State | None:
    """The state of a list for who asks at the instant `at` (aware); None if there is no such list (one query)."""
    of_track = Publicity.objects.filter(board__track=OuterRef("board__track")).order_by()
    lists = of_track.values("board__track").annotate(lists=Count("pk")).values("lists")
    row = Publicity.objects.filter(slug=slug).values_list("ends_at", Subquery(lists)).first()
    return row and State(slug, row[1], at >= row[0], clock.today(), get_language())


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
