"""Many counts at once: what a page counts here and there is asked in one statement, whatever the tables."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

Counts = Mapping[str, Mapping[int, int]]  # name → key → how many; what was not found counts 0
ALL = 0  # the key of rows that are counted together


@dataclass(frozen=True)
class Tally:
    """Rows that are counted under a name, by the key to which `path` leads from them (without one: all together).

    With `by` they are counted apart by the word in that column, or that an expression makes, under `name:word`; of
    rows with the same `once`, one counts.
    """

    name: str
    rows: QuerySet[Any]
    path: str = ""
    by: str | Combinable = ""
    once: str = ""

    def counted(self) -> QuerySet[Any]:
        """Name, word, key and count; the word stands apart, since putting it together takes longer than counting."""
        word = F(self.by) if isinstance(self.by, str) and self.by else self.by or Value("")
        key = Cast(F(self.path), BigIntegerField()) if self.path else Value(ALL, output_field=BigIntegerField())
        rows = self.rows.order_by().annotate(_name=Cast(Value(self.name), CharField()), _key=key)
        many = Count(self.once, distinct=True) if self.once else Count("pk")
        named = rows.annotate(_word=Cast(word, CharField())).values_list("_name", "_word", "_key")
        counted: QuerySet[Any] = named.annotate(_many=many)
        return counted


def counted(tallies: Iterable[Tally]) -> Counts:
    """What every tally comes to (one statement)."""
    asked = list(tallies)
    apart = {tally.name for tally in asked if tally.by}
    first, *others = [tally.counted() for tally in asked]
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for name, word, key, many in first.union(*others, all=True):
        counts[f"{name}:{word or ''}" if name in apart else name][key] = many
    return counts
