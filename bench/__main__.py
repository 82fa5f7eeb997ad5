"""bench/run: measures every row of the performance table and prints it (contract 7)."""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from bin.runner import postgres

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def main() -> int:
    """Bring up what is measured on, measure, print; 0 when every goal is met, 1 when not."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="bench.settings",
            KAOHE_DATA_DIR=str(Path(folder) / "data"),
            SECRET_KEY="only-for-measuring",  # noqa: S106  # it signs nothing that lives longer than the run
        )
        with postgres.private(Path(folder) / "postgres", settings=()) as address:
            os.environ["DATABASE_URL"] = address
            return _measure(options)


def _measure(options: argparse.Namespace) -> int:
    import django  # noqa: PLC0415  # the settings read the environment that was just written

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  # the same

    from bench import machine, table, works  # noqa: PLC0415  # the same
    from common.collecting import collect_seldom  # noqa: PLC0415  # the same

    call_command("migrate", verbosity=0)
    collect_seldom()  # as the house's workers do; the peer in this process is served by it too
    begun = time.perf_counter()
    about = machine.describe() | {"commits of one row": f"{machine.commits_a_second():.0f}/s"}
    rows = [row.to_json() for row in works.measure(quick=options.quick, only=options.only, say=_say)]
    print(json.dumps(rows, ensure_ascii=False, indent=2) if options.json else table.as_text(rows))
    if options.page:
        minutes = (time.perf_counter() - begun) / 60
        about |= {"the run": f"`bench/run {'--quick ' if options.quick else ''}--page`, {minutes:.0f} minutes"}
        notes = (ROOT / "bench" / "notes.md").read_text(encoding="utf-8")
        (DOCS / "performance.md").write_text(table.as_page(rows, about, notes), encoding="utf-8")
        (DOCS / "performance.svg").write_text(table.as_chart(rows), encoding="utf-8")
    missed = [row["work"] for row in rows if not row["met"]]
    if missed:
        _say(f"Goals not met: {', '.join(missed)}")
    return 1 if missed else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures the house against its peers.")
    parser.add_argument("--quick", action="store_true", help="sizes that end within three minutes")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--page", action="store_true", help="write docs/performance.md and its chart")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORK", help="only these works")
    return parser


if __name__ == "__main__":
    sys.exit(main())
