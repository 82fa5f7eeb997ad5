"""Fixtures for services (browser, S3, mail) and the choice of tests for each database."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings

from audit import installation
from common import clock
from tests.support import snapshots
from tests.support.opened import opens_pages
from workflow.publicity.views import prepared

pytest_plugins = [
    "tests.support.branches",
    "tests.support.browser",
    "tests.support.collecting",
    "tests.support.costs",
    "tests.support.s3",
    "tests.support.sharing",
    "tests.support.smtp",
    "tests.support.tables",
]

# Rooms that read and write the database: their tests run on SQLite and on PostgreSQL; but what only calls services
# and queries of theirs (pages, forms, the demo's world) runs once. On PostgreSQL the walk over every address
# (tests/access) opens the pages.
ROOMS_WITH_TABLES = ("accounts", "audit", "common", "demo", "documents", "outbox", "scoring", "workflow")
ABOVE_TABLES = {"engine", "forms", "pages", "readers", "tables", "ui", "views", "world"}
ASKING = {"db", "transactional_db"}  # fixtures that let a test ask the database, as the mark django_db does
NEVER_TWICE = ("e2e", "slow")


@pytest.fixture(autouse=True, scope="session")
def _the_database_of_the_tests_fits() -> None:
    """It holds people whom each test makes, and bears no mark: nobody asks what it is, but the tests of that."""
    installation.Known.fits = True


@pytest.fixture(autouse=True)
def _real_time_again() -> Iterator[None]:
    """After each test the clock of this thread is real, whoever moved a demo's: the next test dates nothing by that."""
    yield
    clock.set_shift(timedelta(0))


@pytest.fixture(autouse=True)
def _no_page_of_another_test() -> Iterator[None]:
    """A world that is copied back has the addresses of the one before: its public lists are rendered anew."""
    yield
    prepared._PREPARED.clear()


@pytest.fixture(autouse=True)
def _no_row_of_another_test() -> Iterator[None]:
    """What a world of the module is owed stands before each test; what is owed to this one ends with it."""
    snapshots.pay()
    yield
    snapshots.forget()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what runs on both databases, and keeps what the pass of bin/test asks for (KAOHE_TEST_PASS)."""
    for item in items:
        if _touches_tables(item) and not any(item.get_closest_marker(name) for name in NEVER_TWICE):
            item.add_marker("both")
    wanted = os.environ.get("KAOHE_TEST_PASS")
    if wanted:
        kept = [item for item in items if _belongs(item, wanted)]
        config.hook.pytest_deselected(items=[item for item in items if not _belongs(item, wanted)])
        items[:] = kept
    elif not _on_postgres():
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: bin/test brings one up"))


def _touches_tables(item: pytest.Item) -> bool:
    """Whether it is about reading and writing rows; a test that may not ask the database (pytest-django) is not."""
    folders = item.path.relative_to(item.config.rootpath).parts[1:-1]
    room = bool(folders) and folders[0] in ROOMS_WITH_TABLES and not ABOVE_TABLES & set(folders)
    asks = item.get_closest_marker("django_db") or ASKING & set(getattr(item, "fixturenames", ()))
    return room and bool(asks) and not opens_pages(item)


def _belongs(item: pytest.Item, wanted: str) -> bool:
    if wanted == "postgres":
        return bool(item.get_closest_marker("postgres") or item.get_closest_marker("both"))
    return not item.get_closest_marker("postgres")


def _on_postgres() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("postgresql")
