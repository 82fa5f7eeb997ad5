"""The lists of the room of people."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.guarded import waiting
from common.ui.tabs import Tab


def tabs(current: str) -> list[Tab]:
    """The lists by the names of their addresses; `current` is the one shown."""
    labels = {"accounts": _("Accounts"), "unit-list": _("Member units"), "department-list": _("Departments")}
    labels["guarded-changes"] = _("Confirmations")
    counts = {"guarded-changes": waiting().count() or None}
    return [
        Tab(url=reverse(name), label=label, current=name == current, count=counts.get(name))
        for name, label in labels.items()
    ]
