"""Who waits for whose locks, on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction

from tests.support.waiting import eventually


def somebody_waits() -> bool:
    """Whether another connection waits for what this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
            " AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        (waits,) = cursor.fetchone() or (False,)
    return bool(waits)


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Somebody else acts, from when what is given is called: it returns once they wait for us, and we must let them."""

    def acted() -> None:
        with transaction.atomic():
            act()
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        acting: list[Future[None]] = []

        def waits() -> None:
            acting.append(pool.submit(acted))
            eventually(somebody_waits, "the other waits for us")

        yield waits
        for future in acting:
            future.result()
