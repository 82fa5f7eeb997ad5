"""Measures branches where rules are tested: pages, worlds, walks and programs would only take half as long again."""

import sys

import coverage
import pytest

from common.rows import Prepared
from tests.support.opened import opens_pages

MEASURED = {"access", "accounts", "audit", "common", "demo", "documents", "outbox", "scoring", "workflow"}
WALKED = {"pages", "world"}


class Measuring:
    """Starts and stops the measurement that runs since the start of this process."""

    def __init__(self, measurement: coverage.Coverage) -> None:
        self.measurement, self.runs = measurement, True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Before each test: on or off, where the one before was of the other sort."""
        wanted = is_measured(item)
        if wanted != self.runs:
            if wanted:
                forget_prepared()
            (self.measurement.start if wanted else self.measurement.stop)()
            self.runs = wanted


def forget_prepared() -> None:
    """Let prepared queries be written anew: which test asks first in a process, a measured one or not, is chance."""
    for module in [module for name, module in sys.modules.items() if name.partition(".")[0] in MEASURED]:
        for query in vars(module).values():
            if isinstance(query, Prepared):
                query.forget()


def is_measured(item: pytest.Item) -> bool:
    """Whether a test is about the rules of a room; one that opens pages is where it is marked `both`."""
    folders = item.path.relative_to(item.config.rootpath).parts[1:-1]
    room = bool(folders) and folders[0] in MEASURED and not WALKED & set(folders)
    return room and (bool(item.get_closest_marker("both")) or not opens_pages(item))


def pytest_configure(config: pytest.Config) -> None:
    """Where bin/test has the branches measured."""
    measurement = coverage.Coverage.current()
    if measurement:
        config.pluginmanager.register(Measuring(measurement))
