"""How long what is sent may be, decided by the address before a byte of it is kept anywhere."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from common.layers import Layer
from common.numbers import key_in

V = TypeVar("V", bound=Callable[..., Any])


def takes_files(view: V) -> V:
    """Let this view's address take a file of the largest size that there may be, beside its form."""
    view.takes_files = True  # type: ignore[attr-defined]  # read below
    return view


def longest_body() -> int:
    """The longest body, in bytes, that any address takes."""
    longest: int = settings.MAX_UPLOAD_BYTES + settings.MAX_FORM_BYTES
    return longest


def longest_for(view: Callable[..., Any] | None) -> int:
    """The longest body, in bytes, that the address of `view` takes."""
    return longest_body() if getattr(view, "takes_files", False) else settings.MAX_FORM_BYTES


class BodyLimitMiddleware(Layer):
    """Refuses what is longer than its address takes; behind the gate, so that whoever may not act is told that."""

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object) -> None:
        """Raise RequestDataTooBig by the length that is declared; our front sees to it that no more comes."""
        length = key_in(request.META.get("CONTENT_LENGTH") or "0")
        if length is None or length > longest_for(view):
            raise RequestDataTooBig
