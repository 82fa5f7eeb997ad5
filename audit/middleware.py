"""What is asked before anything of a request is done: the clock, and whose database this is."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit.installation import require_match
from audit.services import load_clock


class ClockMiddleware:
    """Lets the clock of the thread follow the demo's, before anything is dated; elsewhere it is real time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the demo's clock, go on."""
        load_clock()
        return self.get_response(request)


class OwnDatabaseMiddleware:
    """Answers nothing out of a database of the other kind: a demo's where DEMO is off, a real one where it is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask first. Raises WrongDatabase, which becomes the page of our own errors and a line of the log."""
        require_match()
        return self.get_response(request)
