"""What a single leader gave is read by nobody else, from the sheet to the notice: only the mean and how many."""

from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from audit.models import Event
from audit.services import log
from audit.verbs import Verb
from common.narrow import known
from scoring.models import Rating
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.rating.services.ratings import save_leader_ratings

pytestmark = pytest.mark.django_db
GIVEN, MEAN = "83.17", "263.17 ÷ 3"
WHERE_IT_BELONGS = Rating._meta.db_table


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A unit that two leaders gave 90 and the head of the group 83.17, its result circulated."""
    reviewed = World.reviewed

    def reviewed_and_rated(world: World) -> World:
        reviewed(world)
        opens = known(world.cycle.ratings_open_at)
        values = {world.assessments[0].sheet_id: Decimal(GIVEN)}
        with world.clock(opens):
            assert save_leader_ratings(by=world.chief, values=values, arrived_at=opens).saved
        return world

    monkeypatch.setattr(World, "reviewed", reviewed_and_rated)
    return a_cycle(title="只在此处的考核").with_units(1).circulated()  # a world of its own, kept for no other test


def addresses(world: World) -> Iterator[str]:
    """Every page that tells of a unit's result, of its cycle, or of what was done."""
    assessment, cycle = world.assessments[0], world.cycle
    board = cycle.tracks.get(code="district").boards.get()
    for page in ("", "sheet/", "comments/", "distribution/", "incidents/"):
        yield f"/assessments/{assessment.pk}/{page}"
    for page in ("/ratings/", "/rating-figures/", "/boards/", "/publicities/", "/notices/", "/consolidation/"):
        yield f"{page}?cycle={cycle.pk}"
    yield from (f"/boards/{board.pk}/", f"/boards/{board.pk}/sealed.json", f"/public/{board.publicity.slug}/")
    yield from ("/results/", "/events/", "/events/file/", "/messages/", "/", "/public/")
    yield from (f"/cycles/{cycle.year}/", f"/cycles/{cycle.year}/units.csv")


def test_no_page_tells_what_the_leader_gave(world: World) -> None:
    filer = world.filers[world.assessments[0].sheet_id]
    read, telling = 0, []
    for person in (world.office, world.leaders[0], world.supervisor, filer, world.reviewers["district"]):
        visitor = Visitor(world, person)
        for address in addresses(world):
            answer = visitor.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            read += answer.status_code == 200
            telling += [f"{person} {address}"] if GIVEN.encode() in body else []
    assert not telling
    assert read > 40


def test_the_result_says_sum_and_count(world: World) -> None:
    sheet = world.assessments[0].sheet
    sheet.refresh_from_db()
    assert MEAN in " ".join(sheet.explain)
    assert not any(GIVEN in sentence.replace(MEAN, "") for sentence in sheet.explain)


@pytest.mark.both
def test_nothing_but_the_rating_itself_holds_the_number(world: World) -> None:
    holding = set()
    with connection.cursor() as cursor:
        for table in {model._meta.db_table for model in apps.get_models()}:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names of our own tables
            if any(GIVEN in str(value).replace(MEAN, "") for row in cursor.fetchall() for value in row):
                holding.add(table)
    assert holding == {WHERE_IT_BELONGS}


def test_what_the_record_once_said_is_taken_out_of_it() -> None:
    migration = import_module("scoring.migrations.0006_abstentions")
    log(Verb.RATED, "sheet:1", came_from="90.00", went_to=GIVEN)
    log(Verb.GRADES_SET, "sheet:1", came_from="一等", went_to="二等")
    migration.take_numbers_out_of_the_record(apps, None)
    said = Event.objects.order_by("pk").values_list("came_from", "went_to")
    assert list(said) == [("", ""), ("一等", "二等")]
