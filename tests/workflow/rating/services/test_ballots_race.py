"""Many at once with one link, on real connections: exactly one rating counts, and what is revoked was not used."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from common.errors import DomainError
from scoring.models import Ballot
from tests.support.ballots import a_drawn_world, a_token
from tests.support.world import World
from workflow.rating.envelope import receipt_sha256
from workflow.rating.services.ballots import Receipt
from workflow.rating.services.entering import ballot_of, hand_in
from workflow.rating.services.slips import print_slips, reissue_ballot

pytestmark = [pytest.mark.postgres, pytest.mark.race, pytest.mark.django_db(transaction=True)]
RACES, THREADS = 100, 20


@pytest.fixture
def world() -> World:
    return a_drawn_world()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as threads:
        yield threads


def use(world: World, token: str, value: int) -> Receipt:
    """Open a link and hand a rating in, as a request does."""
    with closing(connection), translation.override("zh-hans"), world.clock():
        ballot = ballot_of(typed=token, network=f"192.0.2.{value}")
        return hand_in(ballot=ballot, value=Decimal(value), comment="", device=str(value), arrived_at=world.at)


def test_of_100_uses_at_once_exactly_one_counts(world: World, pool: ThreadPoolExecutor) -> None:
    token = a_token()
    receipts = list(pool.map(lambda value: use(world, token, value), range(RACES)))
    [ballot] = Ballot.objects.filter(spent=True)
    counted = [receipt for receipt in receipts if receipt_sha256(receipt.code) == ballot.receipt_sha256]
    assert (len(receipts), len(counted)) == (RACES, 1)


@pytest.fixture(params=["reissued", "printed"])
def replace(request: pytest.FixtureRequest, world: World) -> Callable[[Ballot], Any]:
    """Ends a link by giving another out."""

    def act(ballot: Ballot) -> Any:
        with closing(connection), translation.override("zh-hans"), world.clock():
            if request.param == "reissued":
                return reissue_ballot(ballot=ballot, why="手机丢失", by=world.office)
            return print_slips(draw=ballot.draw, ballots=[ballot.pk], by=world.office)

    return act


def together(pool: ThreadPoolExecutor, *calls: Callable[[], Any]) -> list[Any]:
    """What each of these comes to, begun at the same moment; a refusal is a result."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except DomainError as error:
            return error

    return list(pool.map(run, calls))


def test_a_link_is_used_or_replaced_never_both(
    world: World, pool: ThreadPoolExecutor, replace: Callable[[Ballot], Any]
) -> None:
    for _race in range(RACES // 2):
        Ballot.objects.exclude(revoked_at=None).delete()
        Ballot.objects.update(spent=False, sealed=None, receipt_sha256="", device_sha256="", on_paper=False)
        ballot = Ballot.objects.earliest("pk")
        token = a_token(ballot)
        used, replaced = together(pool, partial(use, world, token, 80), partial(replace, ballot))
        ballot.refresh_from_db()
        assert ballot.spent is not isinstance(used, DomainError)
        assert not (ballot.spent and ballot.revoked_at)
        assert isinstance(replaced, DomainError) <= ballot.spent
