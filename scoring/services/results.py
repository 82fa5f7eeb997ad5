"""The result of a sheet: computed by the engine from what was reviewed, rated and decided, with its explanation."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from common import clock
from common.language import in_house_language
from common.narrow import known
from common.rows import Batch
from scoring.engine.basis import Basis
from scoring.engine.score import UnitScore, score_unit
from scoring.engine.track import Times, TrackRules
from scoring.engine.units import Unit
from scoring.models import LineKind, RatingKind, ScoreSheet
from scoring.queries.counted import Counted, counted_of

NUMBERS = ("base", "bonus", "deduction", "total", "components", "barred", "not_assessed")
RESULT = (*NUMBERS, "explain", "computed_at", "counted_by")


def unit_of(sheet: ScoreSheet, counted: Counted, rules: TrackRules | None = None) -> Unit:
    """A sheet as the engine reads it, by the rules in force or others: what was reviewed, rated and decided."""
    rules = rules or sheet.rules
    reviewed = [(line.kind, line.code, line.reviewed) for line in counted.lines if line.reviewed is not None]
    return Unit(
        unit=sheet.unit.code,
        track=sheet.track.code,
        parts={code: points for kind, code, points in reviewed if kind == LineKind.PART},
        bases={line.code: Basis.from_json(line.counted_basis) for line in counted.lines if line.counted_basis},
        counts={code: _times(rules, code, given) for kind, code, given in reviewed if kind == LineKind.RULE},
        recipient_ratings=tuple(counted.ratings[RatingKind.RECIPIENTS]),
        leader_ratings=tuple(counted.ratings[RatingKind.LEADERS]),
        incidents=tuple(counted.incidents),
        vetoes=tuple(counted.vetoes),
    )


def _times(rules: TrackRules, code: str, given: Decimal) -> Times:
    """How many times a rule applies; of a rule at discretion the points that were given."""
    return given if code in rules.at_discretion else int(given)


def score_of(sheet: ScoreSheet, counted: Counted | None = None) -> UnitScore:
    """The sheet's score as it stands now, by the frozen scheme; nothing is stored (R2, R3, R9–R11, R16).

    Its explanation says of ratings only sum and count: nobody's own number can be read from it (R17).
    What it is computed from is read now (three queries), unless it was read for many.
    """
    unit = unit_of(sheet, counted or counted_of([sheet])[sheet.pk])
    scheme = sheet.cycle.scheme.rules
    return score_unit(sheet.rules, unit, grades=scheme.grades, bands=scheme.grade_bands, singly=False)


def compute_result(sheet: ScoreSheet) -> UnitScore:
    """Compute and keep the sheet's result; the total stays open while a rating is missing (R9)."""
    score = score_of(sheet)
    put_result(sheet, score)
    batch = Batch()
    keep_results_in(batch, [sheet])
    batch.send()
    return score


def put_result(sheet: ScoreSheet, score: UnitScore) -> None:
    """Put a score on its sheet as the result, not yet in the database."""
    with in_house_language():  # what is kept is in one language, whoever's page computed it
        body = score.to_json(_)
    sheet.base, sheet.bonus, sheet.deduction, sheet.total = score.base, score.bonus, score.deduction, score.total
    sheet.components, sheet.barred, sheet.explain = body["components"], body["barred"], body["explain"]
    sheet.not_assessed, sheet.computed_at = score.not_assessed, clock.now()
    sheet.counted_by = known(sheet.cycle.scheme.version)


def keep_results_in(batch: Batch, sheets: Sequence[ScoreSheet]) -> None:
    """Write the results that were put on these sheets with a batch, as one of its statements."""
    batch.update(ScoreSheet, sheets, RESULT)
