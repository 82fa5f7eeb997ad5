"""draw: draws service recipients from a public roster, so that anyone can redo it."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext

from scoring.engine.categories import parse_categories
from scoring.engine.draw import check_request, draw, parse_roster, seed_from_hex, seed_from_lines, split_lines
from scoring.engine.messages import _
from scoring.management.commands._engine import EngineCommand, in_words, located, read_text, whole_number


class Command(EngineCommand):
    """Draws by lot (contract 4)."""

    help = _("Draw service recipients from a public roster.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the roster, the unit, how many are drawn, the seed, and categories if one of each is drawn at least."""
        parser.add_argument("roster", metavar="ROSTER")
        parser.add_argument("--unit", metavar="CODE", required=True)
        parser.add_argument("--size", metavar="N", required=True)
        seed = parser.add_mutually_exclusive_group(required=True)
        seed.add_argument("--seed", metavar="HEX")
        seed.add_argument("--seed-lines", metavar="FILE")
        parser.add_argument("--categories", metavar="FILE")
        parser.add_argument("--json", action="store_true")

    def run(self, options: dict[str, Any]) -> None:
        """Read the roster and the seed, draw and print."""
        roster = read_text(options["roster"])
        rows = located(options["roster"], lambda: parse_roster(roster))
        size = whole_number(options["size"], "--size")
        check_request(options["unit"], size)
        if options["seed_lines"] is None:
            seed = seed_from_hex(options["seed"])
        else:
            lines = split_lines(read_text(options["seed_lines"]))
            seed = located(options["seed_lines"], lambda: seed_from_lines(lines))
        categories = self._categories(options["categories"])
        result = located(options["roster"], lambda: draw(rows, options["unit"], size, seed, categories))
        if options["json"]:
            self.print_json(result.to_json())
            return
        self.stdout.write(
            in_words(_("Roster %(roster)s, seed %(seed)s"), roster=result.roster_sha256, seed=result.seed)
        )
        drawn = [(order, gettext("drawn"), person) for order, person in enumerate(result.drawn, start=1)]
        spare = [(order, gettext("reserve"), person) for order, person in enumerate(result.reserves, start=1)]
        self.print_table([*drawn, *spare])

    def _categories(self, file: str | None) -> dict[str, str] | None:
        if file is None:
            return None
        lines = split_lines(read_text(file).removeprefix("\ufeff"))
        categories: dict[str, str] = located(file, lambda: parse_categories(lines))
        return categories
