"""Error pages: calm, translated, and they say what to do next."""

import errno
import sqlite3
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.errors import NotAllowed

NOT_YOURS = gettext_noop(
    "Your role does not cover this. Nothing has been changed. If you think it should, ask the office of the leading "
    "group, which keeps the roles."
)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# What SQLite says while another has the database, or the disk is full or away; the rest of its number is detail.
PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request could not be read, or is longer than what is taken."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "errors/413.html", status=413)
    return render(request, "errors/400.html", status=400)


def crowded(request: HttpRequest, *, signing_in: bool) -> HttpResponse:
    """So many wait at this moment, to sign in or for any page, that another would wait longer than a person does."""
    page = render(request, "errors/crowded.html", {"signing_in": signing_in}, status=503)
    page.headers["Retry-After"] = "30"
    return page


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The person may not do this; a rule that refused says why. Whoever saves as they type reads it beside the form."""
    why = exception.message if isinstance(exception, NotAllowed) else ""
    if request.headers.get("X-Requested-With") == "autosave":
        return JsonResponse({"refused": str(why or _(NOT_YOURS))}, status=403)
    return render(request, "errors/403.html", {"exception": why}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or the browser keeps no cookies."""
    return render(request, "errors/403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing here for this person."""
    return render(request, "errors/404.html", status=404)


def not_allowed(request: HttpRequest, answer: HttpResponseNotAllowed) -> HttpResponse:
    """The address is there, but is not asked in this way; says so instead of `answer`, whose ways it names."""
    allowed = answer.headers["Allow"]
    context = {"can_be_opened": "GET" in allowed.split(", ")}
    page = render(request, "errors/405.html", context, status=405)
    page.headers["Allow"] = allowed
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """Something failed on our side; the page needs nothing that could fail again."""
    if _is_passing(sys.exc_info()[1]):
        answer = render(None, "errors/503.html", status=503)
        answer["Retry-After"] = "5"
        return answer
    return render(None, "errors/500.html", status=500)


def _is_passing(error: BaseException | None) -> bool:
    """Whether the same request may well succeed later: the database is busy or away, or the disk is full.

    PostgreSQL's operational errors are of that kind; SQLite's are everything that fails, a wrong query too.
    """
    if isinstance(error, OperationalError):
        code = getattr(error.__cause__, "sqlite_errorcode", None)
        return code is None or code & 0xFF in PASSING
    return isinstance(error, OSError) and error.errno in NO_ROOM
