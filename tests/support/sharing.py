"""Shares out the tests to the workers of bin/test: what uses one thing together stays together, the longest begin."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# They take minutes: none of them may be left for the end, when the other worker has nothing to do any more.
LONGEST = ("tests/e2e/", "tests/bin/", "tests/workflow/pages/", "tests/access/", "tests/demo/world/")
WITH_ONE_WALK = "tests/workflow/pages/"  # its modules read the pages that one walk has kept


class ByModule(LoadScopeScheduling):
    """A module goes to one worker, so that a system or a world that it has set up serves all its tests."""

    def _split_scope(self, nodeid: str) -> str:
        return WITH_ONE_WALK if nodeid.startswith(WITH_ONE_WALK) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule | None:
    """Where modules are to stay together (`--dist loadfile`)."""
    return ByModule(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long modules are given out before all others."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next((place for place, folder in enumerate(LONGEST) if item.nodeid.startswith(folder)), len(LONGEST))
