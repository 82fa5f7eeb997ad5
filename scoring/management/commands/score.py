"""score: scores units by a scheme, from files, with no database."""

from collections.abc import Iterable
from itertools import chain
from tempfile import TemporaryFile
from typing import Any, TextIO

from django.core.management.base import CommandParser
from django.utils.translation import gettext

from scoring.engine.messages import _
from scoring.engine.rank import Ranking
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import UnitScore, rank
from scoring.management.commands._engine import EngineCommand, located, parse_json, read_json, read_lines
from scoring.management.commands._scored import ScoreLine, as_lines, scores_of
from scoring.management.commands._shared import (
    Unshared,
    is_worth_sharing,
    shared_lines,
    spread_over_processes,
    stretches,
)

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
        """Name the scheme and the units, and what is printed of them."""
        parser.add_argument("scheme", metavar="SCHEME")
        parser.add_argument("units", metavar="UNITS")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--no-explain", dest="explain", action="store_false")

    def run(self, options: dict[str, Any]) -> None:
        """Read both files, score, and print in the order given."""
        body, path = read_json(options["scheme"]), options["units"]
        scheme: SchemeRules = located(options["scheme"], lambda: SchemeRules.from_json(body))
        if options["json"]:
            self.stream(scheme, path, explained=options["explain"])
        else:
            self.show(rank(scores_of(scheme, read_units(path), path, explained=False)))

    def stream(self, scheme: SchemeRules, path: str, *, explained: bool) -> None:
        """Print the scores as a JSON list, a unit a line.

        They wait in a file: a rank needs all totals, and with bad input nothing is printed. A million take little room.
        """
        with TemporaryFile("w+", encoding="utf-8", newline="\n") as waiting:
            ranking = _written(scheme, path, waiting, explained=explained)
            waiting.seek(0)
            self.stdout.write("[", ending="")
            for number, (line, place) in enumerate(zip(waiting, ranking.ranks(), strict=True)):
                before = ",\n" if number else "\n"
                self.stdout.write(before + _ranked(line.removesuffix("\n"), place), ending="")
            self.stdout.write("\n]")

    def show(self, scores: list[UnitScore]) -> None:
        """Print the scores for people."""
        rows: list[tuple[object, ...]] = [tuple(gettext(name) for name in HEAD)]
        for score in scores:
            yes = gettext("yes") if score.not_assessed else ""
            figures = (score.rank, score.total, score.base, score.bonus, score.deduction)
            rows.append((score.unit, score.track, *figures, "、".join(score.missing), "、".join(score.barred), yes))
        self.print_table(rows)


def _written(scheme: SchemeRules, path: str, waiting: TextIO, *, explained: bool) -> Ranking:
    """Write all scores into a file, a line each; the ranking of their totals."""
    if is_worth_sharing(path):
        try:
            parts = stretches(path)
            return _take(shared_lines(scheme, parts, explained=explained, spread=spread_over_processes), waiting)
        except Unshared:
            waiting.seek(0)
            waiting.truncate()
    return _take(as_lines(scores_of(scheme, read_units(path), path, explained=explained)), waiting)


def _take(lines: Iterable[ScoreLine], waiting: TextIO) -> Ranking:
    ranking = Ranking()
    for line in lines:
        ranking.add(line.track, line.counts)
        waiting.write(f"{line.text}\n")
    return ranking


def _ranked(line: str, place: int | None) -> str:
    """Put the rank into a score's JSON; within its texts no quotation mark stands unescaped, so this is its field."""
    return line if place is None else line.replace('"rank": null', f'"rank": {place}', 1)


def read_units(path: str) -> object:
    """Return the units of a file: a JSON list, or an iterator of JSON lines with one unit a line."""
    lines = enumerate(read_lines(path), start=1)
    first, begin = next(((number, line) for number, line in lines if line.strip()), (1, ""))
    if not begin.lstrip().startswith("{"):
        return parse_json(path, "\n".join([begin, *(line for _number, line in lines)]), first)
    units = chain([(first, begin)], lines)
    return (parse_json(path, line, number) for number, line in units if line.strip())
