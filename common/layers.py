"""What a layer around the answering of requests begins with, and does unless it says otherwise."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Layer:
    """A middleware that lets the next one answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)
