"""What is asked before anything of a request is answered: whose database this is."""

from django.http import HttpRequest, HttpResponse

from audit.installation import require_match
from common.layers import Layer


class OwnDatabaseMiddleware(Layer):
    """Answers nothing out of a database of the other kind: a demo's where DEMO is off, a real one where it is on."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask first. Raises WrongDatabase, which becomes the page of our own errors and a line of the log."""
        require_match()
        return self.get_response(request)
