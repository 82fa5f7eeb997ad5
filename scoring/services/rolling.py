"""A cycle takes over from the one before: its units and what became of them, their people, who answers, the days."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department, Membership, Role, Unit, User
from accounts.rules import is_office, require
from audit.services import event, log, log_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from common.tables.heads import TableRow
from scoring.engine.compare import compared_track
from scoring.engine.scheme import scheme_sha256
from scoring.engine.track import TrackRules
from scoring.models import Cycle, Responsibility, ScoreSheet, Succession, Track
from scoring.services.cycles import set_options, set_plan, set_responsibilities
from scoring.services.desks import known_desk
from scoring.services.moving import Moved, moved_days
from scoring.services.succeeding import Heir, Succeeding, predecessors, read_succeeding
from scoring.services.units import add_sheets, locked_draft


@dataclass(frozen=True)
class Answering:
    """Who would answer for a track: its desk, departments by code that answer instead of it, and what fits no more."""

    track: Track
    desk: Department | None
    answers: dict[str, Department]
    unfit: list[str]

    @property
    def others(self) -> list[tuple[Department, str]]:
        """The departments that answer instead of the desk, each with the codes that it answers for."""
        codes: dict[Department, list[str]] = {}
        for code, department in sorted(self.answers.items()):
            codes.setdefault(department, []).append(code)
        return [(department, "、".join(own)) for department, own in codes.items()]


@dataclass(frozen=True)
class Ahead:
    """What taking over would do, before it is done."""

    succeeding: Succeeding
    days: Moved
    answering: list[Answering]
    gone: list[str] = field(default_factory=list)
    people: int = 0
    without_people: list[Heir] = field(default_factory=list)

    @property
    def unfit(self) -> list[str]:
        """Parts that somebody else than the desk answered for and that the new scheme has not, by track."""
        return [f"{each.track.name}：{'、'.join(each.unfit)}" for each in self.answering if each.unfit]

    @property
    def digest(self) -> str:
        """The fingerprint of what would be done, by which it is seen whether that is what was looked at."""
        done = {
            "units": [
                [heir.code, heir.name, heir.track, *(before.pk for before in heir.before)] for heir in self.heirs
            ],
            "people": self.people,
            "answers": [[each.track.code, str(each.desk), str(each.others)] for each in self.answering],
            "days": [str(self.days.plan), str(self.days.ratings)],
        }
        return scheme_sha256(done)

    @property
    def heirs(self) -> list[Heir]:
        """The units that would take part."""
        return self.succeeding.heirs


def look_ahead(*, cycle: Cycle, source: Cycle, rows: Sequence[TableRow]) -> Ahead:
    """What `roll_over` would do with these rows (see `read_succeeding`); nothing is written."""
    succeeding = read_succeeding(cycle=cycle, source=source, rows=rows)
    answering, gone = _answering(cycle, source)
    filed = set(_filers([sheet for heir in succeeding.heirs for sheet in heir.before]).values_list("unit", flat=True))
    filed |= set(
        _people().filter(unit__code__in=[heir.code for heir in succeeding.heirs]).values_list("unit", flat=True)
    )
    return Ahead(
        succeeding,
        moved_days(cycle, source),
        answering,
        gone,
        people=len(_wanted(predecessors(succeeding.heirs), {})),
        without_people=[
            heir
            for heir in succeeding.heirs
            if filed.isdisjoint({sheet.unit_id for sheet in heir.before} | ({heir.unit.pk} if heir.unit else set()))
        ],
    )


@transaction.atomic
def roll_over(*, cycle: Cycle, source: Cycle, rows: Sequence[TableRow], by: User, seen: str | None = None) -> int:
    """Let a draft follow `source`: units by `rows`, their people, who answers, days and options; how many units came.

    What the office has set in the draft already stays. All or nothing; a second click changes nothing.

    Raises DomainError once the cycle is open, with everything that is wrong with the rows, for a cycle that follows
    another, and where it would do something else than was looked at (`seen`, an `Ahead.digest`).
    """
    draft = locked_draft(cycle)
    require(by, is_office)
    if draft.pk == source.pk or draft.follows_id not in (None, source.pk):
        raise DomainError(_("This cycle follows another one already."))
    succeeding = read_succeeding(cycle=draft, source=source, rows=rows)
    if succeeding.problems and _was_done(draft, source, rows):
        return draft.sheets.count()
    if succeeding.problems:
        raise DomainError("\n".join(succeeding.problems))
    if seen is not None and look_ahead(cycle=draft, source=source, rows=rows).digest != seen:
        raise DomainError(_("Something has changed since you looked through it. Please look through it again."))
    draft.follows = source
    draft.save(update_fields=["follows"])
    units = _take_part(draft, succeeding.heirs, by)
    _keep_successions(draft, succeeding.heirs, units, by)
    for each in _answering(draft, source)[0]:
        if each.desk is not None:
            set_responsibilities(track=each.track, desk=each.desk, answers=each.answers, by=by)
    _keep_days(draft, moved_days(draft, source), by)
    _keep_options(draft, source, by)
    told = {"units": len(units), "left_out": [sheet.unit.code for sheet in succeeding.left_out]}
    log(Verb.CYCLE_FOLLOWS, draft, by=by, came_from=source.slug, data=told)
    return len(units)


def _was_done(draft: Cycle, source: Cycle, rows: Sequence[TableRow]) -> bool:
    """Whether a first click has done this: every unit takes part already as the rows say."""
    anew = read_succeeding(cycle=draft, source=source, rows=rows, anew=True)
    there = set(draft.sheets.values_list("unit__code", "unit_name", "track__code"))
    told = {(heir.code, heir.name, heir.track) for heir in anew.heirs}
    return draft.follows_id == source.pk and not anew.problems and told <= there


def _take_part(draft: Cycle, heirs: Sequence[Heir], by: User) -> dict[str, Unit]:
    fresh = [Unit(code=heir.code, name=heir.name) for heir in heirs if heir.unit is None]
    Unit.objects.bulk_create(fresh)
    units = {heir.code: heir.unit for heir in heirs if heir.unit is not None} | {unit.code: unit for unit in fresh}
    tracks = {track.code: track for track in draft.tracks.all()}
    add_sheets(draft, [(units[heir.code], tracks[heir.track], heir.name) for heir in heirs], by)
    return units


def _keep_successions(draft: Cycle, heirs: Sequence[Heir], units: dict[str, Unit], by: User) -> None:
    """The rows of units that are not simply the same; whoever filed for those before files for what became of them."""
    found = predecessors(heirs)
    rows = {
        (sheet.unit_id, units[code].pk): Succession(cycle=draft, predecessor=sheet.unit, successor=units[code])
        for code, before in found.items()
        for sheet in before
    }
    known = {(row.predecessor_id, row.successor_id): row for row in draft.successions.all()}  # of units taken out since
    rows |= {pair: row for pair, row in known.items() if pair in rows}
    given = _wanted(found, units)
    memberships = Membership.objects.bulk_create(
        Membership(user_id=user, role=Role.FILER, unit_id=unit, since=clock.now()) for user, _before, unit in given
    )
    for (_user, before, unit), membership in zip(given, memberships, strict=True):
        rows[before, unit].memberships.append(membership.pk)
    Succession.objects.bulk_create(row for pair, row in rows.items() if pair not in known)
    Succession.objects.bulk_update([row for pair, row in rows.items() if pair in known], ["memberships"])
    codes, people = {unit.pk: unit.code for unit in units.values()}, User.objects.in_bulk([user for user, *_ in given])
    with in_house_language():
        role = str(Role.FILER.label)
    log_all(
        event(Verb.ACCOUNT_CHANGED, people[user], by=by, went_to=f"{role} {codes[unit]}")
        for user, _before, unit in given
    )


def _people() -> QuerySet[Membership]:
    """Whoever files for a unit, now or from a later day."""
    return Membership.objects.filter(Q(until=None) | Q(until__gt=clock.now()), role=Role.FILER, user__is_active=True)


def _filers(sheets: Sequence[ScoreSheet]) -> QuerySet[Membership]:
    return _people().filter(unit__in={sheet.unit_id for sheet in sheets})


def _wanted(found: dict[str, list[ScoreSheet]], units: dict[str, Unit]) -> list[tuple[int, int, int]]:
    """User, unit before and unit now of each membership that is to be given, each person once a unit.

    Without `units` (nothing is written yet) the unit now is known by its code's place alone.
    """
    keys = {code: units[code].pk if code in units else -place for place, code in enumerate(found, start=1)}
    known = {unit.code: unit.pk for unit in Unit.objects.filter(code__in=found)} if not units else {}
    keys |= known
    held = set(_people().filter(unit__in=keys.values()).values_list("user", "unit"))
    filers: dict[int, list[int]] = {}
    for user, unit in _filers([sheet for before in found.values() for sheet in before]).values_list("user", "unit"):
        filers.setdefault(unit, []).append(user)
    wanted: dict[tuple[int, int], int] = {}
    for code, before in found.items():
        for sheet in before:
            for user in filers.get(sheet.unit_id, ()):
                if (user, keys[code]) not in held:
                    wanted.setdefault((user, keys[code]), sheet.unit_id)
    return [(user, before, unit) for (user, unit), before in wanted.items()]


def _answering(cycle: Cycle, source: Cycle) -> tuple[list[Answering], list[str]]:
    """Who would answer for each track, and the names of tracks that the cycle has not got.

    Departments of another issuer don't come along: their people would see this issuer's units.
    """
    if cycle.issuer and source.issuer and cycle.issuer != source.issuer:
        return [], []
    former = {track.code: track for track in source.tracks.select_related("desk", "cycle__scheme")}
    result = []
    for track in cycle.tracks.select_related("desk", "cycle__scheme"):
        before = former.pop(track.code, None)
        if before is not None:
            result.append(_answered(track, before))
    return result, [track.name for track in former.values()]


def _answered(track: Track, before: Track) -> Answering:
    """Departments go on answering for what says about the same, whatever code it has now; the desk for all else.

    What the office set in the draft stays.
    """
    answers = {row.code: row.department for row in _instead_of_desk(track)}
    now, unfit = _codes_now(before.rules, track.rules), []
    for row in _instead_of_desk(before):
        if row.code in now:
            answers.setdefault(now[row.code], row.department)
        else:
            unfit.append(f"{row.code} {row.department}")
    return Answering(track, _desk_of(track, before), answers, unfit)


def _instead_of_desk(track: Track) -> QuerySet[Responsibility]:
    return track.responsibilities.exclude(department=track.desk).select_related("department")


def _desk_of(track: Track, before: Track) -> Department | None:
    """The desk of the year before, unless the office chose one in the draft or this year's notice names another."""
    chosen = track.desk != known_desk(track.rules.desk, track.cycle) or track.rules.desk != before.rules.desk
    return track.desk if track.desk is not None and chosen else before.desk or track.desk


