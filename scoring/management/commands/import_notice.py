"""import_notice: reads a notice into a scheme, states its findings, and loads it where asked to."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext

from audit.commands import require_this_database
from common.errors import DomainError
from common.files import write_whole
from scoring.engine.errors import fail
from scoring.engine.messages import _, msg
from scoring.engine.notice import read_notice
from scoring.engine.numbers import plain
from scoring.engine.scheme import ERROR, Finding, SchemeRules
from scoring.engine.track import BONUS, Body, Rule, TrackRules
from scoring.management.commands._engine import EngineCommand, in_words, read_bytes
from scoring.readers.several import File, packed
from scoring.readers.sources import read_source
from scoring.services.schemes import load_scheme

LONGEST = 48


class Command(EngineCommand):
    """Reads a notice (contract 1)."""

    help = _("Read a notice into a scheme.")

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the notice and what to do with its scheme."""
        parser.add_argument("notice", metavar="NOTICE")
        parser.add_argument("more", metavar="MORE", nargs="*", help=_("Annexes in files of their own."))
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--out", metavar="FILE")
        parser.add_argument("--load", action="store_true")

    def run(self, options: dict[str, Any]) -> None:
        """Read, print, write and load the scheme; each error on standard error, then exit 1."""
        path = options["notice"]
        if options["load"]:
            require_this_database()
        files = [File(file, read_bytes(file)) for file in (path, *options["more"])]
        name, content = packed(files)
        scheme = read_notice(read_source(name, content))
        body = scheme.to_json(gettext)
        if options["out"] is not None:
            self.write(options["out"], body)
        if options["json"]:
            self.print_json(body)
        else:
            self.show(scheme)
        if options["load"]:
            self.load(name, content, body)
        errors = scheme.errors()
        if errors:
            self.leave(f"{path}: {_place(finding)}: {finding.message.text(gettext)}" for finding in errors)

    def write(self, path: str, body: Body) -> None:
        """Write the scheme to a file."""
        try:
            write_whole(Path(path), f"{json.dumps(body, ensure_ascii=False, indent=2)}\n".encode())
        except (OSError, ValueError):
            remedy = msg(_("Name a file in a folder that exists."))
            raise fail(path, msg(_("The file can't be written.")), remedy) from None

    def load(self, path: str, content: bytes, body: Body) -> None:
        """Keep the scheme as a draft in the database."""
        if body["year"] is None:
            message = msg(_("Without a year the scheme can't be loaded."))
            raise fail(path, message, msg(_("Write the year in the title.")))
        try:
            load_scheme(body, source_name=Path(path).name, source=content)
        except DomainError as error:
            self.leave([f"{path}: {error}"])

    def show(self, scheme: SchemeRules) -> None:
        """Print the scheme for people."""
        self.stdout.write(f"{scheme.title or '—'}  {scheme.number or ''}".rstrip())
        dates = {"issued": scheme.issued or "—", "deadline": _due(scheme), "grades": "、".join(scheme.grades)}
        self.stdout.write(in_words(_("Issued %(issued)s, due by %(deadline)s, grades %(grades)s"), **dates))
        for track in scheme.tracks:
            self.stdout.write(f"\n{track.code}  {track.name}  {track.desk or '—'}")
            self.print_table([("", gettext("Points"), gettext("Text")), *_rows(track)])
        if scheme.findings:
            self.stdout.write("\n" + gettext("Findings"))
            self.print_table([(gettext("Severity"), gettext("Place"), gettext("Finding")), *map(_row, scheme.findings)])


def _due(scheme: SchemeRules) -> str:
    hour = f" {scheme.deadline_time:%H:%M}" if scheme.deadline_time else ""
    return f"{scheme.deadline}{hour}" if scheme.deadline else "—"


def _rows(track: TrackRules) -> list[tuple[str, str, str]]:
    rows = []
    for indicator in track.indicators:
        points = "—" if indicator.points is None else plain(indicator.points)
        rows.append((indicator.code, points, _short(indicator.text)))
        rows += [(f"  {part.code}", plain(part.points), _short(part.text)) for part in indicator.parts]
    for item in track.adjustments:
        rows.append((item.code, "" if item.cap is None else f"≤{plain(item.cap)}", _short(item.text)))
        sign = "+" if item.kind == BONUS else "−"
        rows += [(f"  {rule.code}", _worth(rule, sign), _short(rule.text)) for rule in item.rules]
    return rows


def _worth(rule: Rule, sign: str) -> str:
    return sign + plain(rule.rate) if rule.factor is None else f"×{plain(rule.factor)}"


def _row(finding: Finding) -> tuple[str, str, str]:
    severity = gettext("error") if finding.severity == ERROR else gettext("to confirm")
    return severity, _place(finding), finding.message.text(gettext)


def _place(finding: Finding) -> str:
    return " ".join(filter(None, (finding.track, finding.at))) or gettext("letter")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
