"""Many counts at once: what a page counts here and there is asked in one statement, whatever the tables."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

Counts = Mapping[str, Mapping[int, int]]  # name → key → how many; what was not found counts 0
ALL = 0  # the key of rows that are counted together


@dataclass(frozen=True)
class Tally:
    """Rows that are counted under a name, by the key to which `path` leads from them (without one: all together).

    With `by` they are counted apart by the word in that column, under `name:word`; of rows with the same `once`, one
    counts.
    """

    name: str
    rows: QuerySet[Any]
    path: str = ""
    by: str = ""
    once: str = ""

    def counted(self) -> QuerySet[Any]:
        """Name, key and count."""
        name = Concat(Value(f"{self.name}:"), F(self.by), output_field=CharField()) if self.by else Value(self.name)
        key = Cast(F(self.path), BigIntegerField()) if self.path else Value(ALL, output_field=BigIntegerField())
        rows = self.rows.order_by().annotate(_name=Cast(name, CharField()), _key=key).values_list("_name", "_key")
        many = Count(self.once, distinct=True) if self.once else Count("pk")
        counted: QuerySet[Any] = rows.annotate(_many=many)
        return counted


def counted(tallies: Iterable[Tally]) -> Counts:
    """What every tally comes to (one statement)."""
    first, *others = [tally.counted() for tally in tallies]
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for name, key, many in first.union(*others, all=True):
        counts[name][key] = many
    return counts
