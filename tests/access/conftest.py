"""The scene, built once for each test that walks through it."""

from collections.abc import Iterator

import pytest

from common import clock
from tests.access.scene import Scene, build


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    """A finished cycle and a running one; the test stands at the scene's instant."""
    made = build()
    with clock.travel(made.at):
        yield made
