"""Addresses that take only what a form sends: whoever opens one by itself is led to the page that has the form."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.permissions import Action, V, requires

READING = ("GET", "HEAD")
AGAIN = _(
    "Nothing has been changed. This step is taken with the button on this page: choose or fill in again here, then "
    "press it once more."
)


def posted_from(home: str | Callable[..., str], *names: str, say: str | Promise = AGAIN) -> Callable[[V], V]:
    """Let a view take POST only; by GET it leads to `home` and says there what to do.

    `home` is the name of an address that takes the arguments `names` of the view's own, or a function that makes the
    address from all of them; what stood behind the `?`, such as the cycle, is carried on. People
    come by GET who switch the language on a page of confirmation, open its address anew, or sign in again after their
    session has ended.
    """

    def decorate(view: V) -> V:
        posted = require_POST(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in READING:
                answer: HttpResponse = posted(request, *args, **kwargs)
                return answer
            messages.info(request, str(say))
            named = {name: kwargs[name] for name in names}
            address = reverse(home, kwargs=named) if isinstance(home, str) else home(**kwargs)
            return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)

        guarded.only_posted = True  # type: ignore[attr-defined]  # read by the walk of all addresses
        return guarded  # type: ignore[return-value]  # it is called as the view was

    return decorate


def posts(action: Action, home: str | Callable[..., str], *names: str, say: str | Promise = AGAIN) -> Callable[[V], V]:
    """Name the action of a view that takes only what a form sends; by GET it leads to `home` (see `posted_from`)."""
    return lambda view: requires(action)(posted_from(home, *names, say=say)(view))
