"""Races: two things done at once, on connections of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from common.errors import DomainError

Together = Callable[[Callable[[], Any], Callable[[], Any]], list[Any]]


@pytest.fixture
def together() -> Iterator[Together]:
    """Runs two at once, in threads that keep their connections from race to race; an error is a result."""
    barrier = Barrier(2)

    def run(runner: Callable[[], Any]) -> Any:
        barrier.wait()  # so that each thread takes one of the two
        try:
            return runner()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        yield lambda first, second: list(pool.map(run, (first, second)))
        list(pool.map(run, [lambda: connection.close()] * 2))  # noqa: PLW0108  the connection of the thread that runs it
