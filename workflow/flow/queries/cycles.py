"""How much waits in which cycle, for pages that show one cycle at a time."""

from typing import Any

from django.db.models import Count, QuerySet

OF_TASK = "process__sheet__cycle"


def counted_by_cycle(rows: QuerySet[Any], path: str = OF_TASK) -> dict[int, int]:
    """Key of a cycle → how many of `rows` are of it; `path` leads from a row to its cycle (one query)."""
    return dict(rows.order_by().values_list(path).annotate(many=Count("pk", distinct=True)))
