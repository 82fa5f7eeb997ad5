"""Scoring from files: the command `score` on JSON lines, as a process of its own, with its time and memory."""

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from django.conf import settings
from django.utils.translation import gettext

from bench.row import Goal, Row
from bench.world import NOTICE
from scoring.engine.notice import read_notice
from scoring.readers.sources import read_source

UNITS = 100_000
MEGABYTE = 1024**2
LOOK = 0.1  # seconds between two looks at the memory


def without_explanation(_quick: bool) -> Iterator[Row]:
    """The scores alone."""
    yield from _measured("score", ["--no-explain"], Goal(most=5))


def with_explanation(_quick: bool) -> Iterator[Row]:
    """The scores, and the sums that anybody can redo."""
    yield from _measured("score_explained", [], Goal(most=20))


def _measured(work: str, options: list[str], goal: Goal) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        took, memory = _run(["score", *files(Path(folder), UNITS), "--json", *options])
    yield Row(work=work, n=UNITS, ours=took, unit="s", goal=goal)
    yield Row(work=f"{work}_memory", n=UNITS, ours=memory, unit="MB", goal=Goal(most=300))


def files(folder: Path, units: int) -> tuple[str, str]:
    """A scheme and so many made-up units, written into a folder: the arguments of `score`."""
    scheme, lines = folder / "scheme.json", folder / f"{units}.jsonl"
    scheme.write_text(json.dumps(_scheme(), ensure_ascii=False), encoding="utf-8")
    if not lines.exists():
        _write(lines, units)
    return str(scheme), str(lines)


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
    start, most = time.perf_counter(), 0
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {"DEBUG": "1"})  # noqa: S603  # ours
    while True:
        most = max(most, _held(child.pid))
        with contextlib.suppress(subprocess.TimeoutExpired):
            if child.wait(timeout=LOOK):
                raise RuntimeError(f"score ended with {child.returncode}")
            return time.perf_counter() - start, most / MEGABYTE


def _held(pid: int) -> int:
    """Bytes that a process and those it started hold together; what they share counts once, where the system tells."""
    held = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for process in (psutil.Process(pid), *psutil.Process(pid).children()):
            memory = process.memory_full_info()
            held += getattr(memory, "pss", memory.rss)
    return held


WORKS = {"score": without_explanation, "score_explained": with_explanation}
