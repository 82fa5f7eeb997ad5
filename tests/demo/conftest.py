"""After each test the clock of this thread is real again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from common import clock


@pytest.fixture(autouse=True)
def _real_time_again() -> Iterator[None]:
    yield
    clock.set_shift(timedelta(0))
