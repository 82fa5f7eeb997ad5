"""What pages answer: to saving as one types, and when a rule of the house forbids what was asked."""

from collections.abc import Mapping

from django import forms
from django.http import HttpRequest, JsonResponse

from common import clock
from common.errors import DomainError


def is_autosave(request: HttpRequest) -> bool:
    """Whether the page saves by itself and reads JSON."""
    return request.headers.get("X-Requested-With") == "autosave"


def saved(errors: Mapping[str, str], html: Mapping[str, str] | None = None) -> JsonResponse:
    """The answer to saving as one types: when it was saved (Beijing time), what is wrong, what to show anew."""
    return JsonResponse(
        {"saved_at": f"{clock.now().astimezone(clock.BEIJING):%H:%M}", "errors": dict(errors), "html": dict(html or {})}
    )


def put_on(form: forms.Form, error: DomainError) -> None:
    """Show a rule's objection at the field that it names, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error.message))
