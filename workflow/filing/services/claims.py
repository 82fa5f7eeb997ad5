"""What a unit claims for itself: points of parts, counts of adjustments, and what was done, saved as it is typed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import of_the_unit, require
from audit.models import Event
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.narrow import known
from common.numbers import points_in
from common.saving import Saved, Theirs
from common.wording import say_instant
from scoring.engine.basis import Basis
from scoring.engine.numbers import points
from scoring.engine.track import Part, Rule, TrackRules
from scoring.models import LineKind, ScoreSheet, SheetLine
from scoring.refusals import require_admitted
from scoring.wording import say_points
from workflow.filing.queries.claims import CLAIMED, LEVEL, MARK, MEASURED, TEXT, Place, covers, mark, places_of, shown

MOST_TIMES = 999
LONGEST_TEXT = 5000
# One event for what a person saves within this time: the record stays readable.
BURST = timedelta(minutes=10)
BASIS = "basis"  # the column that holds what the points come from
Seen = dict[Place, str]  # input → the mark of what a page showed there


@dataclass(frozen=True)
class Claim:
    """One field as typed: `field` is one of `FIELDS`, of the line `code`, or of the loss `code` within a part."""

    code: str
    field: str
    value: str

    @property
    def place(self) -> Place:
        """Which input it is of."""
        return self.code, self.field

    @property
    def key(self) -> str:
        """The name of the field on a page, such as `claimed-1.1`."""
        return f"{self.field}-{self.code}"


def save_claims(
    *, sheet: ScoreSheet, claims: Iterable[Claim], by: User, scope: Sequence[str] = (), version: str = ""
) -> Saved[str]:
    """Save each claim that is right; the caller holds the process lock, in a transaction, and knows that it is open.

    Points have at most two decimals and lie within the part's points; a count is whole, and at most 1 for a rule
    without `per`. A field that differs from what `version` saw, and from what is sent, is a conflict.
    Where a level, a measured number or a loss changes, the part's points follow, unless others are typed beside it.
    """
    require(by, of_the_unit, sheet)
    lines = list(sheet.lines.select_for_update(of=("self",)).select_related("claimed_by").order_by("position"))
    saved, rules, changed = Saved[str](), sheet.rules, defaultdict[SheetLine, set[str]](set)
    asked = {part.code for part in rules.parts()} | {rule.code for rule in rules.rules()}
    by_place = {place: line for line in lines for place in places_of(line, rules)}
    fresh = asked - {line.code for line in lines}
    seen = _seen(by_place, version)
    for claim in claims:
        line = by_place.get(claim.place)
        if claim.code in fresh:  # by a version of the scheme that was signed a moment ago
            saved.refused[claim.key] = _("The scheme was corrected just now. Please load the page again in a minute.")
        if line is None or line.code not in asked or _untouched(line, claim, seen):
            continue
        with saved.refusing(claim.key):
            require_covered(scope, claim.code)
            if _collides(line, claim, seen):
                saved.collided[claim.key] = _theirs(line, claim)
                continue
            column = claim.field if claim.field in (CLAIMED, TEXT) else BASIS
            value = _read(line, claim, rules)
            saved.saved.add(claim.key)
            if getattr(line, column) != value:
                setattr(line, column, value)
                changed[line].add(column)
    if changed:
        for line in (line for line, columns in changed.items() if BASIS in columns and CLAIMED not in columns):
            _follow(line, rules)
        _store(changed, by)
        _log_burst(sheet, by)
    return saved


def _read(line: SheetLine, claim: Claim, rules: TrackRules) -> object:
    if claim.field == TEXT:
        return read_text(claim.value)
    if claim.field == CLAIMED:
        return read_claim(line, claim.value, rules)
    return read_basis(known(rules.part(line.code)), Basis.from_json(line.basis), claim).to_json()


def read_basis(part: Part, basis: Basis, claim: Claim) -> Basis:
    """What the points come from, with what was typed in its place; raises DomainError saying what is wrong."""
    typed = claim.value.strip()
    if claim.field == LEVEL:
        if typed and part.level(typed) is None:
            raise DomainError(_("Please choose one of the levels."))
        return replace(basis, level=typed)
    number = points_in(typed) if typed else None
    if claim.field == MEASURED:
        if typed and number is None:
            raise DomainError(_("Please give a number with at most two decimals, such as 1.5; not below 0."))
        return replace(basis, measured=number)
    loss = next(loss for loss in part.losses if loss.code == claim.code)
    if typed and number is None:
        raise DomainError(_not_a_count() if loss.rate_from is None else _not_points())
    times = {} if number is None else {loss.code: _times(loss, number)}
    others = {code: count for code, count in basis.losses.items() if code != loss.code}
    return replace(basis, losses=others | times)


def _times(rule: Rule, number: Decimal) -> Decimal:
    if rule.rate_from is None:
        return _count(rule, number)
    require_admitted(rule, number)
    return number


def _follow(line: SheetLine, rules: TrackRules) -> None:
    """Put the points that follow from a level, a measured number or losses; none follow where a person judges."""
    follows = Basis.from_json(line.basis).points(known(rules.part(line.code)))
    if follows is not None:
        line.claimed = points(follows)


def _seen(places: Iterable[Place], version: str) -> Seen:
    places = list(places)
    if len(version) != len(places) * MARK:
        return {}
    marks = iter(version)
    return {place: "".join(islice(marks, MARK)) for place in places}


def _untouched(line: SheetLine, claim: Claim, seen: Seen) -> bool:
    """Whether a whole form brings back what it showed, while a colleague has changed the field meanwhile."""
    before = seen.get(claim.place)
    return before is not None and before == mark(claim.value) and before != mark(shown(line, claim.place))


def _collides(line: SheetLine, claim: Claim, seen: Seen) -> bool:
    current = shown(line, claim.place)
    before = seen.get(claim.place)
    return before is not None and before != mark(current) and current != claim.value.strip()


def _theirs(line: SheetLine, claim: Claim) -> Theirs:
    at = say_instant(line.claimed_at, now=clock.now(), start=True) if line.claimed_at else ""
    return Theirs(value=shown(line, claim.place), by=line.claimed_by.name if line.claimed_by else "", at=at)


def require_covered(scope: Sequence[str], code: str) -> None:
    """Raise DomainError unless a return that names `scope` lets the part, rule or material `code` be changed."""
    if not covers(scope, code):
        raise DomainError(_("This part was not returned; it can't be changed."))


def read_text(typed: str) -> str:
    """What was done, as typed; raises DomainError where it is too long, saying by how much."""
    text = typed.replace("\r\n", "\n").replace("\0", "").strip()
    try:
        MaxLengthValidator(LONGEST_TEXT)(text)
    except ValidationError as problem:
        raise DomainError(" ".join(problem.messages)) from problem
    return text


def read_claim(line: SheetLine, typed: str, rules: TrackRules) -> Decimal | None:
    """The points or count as typed, None when empty; raises DomainError saying what is wrong."""
    if not typed.strip():
        return None
    number = points_in(typed)
    if number is None:
        counted = line.kind == LineKind.RULE
        raise DomainError(_not_a_count() if counted else _not_points())
    if line.kind == LineKind.RULE:
        return _times(known(rules.rule(line.code)), number)
    part = rules.part(line.code)
    if part is not None and number > part.points:
        raise DomainError(_("At most %(limit)s points.") % {"limit": say_points(part.points)})
    return number


def _not_a_count() -> str:
    return _("Please give how many times as a whole number, such as 2.")


def _not_points() -> str:
    return _("Please give points with at most two decimals, such as 9.5; not below 0.")


def _count(rule: Rule, number: Decimal) -> Decimal:
    if number != number.to_integral_value():
        raise DomainError(_not_a_count())
    most = MOST_TIMES if rule.per else 1
    if number > most:
        raise DomainError(_("At most %(limit)s times.") % {"limit": most})
    return number


def _store(lines: Collection[SheetLine], by: User) -> None:
    for line in lines:
        line.claimed_at, line.claimed_by = clock.now(), by
    SheetLine.objects.bulk_update(lines, [CLAIMED, BASIS, TEXT, "claimed_at", "claimed_by"])


def _log_burst(sheet: ScoreSheet, by: User) -> None:
    last = Event.objects.filter(subject=sheet.recorded_as).order_by("-at", "-pk").first()
    same = last is not None and last.verb == Verb.CLAIMS_SAVED and last.actor_id == by.pk
    if last is None or not same or clock.now() - last.at >= BURST:
        log(Verb.CLAIMS_SAVED, sheet, by=by)
