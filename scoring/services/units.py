"""Who takes part in a cycle: added, imported, copied, renamed for the year, removed, all before it opens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, Unit, User
from audit import clock
from audit.errors import DomainError
from audit.services import Entry, record, record_all
from audit.verbs import Verb
from scoring.models import Cycle, ScoreSheet, Track

COLUMNS = ("code", "name", "track", "username", "filer", "mail")
HEADINGS = {"code", "代码", "单位代码", "编号"}


@dataclass(frozen=True)
class Entrant:
    """A row of an import: a unit, its track, and perhaps its filer (a user name, a name, a mail address)."""

    code: str
    name: str
    track: str
    username: str = ""
    filer: str = ""
    mail: str = ""


@dataclass
class Reading:
    """What an import would do: the entrants, and each problem with its row."""

    entrants: list[Entrant] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_entrants(*, cycle: Cycle, rows: Sequence[Sequence[str]]) -> Reading:
    """Read rows of code, name, track (its code or name), filer's user name, name and mail; nothing is written."""
    tracks = {key: track.code for track in cycle.tracks.all() for key in (track.code, track.name)}
    held = set(ScoreSheet.objects.filter(cycle=cycle).values_list("unit__code", flat=True))
    reading = Reading()
    for number, row in enumerate(rows, start=1):
        if number == 1 and row[0].strip().lower() in HEADINGS:
            continue
        cells = [*(cell.strip() for cell in row), *[""] * len(COLUMNS)][: len(COLUMNS)]
        entrant = Entrant(cells[0], cells[1], tracks.get(cells[2], cells[2]), *cells[3:])
        wrong = _wrong(entrant, held, set(tracks.values()))
        if wrong:
            reading.problems.append(_("Row %(number)d: %(wrong)s") % {"number": number, "wrong": wrong})
        else:
            held.add(entrant.code)
            reading.entrants.append(entrant)
    return reading


def _wrong(entrant: Entrant, held: set[str], tracks: set[str]) -> str:
    if not entrant.code or not entrant.name:
        return _("The code or the name is missing.")
    if len(entrant.code) > 40 or len(entrant.name) > 120 or len(entrant.username) > 60:  # noqa: PLR2004  # columns
        return _("The code, the name or the user name is too long.")
    if entrant.code in held:
        return _("The unit %(code)s takes part already or stands twice.") % {"code": entrant.code}
    if entrant.track not in tracks:
        return _("There is no track “%(track)s” in this cycle.") % {"track": entrant.track}
    if entrant.mail:
        try:
            validate_email(entrant.mail)
        except ValidationError:
            return _("“%(mail)s” is no mail address.") % {"mail": entrant.mail}
    return ""


def _draft(cycle: Cycle) -> Cycle:
    row = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if row.opened_at is not None:
        raise DomainError(_("The cycle is open: its units can't be changed any more."))
    return row


@transaction.atomic
def add_units(*, cycle: Cycle, entrants: Sequence[Entrant], by: User) -> int:
    """Let the units take part, with their filers' accounts; returns how many. Units known by code keep their account.

    A new account has no password until the office sets one. Raises DomainError once the cycle is open.
    """
    row = _draft(cycle)
    tracks = {track.code: track for track in row.tracks.all()}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[one.code for one in entrants])}
    fresh = [Unit(code=one.code, name=one.name) for one in entrants if one.code not in units]
    Unit.objects.bulk_create(fresh)
    units |= {unit.code: unit for unit in fresh}
    _add_sheets(row, [(units[one.code], tracks[one.track], one.name) for one in entrants], by)
    _add_filers([(one, units[one.code]) for one in entrants if one.username], by)
    return len(entrants)


def _add_sheets(cycle: Cycle, wanted: Sequence[tuple[Unit, Track, str]], by: User) -> None:
    ScoreSheet.objects.bulk_create(
        ScoreSheet(cycle=cycle, track=track, unit=unit, unit_name=name) for unit, track, name in wanted
    )
    record_all(
        [
            Entry(verb=Verb.UNIT_CHANGED, subject=f"unit:{unit.pk}", by=by, cycle_year=cycle.year, went_to=track.code,
                  data={"name": name})
            for unit, track, name in wanted
        ]
    )  # fmt: skip


def _add_filers(wanted: Sequence[tuple[Entrant, Unit]], by: User) -> None:
    known = {user.username: user for user in User.objects.filter(username__in=[one.username for one, _unit in wanted])}
    for entrant, unit in wanted:
        user = known.get(entrant.username)
        if user is None:
            user = User.objects.create_user(entrant.username, name=entrant.filer or entrant.name, email=entrant.mail)
            known[user.username] = user
        held = Membership.objects.filter(user=user, role=Role.FILER, unit=unit, until=None)
        if not held.exists():
            Membership.objects.create(user=user, role=Role.FILER, unit=unit, since=clock.now())
            record(Entry(verb=Verb.ACCOUNT_CHANGED, subject=f"user:{user.pk}", by=by, went_to=f"filer {unit.code}"))


@transaction.atomic
def copy_units(*, cycle: Cycle, sheets: Iterable[ScoreSheet], by: User) -> int:
    """Let units of an earlier cycle take part, in the track of the same code, by their current name; how many."""
    row = _draft(cycle)
    tracks = {track.code: track for track in row.tracks.all()}
    held = set(row.sheets.values_list("unit_id", flat=True))
    chosen = [sheet for sheet in sheets if sheet.unit_id not in held and sheet.track.code in tracks]
    _add_sheets(row, [(sheet.unit, tracks[sheet.track.code], sheet.unit.name) for sheet in chosen], by)
    return len(chosen)


@transaction.atomic
def change_unit(*, sheet: ScoreSheet, name: str, track: Track, by: User) -> None:
    """Give a unit its name of that year, or another track, before the cycle opens."""
    cycle = _draft(sheet.cycle)
    came_from = f"{sheet.unit_name} {sheet.track.code}"
    sheet.unit_name, sheet.track = name, track
    sheet.save(update_fields=["unit_name", "track"])
    record(
        Entry(verb=Verb.UNIT_CHANGED, subject=f"unit:{sheet.unit_id}", by=by, cycle_year=cycle.year,
              came_from=came_from, went_to=f"{name} {track.code}")
    )  # fmt: skip


@transaction.atomic
def remove_units(*, cycle: Cycle, sheets: Sequence[ScoreSheet], by: User) -> int:
    """Take units out of a cycle that has not opened; the units and their accounts stay. Returns how many."""
    row = _draft(cycle)
    record_all(
        [
            Entry(verb=Verb.UNIT_CHANGED, subject=f"unit:{sheet.unit_id}", by=by, cycle_year=row.year,
                  came_from=sheet.track.code, went_to="")
            for sheet in sheets
        ]
    )  # fmt: skip
    ScoreSheet.objects.filter(cycle=row, pk__in=[sheet.pk for sheet in sheets]).delete()
    return len(sheets)
