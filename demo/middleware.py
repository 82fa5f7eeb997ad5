"""What a demo asks before anything of a request is done: where its clock stands."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from demo.services.clock import load_clock


class ClockMiddleware:
    """Lets the clock of the thread follow the demo's, before anything is dated."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the demo's clock, go on."""
        load_clock()
        return self.get_response(request)
