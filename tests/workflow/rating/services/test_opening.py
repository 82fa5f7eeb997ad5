"""Once its window is over a box is opened: all that was spent comes out, in no order, traced to nobody (R9, R17)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.db import connection

from audit.models import Event
from audit.verbs import Verb
from scoring.models import Ballot, Comment, Rating, Tally, TallyKey
from scoring.queries.counted import counted_of
from tests.support.boxes import ballots_of, cast_all, closed, rating_task, shared_key
from tests.support.traces import last_event, outcomes_of, refused
from tests.support.world import World, a_cycle
from workflow.office.services.sweep import sweep
from workflow.rating.envelope import receipt_sha256
from workflow.rating.services import opening
from workflow.rating.services.opening import open_box
from workflow.rating.services.too_few import give_more_time, take_what_is_there

pytestmark = [pytest.mark.django_db, pytest.mark.both]
VALUES = list(range(60, 68))


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).accepted()


@pytest.fixture
def shares(world: World) -> list[str]:
    return shared_key(world)


def open_with(world: World, shares: list[str], **how: Any) -> Any:
    with world.clock(closed(world)):
        return open_box(cycle=world.cycle, shares=shares, by=world.office, **how)


def published() -> list[str]:
    """The hashes of receipts of all units."""
    return sorted(digest for tally in Tally.objects.all() for digest in tally.receipts)


def voted(world: World, values: list[int] = VALUES, comment: str = "") -> list[str]:
    """Every unit is rated with these values; the receipts."""
    return [
        receipt.code
        for assessment in world.assessments
        for receipt in cast_all(world, ballots_of(world, assessment, len(values)), values, comment)
    ]


@pytest.mark.parametrize("pair", [(0, 1), (2, 0), (1, 2)])
def test_any_two_shares_open_every_unit(world: World, shares: list[str], pair: tuple[int, int]) -> None:
    voted(world)
    dealt = open_with(world, [shares[place] for place in pair])
    assert (len(dealt.done), dealt.refused) == (2, [])
    for assessment in world.assessments:
        counted = counted_of([assessment.sheet])[assessment.sheet_id]
        assert counted.ratings["recipients"] == [Decimal(value) for value in VALUES]
        assert ("recipient_rating", "rated") in outcomes_of(assessment)


def test_what_was_sealed_and_the_key_are_gone(world: World, shares: list[str]) -> None:
    voted(world)
    open_with(world, shares[:2])
    assert set(Ballot.objects.values_list("sealed", "sealed_with", "receipt_sha256")) == {(None, "", "")}
    key = TallyKey.objects.get()
    assert (key.kept, key.destroyed_at) == ("", closed(world))
    assert last_event(Verb.TALLY_KEY_DESTROYED).actor == world.office


def test_the_hashes_of_all_receipts_are_published_in_their_own_order(world: World, shares: list[str]) -> None:
    codes = voted(world)
    open_with(world, shares[:2])
    tallies = list(Tally.objects.all())
    assert published() == sorted(receipt_sha256(code) for code in codes)
    assert all(tally.receipts == sorted(tally.receipts) for tally in tallies)
    assert [(tally.ballots, tally.spent) for tally in tallies] == [(8, 8)] * 2


def test_comments_come_out_apart_from_ratings(world: World, shares: list[str]) -> None:
    voted(world, VALUES, comment="意见")
    open_with(world, shares[:2])
    texts = [comment.text for comment in Comment.objects.all()]
    assert sorted(texts) == sorted(f"意见{value}" for value in VALUES * 2)
    assert {comment.is_visible for comment in Comment.objects.all()} == {None}


def test_events_say_how_many_and_never_what(world: World, shares: list[str]) -> None:
    voted(world)
    open_with(world, shares[:2])
    data = {"component": "recipients", "ballots": 8, "spent": 8, "counted": 8}
    told = [event.data for event in Event.objects.filter(verb=Verb.RATINGS_CLOSED)]
    assert [data.items() <= event.items() for event in told] == [True, True]


def test_two_shares_are_needed_and_those_of_this_key(world: World, shares: list[str]) -> None:
    voted(world)
    others = shared_key(a_cycle_of_another_year())
    for typed, field in (
        ([shares[0], shares[0]], None),
        ([shares[0], others[1]], None),
        (others[:2], None),
        ([shares[0], "academic"], "share_2"),
    ):
        refused(lambda typed=typed: open_with(world, typed), field)
    assert not Rating.objects.exists() and not Tally.objects.exists()


def a_cycle_of_another_year() -> World:
    return a_cycle(year=2025).with_units(1).opened()


def test_before_the_window_and_its_grace_are_over_nothing_is_opened(world: World, shares: list[str]) -> None:
    voted(world)
    assert world.cycle.ratings_close_at
    with world.clock(world.cycle.ratings_close_at):
        assert not open_box(cycle=world.cycle, shares=shares[:2], by=world.office).done
    assert not Rating.objects.exists()


def test_a_key_of_the_system_opens_by_the_sweep_and_is_forgotten(world: World) -> None:
    voted(world)
    with world.clock(closed(world)):
        assert sweep()["recipient_rating"] == 2
        assert sweep()["recipient_rating"] == 0
    assert Rating.objects.count() == 16
    key = TallyKey.objects.get()
    assert key.kept == "" and key.destroyed_at
    assert last_event(Verb.TALLY_KEY_DESTROYED).actor is None


def test_a_key_of_the_system_is_not_opened_by_shares(world: World) -> None:
    refused(lambda: open_with(world, ["academic", "acid"]))


def test_the_sweep_opens_nothing_that_people_hold(world: World, shares: list[str]) -> None:
    voted(world)
    with world.clock(closed(world)):
        assert sweep()["recipient_rating"] == 0
    assert not Rating.objects.exists()


def test_the_key_stays_as_long_as_a_unit_waits(world: World, shares: list[str]) -> None:
    voted(world)
    open_with(world, shares[:2], most=1)
    assert Rating.objects.count() == 8
    assert TallyKey.objects.get().destroyed_at is None
    open_with(world, shares[1:])
    assert Rating.objects.count() == 16
    assert TallyKey.objects.get().destroyed_at
    refused(lambda: open_with(world, shares[:2]))


def test_who_has_changed_counts_once_with_what_was_given_last(world: World, shares: list[str]) -> None:
    ballots = ballots_of(world, world.assessments[0], 8)
    cast_all(world, ballots, [1] * 8)
    (last, *_rest) = cast_all(world, ballots, VALUES)
    open_with(world, shares[:2])
    assert sorted(rating.value for rating in Rating.objects.all()) == VALUES
    assert receipt_sha256(last.code) in Tally.objects.get().receipts


# ---- what was changed underneath ----


def emptied(ballot: Ballot) -> None:
    Ballot.objects.filter(pk=ballot.pk).update(sealed=None)


def swapped(ballot: Ballot) -> None:
    other = Ballot.objects.filter(draw=ballot.draw, spent=True).exclude(pk=ballot.pk)[0]
    Ballot.objects.filter(pk=ballot.pk).update(sealed=other.sealed, receipt_sha256=other.receipt_sha256)


def changed(ballot: Ballot) -> None:
    ballot.refresh_from_db()
    Ballot.objects.filter(pk=ballot.pk).update(sealed=bytes(ballot.sealed or b"")[:-1] + b"x")


def of_another_receipt(ballot: Ballot) -> None:
    Ballot.objects.filter(pk=ballot.pk).update(receipt_sha256="0" * 64)


@pytest.mark.parametrize("tamper", [emptied, swapped, changed, of_another_receipt])
def test_a_unit_whose_ballots_are_not_as_cast_is_left_whole_and_named(
    world: World, shares: list[str], tamper: Any
) -> None:
    voted(world)
    bad, good = world.assessments
    tamper(ballots_of(world, bad)[3])
    before = list(Ballot.objects.filter(draw__sheet=bad.sheet).values())
    dealt = open_with(world, shares[:2])
    ((task, why),) = dealt.refused
    assert task.process_id == bad.pk and bad.sheet.unit_name in str(why.message)
    assert list(Ballot.objects.filter(draw__sheet=bad.sheet).values()) == before
    assert set(Rating.objects.values_list("sheet", flat=True)) == {good.sheet_id}
    assert TallyKey.objects.get().destroyed_at is None


def test_the_sweep_opens_the_others_and_tries_the_bad_one_again_later(world: World) -> None:
    voted(world)
    bad, good = world.assessments
    emptied(ballots_of(world, bad)[3])
    with world.clock(closed(world)):
        assert sweep()["recipient_rating"] == 1
    assert rating_task(bad).attempts == 1
    assert set(Rating.objects.values_list("sheet", flat=True)) == {good.sheet_id}


def test_what_can_t_be_read_is_left_out_where_the_office_says_so(world: World, shares: list[str]) -> None:
    voted(world)
    bad = world.assessments[0]
    emptied(ballots_of(world, bad)[3])
    with world.clock(closed(world)):
        take_what_is_there(task=rating_task(bad), why="一票损坏", by=world.office)
    assert not open_with(world, shares[:2]).refused
    tally = Tally.objects.get(sheet=bad.sheet)
    assert (tally.spent, len(tally.receipts)) == (8, 7)
    assert Rating.objects.filter(sheet=bad.sheet).count() == 7


def test_nobody_is_singled_out_by_spoiling_what_the_others_gave(world: World, shares: list[str]) -> None:
    voted(world)
    bad = world.assessments[0]
    for ballot in ballots_of(world, bad)[:4]:
        emptied(ballot)
    with world.clock(closed(world)):
        take_what_is_there(task=rating_task(bad), why="损坏", by=world.office)
    ((task, _why),) = open_with(world, shares[:2]).refused
    assert task.process_id == bad.pk and not Rating.objects.filter(sheet=bad.sheet).exists()
    with world.clock(closed(world)):
        give_more_time(task=task, until=closed(world) + timedelta(days=3), why="四票损坏，请重新评价", by=world.office)
    assert rating_task(bad).due_at == closed(world) + timedelta(days=3)


def test_nothing_to_read_stays_open_whatever_the_office_says(world: World, shares: list[str]) -> None:
    voted(world)
    bad = world.assessments[0]
    Ballot.objects.filter(draw__sheet=bad.sheet).update(sealed=None)
    with world.clock(closed(world)):
        take_what_is_there(task=rating_task(bad), why="损坏", by=world.office)
    assert len(open_with(world, shares[:2]).refused) == 1


# ---- a process that dies ----

STEPS = {
    "_contents": "before anything is written",
    "_write": "as ratings are written",
    "_tally": "as the ballots are emptied",
    "destroy_key": "as the key is destroyed",
    "log": "at the very end",
}


class Killed(BaseException):
    """A process that ends where it stands."""


@contextmanager
def dying_at(step: str, *, after: bool = False) -> Iterator[None]:
    """The process dies at a step of the opening: before it, or `after` it."""
    real = getattr(opening, step)

    def die(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise Killed

    with mock.patch.object(opening, step, die), pytest.raises(Killed):
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_one_that_dies_loses_nothing_and_goes_on_when_the_shares_are_typed_again(step: str, after: bool) -> None:
    world = a_cycle().with_units(2).accepted()
    shares = shared_key(world)
    codes = voted(world)
    with dying_at(step, after=after):
        open_with(world, shares[:2])
    for assessment in world.assessments:
        sealed = Ballot.objects.filter(draw__sheet=assessment.sheet, sealed__isnull=False).count()
        ratings = Rating.objects.filter(sheet=assessment.sheet).count()
        assert (sealed, ratings) in {(8, 0), (0, 8)}
    open_with(world, shares[:2])
    assert sorted(rating.value for rating in Rating.objects.all()) == sorted(VALUES * 2)
    assert published() == sorted(receipt_sha256(code) for code in codes)
    assert TallyKey.objects.get().destroyed_at


@contextmanager
def dying_at_statement(number: int) -> Iterator[list[str]]:
    """The process dies before its n-th question to the database; what it has asked."""
    asked: list[str] = []

    def die(execute: Any, sql: str, *args: Any) -> Any:
        asked.append(sql)
        if len(asked) == number:
            raise Killed
        return execute(sql, *args)

    with connection.execute_wrapper(die):
        yield asked


@pytest.mark.django_db(transaction=True)
def test_killed_before_any_statement_a_unit_is_as_it_was_and_is_opened_whole_in_the_end() -> None:
    world = a_cycle().with_units(1).accepted()
    shares = shared_key(world)
    codes = voted(world, VALUES[:5], "意见")
    before = list(Ballot.objects.order_by("pk").values())
    number, killed = 1, True
    while killed:
        with dying_at_statement(number) as asked:
            try:
                open_with(world, shares[:2])
            except Killed:
                number += 1
            else:
                killed = False
        if killed:
            assert list(Ballot.objects.order_by("pk").values()) == before, asked[-1]
            assert not (Rating.objects.exists() or Comment.objects.exists() or Tally.objects.exists()), asked[-1]
            assert TallyKey.objects.get().destroyed_at is None, asked[-1]
    assert number > len(STEPS)
    assert sorted(rating.value for rating in Rating.objects.all()) == VALUES[:5]
    assert published() == sorted(receipt_sha256(code) for code in codes)
    assert TallyKey.objects.get().destroyed_at
