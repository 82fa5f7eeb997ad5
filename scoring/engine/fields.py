"""Reads values out of decoded JSON, notes every problem with its place, and raises them all at the end."""

import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

from scoring.engine.errors import EngineError, EngineErrors
from scoring.engine.messages import Message, _, msg

DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
HIGHEST_COUNT = 10**9
HOUR = re.compile(r"[0-2][0-9]:[0-5][0-9]")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def decimal_of(value: object) -> Decimal | None:
    """Return the exact number of a decimal string such as "9.5", or None when it is not one (a float never is)."""
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        return None
    number = Decimal(value)
    return number if number else number.copy_abs()


def day_of(value: object) -> date | None:
    """Return the day of an ISO date such as "2021-02-05", or None when it is not one."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def hour_of(value: object) -> time | None:
    """Return the hour and minute of such as "17:30", or None when it is none."""
    if not isinstance(value, str) or not HOUR.fullmatch(value):
        return None
    try:
        return time.fromisoformat(value)
    except ValueError:
        return None


def count_of(value: object) -> int | None:
    """Return a whole number of 0 to a thousand million, or None when it is not one (true and false are not)."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= HIGHEST_COUNT else None


class Reading:
    """One pass over a document: hands out fields and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.errors: list[EngineError] = []

    def note(self, place: str, message: Message, remedy: Message | None = None, field: str = "") -> None:
        """Keep a problem, and read on."""
        self.errors.append(EngineError(place, message, remedy, field))

    def fields(self, value: object, place: str) -> "Fields":
        """Return the fields of an object; anything else is noted and read as an empty one."""
        if isinstance(value, dict):
            return Fields(self, value, place)
        self.note(place, msg(_("This is not an object.")), msg(_("Write a JSON object in braces.")))
        return Fields(self, {}, place, broken=True)

    def finish(self) -> None:
        """Raise EngineErrors with all that was noted, if anything was."""
        if self.errors:
            raise EngineErrors(self.errors)


class Fields:
    """The fields of one JSON object, each with its place."""

    def __init__(self, reading: Reading, values: dict[str, object], place: str, broken: bool = False) -> None:
        self.reading = reading
        self.values = values
        self.place = place
        self.broken = broken

    def wrong(self, name: str, remedy: Message) -> None:
        """Note that a field is missing or of the wrong kind, and what would be right."""
        if self.broken:
            return
        missing = self.values.get(name) is None
        message = _("“%(field)s” is missing.") if missing else _("“%(field)s” is not as it should be.")
        self.reading.note(self.place, msg(message, field=name), remedy, field=name)

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        self.wrong(name, msg(_("Give a text.")))
        return ""

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None when it is null or left out."""
        return None if self.values.get(name) is None else self.text(name)

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        """Return a text that is one of `choices`."""
        value = self.values.get(name)
        if isinstance(value, str) and value in choices:
            return value
        self.wrong(name, msg(_("Give one of: %(choices)s."), choices=", ".join(choices)))
        return choices[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; left out it is empty."""
        value = self.values.get(name, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(name, msg(_("Give a list of texts.")))
        return ()

    def optional_count(self, name: str) -> int | None:
        """Return a whole number of 0 or more, or None when it is null or left out."""
        value = self.values.get(name)
        if value is not None and count_of(value) is None:
            self.wrong(name, msg(_("Give a whole number, 0 or more.")))
        return count_of(value)

    def points(self, name: str) -> Decimal:
        """Return points of 0 or more that must be there."""
        value = decimal_of(self.values.get(name))
        if value is not None and value >= 0:
            return value
        self.wrong(name, msg(_('Give a decimal string of 0 or more, such as "9.5".')))
        return Decimal(0)

    def optional_points(self, name: str) -> Decimal | None:
        """Return points of 0 or more, or None when they are null or left out."""
        return None if self.values.get(name) is None else self.points(name)

    def optional_day(self, name: str) -> date | None:
        """Return a day, or None when it is null or left out."""
        value = self.values.get(name)
        if value is not None and day_of(value) is None:
            self.wrong(name, msg(_("Give a date such as 2021-02-05.")))
        return day_of(value)

    def optional_hour(self, name: str) -> time | None:
        """Return an hour of a day with its minute, or None when it is null or left out."""
        value = self.values.get(name)
        hour = hour_of(value)
        if value is not None and hour is None:
            self.wrong(name, msg(_("Give an hour such as 17:30.")))
        return hour

    def flag(self, name: str) -> bool:
        """Return true or false; left out it is false."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.wrong(name, msg(_("Give true or false.")))
        return value is True

    def each(self, name: str) -> "Iterator[Fields]":
        """Yield the objects of a list, one after the other; left out the list is empty."""
        value = self.values.get(name, [])
        if not isinstance(value, list):
            self.wrong(name, msg(_("Give a list.")))
            return
        for index, item in enumerate(value):
            yield self.reading.fields(item, f"{self.place}.{name}[{index}]")