def _codes_now(before: TrackRules, after: TrackRules) -> dict[str, str]:
    """Code before → code now of each part and item that both have in about the same words."""
    rows = compared_track(after.code, before, after).rows
    pairs = [pair for row in rows for pair in (row.row, *row.inside)]
    return {pair.before.code: pair.after.code for pair in pairs if pair.before and pair.after}


def _keep_days(draft: Cycle, days: Moved, by: User) -> None:
    planned = set(draft.planned_steps.values_list("step", flat=True))
    set_plan(cycle=draft, plan={step: when for step, when in days.plan.items() if step not in planned}, by=by)
    if days.ratings is not None and draft.ratings_close_at is None:
        draft.ratings_open_at, draft.ratings_close_at = days.ratings
        draft.save(update_fields=["ratings_open_at", "ratings_close_at"])


def _keep_options(draft: Cycle, source: Cycle, by: User) -> None:
    """Options that the draft has not set; quotas of tracks and grades that it has."""
    grades, tracks = set(draft.scheme.rules.grades), {track.code for track in draft.tracks.all()}
    fitting = {
        track: {grade: most for grade, most in own.items() if grade in grades}
        for track, own in source.quotas.items()
        if track in tracks
    }
    set_options(
        cycle=draft,
        by=by,
        count_first_day=draft.count_first_day or source.count_first_day,
        quotas=draft.quotas or fitting,
        contact=draft.contact or source.contact,
        draw_each_category=draft.draw_each_category or source.draw_each_category,
    )


