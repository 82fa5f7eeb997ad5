"""The addresses of the house, and one that answers a string: what the server does at most with nothing to do."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.permissions import Action, reads
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as of_the_house

STRING = b"." * 12_000  # about as long as the public list of a track


@reads(Action.PUBLIC)
def string(request: HttpRequest) -> HttpResponse:
    """The same to everybody, always."""
    return HttpResponse(STRING)


urlpatterns = [*of_the_house, path("bench/string/", string, name="bench-string")]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
