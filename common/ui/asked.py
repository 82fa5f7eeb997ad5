"""What a request asks of a list: which page of it, the words looked for, the rows ticked."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from common.numbers import key_in

A_PAGE = 50  # rows
MOST_LETTERS = 100  # a database looks for no more


def page_of(
    request: HttpRequest, rows: Sequence[Any] | QuerySet[Any], *, size: int = A_PAGE, name: str = "page"
) -> "Page[Any]":
    """The page of `rows` that the address asks for under `name`: the first where it names none, the last beyond it."""
    return Paginator(rows, size).get_page(request.GET.get(name))


def words_in(request: HttpRequest, name: str = "q") -> str:
    """What is looked for under `name`, without blanks around it, at most the first hundred letters."""
    return request.GET.get(name, "").strip()[:MOST_LETTERS]


def ticked(data: QueryDict, name: str = "ids") -> list[int]:
    """The keys in `data` under `name`, in the order sent; whatever else stands in their place is passed over."""
    return [key for value in data.getlist(name) if (key := key_in(value)) is not None]
