"""Scoring from files: the command `score` on JSON lines, as a process of its own, with its time and memory."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from bench.row import Goal, Row
from bench.world import NOTICE
from scoring.engine.notice import read_notice
from scoring.readers.sources import read_source

MEGABYTE = 1024  # ru_maxrss counts kilobytes


def without_explanation(quick: bool) -> Iterator[Row]:
    """The scores alone."""
    yield from _measured("score", quick, ["--no-explain"], seconds=5)


def with_explanation(quick: bool) -> Iterator[Row]:
    """The scores, and the sums that anybody can redo."""
    yield from _measured("score_explained", quick, [], seconds=20)


def _measured(work: str, quick: bool, options: list[str], *, seconds: float) -> Iterator[Row]:
    units = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        scheme, lines = Path(folder) / "scheme.json", Path(folder) / "units.jsonl"
        scheme.write_text(json.dumps(_scheme(), ensure_ascii=False), encoding="utf-8")
        _write(lines, units)
        took, memory = _run(["score", str(scheme), str(lines), "--json", *options])
    share = units / 100_000
    yield Row(work=work, n=units, ours=took, unit="s", goal=Goal(most=seconds * share))
    yield Row(work=f"{work}_memory", n=units, ours=memory, unit="MB", goal=Goal(most=300))


def _scheme() -> object:
    body = read_notice(read_source("notice.txt", NOTICE.read_bytes())).to_json(gettext)
    return body | {"findings": []}


def _write(path: Path, units: int) -> None:
    body = read_notice(read_source("notice.txt", NOTICE.read_bytes())).to_json(gettext)
    track = next(track for track in body["tracks"] if track["code"] == "district")
    parts = [part for indicator in track["indicators"] for part in indicator["parts"]]
    chance = random.Random(2020)  # noqa: S311  # made-up points, no secret
    with path.open("w", encoding="utf-8") as file:
        for number in range(units):
            unit = {
                "unit": f"u{number}",
                "track": "district",
                "parts": {part["code"]: str(chance.randint(0, int(float(part["points"])))) for part in parts},
                "adjustments": {"B1": {"B1.1": chance.randint(0, 3)}},
                "recipient_ratings": [str(chance.randint(60, 100)) for _rating in range(20)],
                "leader_ratings": [str(chance.randint(60, 100)) for _rating in range(5)],
                "incidents": [],
            }
            file.write(json.dumps(unit, ensure_ascii=False) + "\n")


def _run(arguments: list[str]) -> tuple[float, float]:
    """Seconds on the clock and megabytes at most of a management command whose output is thrown away."""
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {"DEBUG": "1"})  # noqa: S603  # ours
    _pid, status, usage = os.wait4(child.pid, 0)
    took = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"score ended with {child.returncode}")
    return took, usage.ru_maxrss / MEGABYTE


WORKS = {"score": without_explanation, "score_explained": with_explanation}
