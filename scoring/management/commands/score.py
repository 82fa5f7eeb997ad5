"""score: scores units by a scheme, from files, with no database."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext

from scoring.engine.messages import _
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import UnitScore, score_units
from scoring.engine.units import parse_units
from scoring.management.commands._engine import EngineCommand, located, parse_json, read_json, read_text

HEAD = (
    _("Unit"),
    _("Track"),
    _("Rank"),
    _("Total"),
    _("Base"),
    _("Bonus"),
    _("Deduction"),
    _("Missing"),
    _("Barred"),
    _("Not assessed"),
)


class Command(EngineCommand):
    """Scores units (contract 2)."""

    help = _("Score units by a scheme.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the scheme and the units."""
        parser.add_argument("scheme", metavar="SCHEME")
        parser.add_argument("units", metavar="UNITS")
        parser.add_argument("--json", action="store_true")

    def run(self, options: dict[str, Any]) -> None:
        """Read both files, score, and print in the order given."""
        body = read_json(options["scheme"])
        scheme: SchemeRules = located(options["scheme"], lambda: SchemeRules.from_json(body))
        raw = _read_units(options["units"])
        units = located(options["units"], lambda: parse_units(scheme, raw))
        scores = score_units(scheme, units)
        if options["json"]:
            self.print_json([score.to_json(gettext) for score in scores])
        else:
            self.show(scores)

    def show(self, scores: list[UnitScore]) -> None:
        """Print the scores for people."""
        rows: list[tuple[object, ...]] = [tuple(gettext(name) for name in HEAD)]
        for score in scores:
            yes = gettext("yes") if score.not_assessed else ""
            figures = (score.rank, score.total, score.base, score.bonus, score.deduction)
            rows.append((score.unit, score.track, *figures, "、".join(score.missing), "、".join(score.barred), yes))
        self.print_table(rows)


def _read_units(path: str) -> object:
    """Return the units of a file: a JSON list, or JSON lines with one unit a line."""
    text = read_text(path).removeprefix("\ufeff")
    if not text.lstrip().startswith("{"):
        return parse_json(path, text)
    lines = enumerate(text.split("\n"), start=1)
    return [parse_json(path, line, number) for number, line in lines if line.strip()]
