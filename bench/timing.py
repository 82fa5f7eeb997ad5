"""Taking turns: ours and its peers are measured one after the other, several times, and the medians are compared."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection

Turn = Callable[[], int]


@dataclass(frozen=True)
class Measured:
    """What several turns of one party came to: items in a second, and SQL statements for each item."""

    rate: float
    statements: float

    @property
    def seconds(self) -> float:
        """Seconds for one item."""
        return 1 / self.rate


class Counter:
    """Counts the statements of a block."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., object], *arguments: object) -> object:
        """Pass a statement on, counted."""
        self.statements += 1
        return execute(*arguments)


def take_turns(parties: Mapping[str, Callable[[], Turn]], *, rounds: int) -> dict[str, Measured]:
    """Measure each party `rounds` times, interleaved; the medians.

    A party prepares its turn, which is not measured, and gives back the work, which says how many items it did.
    """
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in parties}
    for _round in range(rounds):
        for name, prepare in parties.items():
            seen[name].append(_measure(prepare()))
    return {
        name: Measured(
            rate=statistics.median(rate for rate, _count in turns),
            statements=statistics.median(count for _rate, count in turns),
        )
        for name, turns in seen.items()
    }


def settle() -> None:
    """What is not to be measured: our rubbish, and what PostgreSQL does by itself a minute after tables were filled."""
    gc.collect()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measure(work: Turn) -> tuple[float, float]:
    counter = Counter()
    settle()
    with connection.execute_wrapper(counter):
        start = time.perf_counter()
        items = work()
        spent = time.perf_counter() - start
    return items / spent, counter.statements / items