@transaction.atomic
def drop_draft(*, cycle: Cycle, by: User, why: str) -> None:
    """Delete a cycle that has not opened, with its scheme and the rows of its units; what it gave people ends.

    Units, accounts and events stay. Raises DomainError once the cycle is open, and where something is kept of it that
    must not go, such as facts recorded for it.
    """
    draft = locked_draft(cycle)
    require(by, is_office)
    given = [key for keys in draft.successions.values_list("memberships", flat=True) for key in keys]
    _end(given, by)
    log(Verb.CYCLE_DROPPED, draft, by=by, why=why, came_from=draft.scheme.sha256, data={"units": draft.sheets.count()})
    try:
        draft.sheets.all().delete()
        draft.versions.all().delete()
        draft.delete()
    except ProtectedError as error:
        raise DomainError(_("Something is recorded for this cycle already: it can't be deleted.")) from error


def _end(keys: Sequence[int], by: User) -> None:
    held = list(Membership.objects.filter(pk__in=keys, until=None).select_related("user", "unit"))
    now = clock.now()
    Membership.objects.filter(pk__in=[membership.pk for membership in held]).update(until=now)
    log_all(
        event(
            Verb.ACCOUNT_CHANGED, membership.user, by=by, came_from=str(membership), data={"what": "membership ended"}
        )
        for membership in held
    )
