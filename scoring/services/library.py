"""The indicator library: rows put into it from any scheme, edited there, retired, and taken into a draft."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.engine.edit import Edit, Place, edited, list_of, node_at
from scoring.engine.scheme import scheme_sha256
from scoring.engine.shelf import kind_of_row, lifted, put_at, row_in, words_of
from scoring.engine.track import Body
from scoring.models import LibraryItem, Responsibility, Scheme
from scoring.services.corrections import locked_draft, require_scheme, require_seen
from scoring.services.desks import known_desk
from scoring.services.editing import take_steps
from scoring.services.steps import give_back


@transaction.atomic
def put_in_library(*, scheme: Scheme, places: Sequence[Place], by: User) -> list[LibraryItem]:
    """Keep rows of a scheme, open or not, in the library; those that stand there just so already are left out.

    Raises DomainError where a place is no indicator, bonus or deduction item of the scheme, or all stand there.
    """
    require(by, is_office)
    # Locked, so that two clicks put a row there once.
    if Scheme.objects.select_for_update(no_key=True).filter(pk=scheme.pk).first() is None:
        raise _gone()
    answering = _answering(scheme)
    items = []
    for place in dict.fromkeys(places):
        row = _row_at(scheme.body, place)
        track = scheme.body["tracks"][place[1]]
        desk = answering.get((track["code"], _first_code(row)), track["desk"] or "")
        came_from = f"{scheme.cycle.title} · {track['name']} · {row['code']}"
        item = _written(LibraryItem(kind=kind_of_row(row), desk=desk, cycle=scheme.cycle, put_by=by), lifted(row))
        item.came_from = came_from[:300]
        items.append(item)
    held = set(_live().filter(sha256__in={item.sha256 for item in items}).values_list("sha256", flat=True))
    fresh = list({item.sha256: item for item in items if item.sha256 not in held}.values())
    if not fresh:
        raise DomainError(_("What was chosen stands in the library already."))
    for item in fresh:
        item.save()
        log(Verb.LIBRARY_ADDED, item, by=by, came_from=item.came_from, went_to=item.sha256)
    return fresh


def _live() -> QuerySet[LibraryItem]:
    return LibraryItem.objects.filter(retired_at=None)


def _answering(scheme: Scheme) -> dict[tuple[str, str], str]:
    rows = Responsibility.objects.filter(track__cycle_id=scheme.cycle_id)
    return {(track, code): name for track, code, name in rows.values_list("track__code", "code", "department__name")}


def _first_code(row: Body) -> str:
    """The code by which a department answers for a row: its first part's, an item's own."""
    return str(next((part["code"] for part in row.get("parts", ())), row["code"]))


def _row_at(body: Body, place: Place) -> Body:
    match place:
        case ("tracks", int(), "indicators" | "adjustments", int()):
            try:
                row: Body = node_at(body, place)
            except LookupError as error:
                raise _gone() from error
            return row
    raise _gone()


def _gone() -> DomainError:
    return DomainError(_("This place is not in the scheme any more. Look at it again."))


def _written(item: LibraryItem, row: Body) -> LibraryItem:
    item.row, item.sha256 = row, scheme_sha256(row)
    item.words = f"{words_of(row)}\n{item.desk}"
    return item


def _locked(item: LibraryItem, by: User) -> LibraryItem:
    locked = LibraryItem.objects.select_for_update().get(pk=item.pk)
    require(by, is_office)
    return locked


@transaction.atomic
def edit_item(*, item: LibraryItem, edit: Edit, what: str, by: User, seen: str) -> LibraryItem:
    """Change a row of the library; `edit` is a step in the scheme of this row alone, `what` says it in words.

    Schemes that took it stay as they are. Raises DomainError when it is retired, was changed meanwhile (`seen` is the
    SHA-256 looked at), has no such place, or the step makes no row of it.
    """
    held = _locked(item, by)
    if held.retired_at is not None:
        raise DomainError(_("It is retired: bring it back to change it."))
    if held.sha256 != seen:
        raise DomainError(
            _("Somebody has changed this item meanwhile. Look at it again; what you typed is still here.")
        )
    try:
        body = edited(held.body, edit)[0]
    except LookupError as error:
        raise _gone() from error
    require_scheme(body)
    came_from = held.sha256
    _written(held, lifted(row_in(body, held.kind))).save()
    if held.sha256 != came_from:
        _tell(held, by, what, came_from)
    return held


def _tell(item: LibraryItem, by: User, what: str, came_from: str = "") -> None:
    told = {"changes": [{"what": what, "from": None, "to": None}]}
    log(Verb.LIBRARY_CHANGED, item, by=by, came_from=came_from, went_to=item.sha256, data=told)


@transaction.atomic
def name_desk(*, item: LibraryItem, desk: str, by: User) -> LibraryItem:
    """Say which department answers for a row of the library, by its name; empty for none."""
    held = _locked(item, by)
    if held.desk != desk:
        former, held.desk = held.desk, desk
        _written(held, held.row).save()
        told = {"changes": [{"what": _("Department that answers for it"), "from": former, "to": desk}]}
        log(Verb.LIBRARY_CHANGED, held, by=by, data=told)
    return held


@transaction.atomic
def retire_item(*, item: LibraryItem, by: User) -> None:
    """Take a row out of what is offered; schemes that took it keep it. Nothing where it is retired."""
    held = _locked(item, by)
    if held.retired_at is None:
        held.retired_at = clock.now()
        held.save(update_fields=["retired_at"])
        log(Verb.LIBRARY_RETIRED, held, by=by)


@transaction.atomic
def bring_back(*, item: LibraryItem, by: User) -> None:
    """Offer a retired row again; nothing where it is offered."""
    held = _locked(item, by)
    if held.retired_at is not None:
        held.retired_at = None
        held.save(update_fields=["retired_at"])
        log(Verb.LIBRARY_BACK, held, by=by)


@transaction.atomic
def take_from_library(
    *, scheme: Scheme, items: Sequence[LibraryItem], place: Place, by: User, seen: str, why: str = ""
) -> Scheme:
    """Put rows of the library into a draft as one step: after the row at `place`, or last in the track there.

    A department that the library names answers for them, where there is one of that name. Raises DomainError as a
    step of the editor does, where nothing was chosen, and for what is retired.
    """
    draft = locked_draft(scheme)
    require(by, is_office)
    require_seen(draft, seen)
    if place[:1] != ("tracks",):
        raise _gone()
    if not items:
        raise DomainError(_("Please choose at least one."))
    if any(item.retired_at is not None for item in items):
        raise DomainError(_("One of these was retired meanwhile. Look at the list again."))
    text = ngettext("From the library: %(count)d row", "From the library: %(count)d rows", len(items))
    edits = put_at(place, [(item.kind, item.row) for item in items])
    codes = take_steps(draft, edits, what=text % {"count": len(items)}, by=by, why=why)
    track = node_at(draft.body, place[:2])
    name_departments(draft, items, track, codes[track["code"]].values())
    return draft


def name_departments(
    draft: Scheme, items: Sequence[LibraryItem], track: Body, old: Collection[str | None] = ()
) -> None:
    """Let departments that the library names, where there are such, answer for its rows in a track.

    These are the rows whose codes are not among the `old`, in the order of `items` in each list.
    """
    rows = {
        name: iter([row for row in track[name] if row["code"] not in old]) for name in ("indicators", "adjustments")
    }
    desks = {name: known_desk(name, draft.cycle) for name in dict.fromkeys(item.desk for item in items)}
    answers: dict[str, int] = {}
    for item in items:
        row = next(rows[list_of(item.kind)])
        if (desk := desks[item.desk]) is not None:
            codes = [part["code"] for part in row["parts"]] if "parts" in row else [row["code"]]
            answers |= dict.fromkeys(codes, desk.pk)
    give_back(draft, {track["code"]: answers})
