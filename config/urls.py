"""Addresses of the house; each room names its own."""

from django.conf import settings
from django.urls import include, path, register_converter

from common.numbers import KeyConverter
from scoring.naming import CycleConverter

# Before the rooms' addresses are read: they are written with these.
register_converter(KeyConverter, "key")
register_converter(CycleConverter, "cycle")

handler400 = "common.ui.errors.bad_request"
handler403 = "common.ui.errors.forbidden"
handler404 = "common.ui.errors.not_found"
handler500 = "common.ui.errors.server_error"

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("scoring.urls")),
    path("", include("workflow.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("demo.urls")))
