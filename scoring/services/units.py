"""Who takes part in a cycle: added, imported, renamed for the year, removed, all before it opens."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.identity import LONGEST_NAME, holds_unseen, key_of, normal, require_person, require_seen, users_by_key
from accounts.models import Membership, Role, Unit, User
from accounts.rules import is_office, not_own_unit, require
from accounts.spelling import spelled_line, spelled_name
from audit.services import event, log, log_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from common.many import Dealt
from common.tables.heads import TableRow
from scoring.models import Cycle, ScoreSheet, Track

COLUMNS = ("code", "name", "track", "username", "filer", "mail")
# What an account calls its fields → the columns that tell of a unit's filer.
OF_THE_FILER = {"username": "username", "name": "filer", "email": "mail"}
# What may stand over each of the columns.
HEAD = (
    frozenset({"code", "代码", "单位代码", "编号"}),
    frozenset({"name", "名称", "单位名称", "单位", "当年名称"}),
    frozenset({"track", "组别", "类别", "考核类别"}),
    frozenset({"username", "用户名", "填报人用户名", "填报人账号", "账号"}),
    frozenset({"filer", "filer'sname", "填报人", "填报人姓名", "姓名"}),
    frozenset({"mail", "email", "filer'smailaddress", "邮箱", "填报人邮箱", "电子邮箱"}),
)
LONGEST_CODE, LONGEST_UNIT = 40, 120


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
class UnitsRead:
    """What an import would do: the entrants, and each problem with its row."""

    entrants: list[Entrant] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_entrants(*, cycle: Cycle, rows: Sequence[TableRow]) -> UnitsRead:
    """Read rows of code, name, track (its code or name), filer's user name, name and mail; nothing is written."""
    judge, reading = _judge(cycle), UnitsRead()
    for row in rows:
        try:
            entrant = judge.entrant(row.first(len(COLUMNS)))
        except DomainError as error:
            reading.problems.append(_("Row %(number)d: %(wrong)s") % {"number": row.number, "wrong": error.message})
        else:
            reading.entrants.append(entrant)
    return reading


def read_entrant(*, cycle: Cycle, cells: Sequence[str]) -> Entrant:
    """One unit as a form gives it, with the cells of a row; nothing is written.

    Raises DomainError at the field (one of `COLUMNS`) that is wrong.
    """
    return _judge(cycle).entrant(cells)


def _judge(cycle: Cycle) -> "_Judge":
    tracks = {key: track.code for track in cycle.tracks.all() for key in (track.code, track.name)}
    held = set(ScoreSheet.objects.filter(cycle=cycle).values_list("unit__code", flat=True))
    return _Judge(held=held, tracks=tracks, users=users_by_key())


@dataclass
class _Judge:
    """Whether rows can be taken, one after another: against what the house knows and what the table said before.

    `tracks` says the code of a track by its code and by its name.
    """

    held: set[str]
    tracks: dict[str, str]
    users: dict[str, User]
    named: dict[str, tuple[str, str]] = field(default_factory=dict)

    def entrant(self, row: Sequence[str]) -> Entrant:
        """What the row says; raises DomainError, at its column, with what is wrong."""
        code, name, track, username, filer, mail = (cell.strip() for cell in row)
        entrant = Entrant(
            code=code,
            name=name,
            track=self.tracks.get(track, track),
            username=normal(username),
            filer=spelled_line(filer),
            mail=mail,
        )
        self._require_unit(entrant)
        if entrant.username:
            self._require_filer(entrant)
        elif entrant.mail or entrant.filer:
            raise DomainError(_("A filer needs a user name."), field="username")
        self.held.add(entrant.code)
        return entrant

    def _require_unit(self, entrant: Entrant) -> None:
        for column, word, longest in (("code", entrant.code, LONGEST_CODE), ("name", entrant.name, LONGEST_UNIT)):
            if not word:
                raise DomainError(_("The code or the name is missing."), field=column)
            if len(word) > longest:
                raise DomainError(_("The code or the name is too long."), field=column)
            if holds_unseen(word):
                text = _("The code or the name holds a line break or another character that can't be seen.")
                raise DomainError(text, field=column)
        if entrant.code in self.held:
            text = _("The unit %(code)s takes part already or stands twice.")
            raise DomainError(text % {"code": entrant.code}, field="code")
        if entrant.track not in self.tracks:
            text = _("There is no track “%(track)s” in this cycle.")
            raise DomainError(text % {"track": entrant.track}, field="track")

    def _require_filer(self, entrant: Entrant) -> None:
        try:
            require_person(username=entrant.username, name=name_of_filer(entrant), email=entrant.mail)
        except DomainError as error:
            raise DomainError(error.message, field=OF_THE_FILER[error.field or ""]) from error
        key, known = key_of(entrant.username), self.users.get(key_of(entrant.username))
        who = (known.username, spelled_name(known.name)) if known else self.named.get(key)
        if who and (who[0] != entrant.username or (entrant.filer and who[1] != entrant.filer)):
            text = _("The user name %(username)s belongs to somebody else.")
            raise DomainError(text % {"username": entrant.username}, field="username")
        self.named.setdefault(key, (entrant.username, name_of_filer(entrant)))


