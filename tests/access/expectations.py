"""What every address expects of whoever asks; an address that is not listed here fails the walk.

To add an address: one line in TABLE under its name, with the action that its view names. If its path takes arguments,
`at` makes them from the scene: let them name something of the track of districts, in the running cycle if it can be.
`sees` names the roles for whom that one object exists (everybody with the action when left out); `foreign` says
that people with the role, but of another unit or department, may see it too. Whoever may not gets 403 or 404.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Role
from accounts.permissions import Action
from tests.access.scene import FILLING, HANDED_IN, REVIEWED, Scene

Kwargs = dict[str, Any]


@dataclass(frozen=True)
class Expect:
    """The action of an address, an object for its path, for whom that object exists."""

    action: Action
    at: Callable[[Scene], Kwargs] | None = None
    sees: frozenset[Role] | None = None
    foreign: bool = False


def only(*roles: Role) -> frozenset[Role]:
    """The roles for whom the object exists."""
    return frozenset(roles)


def row(name: str, key: str = "pk") -> Callable[[Scene], Kwargs]:
    """A row that the scene has made."""
    return lambda scene: {key: scene.records[name]}


def assessment(place: int) -> Callable[[Scene], Kwargs]:
    """An assessment of the running cycle."""
    return lambda scene: {"pk": scene.running[place].pk}


def named(scene: Scene) -> Kwargs:
    """The running cycle."""
    return {"slug": scene.early.cycle.slug}


def task(node: str) -> Callable[[Scene], Kwargs]:
    """An open task of the running cycle."""
    return lambda scene: {"pk": scene.task(node).pk}


def person(scene: Scene) -> Kwargs:
    """An account."""
    return {"pk": scene.foreigners[Role.FILER].pk}


def slug(scene: Scene) -> Kwargs:
    """A publicity."""
    board = scene.late.cycle.tracks.get(code="district").boards.latest("pk")
    return {"slug": board.publicity.slug}


FILER = only(Role.FILER)
DESK = only(Role.REVIEWER, Role.HEAD)
TABLE: dict[str, Expect] = {
    # Everybody
    "sign-in": Expect(Action.PUBLIC),
    "sign-out": Expect(Action.PUBLIC),
    "set_language": Expect(Action.PUBLIC),
    "health": Expect(Action.PUBLIC),
    "own-password": Expect(Action.OWN_PASSWORD),
    "password-new": Expect(Action.PUBLIC, lambda _scene: {"uidb64": "none", "token": "none"}, only()),
    "inbox": Expect(Action.SIGNED_IN),
    "messages": Expect(Action.SIGNED_IN),
    "undelivered": Expect(Action.MANAGE_ACCOUNTS),
    "cycle-unheld": Expect(Action.READ_CYCLE, named),
    "bulk-run": Expect(Action.SIGNED_IN, row("bulk_run"), only(Role.OFFICE, Role.SUPERVISOR), foreign=True),
    "messages-read": Expect(Action.SIGNED_IN),
    "message": Expect(Action.SIGNED_IN, row("message"), only(Role.FILER)),
    "task": Expect(Action.SIGNED_IN, task("self_evaluation"), FILER),
    "task-claim": Expect(Action.SIGNED_IN, task("acceptance"), DESK),
    "task-release": Expect(Action.SIGNED_IN, task("acceptance"), DESK),
    "task-delegate": Expect(Action.SIGNED_IN, task("acceptance"), DESK),
    "assessment": Expect(Action.READ_ASSESSMENT, assessment(HANDED_IN)),
    "whole-sheet": Expect(Action.READ_CYCLE, assessment(HANDED_IN)),
    "receipt": Expect(Action.READ_ASSESSMENT, row("submission")),
    "material": Expect(Action.READ_ASSESSMENT, row("material")),
    # The public
    "public": Expect(Action.PUBLIC),
    "public-publicity": Expect(Action.PUBLIC, slug, foreign=True),
    "public-object": Expect(Action.PUBLIC, slug, foreign=True),
    "public-objection": Expect(Action.PUBLIC, lambda _scene: {"receipt": "none"}, only()),
    "ballot": Expect(Action.PUBLIC),
    "ballot-sheet": Expect(Action.PUBLIC),
    "ballot-cast": Expect(Action.PUBLIC),
    "public-draws": Expect(Action.PUBLIC),
    "public-draw": Expect(Action.PUBLIC, row("draw"), foreign=True),
    "drawn-roster": Expect(Action.PUBLIC, row("draw"), foreign=True),
    "drawn-categories": Expect(Action.PUBLIC, row("draw"), only()),
    "fixed-roster": Expect(Action.PUBLIC, row("fixed_roster"), foreign=True),
    "drawing-seed": Expect(Action.PUBLIC, row("drawing"), foreign=True),
    "drawing-rosters": Expect(Action.PUBLIC, row("drawing"), foreign=True),
    "ballot-receipts": Expect(Action.PUBLIC),
    # The unit
    "self-evaluation": Expect(Action.FILL_SELF_EVALUATION),
    "self-evaluation-sheet": Expect(Action.FILL_SELF_EVALUATION, assessment(FILLING)),
    "self-evaluation-save": Expect(Action.FILL_SELF_EVALUATION, assessment(FILLING)),
    "self-evaluation-check": Expect(Action.FILL_SELF_EVALUATION, assessment(FILLING)),
    "materials": Expect(Action.FILL_SELF_EVALUATION, assessment(FILLING)),
    "material-remove": Expect(
        Action.FILL_SELF_EVALUATION,
        lambda scene: {"pk": scene.running[FILLING].pk, "material_pk": scene.records["own_material"]},
    ),
    "roster": Expect(Action.FILL_SELF_EVALUATION, assessment(FILLING)),
    "roster-template": Expect(Action.FILL_SELF_EVALUATION, assessment(FILLING)),
    "results": Expect(Action.CONFIRM_RECEIPT),
    "receipt-confirm": Expect(Action.CONFIRM_RECEIPT, row("receipt")),
    # Departments
    "acceptance": Expect(Action.ACCEPT_MATERIALS),
    "acceptance-many": Expect(Action.ACCEPT_MATERIALS),
    "acceptance-unit": Expect(Action.ACCEPT_MATERIALS, assessment(HANDED_IN)),
    "review": Expect(Action.REVIEW),
    "review-approve": Expect(Action.APPROVE_REVIEW),
    "review-grid": Expect(Action.REVIEW, lambda _scene: {"code": "district"}),
    "review-hand-over": Expect(Action.REVIEW, lambda _scene: {"code": "district"}),
    "review-unit": Expect(Action.REVIEW, task("department_review")),
    "review-hand-back": Expect(Action.APPROVE_REVIEW, task("department_review")),
    "records": Expect(Action.LOG_RECORD),
    "record-withdraw": Expect(Action.LOG_RECORD, row("record"), only(Role.REVIEWER, Role.HEAD, Role.OFFICE)),
    # The ballot box
    "ballot-box": Expect(Action.READ_CYCLE),
    "ballot-box-key": Expect(Action.RUN_CYCLE),
    "ballot-box-proof": Expect(Action.RUN_CYCLE),
    "ballot-box-open": Expect(Action.RUN_CYCLE),
    "ballot-box-give-up": Expect(Action.RUN_CYCLE),
    "too-few": Expect(Action.RUN_CYCLE, lambda scene: {"pk": scene.running[REVIEWED].sheet_id}),
    # Leaders
    "leaders-grid": Expect(Action.RATE),
    "rating-figures": Expect(Action.READ_CYCLE),
    "unit-distribution": Expect(Action.READ_CYCLE, assessment(REVIEWED), only()),
    "comments": Expect(Action.RUN_CYCLE),
    "unit-comments": Expect(
        Action.READ_ASSESSMENT,
        assessment(REVIEWED),
        only(Role.OFFICE, Role.LEADER, Role.CHIEF, Role.SUPERVISOR),
    ),
    # The cycle
    "dashboard": Expect(Action.READ_CYCLE),
    "cycle": Expect(Action.READ_CYCLE, named),
    "cycle-export": Expect(Action.READ_CYCLE, named),
    "cycle-settings": Expect(Action.RUN_CYCLE, named),
    "cycle-open": Expect(Action.RUN_CYCLE, named),
    "cycle-close": Expect(Action.RUN_CYCLE, named),
    "cycle-nudge": Expect(Action.RUN_CYCLE, named),
    "cycle-extensions": Expect(Action.RUN_CYCLE, named),
    "schemes": Expect(Action.RUN_CYCLE),
    "scheme": Expect(Action.READ_CYCLE, named),
    "scheme-compare": Expect(Action.READ_CYCLE, named),
    "scheme-reading": Expect(Action.READ_CYCLE, named),
    "scheme-settle": Expect(Action.RUN_CYCLE, named),
    "scheme-printed": Expect(Action.READ_CYCLE, named),
    "library": Expect(Action.READ_LIBRARY),
    "library-item": Expect(Action.READ_LIBRARY, row("item")),
    "library-edit": Expect(Action.RUN_CYCLE, row("item")),
    "library-edit-place": Expect(Action.RUN_CYCLE, lambda scene: row("item")(scene) | {"place": "parts/0"}),
    "library-desk": Expect(Action.RUN_CYCLE, row("item")),
    "library-retire": Expect(Action.RUN_CYCLE, row("item")),
    "library-back": Expect(Action.RUN_CYCLE, row("item")),
    "scheme-to-library": Expect(Action.RUN_CYCLE, named),
    "scheme-take": Expect(Action.RUN_CYCLE, lambda scene: named(scene) | {"place": "tracks/0"}),
    "scheme-start": Expect(Action.RUN_CYCLE),
    "scheme-edit": Expect(Action.RUN_CYCLE, named),
    "scheme-edit-undo": Expect(Action.RUN_CYCLE, named),
    "scheme-edit-redo": Expect(Action.RUN_CYCLE, named),
    "scheme-edit-place": Expect(Action.RUN_CYCLE, lambda scene: named(scene) | {"place": "tracks/0/indicators/0"}),
    "scheme-confirm": Expect(Action.RUN_CYCLE, named),
    "scheme-correct": Expect(Action.RUN_CYCLE, named),
    "scheme-correct-track": Expect(Action.RUN_CYCLE, lambda scene: named(scene) | {"track": "district"}),
    "scheme-correct-item": Expect(Action.RUN_CYCLE, lambda scene: named(scene) | {"track": "district", "code": "1"}),
    "responsibilities": Expect(Action.RUN_CYCLE, lambda scene: named(scene) | {"track": "district"}),
    "holidays": Expect(Action.RUN_CYCLE),
    "units": Expect(Action.READ_CYCLE, named),
    "unit-add": Expect(Action.RUN_CYCLE, named),
    "units-import": Expect(Action.RUN_CYCLE, named),
    "cycle-follow": Expect(Action.RUN_CYCLE, named),
    "cycle-follow-table": Expect(Action.RUN_CYCLE, named),
    "cycle-drop": Expect(Action.RUN_CYCLE, named),
    "units-remove": Expect(Action.RUN_CYCLE, named),
    "unit-change": Expect(Action.RUN_CYCLE, lambda scene: named(scene) | {"pk": scene.running[FILLING].sheet_id}),
    "roster-waiver": Expect(Action.RUN_CYCLE, assessment(FILLING)),
    "incidents": Expect(Action.RUN_CYCLE, assessment(REVIEWED)),
    "incident-withdraw": Expect(Action.RUN_CYCLE, row("incident")),
    "incident-document": Expect(Action.READ_CYCLE, row("incident")),
    "draws": Expect(Action.WITNESS_DRAW),
    "drawing-new": Expect(Action.RUN_CYCLE),
    "drawing": Expect(Action.WITNESS_DRAW, row("drawing")),
    "drawing-hash": Expect(Action.WITNESS_DRAW, row("drawing")),
    "drawing-secret": Expect(Action.WITNESS_DRAW, row("drawing")),
    "drawing-numbers": Expect(Action.WITNESS_DRAW, row("drawing")),
    "drawing-confirm": Expect(Action.WITNESS_DRAW, row("drawing")),
    "drawing-draw": Expect(Action.RUN_CYCLE, row("drawing")),
    "drawing-give-up": Expect(Action.WITNESS_DRAW, row("drawing")),
    "draw": Expect(Action.READ_CYCLE, row("draw")),
    "draw-replace": Expect(Action.RUN_CYCLE, row("draw")),
    "ballots": Expect(Action.RUN_CYCLE, row("draw")),
    "ballot-slips": Expect(Action.RUN_CYCLE, row("draw")),
    "ballot-reissue": Expect(
        Action.RUN_CYCLE, lambda scene: {"pk": scene.records["draw"], "ballot_pk": scene.records["ballot"]}
    ),
    "consolidation": Expect(Action.RUN_CYCLE),
    "consolidation-confirm": Expect(Action.RUN_CYCLE),
    "consolidation-unit": Expect(Action.RUN_CYCLE, assessment(REVIEWED), only()),
    # Board, publicity, notice
    "boards": Expect(Action.READ_BOARD),
    "try-rules": Expect(Action.READ_BOARD, named),
    "try-rules-table": Expect(Action.READ_BOARD, named),
    "board": Expect(Action.READ_BOARD, row("board")),
    "board-submit": Expect(Action.RUN_CYCLE, row("track", "track_pk")),
    "board-grades": Expect(Action.EDIT_BOARD, row("board")),
    "board-return": Expect(Action.EDIT_BOARD, row("board")),
    "board-sign": Expect(Action.SIGN_BOARD, row("board")),
    "board-sealed": Expect(Action.READ_BOARD, row("board")),
    "scheme-versions": Expect(Action.READ_CYCLE, named),
    "version-compare": Expect(Action.READ_CYCLE, named),
    "version-propose": Expect(Action.RUN_CYCLE, named),
    "version": Expect(Action.READ_PROPOSAL, row("proposal")),
    "version-submit": Expect(Action.RUN_CYCLE, row("proposal")),
    "version-withdraw": Expect(Action.RUN_CYCLE, row("proposal")),
    "version-return": Expect(Action.SIGN_BOARD, row("proposal")),
    "version-sign": Expect(Action.SIGN_BOARD, row("proposal")),
    "publicities": Expect(Action.READ_BOARD),
    "publicity-new": Expect(Action.RUN_CYCLE, row("board"), only()),
    "objection": Expect(Action.READ_BOARD, row("objection")),
    "notices": Expect(Action.READ_BOARD),
    "notice-draft": Expect(Action.RUN_CYCLE),
    "notice": Expect(Action.SIGNED_IN, row("notice"), foreign=True),
    "notice-file": Expect(Action.SIGNED_IN, row("notice"), foreign=True),
    "notice-nudge": Expect(Action.RUN_CYCLE, row("notice")),
    # People, records, the demo
    "accounts": Expect(Action.READ_ACCOUNTS),
    "account-add": Expect(Action.MANAGE_ACCOUNTS),
    "accounts-import": Expect(Action.MANAGE_ACCOUNTS),
    "guarded-changes": Expect(Action.READ_ACCOUNTS),
    "guarded-change": Expect(Action.READ_ACCOUNTS, row("guarded_change")),
    "guarded-change-decide": Expect(Action.GUARD_ACCOUNTS, row("guarded_change")),
    "account": Expect(Action.READ_ACCOUNTS, person),
    "membership-add": Expect(Action.GUARD_ACCOUNTS, person),
    "membership-end": Expect(
        Action.MANAGE_ACCOUNTS, lambda scene: {"pk": scene.foreigners[Role.FILER].memberships.earliest("pk").pk}
    ),
    "account-password": Expect(Action.GUARD_ACCOUNTS, person),
    "account-active": Expect(Action.GUARD_ACCOUNTS, person),
    "unit-list": Expect(Action.READ_ACCOUNTS),
    "unit-new": Expect(Action.MANAGE_ACCOUNTS),
    "unit-edit": Expect(Action.MANAGE_ACCOUNTS, lambda scene: {"pk": scene.running[FILLING].sheet.unit_id}),
    "department-list": Expect(Action.READ_ACCOUNTS),
    "department-new": Expect(Action.MANAGE_ACCOUNTS),
    "department-edit": Expect(Action.MANAGE_ACCOUNTS, lambda scene: {"pk": scene.early.desks["district"].pk}),
    "events": Expect(Action.READ_EVENTS),
    "events-file": Expect(Action.READ_EVENTS),
    "demo-mail": Expect(Action.MOVE_CLOCK),
    "demo-message": Expect(Action.MOVE_CLOCK, row("message")),
    "clock": Expect(Action.MOVE_CLOCK),
}
