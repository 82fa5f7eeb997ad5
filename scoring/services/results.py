"""The result of a sheet: computed by the engine from what was reviewed, rated and decided, with its explanation."""

from django.utils.translation import gettext as _

from common import clock
from common.language import in_house_language
from scoring.engine.score import UnitScore, score_unit
from scoring.engine.units import Incident, Unit
from scoring.models import LineKind, RatingKind, ScoreSheet
from scoring.queries.sheets import rules_of

RESULT = ("base", "bonus", "deduction", "total", "components", "barred", "explain", "not_assessed", "computed_at")


def unit_of(sheet: ScoreSheet) -> Unit:
    """What counts for a sheet, as the engine reads it: reviewed points and counts, ratings, incidents in force.

    Costs three queries a sheet, none where lines, ratings and incidents are prefetched.
    """
    lines = [line for line in sheet.lines.all() if line.reviewed is not None]
    given = sorted((rating.component, rating.value) for rating in sheet.ratings.all())
    ratings = {kind: tuple(value for component, value in given if component == kind) for kind in RatingKind.values}
    return Unit(
        unit=sheet.unit.code,
        track=sheet.track.code,
        parts={line.code: line.reviewed for line in lines if line.kind == LineKind.PART and line.reviewed is not None},
        counts={line.code: int(line.reviewed or 0) for line in lines if line.kind == LineKind.RULE},
        recipient_ratings=ratings[RatingKind.RECIPIENTS],
        leader_ratings=ratings[RatingKind.LEADERS],
        incidents=tuple(
            Incident(bars=tuple(incident.bars), not_assessed=incident.not_assessed)
            for incident in sheet.incidents.all()
            if incident.withdrawn_at is None
        ),
    )


def score_of(sheet: ScoreSheet) -> UnitScore:
    """The sheet's score as it stands now, by the frozen scheme; nothing is stored (R2, R3, R9–R11, R16)."""
    return score_unit(rules_of(sheet), unit_of(sheet), grades=sheet.cycle.scheme.rules.grades)


def compute_result(sheet: ScoreSheet) -> UnitScore:
    """Compute and keep the sheet's result; the total stays open while a rating is missing (R9)."""
    score = score_of(sheet)
    with in_house_language():  # what is kept is in one language, whoever's page computed it
        body = score.to_json(_)
    sheet.base, sheet.bonus, sheet.deduction, sheet.total = score.base, score.bonus, score.deduction, score.total
    sheet.components, sheet.barred, sheet.explain = body["components"], body["barred"], body["explain"]
    sheet.not_assessed, sheet.computed_at = score.not_assessed, clock.now()
    sheet.save(update_fields=RESULT)
    return score
