"""Draws, ballots and leaders' ratings through their pages and services (R8, R9, R17)."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from common import clock
from common.errors import DomainError
from common.narrow import known
from outbox.models import Message
from outbox.queries import waiting
from scoring.engine.draw import draw, parse_roster
from scoring.models import Ballot, Draw, Rating
from tests.support.world import World, a_cycle
from workflow.rating.services.draws import draw_recipients
from workflow.rating.services.ratings import close_ratings, save_leader_ratings, set_rating_window

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).with_units(1, "society").accepted()


def drawn(world: World) -> list[Draw]:
    with world.clock():
        return draw_recipients(assessments=world.assessments[:2], by=world.office, seed=b"7" * 32)


def links() -> list[str]:
    texts = [message.said_body for message in Message.objects.filter(cause__startswith="ballot:")]
    return re.findall(r"/ballots/[^/]+/", "\n".join(texts))


def test_the_office_draws_many_after_seeing_which(world: World) -> None:
    client = signed_in(world.office)
    with world.clock():
        page = client.get(reverse("draws"))
        assert len(page.context["rows"]) == 2
        ids = {"ids": [row["assessment"].pk for row in page.context["rows"]]}
        asked = client.post(reverse("draw-many"), ids)
        assert len(asked.context["chosen"]) == 2
        assert Draw.objects.count() == 0
        done = client.post(reverse("draw-many"), ids | {"confirmed": "1", "seed_lines": "双色球 2026150期\n03 07 12"})
        assert done.status_code == 302
    assert Ballot.objects.count() == 6
    assert Message.objects.filter(channel="text", secret=True).count() == 6


def test_a_draw_is_redone_from_what_is_published(world: World) -> None:
    made = drawn(world)[0]
    again = draw(parse_roster(made.public_roster), made.sheet.unit.code, made.size, bytes.fromhex(made.seed))
    assert (list(again.drawn), list(again.reserves)) == (made.drawn, made.reserves)
    assert drawn(world) == [], "a draw in force stays"
    page = signed_in(world.supervisor).get(reverse("draw", args=[made.pk]))
    assert made.seed in page.content.decode()


def test_a_blank_seed_line_is_refused_and_what_was_typed_stays(world: World) -> None:
    ids = {"ids": [world.assessments[0].pk], "confirmed": "1", "seed_lines": "one\n\ntwo"}
    page = signed_in(world.office).post(reverse("draw-many"), ids)
    assert page.context["form"].errors["seed_lines"]
    assert "two" in page.content.decode()
    assert Draw.objects.count() == 0


def test_a_roster_that_is_too_small_names_the_unit_and_draws_nobody(world: World) -> None:
    world.assessments[1].sheet.roster.all().delete()
    with world.clock(), pytest.raises(DomainError, match=world.assessments[1].sheet.unit_name):
        draw_recipients(assessments=world.assessments[:2], by=world.office, seed=b"7" * 32)
    assert Draw.objects.count() == 0


def test_a_ballot_counts_once_inside_the_window_and_leaves_no_trace(world: World) -> None:
    drawn(world)
    link = links()[0]
    opens, closes = world.cycle.ratings_open_at, world.cycle.ratings_close_at
    assert opens and closes
    client = Client()
    with clock.travel(opens - timedelta(seconds=1)):
        assert client.get(link).status_code == 403
    with clock.travel(opens):
        assert client.post(link, {"value": "101"}).context["form"].errors["value"]
        assert client.post(link, {"value": "92.5"}, follow=True).status_code == 200
        client.post(link, {"value": "10"})
    rating = Rating.objects.get()
    assert (rating.value, rating.rater, rating.given_at) == (Decimal("92.5"), None, None)
    with clock.travel(closes):
        assert client.post(links()[1], {"value": "1"}).status_code == 403
    assert Rating.objects.count() == 1
    assert client.get("/ballots/nothing/").status_code == 404


def test_leaders_rate_on_one_sheet_saved_as_they_type(world: World) -> None:
    leader, (first, second, _) = world.leaders[0], world.assessments
    client = signed_in(leader)
    with clock.travel(known(world.cycle.ratings_open_at)):
        names = [f"rating-{one.sheet_id}" for one in (first, second)]
        saved = client.post(
            reverse("leaders-grid"), {names[0]: "90", names[1]: "1000"}, headers={"X-Requested-With": "autosave"}
        ).json()
        assert set(saved["errors"]) == {names[1]}
        page = client.post(reverse("leaders-grid"), {names[0]: "90", names[1]: "88,5"})
        assert "88,5" in page.content.decode()
        assert client.post(reverse("leaders-grid"), {names[0]: "", names[1]: "88.5"}).status_code == 302
    assert list(Rating.objects.values_list("sheet_id", "value", "rater")) == [
        (second.sheet_id, Decimal("88.5"), leader.pk)
    ]


def test_nobody_rates_their_own_unit(world: World) -> None:
    leader, own = world.leaders[0], world.assessments[0].sheet
    Membership.objects.create(user=leader, role=Role.FILER, unit=own.unit, since=world.at)
    with clock.travel(known(world.cycle.ratings_open_at)):
        page = signed_in(leader).get(reverse("leaders-grid"))
        assert [line["row"].task.process.sheet_id for line in page.context["lines"]] == [world.assessments[1].sheet_id]
        with pytest.raises(DomainError):
            save_leader_ratings(by=leader, values={own.pk: Decimal(99)}, arrived_at=clock.now())
    assert not Rating.objects.exists()


def test_a_window_closes_by_the_sweep_but_never_with_no_rating(world: World) -> None:
    assessment = world.assessments[0]
    task = world.task(assessment, "leadership_rating")
    closes = world.cycle.ratings_close_at
    assert closes
    with clock.travel(closes):
        assert close_ratings(task=task) is False, "none received: it stays open"
    Rating.objects.create(sheet=assessment.sheet, component="leaders", value=90, rater=world.leaders[0])
    with clock.travel(closes - timedelta(seconds=1)):
        assert close_ratings(task=task) is False, "not yet"
    set_rating_window(
        cycle=world.cycle,
        opens_at=known(world.cycle.ratings_open_at),
        closes_at=closes + timedelta(days=1),
        by=world.office,
    )
    with clock.travel(closes):
        assert close_ratings(task=task) is False, "the window was moved"
    with clock.travel(closes + timedelta(days=1)):
        assert close_ratings(task=task) is True
        assert close_ratings(task=task) is False


def test_what_waits_to_be_sent_names_the_window_as_it_was_moved_and_keeps_the_ballots_links(world: World) -> None:
    drawn(world)
    before = links()
    with world.clock():
        set_rating_window(
            cycle=world.cycle,
            opens_at=known(world.cycle.ratings_open_at),
            closes_at=datetime(2027, 1, 20, tzinfo=clock.BEIJING),
            by=world.office,
        )
        told = [message.said_body for message in waiting() if message.cause.startswith(("ballot:", "leaders:"))]
    assert len(told) == len(before) + 3
    assert all("1月19日 周二 24:00" in body and "1月15日" not in body for body in told)
    assert links() == before


def test_the_lists_use_a_fixed_number_of_queries(world: World, django_assert_max_num_queries: Any) -> None:
    drawn(world)
    office, leader = signed_in(world.office), signed_in(world.leaders[0])
    with django_assert_max_num_queries(10):
        office.get(reverse("draws"))
    with django_assert_max_num_queries(10):
        leader.get(reverse("leaders-grid"))


def test_leaders_are_told_once_for_the_cycle_however_many_units_wait(world: World) -> None:
    told = Message.objects.filter(cause__startswith="leaders:").values_list("to", flat=True)
    assert sorted(told) == sorted(user.pk for user in (world.chief, *world.leaders))
