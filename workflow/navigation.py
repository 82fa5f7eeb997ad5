"""The frame of every page: which rooms a person may enter, and how many things wait for them there."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Role
from accounts.permissions import Action, may
from scoring.models import Cycle


@dataclass(frozen=True)
class Entry:
    """A line of the side navigation."""

    url: str
    label: str | Promise
    current: bool
    count: int | None = None


# (name of the address, label, action that it needs), in the order shown.
PLACES: tuple[tuple[str, str | Promise, Action], ...] = (
    ("inbox", _("My tasks"), Action.SIGNED_IN),
    ("self-evaluation", _("Self-evaluation"), Action.FILL_SELF_EVALUATION),
    ("results", _("Results and notices"), Action.CONFIRM_RECEIPT),
    ("acceptance", _("Acceptance of materials"), Action.ACCEPT_MATERIALS),
    ("review", _("Work assessment"), Action.REVIEW),
    ("records", _("Records of the year"), Action.LOG_RECORD),
    ("leaders-grid", _("Leaders' ratings"), Action.RATE),
    ("dashboard", _("The cycle"), Action.READ_CYCLE),
    ("schemes", _("Notices and schemes"), Action.RUN_CYCLE),
    ("draws", _("Draws"), Action.RUN_CYCLE),
    ("consolidation", _("Consolidation"), Action.RUN_CYCLE),
    ("boards", _("Approval by the leading group"), Action.READ_BOARD),
    ("publicities", _("Publicity and objections"), Action.READ_BOARD),
    ("notices", _("Notices of results"), Action.READ_BOARD),
    ("accounts", _("Units and accounts"), Action.MANAGE_ACCOUNTS),
    ("events", _("All records"), Action.READ_EVENTS),
    ("messages", _("Messages"), Action.SIGNED_IN),
    ("clock", _("Demo clock"), Action.MOVE_CLOCK),
    ("demo-mail", _("Demo mails and texts"), Action.MOVE_CLOCK),
)
ONLY_IN_A_DEMO = frozenset({"clock", "demo-mail"})


def navigation(actor: Actor, path: str) -> list[Entry]:
    """The places that `actor` may enter; the one that `path` lies in is current."""
    entries = []
    for name, label, action in PLACES:
        if may(actor, action) and (settings.DEMO or name not in ONLY_IN_A_DEMO):
            url = _address(name)
            entries.append(Entry(url=url, label=label, current=path == url or (url != "/" and path.startswith(url))))
    return entries


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return "#"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for every page: navigation and the person; nothing for strangers (at most one query)."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None, "nav": []}
    current = Cycle.objects.exclude(opened_at=None).values_list("title", flat=True).first()
    return {
        "actor": actor,
        "nav": navigation(actor, request.path),
        "nav_cycle": current,
        "nav_who": who_is(actor),
    }


def who_is(actor: Actor) -> str:
    """The person as the frame names them: where they belong and what they are there."""
    places = []
    for membership in actor.memberships:
        place = membership.unit or membership.department
        role = str(Role(membership.role).label)
        places.append(f"{place} · {role}" if place else role)
    return "、".join([actor.user.name, *places[:2]])
