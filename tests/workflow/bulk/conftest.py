"""A kind of which the tests say what is done with its units."""

from collections.abc import Callable, Sequence

import pytest

from accounts.models import Department
from common.errors import DomainError
from tests.support.world import World, a_cycle
from workflow.bulk import services
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.services import Asked, Refused, ask_of_many

Ask = Callable[[int], BulkRun]


@pytest.fixture
def world() -> World:
    """A cycle with its office."""
    return a_cycle()


@pytest.fixture
def trouble() -> dict[int, Exception]:
    """What an act raises for a key."""
    return {}


@pytest.fixture
def ask(world: World, trouble: dict[int, Exception], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask something of so many: of each a department is made, so that one sees what was done; 13 is refused."""

    def act(keys: Sequence[int], asked: Asked) -> Refused:
        assert asked.by == world.office
        Department.objects.bulk_create(Department(code=f"key{key}", name=f"key{key}") for key in keys if key != 13)
        for key in keys:
            if key in trouble:
                raise trouble[key]
        return {13: "unlucky"} if 13 in keys else {}

    monkeypatch.setitem(services._acts, BulkKind.ACCEPT, act)
    return lambda count: ask_of_many(
        BulkKind.ACCEPT, [(key, f"单位{key}") for key in range(1, count + 1)], cycle=world.cycle, by=world.office
    )


def done() -> int:
    """How many units something was done with."""
    return Department.objects.filter(code__startswith="key").count()


def refusal() -> DomainError:
    """A rule's refusal."""
    return DomainError("not this one")
