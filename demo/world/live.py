"""The live cycle of this year: open for self-evaluation, some units done, some half done, the deadline ahead."""

from datetime import date, datetime, timedelta

from common import clock
from demo.world import filing
from demo.world.setting import spread
from demo.world.stage import Stage
from workflow.flow.models import Assessment, Node

OPEN_FOR = timedelta(days=14)
DONE, HALF = 0.25, 0.35


def opening(now: datetime) -> datetime:
    """When the cycle of this year was opened: two weeks ago, but not before the year began."""
    begin = clock.midnight(date(now.astimezone(clock.BEIJING).year, 1, 1)) + timedelta(hours=9)
    return max(begin, now - OPEN_FOR)


def rating_window(year: int) -> tuple[datetime, datetime]:
    """Ratings of the live cycle: two weeks in January."""
    return clock.midnight(date(year + 1, 1, 11)), clock.midnight(date(year + 1, 1, 23))


def play(stage: Stage, opened: datetime) -> None:
    """Let a quarter of the units submit, a third begin, the rest stay silent so far."""
    now = clock.now()
    everybody = list(
        Assessment.objects.filter(sheet__cycle=stage.cycle).select_related(
            "sheet__unit", "sheet__track", "sheet__cycle__scheme"
        )
    )
    # The first unit of the demo's accounts stays untouched, for a person to begin with.
    shuffled = everybody[1:]
    stage.random.shuffle(shuffled)
    done = shuffled[: int(len(shuffled) * DONE)]
    half = shuffled[len(done) : len(done) + int(len(shuffled) * HALF)]
    with stage.step(Node.SELF_EVALUATION), stage.moment(now):
        for number, assessment in enumerate(done, start=1):
            with clock.travel(spread(opened + timedelta(hours=1), now, number / (len(done) + 1))):
                filing.file(stage, assessment)
        for assessment in half:
            by = stage.filers[assessment.sheet.unit_id]
            filing.fill(assessment.sheet, by, stage.random, parts=0.5, bonuses=False)