def name_of_filer(entrant: Entrant) -> str:
    """The name of a new filer's account: as given, else that of the unit, as far as an account's name goes."""
    return entrant.filer or entrant.name[:LONGEST_NAME]


def locked_draft(cycle: Cycle) -> Cycle:
    """The cycle, locked; raises DomainError once it is open, and once it is deleted."""
    draft = Cycle.objects.select_for_update().filter(pk=cycle.pk).first()
    if draft is None:
        raise DomainError(_("This draft was deleted meanwhile."))
    if draft.opened_at is not None:
        raise DomainError(_("The cycle is open: its units can't be changed any more."))
    return draft


@transaction.atomic
def add_units(*, cycle: Cycle, entrants: Sequence[Entrant], by: User) -> int:
    """Let the units take part, with their filers' accounts; returns how many. Units known by code keep their account.

    A new account has no password until the office sets one. Raises DomainError once the cycle is open, for a unit
    that takes part already, and for names that hold what can't be seen.
    """
    draft = locked_draft(cycle)
    require(by, is_office)
    for entrant in entrants:
        require_seen(code=entrant.code, name=entrant.name, filer=entrant.filer)
    codes = [entrant.code for entrant in entrants]
    there = sorted(draft.sheets.filter(unit__code__in=codes).values_list("unit__code", flat=True))
    if there:
        raise DomainError(_("The unit %(code)s takes part already or stands twice.") % {"code": "、".join(there)})
    tracks = {track.code: track for track in draft.tracks.all()}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    fresh = [Unit(code=entrant.code, name=entrant.name) for entrant in entrants if entrant.code not in units]
    Unit.objects.bulk_create(fresh)
    units |= {unit.code: unit for unit in fresh}
    add_sheets(draft, [(units[entrant.code], tracks[entrant.track], entrant.name) for entrant in entrants], by)
    _add_filers([(entrant, units[entrant.code]) for entrant in entrants if entrant.username], by)
    return len(entrants)


def add_sheets(draft: Cycle, wanted: Sequence[tuple[Unit, Track, str]], by: User) -> None:
    """Rows of units in a locked draft: unit, track and name of that year, with their events."""
    ScoreSheet.objects.bulk_create(
        ScoreSheet(cycle=draft, track=track, unit=unit, unit_name=name) for unit, track, name in wanted
    )
    log_all(
        event(Verb.UNIT_CHANGED, unit, by=by, cycle=draft.slug, went_to=track.code, data={"name": name})
        for unit, track, name in wanted
    )


def _add_filers(wanted: Sequence[tuple[Entrant, Unit]], by: User) -> None:
    known = users_by_key() if wanted else {}
    for entrant, unit in wanted:
        user = known.get(key_of(entrant.username))
        if user is None:
            user = User.objects.create_user(entrant.username, name=name_of_filer(entrant), email=entrant.mail)
            known[key_of(user.username)] = user
        if not Membership.objects.filter(user=user, role=Role.FILER, unit=unit, until=None).exists():
            Membership.objects.create(user=user, role=Role.FILER, unit=unit, since=clock.now())
            with in_house_language():
                became = f"{Role.FILER.label} {unit.code}"
            log(Verb.ACCOUNT_CHANGED, user, by=by, went_to=became)


@transaction.atomic
def change_unit(*, sheet: ScoreSheet, name: str, track: Track, by: User) -> None:
    """Give a unit its name of that year, or another track, before the cycle opens.

    Raises DomainError once the cycle is open, and for a name that holds what can't be seen.
    """
    require_seen(name=name)
    draft = locked_draft(sheet.cycle)
    require(by, is_office & not_own_unit, sheet)
    if (sheet.unit_name, sheet.track_id) == (name, track.pk):
        return
    came_from = f"{sheet.unit_name} {sheet.track.code}"
    sheet.unit_name, sheet.track = name, track
    sheet.save(update_fields=["unit_name", "track"])
    went_to = f"{name} {track.code}"
    log(Verb.UNIT_CHANGED, sheet.unit, by=by, cycle=draft.slug, came_from=came_from, went_to=went_to)


@transaction.atomic
def remove_units(*, cycle: Cycle, sheets: Sequence[ScoreSheet], by: User) -> Dealt[ScoreSheet]:
    """Take units out of a cycle that has not opened; the units and their accounts stay. One's own unit is refused."""
    draft, actor = locked_draft(cycle), actor_of(by)
    require(actor, is_office)
    chosen = draft.sheets.filter(pk__in=[sheet.pk for sheet in sheets]).select_related("track", "unit")
    dealt = Dealt[ScoreSheet]()
    for sheet in chosen:
        with dealt.refusing(sheet):
            require(actor, not_own_unit, sheet)
            dealt.done.append(sheet)
    log_all(
        event(Verb.UNIT_CHANGED, sheet.unit, by=by, cycle=draft.slug, came_from=sheet.track.code)
        for sheet in dealt.done
    )
    draft.sheets.filter(pk__in=[sheet.pk for sheet in dealt.done]).delete()
    return dealt
