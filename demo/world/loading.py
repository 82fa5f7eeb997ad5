"""Loading the demo's world, once."""

from datetime import date

from django.db import transaction

from accounts.models import Unit, User
from audit.installation import claim_database
from common import clock
from demo.world import history, live, setting
from demo.world.cast import Cast, make_cast
from demo.world.names import shares
from demo.world.stage import Say, Stage, remember
from scoring.models import Cycle
from scoring.services.holidays import enter_holiday_order

OPENING = "opening"


def is_loaded() -> bool:
    """Whether a world was loaded before."""
    return Cycle.objects.exists()


def load(say: Say, units: int | None = None) -> None:
    """Load both cycles; `units` spreads so many units over the tracks of each, None takes the demo's own numbers."""
    counts = shares(units)
    groups: dict[str, list[Unit]] = {}
    past, filers = _past(say, counts, groups)
    present = _present(say, counts, groups, past.cast, filers)
    remember({stage.cycle.year: stage.seconds for stage in (past, present)})


def _past(say: Say, counts: dict[str, int], groups: dict[str, list[Unit]]) -> tuple[Stage, dict[int, User]]:
    with clock.travel(setting.at(2020, 12, 1, 8)), transaction.atomic():
        claim_database()
        scheme_of_desks = setting.load(2020, date(2020, 12, 1), None)
        cast = make_cast()
        setting.confirm(scheme_of_desks, cast.office)
        cycle = scheme_of_desks.cycle
        setting.enter(cycle, counts, groups)
        filers = setting.filers_for(groups, {})
    stage = Stage(cycle=cycle, cast=cast, filers=filers, random=setting.chance(2020), say=say)
    with stage.step(OPENING), stage.moment(history.OPENED):
        setting.share_out(cycle, cast.office)
        setting.shelve(cycle, cast.office)
        setting.open_it(cycle, cast, ratings=history.RATINGS)
    history.play(stage)
    return stage, filers


def _present(
    say: Say, counts: dict[str, int], groups: dict[str, list[Unit]], cast: Cast, filers: dict[int, User]
) -> Stage:
    opened = live.opening(clock.now())
    year = opened.astimezone(clock.BEIJING).year
    with clock.travel(opened), transaction.atomic():
        # The order of next year is not out yet: the demo enters New Year's Day, and says that it is made up.
        new_year, name = date(year + 1, 1, 1), "演示（非正式，仅元旦）"
        enter_holiday_order(year=year + 1, order=name, off=[new_year], work=[], by=cast.office)
        scheme = setting.load(year, clock.today(), cast.office)
        setting.confirm(scheme, cast.office)
        cycle = scheme.cycle
        setting.enter(cycle, counts, groups)
    stage = Stage(cycle=cycle, cast=cast, filers=filers, random=setting.chance(year), say=say)
    with stage.step(OPENING), stage.moment(opened):
        setting.share_out(cycle, cast.office)
        setting.open_it(cycle, cast, ratings=live.rating_window(year))
    live.play(stage, opened)
    return stage
