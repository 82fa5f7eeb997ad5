"""A recipient's ballot: opened by a code that no address holds, looked at for nothing, changed until the close."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from common import clock
from scoring.models import Ballot, Draw
from tests.support.ballots import CAST, SHEET, Recipient, a_drawn_world, a_token
from tests.support.world import World
from workflow.rating.services.tokens import grouped

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_drawn_world()


@pytest.fixture
def recipient(world: World) -> Recipient:
    return Recipient(world)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Decimal, str]]:
    """What the box takes in: value and comment of each ballot that was cast."""
    from workflow.rating.services import entering

    seen: list[tuple[Decimal, str]] = []
    cast = entering.cast_ballot

    def watched(**given: Any) -> Any:
        receipt = cast(**given)
        seen.append((given["value"], given["comment"]))
        return receipt

    monkeypatch.setattr(entering, "cast_ballot", watched)
    return seen


def template(page: Any) -> str:
    return str(page.templates[0].name).rpartition("/")[2]


# ---- the code ----


def test_where_a_link_leads_nothing_is_known_of_any_ballot_and_nothing_is_used_up(world: World) -> None:
    token = a_token()
    before = Ballot.objects.values_list().get(token_sha256__isnull=False)
    for method in (Client().get, Client().head):
        page = method("/ballot/")
        assert page.status_code == 200 and token not in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
    assert Ballot.objects.values_list().get(token_sha256__isnull=False) == before


def test_an_address_takes_no_code(world: World, recipient: Recipient) -> None:
    token = a_token()
    assert recipient.client.get(f"/ballot/{token}/").status_code == 404
    assert recipient.client.get(f"/ballots/{token}/").status_code == 404
    asked = recipient.client.get(f"{SHEET}?token={token}", follow=True)
    assert template(asked) == "ballot_entry.html" and not asked.context["form"].is_bound


@pytest.mark.parametrize(
    "typed",
    [str, str.lower, grouped, lambda token: f" {grouped(token).lower()} ", lambda token: f"http://x/ballot/#{token}"],
    ids=["as it is", "small letters", "as printed", "with spaces", "the whole link"],
)
def test_a_code_opens_its_ballot_however_it_is_typed(recipient: Recipient, typed: Any) -> None:
    page = recipient.opens(typed(a_token()))
    assert (page.status_code, template(page)) == (200, "ballot.html")
    assert recipient.world.assessments[0].sheet.unit_name in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_opening_a_ballot_changes_nothing(recipient: Recipient, django_assert_num_queries: Any) -> None:
    token = a_token()
    before = list(Ballot.objects.values_list())
    recipient.opens(token)
    recipient.opens(token)
    assert list(Ballot.objects.values_list()) == before


def revoked(token: str) -> str:
    Ballot.objects.exclude(token_sha256=None).update(token_sha256=None, revoked_at=clock.now())
    return token


def superseded(token: str) -> str:
    Draw.objects.update(superseded_at=clock.now(), superseded_why="重抽")
    return token


def replaced(token: str) -> str:
    a_token()
    return token


@pytest.mark.parametrize(
    "spoilt",
    [
        revoked,
        superseded,
        replaced,
        lambda _token: "0" * 20,
        lambda token: token[:-1],
        lambda _token: "' or 1=1",
        lambda _t: "#",
    ],
    ids=["revoked", "of a draw that was superseded", "replaced", "unknown", "cut", "odd", "nothing"],
)
def test_what_opens_nothing_looks_alike(
    recipient: Recipient, spoilt: Any, django_assert_num_queries: Any, taken: list[Any]
) -> None:
    token = spoilt(a_token())
    with django_assert_num_queries(7):  # the tries before, the ballot, and in a transaction of its own the try
        page = recipient.opens(token)
    assert (page.status_code, template(page)) == (404, "ballot_entry.html")
    assert list(page.context["form"].errors) == ["token"]
    assert page.context["form"].errors["token"] == recipient.opens("1" * 20).context["form"].errors["token"]
    assert recipient.hands_in(token, value="50").status_code == 404
    assert not taken


def test_what_was_typed_is_not_lost_when_a_newer_link_has_replaced_this_one(recipient: Recipient) -> None:
    old = a_token()
    newer = a_token()
    page = recipient.hands_in(old, value="88", comment="服务很好")
    assert [page.context["form"][name].value() for name in ("value", "comment")] == ["88", "服务很好"]
    again = recipient.opens(newer, value="88", comment="服务很好")
    assert [again.context["form"][name].value() for name in ("value", "comment")] == ["88", "服务很好"]


def test_without_a_code_the_page_asks_for_one(recipient: Recipient) -> None:
    page = recipient.opens(" ")
    assert template(page) == "ballot_entry.html" and list(page.context["form"].errors) == ["token"]


# ---- the tries ----


def test_a_network_that_tries_too_often_waits_and_others_do_not(recipient: Recipient, settings: Any) -> None:
    settings.BALLOT_FREE_TRIES = 3
    token = a_token()
    assert [recipient.opens("0" * 20).status_code for _time in range(4)] == [404, 404, 404, 429]
    waiting = recipient.opens(token)
    assert waiting.status_code == 429 and 0 < int(waiting.headers["Retry-After"]) <= 30
    assert waiting.context["form"]["token"].value() == token
    elsewhere = Recipient(recipient.world)
    elsewhere.client = Client(REMOTE_ADDR="192.0.2.77")
    assert elsewhere.opens(token).status_code == 200
    recipient.world.at += settings.SIGN_IN_PAUSE
    assert recipient.opens(token).status_code == 200


def test_while_everybody_tries_too_often_each_network_has_one_try(recipient: Recipient, settings: Any) -> None:
    settings.BALLOT_FREE_TRIES_OF_ALL = 3
    for number in range(5):
        stranger = Recipient(recipient.world)
        stranger.client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        assert stranger.opens("0" * 20).status_code == 404
    assert stranger.opens("0" * 20).status_code == 429
    assert recipient.opens(a_token()).status_code == 200


def test_tries_are_forgotten_after_a_while(recipient: Recipient, settings: Any) -> None:
    settings.BALLOT_FREE_TRIES = 1
    assert [recipient.opens("0" * 20).status_code for _time in range(2)] == [404, 429]
    recipient.world.at += timedelta(minutes=15)
    assert [recipient.opens("0" * 20).status_code for _time in range(2)] == [404, 429]


# ---- the rating ----


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"value": "0"}, "0"),
        ({"value": "100"}, "100"),
        ({"value": " 88.25 "}, "88.25"),
        ({"step": "85"}, "85"),
        ({"step": "85", "value": ""}, "85"),
        ({"step": "85", "value": "87"}, "87"),
    ],
    ids=["least", "most", "a number", "a step", "a step and nothing typed", "the number that was typed"],
)
def test_a_rating_counts(
    recipient: Recipient, taken: list[tuple[Decimal, str]], fields: dict[str, str], counted: str
) -> None:
    page = recipient.hands_in(a_token(), comment=" 服务很好 ", **fields)
    assert (page.status_code, template(page)) == (200, "ballot_done.html")
    assert page.context["receipt"].code in page.content.decode()
    assert taken == [(Decimal(counted), "服务很好")]


@pytest.mark.parametrize("value", [" ", "-1", "100.01", "101", "abc", "88.123", "1e3", "NaN", "Infinity"])
def test_what_is_no_rating_is_refused_and_stays_on_the_page(recipient: Recipient, taken: list[Any], value: str) -> None:
    token = a_token()
    page = recipient.hands_in(token, value=value, comment="有话说")
    assert list(page.context["form"].errors) == ["value"]
    assert [page.context["form"][name].value() for name in ("value", "comment")] == [value, "有话说"]
    assert not taken
    assert template(recipient.hands_in(token, value="88")) == "ballot_done.html"


def test_a_comment_is_bounded_and_the_page_says_so(recipient: Recipient, taken: list[Any]) -> None:
    token = a_token()
    page = recipient.hands_in(token, value="88", comment="长" * 301)
    assert list(page.context["form"].errors) == ["comment"] and not taken
    assert "300" in recipient.opens(token).content.decode()
    recipient.hands_in(token, value="88", comment="长" * 300)
    assert len(taken) == 1


def test_the_page_says_in_brief_what_the_unit_did(recipient: Recipient) -> None:
    lines = recipient.world.assessments[0].sheet.lines.order_by("position")
    lines.update(text="")
    for number, line in enumerate(lines[:4]):
        line.text, line.claimed = "开展科普活动\n" + "很" * 30 * number, Decimal(number)
        line.save()
    told = recipient.opens(a_token()).context["deeds"]
    assert [len(text) for text in told] == [60, 60, 37]
    assert told[2].startswith("开展科普活动 很")


def test_outside_its_window_a_ballot_says_when_and_counts_nothing(recipient: Recipient, taken: list[Any]) -> None:
    cycle, token = recipient.world.cycle, a_token()
    assert cycle.ratings_open_at and cycle.ratings_close_at
    for instant in (cycle.ratings_open_at - timedelta(seconds=1), cycle.ratings_close_at):
        recipient.world.at = instant
        for answer in (recipient.opens(token), recipient.hands_in(token, value="50")):
            assert answer.status_code == 403
            assert answer.context["reason"] and answer.content.decode().count("<time") == 2
    assert not taken


def test_no_account_and_no_script_is_needed(recipient: Recipient) -> None:
    page = recipient.opens(a_token()).content.decode()
    assert page.count('type="radio"') == 5 and f'action="{CAST}"' in page
    entry = recipient.client.get("/ballot/").content.decode()
    assert f'action="{SHEET}"' in entry and 'name="token"' in entry


def test_nothing_is_fetched_from_elsewhere(recipient: Recipient) -> None:
    for page in (recipient.client.get("/ballot/"), recipient.opens(a_token())):
        said = page.content.decode()
        assert "//" not in said.replace("http://www.w3.org", "").partition("<body")[0]
        assert page.headers["Referrer-Policy"] == "same-origin"


# ---- the device ----


def test_a_device_is_counted_within_a_unit_and_joins_nothing_else() -> None:
    world = a_drawn_world(2)
    first, second = (list(assessment.sheet.draws.get().ballots.all()) for assessment in world.assessments)
    shared, own = Recipient(world), Recipient(world)
    for ballot in (first[0], first[1], second[0]):
        shared.opens(a_token(ballot))
        shared.hands_in(a_token(ballot), value="80")
    own.hands_in(a_token(second[1]), value="80")
    marks = dict(Ballot.objects.exclude(device_sha256="").values_list("pk", "device_sha256"))
    assert marks[first[0].pk] == marks[first[1].pk] != marks[second[0].pk]
    assert len(set(marks.values())) == 3
    cookie = shared.client.cookies["ballot-device"]
    assert cookie["httponly"] and cookie["path"] == "/ballot/" and cookie.value not in str(marks)
