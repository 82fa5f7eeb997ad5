"""workdays: counts Chinese working days from a day on."""

from typing import Any

from django.core.management.base import CommandParser

from scoring.calendar import is_workday
from scoring.engine.errors import fail
from scoring.engine.fields import day_of
from scoring.engine.messages import _, msg
from scoring.engine.workdays import count_working_days, parse_orders
from scoring.management.commands._engine import EngineCommand, in_words, located, read_json, whole_number


class Command(EngineCommand):
    """Counts working days (contract 3)."""

    help = _("Count working days.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the day, the number of days and the holiday orders that come before the library."""
        parser.add_argument("start", metavar="START")
        parser.add_argument("days", metavar="DAYS")
        parser.add_argument("--count-first", action="store_true")
        parser.add_argument("--orders", metavar="FILE")
        parser.add_argument("--json", action="store_true")

    def run(self, options: dict[str, Any]) -> None:
        """Count and print."""
        start = day_of(options["start"])
        if start is None:
            message = msg(_("“%(text)s” is no day."), text=options["start"])
            raise fail("START", message, msg(_("Give a date such as 2021-02-05.")))
        days = whole_number(options["days"], "DAYS")
        path = options["orders"]
        raw = [] if path is None else read_json(path)
        orders = located(path or "", lambda: parse_orders(raw))
        counted = count_working_days(
            start, days, is_workday=is_workday(orders), count_first=bool(options["count_first"])
        )
        if options["json"]:
            self.print_json(counted.to_json())
            return
        self.print_table([(order, day.isoformat()) for order, day in enumerate(counted.counted, start=1)])
        self.stdout.write(in_words(_("Ends before %(ends)s"), ends=counted.ends.isoformat()))
