"""Pages of rows that have been counted already."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class CountedPaginator(Paginator):  # type: ignore[type-arg]  # generic in its stubs only
    """A paginator that is told how many rows there are: a page that has counted them need not do so again."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.told = count

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        return self.told
