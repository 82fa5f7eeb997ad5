"""Points and counts that a department gives after review (R5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import require
from common import clock
from common.errors import DomainError
from scoring.models import LineKind, ScoreSheet, SheetLine
from scoring.queries.sheets import rules_of
from scoring.rules import reviews_sheet
from workflow.review.queries.lines import limit_of


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a reviewer gives a line: points of a part or times of a rule, None to take it back, and the reason."""

    value: Decimal | None
    note: str | None = None


def save_reviews(*, sheet: ScoreSheet, given: Mapping[str, Given], allowed: Iterable[str], by: User) -> int:
    """Keep what a reviewer gives: code → `Given`; returns how many lines changed.

    The caller holds the process lock. Raises DomainError (field = code) for a line that is not the department's, for
    points over the limit and for a count that is not a whole number.
    """
    require(by, reviews_sheet, sheet)
    permitted, rules, changed = set(allowed), rules_of(sheet), []
    lines = {line.code: line for line in sheet.lines.filter(code__in=given)}
    for code, wanted in given.items():
        line = lines.get(code)
        if line is None or code not in permitted:
            raise DomainError(_("Your department does not answer for this part."), field=code)
        _check(wanted.value, line, limit_of(rules, line))
        if (line.reviewed, line.review_note) != (
            wanted.value,
            line.review_note if wanted.note is None else wanted.note,
        ):
            line.reviewed = wanted.value
            line.review_note = line.review_note if wanted.note is None else wanted.note
            line.reviewed_by, line.reviewed_at = by, clock.now()
            changed.append(line)
    SheetLine.objects.bulk_update(changed, ["reviewed", "review_note", "reviewed_by", "reviewed_at"])
    return len(changed)


def _check(value: Decimal | None, line: SheetLine, limit: Decimal | None) -> None:
    if value is None:
        return
    if value < 0:
        raise DomainError(_("Points can't be negative."), field=line.code)
    if limit is not None and value > limit:
        raise DomainError(_("At most %(limit)s.") % {"limit": limit.normalize().to_eng_string()}, field=line.code)
    if line.kind == LineKind.RULE and value != value.to_integral_value():
        raise DomainError(_("How many times must be a whole number."), field=line.code)
