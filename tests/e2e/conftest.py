"""The stage of a walk in the browser: a live server that mails and texts link to."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from bin.runner.catalogues import compile_all
from tests.e2e.steps_common import Stage

# Before any page is made: gettext reads a catalogue once.
compile_all()


@pytest.fixture
def stage(
    live_server: object,
    settings: object,
    open_page: Callable[..., Page],
) -> Stage:
    """The live server with a browser; its `problems` tell what went wrong unseen."""
    address = str(live_server)
    settings.BASE_URL = address  # type: ignore[attr-defined]  # what mails and texts link to
    return Stage(address=address, open_page=open_page)
