"""Who gave what: a tester with all that is stored, the keys of its fields included but not the shares, only guesses.

Forty people rate through the web, in an order that the tester knows, each with a value and a comment of their own. Then
everything is read: tables as they lie, decrypted fields, the order of keys and of places on the disk, the transactions
that wrote each row, the files of the data folder. The control shows that each of these attacks finds whoever is there
to be found.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from common.encryption import EncryptedTextField
from scoring.models import Ballot, Comment, Rating, RatingKind
from tests.support.ballots import Recipient, a_token
from tests.support.boxes import ballots_of, closed, in_window, shared_key
from tests.support.minted import kept_anywhere
from tests.support.world import World, a_cycle
from workflow.rating.services.opening import open_box

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
UNITS, PEOPLE = 2, 20
# Of 20 guesses at random about one is right; that ten are is as likely as one in four million.
CHANCE = 10


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(UNITS).accepted()


def voted(world: World) -> tuple[list[str], dict[int, tuple[int, str]]]:
    """Forty votes through the web; the shares' words, and of each ballot, in the order of voting, what was given."""
    shares = shared_key(world)
    ballots = [ballot for assessment in world.assessments for ballot in ballots_of(world, assessment, PEOPLE)]
    random.Random(7).shuffle(ballots)
    world.at = in_window(world)
    values = random.Random(2026).sample(range(101), len(ballots))
    given = {}
    for ballot, value in zip(ballots, values, strict=True):
        comment = f"评语{value}-{ballot.pk}-只此一人"
        answer = Recipient(world).hands_in(a_token(ballot), value=str(value), comment=comment)
        assert answer.status_code < 400
        given[ballot.pk] = (value, comment)
    return shares, given


def opened(world: World, shares: Sequence[str]) -> None:
    with world.clock(closed(world)):
        assert open_box(cycle=world.cycle, shares=shares[:2], by=world.office).refused == []


def places() -> list[str]:
    """What a database keeps of a row beside its values: its place, and the transaction that wrote it."""
    return ["ctid", "xmin::text::bigint, ctid"] if connection.vendor == "postgresql" else ["rowid"]


def in_order(model: type[models.Model], order: str, where: str, column: str) -> list[Any]:
    """A column of a table in an order that only the database knows."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"SELECT {column} FROM {table} WHERE {where} ORDER BY {order}")  # noqa: S608  words of this test
        return [row[0] for row in cursor.fetchall()]


def guesses(sheet_id: int, order_of_voting: Sequence[int]) -> dict[str, list[tuple[int, int]]]:
    """Each attack's guess of a unit: ballots in some order joined to the ratings in some order."""
    of_unit = list(Ballot.objects.filter(draw__sheet=sheet_id).values_list("pk", flat=True))
    mine = f"id IN ({', '.join(map(str, of_unit))})"
    ballots = {"voting": [pk for pk in order_of_voting if pk in of_unit], "key": sorted(of_unit)}
    ballots |= {place: in_order(Ballot, place, mine, "id") for place in places()}
    here = f"sheet_id = {sheet_id} AND component = '{RatingKind.RECIPIENTS}'"
    ratings = {place: in_order(Rating, place, here, "value") for place in ["id", *places()]}
    return {
        f"{ballots_by} with {ratings_by}": [(pk, int(value)) for pk, value in zip(keys, values, strict=True)]
        for ballots_by, keys in ballots.items()
        for ratings_by, values in ratings.items()
    }


def right(guess: Iterable[tuple[int, int]], given: dict[int, tuple[int, str]]) -> int:
    return sum(given[ballot][0] == value for ballot, value in guess)


def best_guess(world: World, given: dict[int, tuple[int, str]]) -> int:
    """How many of one unit's twenty the best of all attacks names rightly."""
    return max(
        right(guess, given)
        for assessment in world.assessments
        for guess in guesses(assessment.sheet_id, list(given)).values()
    )


def read_with_the_fields_keys(kept: Callable[[type[models.Model]], bool]) -> str:
    """Every encrypted field of every row, decrypted."""
    texts = []
    for model in apps.get_models():
        fields = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        if fields and kept(model):
            texts += [str(row) for row in model._base_manager.values_list(*fields)]
    return "\n".join(texts)


def test_before_the_close_nothing_that_is_stored_says_what_was_given(world: World) -> None:
    _shares, given = voted(world)
    assert not Rating.objects.filter(component=RatingKind.RECIPIENTS).exists()
    decrypted = read_with_the_fields_keys(lambda model: True)
    for _value, comment in given.values():
        assert kept_anywhere(comment) == []
        assert comment not in decrypted
    sealed = Ballot.objects.filter(spent=True).values_list("sealed", flat=True)
    assert len({len(bytes(value)) for value in sealed}) == 1, "the length says nothing"


def test_after_the_opening_nobody_is_traced_better_than_by_chance(world: World) -> None:
    shares, given = voted(world)
    opened(world, shares)
    assert Rating.objects.filter(component=RatingKind.RECIPIENTS).count() == UNITS * PEOPLE
    assert best_guess(world, given) < CHANCE
    aside = read_with_the_fields_keys(lambda model: model is not Comment)
    assert [comment for _value, comment in given.values() if comment in aside] == []


def test_after_the_opening_comments_lie_in_no_order_that_traces_them(world: World) -> None:
    shares, given = voted(world)
    opened(world, shares)
    for assessment in world.assessments:
        mine = set(Ballot.objects.filter(draw__sheet=assessment.sheet_id).values_list("pk", flat=True))
        voting = [pk for pk in given if pk in mine]
        for place in ["id", *places()]:
            keys = in_order(Comment, place, f"sheet_id = {assessment.sheet_id}", "id")
            texts = Comment.objects.in_bulk([str(key) for key in keys])
            lying = [row.text for _key, row in sorted(texts.items(), key=lambda item: _place(keys, item[0]))]
            assert sum(given[pk][1] == text for pk, text in zip(voting, lying, strict=True)) < CHANCE


def _place(keys: Sequence[Any], key: Any) -> int:
    return [str(each).replace("-", "") for each in keys].index(str(key).replace("-", ""))


def test_the_same_attacks_find_everybody_where_ratings_are_written_as_they_are_cast(world: World) -> None:
    _shares, given = voted(world)
    for pk, (value, _comment) in given.items():
        sheet = Ballot.objects.get(pk=pk).draw.sheet
        Rating.objects.create(sheet=sheet, component=RatingKind.RECIPIENTS, value=value)
    assert best_guess(world, given) == PEOPLE
