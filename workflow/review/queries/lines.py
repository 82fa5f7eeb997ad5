"""The lines that a department answers for, with their limits and what the records of the year say."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from scoring.engine.numbers import points
from scoring.engine.track import TrackRules
from scoring.models import LineKind, Record, ScoreSheet, SheetLine


def limit_of(rules: TrackRules, line: SheetLine) -> Decimal | None:
    """The most that a line can hold: a part's points; 1 for a rule that is not counted by the piece; else no limit."""
    if line.kind == LineKind.PART:
        part = rules.part(line.code)
        return part.points if part else None
    rule = rules.rule(line.code)
    return Decimal(1) if rule is not None and rule.per is None else None


def recorded_times_of(sheets: Collection[ScoreSheet]) -> dict[int, dict[str, int]]:
    """Sheet's key → how many times each rule applies by the year's records in force: rule code → times (one query)."""
    places = {(sheet.cycle_id, sheet.unit_id): sheet.pk for sheet in sheets}
    rows = Record.objects.filter(
        cycle_id__in={cycle for cycle, _unit in places},
        unit_id__in={unit for _cycle, unit in places},
        withdrawn_at=None,
    ).exclude(code="")
    counted: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for cycle, unit, code, count in rows.values_list("cycle_id", "unit_id", "code", "times"):
        counted[cycle, unit][code] += count
    return {pk: dict(counted[place]) for place, pk in places.items()}


def recorded_times(sheet: ScoreSheet) -> dict[str, int]:
    """How many times each rule applies to a unit by the records of the year in force: rule code → times (R15)."""
    return recorded_times_of([sheet])[sheet.pk]


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


def suggested(rules: TrackRules, line: SheetLine, count: int) -> Decimal | None:
    """What a rate suggests for `count` pieces: count × rate up to the part's points; None without a rate (R5)."""
    part = rules.part(line.code)
    worth = part.suggested(count) if part else None
    return None if worth is None else points(worth)
