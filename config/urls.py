"""Addresses of the house; each room names its own."""

from django.urls import include, path, register_converter

from audit.numbers import KeyConverter, YearConverter

# Before the rooms' addresses are read: they are written with these.
register_converter(KeyConverter, "key")
register_converter(YearConverter, "year")

handler400 = "accounts.views.errors.bad_request"
handler403 = "accounts.views.errors.forbidden"
handler404 = "accounts.views.errors.not_found"
handler500 = "accounts.views.errors.server_error"

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("scoring.urls")),
    path("", include("workflow.urls")),
]
