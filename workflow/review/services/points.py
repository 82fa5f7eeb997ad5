"""Points and counts that a department gives after review (R5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import require
from common import clock
from common.errors import DomainError
from scoring.engine.track import Track as RulesTrack
from scoring.models import LineKind, Record, ScoreSheet, SheetLine
from scoring.queries.sheets import codes_answered_by, rules_of
from scoring.rules import reviews_sheet


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a reviewer gives a line: points of a part or times of a rule, None to take it back, and the reason."""

    value: Decimal | None
    note: str | None = None


def lines_answered_by(sheet: ScoreSheet, department_id: int) -> list[SheetLine]:
    """The lines of the sheet for which the department answers: its parts, and the rules of its adjustments."""
    codes = set(codes_answered_by(sheet.track, department_id))
    return [line for line in sheet.lines.all() if line.code in codes or adjustment_code(line) in codes]


def adjustment_code(line: SheetLine) -> str:
    """The adjustment that a rule's line belongs to: `B1` of `B1.1`; empty for a part."""
    return line.code.split(".")[0] if line.kind == LineKind.RULE else ""


def limit_of(rules: RulesTrack, line: SheetLine) -> Decimal | None:
    """The most that a line can hold: a part's points; 1 for a rule that is not counted by the piece; else no limit."""
    if line.kind == LineKind.PART:
        part = rules.part(line.code)
        return part.points if part else None
    rule = rules.rule(line.code)
    return Decimal(1) if rule is not None and rule.per is None else None


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


def recorded_times(sheet: ScoreSheet) -> dict[str, int]:
    """How many times each rule applies by the records of the year in force: rule code → times (R15)."""
    rows = Record.objects.filter(cycle_id=sheet.cycle_id, unit_id=sheet.unit_id, withdrawn_at=None).exclude(code="")
    times: dict[str, int] = {}
    for code, count in rows.values_list("code", "times"):
        times[code] = times.get(code, 0) + count
    return times


def unanswered(lines: Iterable[SheetLine], recorded: Mapping[str, int]) -> list[str]:
    """The codes of lines that a review has to answer and has not, in their order: nothing claimed counts as 0 silently.

    Every part has to be answered; a rule where the unit claims it or the year's records hold it (R15).
    """
    return [line.code for line in lines if line.reviewed is None and _wants_answer(line, recorded)]


def _wants_answer(line: SheetLine, recorded: Mapping[str, int]) -> bool:
    return line.kind == LineKind.PART or bool(line.claimed) or bool(recorded.get(line.code))


def unexplained(lines: Iterable[SheetLine], recorded: Mapping[str, int]) -> list[str]:
    """The codes of lines that say something else than the unit or the year's records, and give no reason (R5, R15).

    Where the unit claims nothing, a record that says the same is the reason.
    """
    return [line.code for line in lines if not line.review_note.strip() and _differs(line, recorded)]


def _differs(line: SheetLine, recorded: Mapping[str, int]) -> bool:
    if line.kind == LineKind.PART:
        return line.reviewed != line.claimed
    given, claimed, noted = line.reviewed or 0, line.claimed or 0, recorded.get(line.code, 0)
    return given != (claimed or noted) or (bool(noted) and given != noted)


def suggested(rules: RulesTrack, line: SheetLine, count: int) -> Decimal | None:
    """What a rate suggests for `count` pieces: count × rate up to the part's points; None without a rate (R5)."""
    part = rules.part(line.code)
    if part is None or part.rate is None:
        return None
    return min(part.rate * count, part.points).quantize(Decimal("0.01"), ROUND_HALF_UP)
