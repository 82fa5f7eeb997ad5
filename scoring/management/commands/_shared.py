"""Scores a long file of JSON lines on several processors: each process takes stretches of it, in the file's order.

Only a file without a fault is scored so. Whatever is wrong, or merely not JSON lines, raises `Unshared`: the plain way
then reads the file from its beginning and says what it is, in its own order.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeVar

from scoring.engine.errors import EngineErrors
from scoring.engine.scheme import SchemeRules
from scoring.management.commands._engine import parse_json
from scoring.management.commands._scored import ScoreLine, as_lines, scores_of

BYTES = 2**20  # of a stretch: a thousand units or two
WORTH_SHARING = 8 * BYTES  # below it the processes take longer to begin than they save
MOST_PROCESSES = 4  # so that all together stay within 300 MB
AHEAD = 2  # stretches for each process that may lie finished before they are taken

Item = TypeVar("Item")
Result = TypeVar("Result")
Spread = Callable[[Callable[[Item], Result], Iterable[Item]], Iterable[Result]]


class Unshared(Exception):
    """This file is to be read by one process."""


class Stretch(NamedTuple):
    """The lines of a file that begin at a byte from `start` up to before `end`."""

    path: str
    start: int
    end: int

    def lines(self) -> Iterator[str]:
        """Yield the lines; a byte order mark at the file's beginning is dropped."""
        with Path(self.path).open("rb") as file:
            if self.start:
                file.seek(self.start - 1)
                file.readline()  # a line that began before is the stretch's before
            while file.tell() < self.end:
                line = file.readline().decode()
                yield line if self.start else line.removeprefix("\ufeff")


def processes() -> int:
    """How many processes share a file."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def is_worth_sharing(path: str) -> bool:
    """Whether the file is one that can be read from any place, and long enough."""
    file = Path(path)
    return file.is_file() and file.stat().st_size >= WORTH_SHARING and processes() > 1


def stretches(path: str, size: int = BYTES) -> Iterator[Stretch]:
    """Yield the stretches of a file, in its order."""
    whole = Path(path).stat().st_size
    return (Stretch(path, start, min(start + size, whole)) for start in range(0, whole, size))


def score_stretch(stretch: Stretch, *, scheme: SchemeRules, explained: bool) -> list[ScoreLine] | None:
    """Score the units of a stretch; None when anything is wrong with one."""
    try:
        units = (parse_json(stretch.path, line) for line in stretch.lines() if line.strip())
        return list(as_lines(scores_of(scheme, units, stretch.path, explained=explained)))
    except (EngineErrors, UnicodeDecodeError):
        return None


def shared_lines(
    scheme: SchemeRules, parts: Iterable[Stretch], *, explained: bool, spread: Spread[Stretch, list[ScoreLine] | None]
) -> Iterator[ScoreLine]:
    """Yield the scores of all stretches in their order, worked off by `spread`; Unshared when anything is wrong."""
    names: set[str] = set()
    count = 0
    for lines in spread(partial(score_stretch, scheme=scheme, explained=explained), parts):
        if lines is None:
            raise Unshared
        yield from lines
        names.update(line.unit for line in lines)
        count += len(lines)
        if len(names) < count:
            raise Unshared
    if not names:
        raise Unshared


def spread_over_processes(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Work off items on all processors and yield the results in order; only a few are begun before they are taken."""
    begun: deque[Future[Result]] = deque()
    gc.freeze()  # or the collector of each process would copy the memory that they have in common
    with ProcessPoolExecutor(processes(), mp_context=get_context("fork")) as pool:
        try:
            for item in items:
                begun.append(pool.submit(work, item))
                if len(begun) > AHEAD * processes():
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
            gc.unfreeze()
