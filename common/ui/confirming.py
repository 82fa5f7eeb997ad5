"""Many at once, asked first: the page shows how many and which, and the same form comes back confirmed."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest

from common.many import Dealt

Item = TypeVar("Item")
CONFIRMED = "confirmed"  # the name of the field in templates/confirm_many.html


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has seen what is going to be done, and asks for it."""
    return CONFIRMED in request.POST


def tell(request: HttpRequest, dealt: Dealt[Item], *, done: Callable[[int], str], name: Callable[[Item], str]) -> None:
    """Say how many were dealt with, in the words of `done(count)`, and of each that was refused its name and why."""
    for item, error in dealt.refused:
        messages.error(request, f"{name(item)}：{error.message}")
    if dealt.done:
        messages.success(request, done(len(dealt.done)))
