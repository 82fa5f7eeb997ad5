"""The lines that a department answers for, with their limits and what the records of the year say."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from common.narrow import known
from common.rows import Prepared, ask, instances
from scoring.engine.basis import Basis
from scoring.engine.numbers import ZERO, points
from scoring.engine.track import Part, Rule, TrackRules
from scoring.models import LineKind, Record, Responsibility, ScoreSheet, SheetLine
from scoring.queries.counted import CountedLine
from scoring.queries.sheets import adjustment_code
from workflow.flow.models import Task


def limit_of(rules: TrackRules, line: SheetLine) -> Decimal | None:
    """The most that a line can hold: a part's points; what a rule admits; None where there is no limit."""
    if line.kind == LineKind.PART:
        part = rules.part(line.code)
        return part.points if part else None
    rule = rules.rule(line.code)
    return rule.most if rule else None


def codes_answered(tracks: Collection[int]) -> dict[tuple[int, int], set[str]]:
    """(Key of a track, of a department) → the parts and adjustments for which it answers there (one query)."""
    answered: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    duties = Responsibility.objects.filter(track__in=tracks).values_list("track", "department", "code")
    for track, department, code in duties:
        answered[track, department].add(code)
    return answered


def lines_answered(tasks: Collection[Task]) -> dict[int, list[SheetLine]]:
    """Review's key → the lines of its sheet for which its department answers, in their order (two queries)."""
    answered = codes_answered({task.process.sheet.track_id for task in tasks})
    lines: defaultdict[int, list[SheetLine]] = defaultdict(list)
    for line in instances(SheetLine.objects.filter(sheet__in={task.process.sheet_id for task in tasks})):
        lines[line.sheet_id].append(line)
    return {
        task.pk: [
            line
            for line in lines[task.process.sheet_id]
            if is_among(answered.get((task.process.sheet.track_id, task.department_id or 0), ()), line)
        ]
        for task in tasks
    }


def lines_covered(tasks: Collection[Task]) -> dict[int, list[SheetLine]]:
    """The same, narrowed to what a reopening names."""
    by_key, answered = {task.pk: task for task in tasks}, lines_answered(tasks)
    return {pk: [line for line in lines if is_named(by_key[pk], line)] for pk, lines in answered.items()}


def lines_of(task: Task) -> list[SheetLine]:
    """The lines that one review covers."""
    return lines_covered([task])[task.pk]


def is_named(task: Task, line: SheetLine) -> bool:
    """Whether a line is among what a reopening names; without one every line is."""
    return not task.scope or is_among(task.scope, line)


def is_among(codes: Collection[str], line: SheetLine) -> bool:
    """Whether a line's own code, or that of the adjustment which it is a rule of, is one of `codes`."""
    return line.code in codes or adjustment_code(line) in codes


def sum_given(lines: Iterable[SheetLine]) -> Decimal:
    """The points given to the parts among these lines; adjustments are left aside."""
    given = [line.reviewed for line in lines if line.kind == LineKind.PART and line.reviewed is not None]
    return sum(given, Decimal(0))


@Prepared
def _recorded(cycles: tuple[int, ...], units: tuple[int, ...]) -> QuerySet[Record, Any]:
    rows = Record.objects.filter(cycle__in=cycles, unit__in=units, withdrawn_at=None).exclude(code="")
    return rows.order_by().values_list("cycle_id", "unit_id", "code", "times")


def recorded_times_of(sheets: Collection[ScoreSheet]) -> dict[int, dict[str, int]]:
    """Sheet's key → how many times each rule applies by the year's records in force: rule code → times (one query)."""
    places = {(sheet.cycle_id, sheet.unit_id): sheet.pk for sheet in sheets}
    cycles, units = {cycle for cycle, _unit in places}, {unit for _cycle, unit in places}
    (rows,) = ask(_recorded(tuple(cycles), tuple(units))) if places else ([],)
    counted: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for cycle, unit, code, count in rows:
        counted[cycle, unit][code] += count
    return {pk: dict(counted[place]) for place, pk in places.items()}


def unanswered(lines: Iterable[SheetLine | CountedLine], recorded: Mapping[str, int]) -> list[str]:
    """The codes of lines that a review has to answer and has not, in their order: nothing claimed counts as 0 silently.

    Every part has to be answered; a rule where the unit claims it or the year's records hold it (R15).
    """
    return [line.code for line in lines if line.reviewed is None and _wants_answer(line, recorded)]


def _wants_answer(line: SheetLine | CountedLine, recorded: Mapping[str, int]) -> bool:
    return line.kind == LineKind.PART or bool(line.claimed) or bool(recorded.get(line.code))


def unexplained(lines: Iterable[SheetLine], recorded: Mapping[str, int], rules: TrackRules) -> list[str]:
    """The codes of lines that say something else than the unit or the year's records, and give no reason (R5, R15).

    Where the unit claims nothing, a record that says the same is the reason. What is recorded of losses within a part
    counts as said where the points come from them.
    """
    silent = [line for line in lines if not line.review_note.strip()]
    return [line.code for line in silent if _differs(line, recorded, rules)]


def _differs(line: SheetLine, recorded: Mapping[str, int], rules: TrackRules) -> bool:
    part, times = rules.part(line.code), recorded.get(line.code, 0)
    if part is not None:
        return line.reviewed != line.claimed or _loses_otherwise(line, part, recorded)
    rule = known(rules.rule(line.code))
    given, claimed = line.reviewed or ZERO, line.claimed or ZERO
    if not claimed:
        return not _agrees(rule, given, times)
    return given != claimed or (bool(times) and not _agrees(rule, given, times))


def _loses_otherwise(line: SheetLine, part: Part, recorded: Mapping[str, int]) -> bool:
    """Whether the points come from other losses than those that are recorded, if any are."""
    lost = Basis.from_json(line.counted_basis).losses
    noted = [(loss, times) for loss in part.losses if (times := recorded.get(loss.code))]
    return any(not _agrees(loss, lost.get(loss.code, ZERO), times) for loss, times in noted)


def _agrees(rule: Rule, given: Decimal, times: int) -> bool:
    """Whether what is given says what is recorded, of a rule that counts only once or at discretion: whether at all."""
    return given == times if rule.per and rule.rate_from is None else bool(given) == bool(times)


def suggested(rules: TrackRules, line: SheetLine, count: int) -> Decimal | None:
    """What `count` records suggest: of a rate count × rate up to the points (R5), of a rule how often it applies.

    None without a rate, and of points at discretion.
    """
    part, rule = rules.part(line.code), rules.rule(line.code)
    if rule is not None:
        return None if rule.rate_from is not None else Decimal(count if rule.per else 1)
    worth = part.suggested(count) if part else None
    return None if worth is None else points(worth)
