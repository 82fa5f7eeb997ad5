"""Browsers in which a person has signed in before: what others try from elsewhere does not make them wait.

Such a browser carries a signed cookie with a secret of its own for each account. Failures that come with it are counted
for it alone, so whoever knows a name, or shares an address, locks nobody out who comes from where they always come.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.identity import key_of
from common.encryption import fingerprint

COOKIE = "known"
SALT = "accounts.known"
MOST_ACCOUNTS = 8  # of one browser: on a shared computer several people sign in
LASTS = 60 * 60 * 24 * 180  # seconds


def known_as(request: HttpRequest, username: str) -> str:
    """The secret that this browser has for the account; empty if nobody signed in to it here before."""
    return _carried(request).get(_mark(username), "")


def remember(request: HttpRequest, answer: HttpResponse, username: str) -> None:
    """Let the browser carry a secret for the account, among those that it has."""
    mark = _mark(username)
    carried = _carried(request)
    carried[mark] = carried.pop(mark, "") or secrets.token_urlsafe(9)
    latest = dict(list(carried.items())[-MOST_ACCOUNTS:])
    answer.set_cookie(
        COOKIE,
        signing.dumps(latest, salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What django-axes counts failures under: the user name, with the secret of a browser that is known for it."""
    typed = (credentials or request.POST).get("username") or ""
    secret = known_as(request, typed)
    return f"{key_of(typed)} {secret}" if secret else key_of(typed)


def _mark(username: str) -> str:
    """An account in the cookie, so that whoever reads it on a shared computer learns no names."""
    return fingerprint(f"known\n{key_of(username)}")[:16]


def _carried(request: HttpRequest) -> dict[str, str]:
    try:
        carried: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return carried
