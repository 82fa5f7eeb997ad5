"""What becomes of a cycle's units in the one that follows it: read from the rows of a table, nothing is written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.identity import holds_unseen
from accounts.models import Unit
from common.errors import DomainError
from common.tables.heads import TableRow
from scoring.models import Cycle, ScoreSheet
from scoring.queries.cycles import participants
from scoring.services.units import LONGEST_CODE, LONGEST_UNIT

# What may stand over each of the columns: the unit's code before, its code now, its name now, its track.
HEAD = (
    frozenset({"before", "原代码", "原单位代码", "上年代码"}),
    frozenset({"code", "新代码", "代码", "单位代码", "现代码"}),
    frozenset({"name", "新名称", "名称", "单位名称", "现名称"}),
    frozenset({"track", "组别", "类别", "考核类别"}),
)


class Fate(TextChoices):
    """How a unit comes into the cycle that follows."""

    SAME = "same", gettext_lazy("goes on")
    RENAMED = "renamed", gettext_lazy("has another name, code or track")
    MERGED = "merged", gettext_lazy("merged of several")
    SPLIT = "split", gettext_lazy("split off")
    NEW = "new", gettext_lazy("new")


@dataclass
class Heir:
    """A unit of the cycle that follows, with those of the cycle before that it goes on from."""

    code: str
    name: str = ""
    track: str = ""
    before: list[ScoreSheet] = field(default_factory=list)
    unit: Unit | None = None
    fate: Fate = Fate.NEW

    @property
    def needs_row(self) -> bool:
        """Whether it is not simply the unit that it was."""
        return self.fate in (Fate.MERGED, Fate.SPLIT) or any(sheet.unit.code != self.code for sheet in self.before)


@dataclass
class Succeeding:
    """Who would take part, who would not and why not, and each problem with its row."""

    heirs: list[Heir] = field(default_factory=list)
    left_out: list[ScoreSheet] = field(default_factory=list)
    trackless: list[ScoreSheet] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def of(self, fate: Fate) -> list[Heir]:
        """Those that come in this way."""
        return [heir for heir in self.heirs if heir.fate == fate]


def read_succeeding(*, cycle: Cycle, source: Cycle, rows: Sequence[TableRow], anew: bool = False) -> Succeeding:
    """Read rows of a code before, a code, a name and a track; units of `source` that no row names go on as they are.

    One code before in several rows is a split, one code now in several rows a merger; a row without a code before is a
    new unit, one with nothing else a unit that is left out. A fixed number of queries for any number of rows.
    Read `anew`, it is as if nobody took part yet.
    """
    reader = _Reader(cycle, source, anew=anew)
    for row in rows:
        try:
            reader.take(*(cell.strip() for cell in row.first(len(HEAD))))
        except DomainError as error:
            text = _("Row %(number)d: %(wrong)s") % {"number": row.number, "wrong": error.message}
            reader.result.problems.append(text)
    return reader.whole()


class _Reader:
    """Takes rows one after another against what both cycles know, fetched once."""

    def __init__(self, cycle: Cycle, source: Cycle, *, anew: bool) -> None:
        self.result = Succeeding()
        self.before = {sheet.unit.code: sheet for sheet in participants(source).order_by("unit__code")}
        self.held = set[str]() if anew else set(cycle.sheets.values_list("unit__code", flat=True))
        # What became another unit in an earlier taking over does not come back with a later one.
        became = cycle.successions.filter(successor__sheets__cycle=cycle).values_list("predecessor__code", flat=True)
        self.gone = set[str]() if anew else set(became)
        tracks = list(cycle.tracks.all())
        self.tracks = {key: track.code for track in tracks for key in (track.code, track.name)}
        self.heirs: dict[str, Heir] = {}
        self.after: dict[str, list[str]] = {}

    def take(self, old: str, code: str, name: str, track: str) -> None:
        """One row; raises DomainError for what is wrong with it."""
        if old and old not in self.before:
            raise DomainError(_("There is no unit %(code)s in the earlier cycle.") % {"code": old})
        code = code or (old if name or track else "")
        if not code:
            self._leave_out(old)
            return
        track = self._checked(code, name, track)
        if old and code in self.after.get(old, ()):
            raise DomainError(_("The unit %(code)s stands twice.") % {"code": code})
        if self.after.get(old) == [] and old:
            raise DomainError(_("The unit %(code)s is left out in another row.") % {"code": old})
        heir = self.heirs.setdefault(code, Heir(code))
        if not old and (heir.before or heir.name):
            raise DomainError(_("The unit %(code)s stands twice.") % {"code": code})
        if (name and heir.name not in ("", name)) or (track and heir.track not in ("", track)):
            raise DomainError(_("The unit %(code)s has another name or track in another row.") % {"code": code})
        heir.name, heir.track = heir.name or name, heir.track or track
        if old:
            heir.before.append(self.before[old])
            self.after.setdefault(old, []).append(code)

    def _leave_out(self, old: str) -> None:
        if not old:
            raise DomainError(_("The code or the name is missing."))
        if old in self.after:
            raise DomainError(_("The unit %(code)s stands twice.") % {"code": old})
        self.after[old] = []

    def _checked(self, code: str, name: str, track: str) -> str:
        """The code of the track; raises DomainError for what no unit can be called, and for one that is there."""
        if len(code) > LONGEST_CODE or len(name) > LONGEST_UNIT:
            raise DomainError(_("The code or the name is too long."))
        if holds_unseen(code) or holds_unseen(name):
            raise DomainError(_("The code or the name holds a line break or another character that can't be seen."))
        if code in self.held:
            raise DomainError(_("The unit %(code)s takes part already or stands twice.") % {"code": code})
        if track and track not in self.tracks:
            raise DomainError(_("There is no track “%(track)s” in this cycle.") % {"track": track})
        return self.tracks.get(track, "")

    def whole(self) -> Succeeding:
        """All rows together: units that none names go on, names and tracks not given are those before."""
        self._go_on()
        units = {unit.code: unit for unit in Unit.objects.filter(code__in=self.heirs)}
        for code, heir in sorted(self.heirs.items()):
            heir.unit = units.get(code)
            own = next((sheet for sheet in heir.before if sheet.unit.code == code), None)
            heir.name = heir.name or (heir.unit.name if heir.unit else "")
            if not heir.track:
                heir.track = next((sheet.track.code for sheet in (own, *heir.before) if sheet), "")
            heir.fate = self._fate(heir, own)
            self._place(heir, code)
        self.result.left_out = [self.before[code] for code, after in self.after.items() if not after]
        return self.result

    def _go_on(self) -> None:
        for code, sheet in self.before.items():
            if code not in self.after and code not in self.held | self.gone:
                self.heirs.setdefault(code, Heir(code)).before.insert(0, sheet)
                self.after[code] = [code]
            elif code in self.heirs and code not in self.after.get(code, ()):
                text = _("The code %(code)s is that of a unit that does not go on under it: give another.")
                self.result.problems.append(text % {"code": code})

    def _place(self, heir: Heir, code: str) -> None:
        known = set(self.tracks.values())
        if not heir.name or not heir.track:
            text = _("The unit %(code)s needs a name and a track.")
            self.result.problems.append(text % {"code": code})
        elif heir.track in known:
            self.result.heirs.append(heir)
        else:
            self.result.trackless += heir.before

    def _fate(self, heir: Heir, own: ScoreSheet | None) -> Fate:
        if not heir.before:
            return Fate.NEW
        if len(heir.before) > 1:
            return Fate.MERGED
        if len(self.after[heir.before[0].unit.code]) > 1:
            return Fate.SPLIT
        same = own is not None and (heir.name, heir.track) == (own.unit_name, own.track.code)
        return Fate.SAME if same else Fate.RENAMED


def predecessors(heirs: Sequence[Heir]) -> dict[str, list[ScoreSheet]]:
    """Code of a unit → those it goes on from, where it is not simply the same."""
    found: dict[str, list[ScoreSheet]] = defaultdict(list)
    for heir in heirs:
        if heir.needs_row:
            found[heir.code] = heir.before
    return found
