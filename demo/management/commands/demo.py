"""demo: loads the made-up world, once; tells its accounts and how its cycles stand (contract 6)."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from audit.commands import HouseCommand
from demo.queries import one_of_each_role
from demo.world.cast import PASSWORD
from demo.world.loading import is_loaded, load
from demo.world.report import report


class Command(HouseCommand):
    """Loads the demo."""

    help = "Load a made-up world: a finished cycle of 2020 and a live one of this year."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many units, and what to tell."""
        parser.add_argument("--units", type=int, metavar="N", help="so many units, spread over the tracks")
        parser.add_argument("--report", action="store_true", help="tell how the cycles stand")
        parser.add_argument("--json", action="store_true", help="tell it as JSON")
        parser.add_argument("--accounts", action="store_true", help="tell the demo accounts by role")

    def act(self, options: dict[str, Any]) -> None:
        """Load unless loaded, then tell what was asked."""
        if options["units"] is not None and options["units"] < 1:
            raise CommandError(_("Give at least one unit."), returncode=2)
        if not is_loaded():
            load(self.stderr.write if options["json"] else self.stdout.write, options["units"])
        elif not (options["report"] or options["accounts"]):
            self.stdout.write(_("The demo is loaded already."))
        if options["accounts"]:
            self.tell_accounts()
        if options["report"]:
            self.tell_report(as_json=options["json"])

    def tell_accounts(self) -> None:
        """One account for each role."""
        for account in one_of_each_role():
            self.stdout.write(f"{account.role.label}  {account.username}  {PASSWORD}  {account.place}".rstrip())

    def tell_report(self, *, as_json: bool) -> None:
        """The cycles, by track and state, and how long each step took."""
        told = report()
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for cycle in told["cycles"]:
            self.stdout.write(str(cycle["year"]))
            for code, track in cycle["tracks"].items():
                states = "  ".join(f"{state} {count}" for state, count in track["states"].items())
                self.stdout.write(f"  {code}  {track['units']}  {states}")
            for stage in cycle["stages"]:
                self.stdout.write(f"  {stage['name']}  {stage['seconds']}s")
