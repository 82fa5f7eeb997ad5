"""All works of the table, in the order of the contract."""

from collections.abc import Callable, Iterator, Sequence

from bench.row import Row
from bench.rows import growth, http, many, notices, opening, pages, public, scoring, single

Measure = Callable[[bool], Iterator[Row]]

# The works that a module measures, and how.
WORKS: dict[str, Measure] = {
    **single.WORKS,
    **http.WORKS,
    **opening.WORKS,
    **many.WORKS,
    **pages.WORKS,
    **public.WORKS,
    **scoring.WORKS,
    **notices.WORKS,
    **growth.WORKS,
}


def measure(*, quick: bool, only: Sequence[str], say: Callable[[str], None]) -> Iterator[Row]:
    """Measure what is asked for (everything, or the works named), telling each as it begins."""
    for name, work in WORKS.items():
        if not only or name in only:
            say(f"measuring {name} …")
            for row in work(quick):
                say(f"  {row.work}: {row.ours:.4g} {row.unit}, {'met' if row.met else 'not met'} ({row.goal})")
                yield row
