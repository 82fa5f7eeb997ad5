"""The one table that says which role may do what; everything not in it is forbidden."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from accounts.models import Role


class Action(StrEnum):
    """What can be asked of the house."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    OWN_PASSWORD = "own_password"  # noqa: S105  # the name of an action
    FILL_SELF_EVALUATION = "fill_self_evaluation"
    CONFIRM_RECEIPT = "confirm_receipt"
    ACCEPT_MATERIALS = "accept_materials"
    REVIEW = "review"
    APPROVE_REVIEW = "approve_review"
    LOG_RECORD = "log_record"
    RATE = "rate"
    WITNESS_DRAW = "witness_draw"
    OVERSEE_DRAW = "oversee_draw"
    RUN_CYCLE = "run_cycle"
    READ_CYCLE = "read_cycle"
    READ_LIBRARY = "read_library"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_ACCOUNTS = "read_accounts"
    GUARD_ACCOUNTS = "guard_accounts"
    READ_BOARD = "read_board"
    READ_PROPOSAL = "read_proposal"
    EDIT_BOARD = "edit_board"
    SIGN_BOARD = "sign_board"
    READ_EVENTS = "read_events"
    READ_ASSESSMENT = "read_assessment"
    MOVE_CLOCK = "move_clock"


EVERYONE = frozenset(Role)
TABLE: dict[Action, frozenset[Role]] = {
    Action.SIGNED_IN: EVERYONE,
    Action.OWN_PASSWORD: EVERYONE,
    Action.FILL_SELF_EVALUATION: frozenset({Role.FILER}),
    Action.CONFIRM_RECEIPT: frozenset({Role.FILER}),
    Action.ACCEPT_MATERIALS: frozenset({Role.REVIEWER, Role.HEAD}),
    Action.REVIEW: frozenset({Role.REVIEWER, Role.HEAD}),
    Action.APPROVE_REVIEW: frozenset({Role.HEAD}),
    Action.LOG_RECORD: frozenset({Role.REVIEWER, Role.HEAD, Role.OFFICE}),
    Action.RATE: frozenset({Role.LEADER, Role.CHIEF}),
    Action.WITNESS_DRAW: frozenset({Role.OFFICE, Role.SUPERVISOR, Role.LEADER, Role.CHIEF}),
    Action.OVERSEE_DRAW: frozenset({Role.SUPERVISOR, Role.CHIEF}),
    Action.RUN_CYCLE: frozenset({Role.OFFICE}),
    Action.READ_CYCLE: frozenset({Role.OFFICE, Role.SUPERVISOR, Role.LEADER, Role.CHIEF}),
    Action.READ_LIBRARY: frozenset({Role.OFFICE, Role.SUPERVISOR}),
    Action.MANAGE_ACCOUNTS: frozenset({Role.OFFICE}),
    Action.READ_ACCOUNTS: frozenset({Role.OFFICE, Role.SUPERVISOR}),
    Action.GUARD_ACCOUNTS: frozenset({Role.OFFICE, Role.SUPERVISOR}),
    Action.READ_BOARD: frozenset({Role.OFFICE, Role.LEADER, Role.CHIEF, Role.SUPERVISOR}),
    Action.READ_PROPOSAL: frozenset({Role.OFFICE, Role.CHIEF, Role.SUPERVISOR}),
    Action.EDIT_BOARD: frozenset({Role.OFFICE, Role.CHIEF}),
    Action.SIGN_BOARD: frozenset({Role.CHIEF}),
    Action.READ_EVENTS: frozenset({Role.OFFICE, Role.SUPERVISOR}),
    Action.READ_ASSESSMENT: EVERYONE,
    Action.MOVE_CLOCK: frozenset({Role.OFFICE}),
}

V = TypeVar("V", bound=Callable[..., Any])


def may(actor: Actor | None, action: Action) -> bool:
    """Whether `actor` (None for a stranger) may do `action`; objects are a matter of `visible_to`."""
    if action is Action.PUBLIC:
        return True
    return actor is not None and actor.is_any(TABLE[action])


def requires(action: Action) -> Callable[[V], V]:
    """Name the action that a view performs: the access gate refuses views that name none."""

    def mark(view: V) -> V:
        view.access = action  # type: ignore[attr-defined]  # read by AccessMiddleware
        return view

    return mark


def reads(action: Action) -> Callable[[V], V]:
    """Name the action of a view that is only read: it takes GET and HEAD."""
    return lambda view: requires(action)(require_safe(view))


def asks(action: Action) -> Callable[[V], V]:
    """Name the action of a page with a form that comes back to it: it takes GET, HEAD and POST."""
    return lambda view: requires(action)(require_http_methods(["GET", "HEAD", "POST"])(view))
