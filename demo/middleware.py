"""What a demo asks before anything of a request is done: where its clock stands."""

from django.http import HttpRequest, HttpResponse

from common.layers import Layer
from demo.services.clock import load_clock


class ClockMiddleware(Layer):
    """Lets the clock of the thread follow the demo's, before anything is dated."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the demo's clock, go on."""
        load_clock()
        return self.get_response(request)
