"""What a unit claims for itself: points of parts, counts of adjustments, and what was done, saved as it is typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import of_the_unit, require
from audit.models import Event
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.numbers import points_in
from common.wording import say_instant
from scoring.engine.track import TrackRules
from scoring.models import LineKind, ScoreSheet, SheetLine
from scoring.queries.sheets import rules_of
from scoring.wording import say_points
from workflow.filing.queries.claims import CLAIMED, MARK, TEXT, _mark, covers, shown

MOST_TIMES = 999
LONGEST_TEXT = 5000
# One event for what a person saves within this time: the record stays readable.
BURST = timedelta(minutes=10)


@dataclass(frozen=True)
class Change:
    """One field as typed: `field` is `claimed` or `text` of the line `code`."""

    code: str
    field: str
    value: str

    @property
    def key(self) -> str:
        """The name of the field on a page, such as `claimed-1.1`."""
        return f"{self.field}-{self.code}"


@dataclass(frozen=True)
class Theirs:
    """What a colleague saved in the meantime, who (None if unknown) and when (Beijing, `10:28`)."""

    value: str
    by: str
    at: str


@dataclass
class Saved:
    """What became of a save: fields at fault or in conflict were not saved, all others were."""

    saved: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, Theirs] = field(default_factory=dict)


@transaction.atomic
def save_claims(
    *, sheet: ScoreSheet, changes: Iterable[Change], by: User, scope: Sequence[str] = (), version: str = ""
) -> Saved:
    """Save each change that is right; the caller holds the process lock and knows that the sheet is open.

    Points have at most two decimals and lie within the part's points; a count is whole, and at most 1 for a rule
    without `per`. A field that differs from what `version` saw, and from what is sent, is a conflict.
    """
    require(by, of_the_unit, sheet)
    lines = list(sheet.lines.select_for_update(of=("self",)).select_related("claimed_by").order_by("position"))
    by_code = {line.code: line for line in lines}
    seen = _seen(lines, version)
    result, rules, touched = Saved(), rules_of(sheet), {}
    for change in changes:
        line = by_code.get(change.code)
        if line is None or change.field not in (CLAIMED, TEXT) or _untouched(line, change, seen):
            continue
        if not covers(scope, change.code):
            result.errors[change.key] = _("This part was not returned; it can't be changed.")
        elif _collides(line, change, seen):
            result.conflicts[change.key] = _theirs(line, change)
        elif _put(line, change, rules, result):
            touched[line.code] = line
    _store(touched.values(), by)
    if touched:
        _record_burst(sheet, by)
    return result


def _seen(lines: Sequence[SheetLine], version: str) -> dict[tuple[str, str], str]:
    fields = [(line.code, name) for line in lines for name in (CLAIMED, TEXT)]
    if len(version) != len(fields) * MARK:
        return {}
    marks = iter(version)
    return {place: "".join(islice(marks, MARK)) for place in fields}


def _untouched(line: SheetLine, change: Change, seen: dict[tuple[str, str], str]) -> bool:
    """Whether a whole form brings back what it showed, while a colleague has changed the field meanwhile."""
    before = seen.get((change.code, change.field))
    return before is not None and before == _mark(change.value) and before != _mark(shown(line, change.field))


def _collides(line: SheetLine, change: Change, seen: dict[tuple[str, str], str]) -> bool:
    current = shown(line, change.field)
    before = seen.get((change.code, change.field))
    return before is not None and before != _mark(current) and current != change.value.strip()


def _theirs(line: SheetLine, change: Change) -> Theirs:
    at = say_instant(line.claimed_at, now=clock.now(), start=True) if line.claimed_at else ""
    return Theirs(value=shown(line, change.field), by=line.claimed_by.name if line.claimed_by else "", at=at)


def _put(line: SheetLine, change: Change, rules: TrackRules, result: Saved) -> bool:
    """Set the field on the line, or note what is wrong; whether the line is to be stored."""
    try:
        value = read_text(change.value) if change.field == TEXT else read_claim(line, change.value, rules)
    except ValueError as problem:
        result.errors[change.key] = str(problem)
        return False
    result.saved.add(change.key)
    differs = bool(getattr(line, change.field) != value)
    setattr(line, change.field, value)
    return differs


def read_text(typed: str) -> str:
    """What was done, as typed; ValueError says in words how much too long it is."""
    text = typed.replace("\r\n", "\n").replace("\0", "").strip()
    try:
        MaxLengthValidator(LONGEST_TEXT)(text)
    except ValidationError as problem:
        raise ValueError(" ".join(problem.messages)) from problem
    return text


def read_claim(line: SheetLine, typed: str, rules: TrackRules) -> Decimal | None:
    """The points or count as typed, None when empty; ValueError says in words what is wrong."""
    if not typed.strip():
        return None
    number = points_in(typed)
    if number is None:
        raise ValueError(_not_a_number(line))
    if line.kind == LineKind.RULE:
        return _count(line, number, rules)
    part = rules.part(line.code)
    if part is not None and number > part.points:
        raise ValueError(_("At most %(limit)s points.") % {"limit": say_points(part.points)})
    return number


def _not_a_number(line: SheetLine) -> str:
    if line.kind == LineKind.RULE:
        return _("Please give how many times as a whole number, such as 2.")
    return _("Please give points with at most two decimals, such as 9.5; not below 0.")


def _count(line: SheetLine, number: Decimal, rules: TrackRules) -> Decimal:
    if number != number.to_integral_value():
        raise ValueError(_not_a_number(line))
    rule = rules.rule(line.code)
    most = MOST_TIMES if rule is None or rule.per else 1
    if number > most:
        raise ValueError(_("At most %(limit)s times.") % {"limit": most})
    return number


def _store(lines: Iterable[SheetLine], by: User) -> None:
    stored = list(lines)
    for line in stored:
        line.claimed_at, line.claimed_by = clock.now(), by
    if stored:
        SheetLine.objects.bulk_update(stored, [CLAIMED, TEXT, "claimed_at", "claimed_by"])


def _record_burst(sheet: ScoreSheet, by: User) -> None:
    subject = f"sheet:{sheet.pk}"
    last = Event.objects.filter(subject=subject).order_by("-at", "-pk").first()
    same = last is not None and last.verb == Verb.CLAIMS_SAVED and last.actor_id == by.pk
    if last is not None and same and clock.now() - last.at < BURST:
        return
    record(Entry(verb=Verb.CLAIMS_SAVED, subject=subject, by=by, cycle_year=sheet.cycle.year))
