"""Signing in and out, and the language of the pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Action, requires

sign_in = requires(Action.PUBLIC)(LoginView.as_view(template_name="accounts/login.html", redirect_authenticated_user=True))
sign_out = requires(Action.PUBLIC)(LogoutView.as_view())


def locked_out(request: HttpRequest, credentials: object = None, *args: object, **kwargs: object) -> HttpResponse:
    """Too many failures: say so, and when to come back."""
    return render(request, "accounts/locked.html", status=429)
