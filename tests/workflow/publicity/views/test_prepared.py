"""A public list is rendered once for each state, and handed to strangers: never an old one, and the same to all."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.front import ARRIVED
from tests.support.clients import browser_of
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.publicity.models import Publicity
from workflow.publicity.views import prepared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer of the database stands for a blink."""
    monkeypatch.setattr(prepared, "FRESH", 0)


@pytest.fixture
def world() -> World:
    """Two districts whose results are public; no page is prepared yet."""
    return a_cycle().with_units(2).published()


def address() -> str:
    return reverse("public-publicity", args=[Publicity.objects.earliest("pk").slug])


def read(world: World, client: Client | None = None, **more: str) -> str:
    """The page as somebody gets it, a stranger if nobody is named."""
    with world.clock():
        return (client or Client()).get(address(), headers=more).content.decode()


def test_the_second_stranger_s_page_takes_one_question(world: World) -> None:
    first = read(world)
    path = address()
    with CaptureQueriesContext(connection) as queries, world.clock():
        second = Client().get(path).content.decode()
    assert len([query for query in queries if "audit_clockshift" not in query["sql"]]) == 1
    assert second == first


def test_a_page_sets_no_cookie_and_its_form_changes_the_language_without_a_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert "csrfmiddlewaretoken" not in read(world, client)
    assert not client.cookies
    assert client.post(reverse("set_language"), {"language": "en", "next": address()}).status_code == 302
    assert "Publicity of the" in read(world, client)


def test_a_newer_list_of_the_track_shows_at_once(world: World) -> None:
    assert "现行" not in read(world)
    board = Board.objects.get()
    board.pk, board.version = None, 2
    board.save()
    newer = Publicity.objects.get()
    newer.pk, newer.board, newer.slug = None, board, "newer"
    newer.save()
    newer.sheets.set(Publicity.objects.earliest("pk").sheets.all())
    assert reverse("public-publicity", args=["newer"]) in read(world)


def test_the_day_and_the_end_show_at_once(world: World) -> None:
    assert "还剩 5 个工作日" in read(world)
    world.at += timedelta(days=4)
    assert "还剩 5 个工作日" not in read(world)
    world.at = Publicity.objects.get().ends_at
    assert reverse("public-object", args=[Publicity.objects.get().slug]) not in read(world)


def test_each_reads_it_in_their_language(world: World) -> None:
    assert "公示" in read(world, accept_language="zh-hans")
    assert "Publicity of the" in read(world, accept_language="en")


def test_who_is_signed_in_finds_the_way_to_their_tasks(world: World) -> None:
    read(world)
    mark = f'href="{reverse("inbox")}"'
    assert mark in read(world, browser_of(world.office))
    assert mark not in read(world)


def test_a_question_behind_the_address_comes_back_after_a_change_of_language(world: World) -> None:
    read(world)
    with world.clock():
        page = Client().get(address(), {"from": "wechat"}).content.decode()
    assert f'value="{address()}?from=wechat"' in page


def test_what_has_not_changed_is_not_sent_again(world: World) -> None:
    client = Client()
    with world.clock():
        tag = client.get(address()).headers["ETag"]
        assert client.get(address(), headers={"If-None-Match": tag}).status_code == 304
        assert Client().get(address(), headers={"If-None-Match": tag}).status_code == 304
    with world.clock(world.at + timedelta(days=4)):
        assert client.get(address(), headers={"If-None-Match": tag}).status_code == 200


def test_it_is_asked_for_again_each_time_and_apart_for_each_language(world: World) -> None:
    with world.clock():
        for _time in range(2):
            answer = Client().get(address())
            assert answer.headers["Cache-Control"] == "no-cache"
            assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_no_more_pages_are_kept_than_fit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_KEPT", 2)
    for _day in range(4):
        assert "考核" in read(world)
        world.at += timedelta(days=1)
    assert len(prepared._PREPARED) <= 2


def test_a_list_that_there_is_not_is_not_found() -> None:
    assert Client().get(reverse("public-publicity", args=["nothing"])).status_code == 404


def test_within_a_blink_the_database_is_not_asked_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "FRESH", 60)
    read(world)
    path = address()
    with CaptureQueriesContext(connection) as queries, world.clock():
        Client().get(path)
    assert not [query for query in queries if "workflow_publicity" in query["sql"]]


def test_who_came_before_the_house_was_asked_shares_its_answer(world: World) -> None:
    before = time.monotonic()
    read(world)
    path = address()
    with CaptureQueriesContext(connection) as queries, world.clock():
        Client().get(path, **{ARRIVED: before})
        assert not [query for query in queries if "workflow_publicity" in query["sql"]]
        Client().get(path, **{ARRIVED: time.monotonic()})
        assert [query for query in queries if "workflow_publicity" in query["sql"]]
