"""Drawings in one line: opened before a lottery of the next days, two secrets, its numbers, and everybody drawn."""

from datetime import date, timedelta

from accounts.models import User
from common import clock
from common.many import Dealt
from scoring.engine.lottery import WEEKDAYS
from scoring.engine.seed import secret_sha256
from scoring.models import CoveredRoster, Drawing
from tests.support.world import World
from workflow.rating.services.drawings import Opened, open_drawing
from workflow.rating.services.draws import draw_recipients
from workflow.rating.services.seeds import confirm_numbers, enter_numbers, log_secret, reveal_secret

RED, BLUE = "02 05 11 18 24 30", "09"
SECRETS = ("the first secret of a test", "the second secret of a test")


def a_lottery_day(world: World) -> date:
    """The first day after the world's on which the lottery is drawn."""
    day = world.at.astimezone(clock.BEIJING).date() + timedelta(days=1)
    while day.weekday() not in WEEKDAYS:
        day += timedelta(days=1)
    return day


def opened(world: World) -> Opened:
    """A drawing that covers what waits, opened where the world's clock stands."""
    day = a_lottery_day(world)
    with world.clock():
        return open_drawing(cycle=world.cycle, issue=f"{day.year}136", day=day, by=world.office)


def with_secrets(world: World, *, reveal: bool = True) -> Drawing:
    """A drawing for which the office and the supervisor have logged a hash, and revealed the secret."""
    drawing = opened(world).drawing
    people = dict(zip(SECRETS, (world.office, world.supervisor), strict=True))
    with world.clock():
        for secret, person in people.items():
            log_secret(drawing=drawing, sha256=secret_sha256(secret), by=person, arrived_at=clock.now())
        for secret, person in people.items() if reveal else ():
            reveal_secret(drawing=drawing, secret=secret, by=person, arrived_at=clock.now())
    return drawing


def with_numbers(world: World, *, reveal: bool = True, red: str = RED) -> Drawing:
    """A drawing whose lottery numbers the office entered and the supervisor confirmed."""
    drawing = with_secrets(world, reveal=reveal)
    with world.clock(drawing.lottery_at):
        enter_numbers(drawing=drawing, red=red, blue=BLUE, by=world.office)
        confirm_numbers(drawing=drawing, red=red, blue=BLUE, by=world.supervisor)
    drawing.refresh_from_db()
    return drawing


def drawn(world: World, *, by: User | None = None, red: str = RED) -> Dealt[CoveredRoster]:
    """Let everybody who waits be drawn for; another lottery's numbers draw others."""
    drawing = with_numbers(world, red=red)
    with world.clock(drawing.lottery_at + timedelta(minutes=30)):
        return draw_recipients(drawing=drawing, by=by or world.office)
