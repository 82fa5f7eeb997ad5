"""The access gate: every view names its action, the permission table decides before it runs; and no page is blank."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.actors import actor_at_gate
from accounts.models import User
from accounts.permissions import Action, may
from common.errors import NotAllowed
from common.front import CROWDED, PASSWORDS
from common.layers import Layer
from common.ui.errors import crowded, forbidden, not_allowed

CSV = "text/csv"


class AccessMiddleware(Layer):
    """Denies by default: a view without a named action is refused to everyone."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on, the decision is made once the view is known; what a person sees who is signed in, no one keeps."""
        answer = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or answer.headers.get("Content-Type", "").startswith(CSV):
            answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse, ask to sign in, or let the view run."""
        if request.META.get(CROWDED):
            return crowded(request, signing_in=request.META[CROWDED] == PASSWORDS)
        action: Action | None = getattr(view, "access", None)
        if action is None:
            raise PermissionDenied
        actor = actor_at_gate(request.user) if isinstance(request.user, User) else None
        request.actor = actor  # type: ignore[attr-defined]  # read through requester()
        if action is Action.PUBLIC:
            return None
        if actor is None:
            return self._sign_in_first(request)
        if not may(actor, action):
            raise PermissionDenied
        if actor.user.must_change_password and action is not Action.OWN_PASSWORD:
            return self._own_password_first(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A rule refused what no page shows beside its form: the person reads why, with 403."""
        return forbidden(request, exception) if isinstance(exception, NotAllowed) else None

    def _own_password_first(self, request: HttpRequest) -> HttpResponse:
        """A one-time password opens one page: that on which it is changed."""
        if request.headers.get("X-Requested-With") == "autosave":
            return JsonResponse({"change_password": True}, status=403)
        return redirect("own-password")

    def _sign_in_first(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("X-Requested-With") == "autosave":
            return JsonResponse({"signed_out": True}, status=401)
        if request.method not in ("GET", "HEAD"):
            messages.warning(
                request,
                _(
                    "You had been signed out, so what you sent was not taken: nothing has been changed. Sign in, then "
                    "do it once more."
                ),
            )
        return redirect_to_login(request.get_full_path())


class NoBlankPageMiddleware(Layer):
    """Gives our page, which leads on, to whoever asks an address in a way that it does not take; Django's is blank."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the page in the place of an answer that has none."""
        answer = self.get_response(request)
        return not_allowed(request, answer) if isinstance(answer, HttpResponseNotAllowed) else answer
