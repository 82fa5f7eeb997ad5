"""The spread of units over all steps, built once for a module; every test of it sees it as it was built."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.workflow.queries.spread import Spread, spread


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: Any) -> Iterator[Spread]:
    """Units at every step; the clock stands at the world's instant."""
    with django_db_blocker.unblock(), transaction.atomic():
        built = spread()
        connection.check_constraints()  # once for all: each test would check all rows that are not checked yet
        with built.world.clock():
            yield built
        transaction.set_rollback(True)
