"""The public lottery whose numbers come last in the seed of a drawing: 福彩双色球 (docs/draw.md).

Six of 33 red balls and one of 16 blue ones, drawn on Tuesdays, Thursdays and Sundays: 17,721,088 outcomes, each equally
likely, which nobody can know or choose beforehand.
"""

import re
from dataclasses import dataclass
from datetime import date, time

from scoring.engine.errors import fail
from scoring.engine.messages import _, msg

REDS, HIGHEST_RED, HIGHEST_BLUE = 6, 33, 16
WEEKDAYS = frozenset({1, 3, 6})  # Tuesday, Thursday, Sunday, as `date.weekday` counts
DRAWN = time(21, 15)  # Beijing
ISSUE = re.compile(r"(20\d{2})(?!000)\d{3}", re.ASCII)
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Numbers:
    """What the lottery drew; the order in which red balls came does not matter."""

    red: frozenset[int]
    blue: int

    @property
    def red_text(self) -> str:
        """The red numbers as they stand in the seed lines: ascending, two digits each, one blank between."""
        return " ".join(f"{number:02d}" for number in sorted(self.red))

    @property
    def blue_text(self) -> str:
        """The blue number as it stands in the seed lines: two digits."""
        return f"{self.blue:02d}"


def numbers_in(red: str, blue: str) -> Numbers:
    """The numbers that people typed, whatever stands between them; EngineErrors at `red` or `blue`."""
    reds = _whole(red)
    if len(reds) != REDS or len(set(reds)) != REDS or not all(1 <= number <= HIGHEST_RED for number in reds):
        message = msg(_("These are not six different red numbers from 1 to 33."))
        raise fail("red", message, msg(_("Write them as the lottery published them, such as 03 07 12 19 25 31.")))
    blues = _whole(blue)
    if len(blues) != 1 or not 1 <= blues[0] <= HIGHEST_BLUE:
        message = msg(_("This is not one blue number from 1 to 16."))
        raise fail("blue", message, msg(_("Write it as the lottery published it, such as 08.")))
    return Numbers(frozenset(reds), blues[0])


def _whole(text: str) -> list[int]:
    """The numbers in a text; one too long for a ball is none of them."""
    return [int(number) if len(number) <= len(str(HIGHEST_RED)) else 0 for number in NUMBER.findall(text)]


def check_issue(issue: str, day: date) -> None:
    """Raise EngineErrors at `issue` or `day` unless an issue can bear this number, and be drawn on that day."""
    year = ISSUE.fullmatch(issue)
    if year is None or int(year[1]) != day.year:
        message = msg(_("“%(issue)s” is no issue of the year %(year)s."), issue=issue, year=day.year)
        raise fail("issue", message, msg(_("Write the year and three digits, such as %(year)s136."), year=day.year))
    if day.weekday() not in WEEKDAYS:
        message = msg(_("The lottery is drawn on Tuesdays, Thursdays and Sundays."))
        raise fail("day", message, msg(_("Choose one of these days.")))
