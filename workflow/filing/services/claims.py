"""What a unit claims for itself: points of parts, counts of adjustments, and what was done, saved as it is typed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
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
from common.numbers import points_in
from common.saving import Saved, Theirs
from common.wording import say_instant
from scoring.engine.track import TrackRules
from scoring.models import LineKind, ScoreSheet, SheetLine
from scoring.refusals import require_admitted
from scoring.wording import say_points
from workflow.filing.queries.claims import CLAIMED, MARK, TEXT, covers, mark, shown

MOST_TIMES = 999
LONGEST_TEXT = 5000
# One event for what a person saves within this time: the record stays readable.
BURST = timedelta(minutes=10)
Seen = dict[tuple[str, str], str]  # (code, field) → the mark of what a page showed there


@dataclass(frozen=True)
class Claim:
    """One field as typed: `field` is `claimed` or `text` of the line `code`."""

    code: str
    field: str
    value: str

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
    """
    require(by, of_the_unit, sheet)
    lines = list(sheet.lines.select_for_update(of=("self",)).select_related("claimed_by").order_by("position"))
    by_code = {line.code: line for line in lines}
    seen = _seen(lines, version)
    saved, rules, touched = Saved[str](), sheet.rules, set[SheetLine]()
    for claim in claims:
        line = by_code.get(claim.code)
        if line is None or claim.field not in (CLAIMED, TEXT) or _untouched(line, claim, seen):
            continue
        with saved.refusing(claim.key):
            require_covered(scope, claim.code)
            if _collides(line, claim, seen):
                saved.collided[claim.key] = _theirs(line, claim)
                continue
            value = read_text(claim.value) if claim.field == TEXT else read_claim(line, claim.value, rules)
            saved.saved.add(claim.key)
            if getattr(line, claim.field) != value:
                setattr(line, claim.field, value)
                touched.add(line)
    if touched:
        _store(touched, by)
        _log_burst(sheet, by)
    return saved


def _seen(lines: Sequence[SheetLine], version: str) -> Seen:
    fields = [(line.code, name) for line in lines for name in (CLAIMED, TEXT)]
    if len(version) != len(fields) * MARK:
        return {}
    marks = iter(version)
    return {place: "".join(islice(marks, MARK)) for place in fields}


def _untouched(line: SheetLine, claim: Claim, seen: Seen) -> bool:
    """Whether a whole form brings back what it showed, while a colleague has changed the field meanwhile."""
    before = seen.get((claim.code, claim.field))
    return before is not None and before == mark(claim.value) and before != mark(shown(line, claim.field))


def _collides(line: SheetLine, claim: Claim, seen: Seen) -> bool:
    current = shown(line, claim.field)
    before = seen.get((claim.code, claim.field))
    return before is not None and before != mark(current) and current != claim.value.strip()


def _theirs(line: SheetLine, claim: Claim) -> Theirs:
    at = say_instant(line.claimed_at, now=clock.now(), start=True) if line.claimed_at else ""
    return Theirs(value=shown(line, claim.field), by=line.claimed_by.name if line.claimed_by else "", at=at)


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
        raise DomainError(_not_a_number(line))
    rule = rules.rule(line.code) if line.code in rules.at_discretion else None
    if rule is not None:
        require_admitted(rule, number)
        return number
    if line.kind == LineKind.RULE:
        return _count(line, number, rules)
    part = rules.part(line.code)
    if part is not None and number > part.points:
        raise DomainError(_("At most %(limit)s points.") % {"limit": say_points(part.points)})
    return number


def _not_a_number(line: SheetLine) -> str:
    if line.kind == LineKind.RULE:
        return _("Please give how many times as a whole number, such as 2.")
    return _("Please give points with at most two decimals, such as 9.5; not below 0.")


def _count(line: SheetLine, number: Decimal, rules: TrackRules) -> Decimal:
    if number != number.to_integral_value():
        raise DomainError(_not_a_number(line))
    rule = rules.rule(line.code)
    most = MOST_TIMES if rule is None or rule.per else 1
    if number > most:
        raise DomainError(_("At most %(limit)s times.") % {"limit": most})
    return number


def _store(lines: Collection[SheetLine], by: User) -> None:
    for line in lines:
        line.claimed_at, line.claimed_by = clock.now(), by
    SheetLine.objects.bulk_update(lines, [CLAIMED, TEXT, "claimed_at", "claimed_by"])


def _log_burst(sheet: ScoreSheet, by: User) -> None:
    last = Event.objects.filter(subject=sheet.recorded_as).order_by("-at", "-pk").first()
    same = last is not None and last.verb == Verb.CLAIMS_SAVED and last.actor_id == by.pk
    if last is None or not same or clock.now() - last.at >= BURST:
        log(Verb.CLAIMS_SAVED, sheet, by=by)
