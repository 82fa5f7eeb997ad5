"""Addresses of the accounts room."""

from django.urls import path

from accounts.views import session

urlpatterns = [
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
]
