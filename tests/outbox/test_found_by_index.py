"""What is withdrawn or moved is found by the index of what it is about, however many messages there are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from common import clock
from common.rows import Batch
from outbox.services import hold_until, move_due, withdraw, withdraw_in

pytestmark = pytest.mark.django_db


def withdraw_with_a_batch() -> None:
    batch = Batch()
    withdraw_in(batch, ["task:1"])
    batch.send()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows a condition however it is said")
@pytest.mark.parametrize(
    "change",
    [
        withdraw_with_a_batch,
        lambda: withdraw(["task:1"]),
        lambda: hold_until(["task:1"], clock.now()),
        lambda: move_due(["task:1"], clock.now()),
    ],
    ids=["withdrawn with a batch", "withdrawn", "held", "moved"],
)
def test_sqlite_finds_messages_by_what_they_are_about(change: Callable[[], object]) -> None:
    plans: list[str] = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE"):
            execute("EXPLAIN QUERY PLAN " + sql, params, many, context)
            plans.extend(row[-1] for row in context["cursor"].fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        change()
    assert any("message_about" in step for step in plans), plans
