"""The three lists of the office's room of people."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Tab:
    """One of the lists."""

    url: str
    label: str
    current: bool
    count: int | None = None


def tabs(current: str) -> list[Tab]:
    """The lists by the names of their addresses; `current` is the one shown."""
    labels = {"accounts": _("Accounts"), "unit-list": _("Member units"), "department-list": _("Departments")}
    return [Tab(url=reverse(name), label=label, current=name == current) for name, label in labels.items()]
