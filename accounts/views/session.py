"""Signing in and out, the language of the pages, one's own password, and the one that a mailed link sets."""

import math
from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language as django_set_language

from accounts.changes import last_reset
from accounts.forms import NewPasswordForm, OwnPasswordForm
from accounts.identity import LONGEST_NAME
from accounts.known import remember
from accounts.links import days_valid, tokens
from accounts.models import User
from accounts.permissions import Action, requires
from accounts.posted import posted_from
from accounts.queries import HOW_TO_BEGIN, nobody_can_sign_in
from accounts.services import note_sign_in
from accounts.slowing import SlowingHandler
from common import clock

STILL_IN = gettext_lazy("You are still signed in. To end this, press “Sign out” on this page.")


class SignInForm(AuthenticationForm):
    """User name and password."""

    def clean_username(self) -> str:
        """A name longer than any account's is nobody's; nothing is asked of the database for it."""
        username: str = self.cleaned_data["username"]
        if len(username) > LONGEST_NAME:
            raise self.get_invalid_login_error()
        return username


class SignInView(LoginView):
    """The sign-in page."""

    form_class = SignInForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how the first account is made, as long as nobody can sign in."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if nobody_can_sign_in():
            context |= {"how_to_begin": HOW_TO_BEGIN}
        return context

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and record that."""
        answer = super().form_valid(form)
        user = form.get_user()
        if isinstance(user, User):
            note_sign_in(user=user)
            remember(self.request, answer, user.username)
        return answer


class OwnPasswordView(PasswordChangeView):
    """A person changes their own password; other sessions of theirs end. A one-time password leads here first."""

    form_class = OwnPasswordForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("inbox")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say who set a one-time password."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        if isinstance(user, User) and user.must_change_password:
            context["reset"] = last_reset(user)
        return context

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form asks who it is, and counts how often that failed."""
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the new password and say so."""
        answer = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return answer


sign_in = requires(Action.PUBLIC)(SignInView.as_view())
sign_out = requires(Action.PUBLIC)(posted_from("inbox", say=STILL_IN)(LogoutView.as_view()))
# Without a token: it changes nothing but the language that its own browser reads, and public pages are the same bytes
# for all strangers (workflow/publicity/views/prepared.py).
set_language = csrf_exempt(requires(Action.PUBLIC)(django_set_language))
own_password = requires(Action.OWN_PASSWORD)(OwnPasswordView.as_view())


@never_cache
def locked_out(request: HttpRequest, _answer: object, credentials: dict[str, Any] | None) -> HttpResponse:
    """Too many failures: say so, and how long the next try has to wait."""
    handler: SlowingHandler = AxesProxyHandler.get_implementation()
    wait = handler.wait(request, credentials)
    context = {"until": clock.now() + wait, "minutes": math.ceil(wait / timedelta(minutes=1))}
    answer = render(request, "accounts/locked.html", context, status=429)
    answer["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return answer


class NewPasswordView(PasswordResetConfirmView):
    """Works once; the link's secret leaves the address before the page is shown."""

    form_class = NewPasswordForm
    template_name = "accounts/password_new.html"
    token_generator = tokens
    success_url = reverse_lazy("sign-in")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say for how long links work, where this one does not any more."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"days": days_valid()}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """A link that was used, is too old or was never one is no page."""
        return super().render_to_response(context, **kwargs | ({} if self.validlink else {"status": 404}))

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password and say how to go on."""
        answer = super().form_valid(form)
        messages.success(self.request, _("Your password is set. Please sign in with it."))
        return answer


password_new = requires(Action.PUBLIC)(NewPasswordView.as_view())
