"""The entry for the web server: the front of the house, and Django behind it on lanes of threads."""

from contextlib import suppress

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, close_old_connections
from django.http import parse_cookie
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.module_loading import import_string

from common.bodies import longest_for
from common.collecting import collect_seldom
from common.front import BUSY, DOWNLOADS, PAGES, PASSWORDS, Environ, Front, Lane
from config.wsgi import application as django

# One hash at a time in each process: two would take both cores of a small machine from everybody else. No more wait
# than are answered well within the grace after a deadline (DEADLINE_GRACE_SECONDS), at half a second for a hash and a
# tenth for a page: what was sent in time is never too late because it waited.
LANES = (
    Lane(PAGES, threads=4, most_waiting=200),
    Lane(PASSWORDS, threads=1, most_waiting=40),
    Lane(DOWNLOADS, threads=4),
    Lane(BUSY, threads=1),
)
SessionStore = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
# Addresses at which a person's password is checked.
WITH_PASSWORD = {"sign-in", "own-password", "board-sign"}


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def lane_of(method: str, path: str) -> str:
    """The lane for what is asked of an address, whatever is sent to it."""
    match = _match(path)
    return PASSWORDS if method == "POST" and match and match.url_name in WITH_PASSWORD else PAGES


def longest_of(path: str) -> int:
    """The longest body, in bytes, that an address takes."""
    match = _match(path)
    return longest_for(match.func if match else None)


def signed_in(environ: Environ) -> bool:
    """Whether somebody is signed in where the request comes from; what they may do is asked later, by the gate."""
    key = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    close_old_connections()
    with suppress(DatabaseError):  # what fails here fails there too, and is answered with a page
        return bool(key) and SESSION_KEY in SessionStore(key)
    return False


application = Front(
    app=django,
    lanes={lane.name: lane for lane in LANES},
    lane_of=lane_of,
    longest_of=longest_of,
    signed_in=signed_in,
    folder=str(settings.DATA_DIR),
)
collect_seldom()
