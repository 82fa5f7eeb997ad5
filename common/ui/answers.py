"""What pages answer: to saving as one types, to what many are asked about, and when a rule forbids what was asked."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, JsonResponse

from common import clock
from common.errors import DomainError
from common.many import Dealt

Item = TypeVar("Item")
CONFIRMED = "confirmed"  # the name of the field in templates/confirm_many.html


def is_autosave(request: HttpRequest) -> bool:
    """Whether the page saves by itself and reads JSON."""
    return request.headers.get("X-Requested-With") == "autosave"


def saved(
    errors: Mapping[str, str],
    html: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    **more: str,
) -> JsonResponse:
    """The answer to saving as one types: when it was saved (Beijing time), what is wrong, what to show anew.

    `values` are what other inputs hold by now because it follows from what was typed; `more` may be the page's version.
    """
    body = {"saved_at": f"{clock.now().astimezone(clock.BEIJING):%H:%M}", "errors": dict(errors)}
    return JsonResponse(body | {"html": dict(html or {})} | ({"values": dict(values)} if values else {}) | more)


def put_on(form: forms.BaseForm, error: DomainError, *, field: str | None = None) -> None:
    """Show a rule's objection at the field that it names (else at `field`), or above the form."""
    named = error.field if error.field in form.fields else field
    form.add_error(named, str(error.message).split("\n"))


def wrong_in(form: forms.BaseForm) -> dict[str, str]:
    """What is wrong with a form by field, in the words of the first fault of each."""
    return {name: str(faults[0]) for name, faults in form.errors.items()}


class refusals_on:  # read as a statement: `with refusals_on(form):`
    """Whatever a rule refuses inside is shown on the form, and the view goes on below."""

    def __init__(self, form: forms.BaseForm, *, field: str | None = None) -> None:
        self.form, self.field = form, field

    def __enter__(self) -> None:
        """Nothing is refused yet."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: TracebackType | None) -> bool:
        """Take a rule's refusal, and nothing else."""
        if isinstance(error, DomainError):
            put_on(self.form, error, field=self.field)
        return isinstance(error, DomainError)


class refusals_told:  # read as a statement: `with refusals_told(request):`
    """Whatever a rule refuses inside is said at the head of the next page, and the view goes on below."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __enter__(self) -> None:
        """Nothing is refused yet."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: TracebackType | None) -> bool:
        """Take a rule's refusal, and nothing else."""
        if isinstance(error, DomainError):
            messages.error(self.request, str(error.message))
        return isinstance(error, DomainError)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has seen what is going to be done, and asks for it."""
    return CONFIRMED in request.POST


def tell(request: HttpRequest, dealt: Dealt[Item], *, done: Callable[[int], str], name: Callable[[Item], str]) -> None:
    """Say how many were dealt with, in the words of `done(count)`, and of each that was refused its name and why."""
    for item, error in dealt.refused:
        messages.error(request, f"{name(item)}：{error.message}")
    if dealt.done:
        messages.success(request, done(len(dealt.done)))
