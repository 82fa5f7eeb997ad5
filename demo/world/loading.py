"""Loading the demo's world, once, and telling how it stands."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count

from accounts.models import Unit, User
from audit.installation import claim_database
from common import clock
from demo.world import history, live, setting
from demo.world.cast import Cast, make_cast
from demo.world.names import shares
from demo.world.stage import Say, Stage, remember, remembered
from scoring.models import Cycle
from scoring.services.holidays import enter_holiday_order
from workflow.flow.models import Assessment


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
    with stage.step("opening", history.OPENED):
        setting.share_out(cycle, cast.office)
        setting.open_it(cycle, cast, ratings=history.RATINGS)
    history.play(stage)
    return stage, filers


def _present(
    say: Say, counts: dict[str, int], groups: dict[str, list[Unit]], cast: Cast, filers: dict[int, User]
) -> Stage:
    opened = live.opening(clock.now())
    year = opened.astimezone(clock.BEIJING).year
    with clock.travel(opened), transaction.atomic():
        _enter_holidays(year + 1, cast)
        scheme = setting.load(year, clock.today(), cast.office)
        setting.confirm(scheme, cast.office)
        cycle = scheme.cycle
        setting.enter(cycle, counts, groups)
    stage = Stage(cycle=cycle, cast=cast, filers=filers, random=setting.chance(year), say=say)
    with stage.step("opening", opened):
        setting.share_out(cycle, cast.office)
        setting.open_it(cycle, cast, ratings=live.rating_window(year))
    live.play(stage, opened)
    return stage


def _enter_holidays(year: int, cast: Cast) -> None:
    """The order of next year is not out yet: the demo enters New Year's Day, and says that it is made up."""
    enter_holiday_order(year=year, order="演示（非正式，仅元旦）", off=[date(year, 1, 1)], work=[], by=cast.office)


def report() -> dict[str, Any]:
    """How the cycles stand, by track and state, and how long each step took (contract 6)."""
    took = remembered()
    return {
        "cycles": [
            {
                "year": cycle.year,
                "tracks": _tracks(cycle),
                "stages": [{"name": name, "seconds": seconds} for name, seconds in took.get(cycle.year, {}).items()],
            }
            for cycle in Cycle.objects.order_by("year")
        ]
    }


def _tracks(cycle: Cycle) -> dict[str, Any]:
    rows = (
        Assessment.objects.filter(sheet__cycle=cycle)
        .values("sheet__track__code", "step")
        .annotate(units=Count("pk"))
        .order_by("sheet__track__position", "step")
    )
    tracks: dict[str, Any] = {}
    for row in rows:
        track = tracks.setdefault(row["sheet__track__code"], {"units": 0, "states": {}})
        track["units"] += row["units"]
        track["states"][row["step"]] = row["units"]
    return tracks
