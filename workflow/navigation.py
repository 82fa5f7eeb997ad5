"""The frame of every page: which places a person may enter, by the steps of the notice."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Role
from accounts.permissions import Action, may


@dataclass(frozen=True)
class Place:
    """A room of the house: the name of its address, what it is called, the action that it needs, and its chapter.

    The chapter is the part of the year's work that it belongs to. What is there is of one cycle (`of_cycle`): whoever
    has chosen a cycle goes on in it.
    """

    name: str
    label: Promise
    action: Action
    chapter: Promise | str = ""
    of_cycle: bool = False


@dataclass(frozen=True)
class Entry:
    """A line of the side navigation: a place and its address, and whether the page lies in it."""

    place: Place
    url: str
    current: bool


PREPARATION, FILING = _("Preparation"), _("Self-evaluation")
ASSESSMENT, RESULTS = _("Assessment and ratings"), _("Approval and results")
# The places in the order of the notice's steps.
PLACES = (
    Place("inbox", _("My tasks"), Action.SIGNED_IN),
    Place("dashboard", _("The cycle"), Action.READ_CYCLE, of_cycle=True),
    Place("messages", _("Messages"), Action.SIGNED_IN),
    Place("schemes", _("Notices and schemes"), Action.RUN_CYCLE, PREPARATION),
    Place("library", _("Indicator library"), Action.READ_LIBRARY, PREPARATION),
    Place("accounts", _("Units and accounts"), Action.READ_ACCOUNTS, PREPARATION),
    Place("self-evaluation", _("Self-evaluation"), Action.FILL_SELF_EVALUATION, FILING),
    Place("acceptance", _("Acceptance of materials"), Action.ACCEPT_MATERIALS, FILING, of_cycle=True),
    Place("review", _("Work assessment"), Action.REVIEW, ASSESSMENT, of_cycle=True),
    Place("records", _("Records of the year"), Action.LOG_RECORD, ASSESSMENT, of_cycle=True),
    Place("draws", _("Draws"), Action.WITNESS_DRAW, ASSESSMENT, of_cycle=True),
    Place("ballot-box", _("Ballot box"), Action.READ_CYCLE, ASSESSMENT, of_cycle=True),
    Place("leaders-grid", _("Leaders' ratings"), Action.RATE, ASSESSMENT, of_cycle=True),
    Place("rating-figures", _("Ratings in figures"), Action.READ_CYCLE, ASSESSMENT, of_cycle=True),
    Place("comments", _("Comments of recipients"), Action.RUN_CYCLE, ASSESSMENT, of_cycle=True),
    Place("consolidation", _("Consolidation"), Action.RUN_CYCLE, ASSESSMENT, of_cycle=True),
    Place("boards", _("Approval by the leading group"), Action.READ_BOARD, RESULTS, of_cycle=True),
    Place("publicities", _("Publicity and objections"), Action.READ_BOARD, RESULTS, of_cycle=True),
    Place("notices", _("Notices of results"), Action.READ_BOARD, RESULTS, of_cycle=True),
    Place("results", _("Results and notices"), Action.CONFIRM_RECEIPT, RESULTS),
    Place("events", _("All records"), Action.READ_EVENTS, _("Supervision")),
)
# Few places need no chapters above them.
MANY = 8


@cache
def all_places() -> tuple[Place, ...]:
    """The places that the settings name: an app that is installed besides may bring its own."""
    return tuple(place for path in settings.NAVIGATION for place in import_string(path))


def navigation(actor: Actor, path: str) -> list[Entry]:
    """The places that `actor` may enter; the one that `path` lies in is current."""
    return [
        Entry(place, url, current=path == url or (url != "/" and path.startswith(url)))
        for place in all_places()
        if may(actor, place.action)
        for url in (reverse(place.name),)
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for every page: navigation and the person; nothing for strangers. No query: a page names its cycle."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None, "nav": []}
    # With a one-time password no page opens but that on which it is changed.
    nav = [] if actor.user.must_change_password else navigation(actor, request.path)
    return {"actor": actor, "nav": nav, "nav_by_chapter": len(nav) >= MANY, "nav_who": who_is(actor)}


def who_is(actor: Actor) -> str:
    """The person as the frame names them: where they belong and what they are there."""
    places = []
    for membership in actor.memberships:
        place = membership.unit or membership.department
        role = str(Role(membership.role).label)
        places.append(f"{place} · {role}" if place else role)
    return "、".join([actor.user.name, *places[:2]])
