"""The pages of the ballot box: the ceremony of its key, its opening, a decision on too few, and the public list."""

import re
from typing import Any

import pytest
from django.test import Client

from scoring.models import KeyHolding, Rating, Tally, TallyKey
from tests.support.boxes import ballots_of, cast_all, closed, shared_key
from tests.support.inbox import owed_on
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.rating.services import opening

pytestmark = pytest.mark.django_db
WORDS = re.compile(r"<li>([a-z]+)</li>")


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).accepted()


@pytest.fixture
def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def owed(office: Visitor) -> list[str]:
    """What the office reads that it owes."""
    return [each.what for each in owed_on(office.get("/"))]


def typed(shares: list[str]) -> dict[str, str]:
    return {f"share_{number}": share for number, share in enumerate(shares, start=1)}


def voted(world: World, many: int = 6) -> list[str]:
    return [
        receipt.code
        for assessment in world.assessments
        for receipt in cast_all(world, ballots_of(world, assessment, 8), list(range(80, 80 + many)))
    ]


# ---- the key ----


def test_the_key_is_made_shown_once_as_three_sheets_and_proved_from_paper(world: World, office: Visitor) -> None:
    TallyKey.objects.all().delete()
    assert "生成票箱密钥" in owed(office)
    page = office.post("/ballot-box/key/", {"holding": "shares"})
    words = WORDS.findall(page.content.decode())
    assert len(words) == 60 and "no-store" in page.headers["Cache-Control"]
    assert not any(word in office.get("/ballot-box/").content.decode().split() for word in words)
    assert not WORDS.findall(office.get("/ballot-box/key/").content.decode())
    shares = [" ".join(words[start : start + 20]) for start in (0, 20, 40)]
    wrong = office.post("/ballot-box/proof/", typed([shares[0], "academic", shares[2]]))
    assert list(wrong.context["form"].errors) == ["share_2"]
    assert office.post("/ballot-box/proof/", typed(shares)).url == f"/ballot-box/?cycle={world.cycle.pk}"
    assert TallyKey.objects.get().proved_at
    assert "生成票箱密钥" not in owed(office)


def test_the_system_s_key_shows_no_words(world: World, office: Visitor) -> None:
    TallyKey.objects.all().delete()
    assert office.post("/ballot-box/key/", {"holding": "system"}).status_code == 302
    assert TallyKey.objects.get().holding == KeyHolding.SYSTEM


def test_a_box_has_one_key(world: World, office: Visitor) -> None:
    assert "已有密钥" in office.get("/ballot-box/key/").content.decode()
    assert office.post("/ballot-box/key/", {"holding": "shares"}).status_code == 200
    assert office.post("/ballot-box/key/", {"holding": "nobody"}).context["form"].errors
    assert TallyKey.objects.count() == 1


def test_lost_shares_are_given_up_with_a_reason(world: World, office: Visitor) -> None:
    assert "/ballot-box/give-up/" not in office.get("/ballot-box/").content.decode(), "the system loses nothing"
    shared_key(world)
    assert "/ballot-box/give-up/" in office.get("/ballot-box/").content.decode()
    assert office.get("/ballot-box/give-up/").status_code == 200
    assert office.post("/ballot-box/give-up/", {"why": ""}).context["form"].errors
    assert office.post("/ballot-box/give-up/", {"why": "遗失"}).status_code == 302
    assert office.post("/ballot-box/give-up/", {"why": "遗失"}).context["form"].errors


# ---- opening ----


def test_two_shares_open_the_box_on_one_page(world: World, office: Visitor) -> None:
    shares = shared_key(world)
    voted(world)
    world.at = closed(world)
    assert "开启票箱" in owed(office)
    assert office.get("/ballot-box/open/").status_code == 200
    assert office.post("/ballot-box/open/", typed(shares[:2])).status_code == 302
    assert Rating.objects.count() == 12
    assert "开启票箱" not in owed(office)
    assert [box.state for box in office.get("/ballot-box/").context["boxes"]] == ["opened", "opened"]


def test_where_there_is_more_the_words_stand_there_to_go_on(
    world: World, office: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening.open_box, "__kwdefaults__", {"most": 1})
    shares = shared_key(world)
    voted(world)
    world.at = closed(world)
    page = office.post("/ballot-box/open/", typed(shares[:2]))
    assert page.status_code == 200 and shares[0] in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert office.post("/ballot-box/open/", typed(shares[:2])).status_code == 302
    assert Rating.objects.count() == 12


def test_shares_that_open_nothing_say_why(world: World, office: Visitor) -> None:
    shares = shared_key(world)
    voted(world)
    world.at = closed(world)
    page = office.post("/ballot-box/open/", typed([shares[0], shares[0]]))
    assert page.context["form"].non_field_errors()
    assert not Rating.objects.exists()


def test_a_unit_that_can_t_be_opened_is_named(world: World, office: Visitor) -> None:
    shares = shared_key(world)
    voted(world)
    bad = world.assessments[0].sheet
    bad.draws.get().ballots.filter(spent=True).update(sealed=None)
    world.at = closed(world)
    assert office.post("/ballot-box/open/", typed(shares[:2])).status_code == 302
    page = office.get("/ballot-box/").content.decode()
    assert f"{bad.unit_name}：" in page
    assert Rating.objects.count() == 6


@pytest.mark.parametrize("path", ["/ballot-box/", "/ballot-box/open/", "/ballot-box/key/", "/ballot-box/give-up/"])
def test_without_a_cycle_the_pages_say_so(path: str) -> None:
    world = a_cycle().with_units(1)
    office = Visitor(world, world.office)
    assert office.get(path).status_code == 200
    assert office.post(path, {"why": "x", "holding": "shares", **typed(["a", "b"])}).status_code in (200, 405)


def test_the_box_asks_the_database_the_same_for_one_unit_and_for_many(world: World, office: Visitor) -> None:
    voted(world)
    few = len(office.questions("/ballot-box/"))
    more = a_cycle(year=2025).with_units(6).accepted()
    voted(more)
    assert len(Visitor(more, more.office).questions(f"/ballot-box/?cycle={more.cycle.pk}")) <= few + 1


# ---- too few ----


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"decision": "extend", "why": "少"}, ["until"]),
        ({"decision": "draw_more", "why": "少"}, ["until", "count"]),
        ({"decision": "draw_more", "why": "少", "until": "x", "count": "x"}, ["until", "count"]),
        ({"decision": "draw_more", "why": "少", "until": "2027-02-20", "count": "99"}, ["count"]),
        ({"decision": "extend", "why": "少", "until": "2027-01-02"}, ["until"]),
        ({"decision": "take"}, ["why"]),
        ({"why": "少"}, ["decision"]),
    ],
)
def test_a_decision_needs_all_that_belongs_to_it(
    world: World, office: Visitor, given: dict[str, str], faults: list[str]
) -> None:
    voted(world, 4)
    world.at = closed(world)
    page = office.post(f"/ballot-box/units/{world.assessments[0].sheet_id}/", given)
    assert sorted(page.context["form"].errors) == sorted(faults)


@pytest.mark.parametrize(
    "given",
    [
        {"decision": "extend", "until": "2027-02-20"},
        {"decision": "draw_more", "until": "2027-02-20", "count": "2"},
        {"decision": "take"},
    ],
)
def test_the_office_decides_on_a_unit(world: World, office: Visitor, given: dict[str, Any]) -> None:
    voted(world, 4)
    world.at = closed(world)
    assert "对评价人数不足的单位作出决定" in owed(office)
    path = f"/ballot-box/units/{world.assessments[0].sheet_id}/"
    assert office.get(path).status_code == 200
    assert office.post(path, given | {"why": "人少"}).status_code == 302
    assert Tally.objects.get().decision == given["decision"]
    assert office.get("/ballot-box/").status_code == 200


def test_a_unit_that_waits_for_nobody_has_no_such_page(world: World, office: Visitor) -> None:
    assert office.get("/ballot-box/units/999/").status_code == 404


# ---- the public list ----


def test_whoever_kept_a_receipt_finds_it_and_nothing_else(world: World, office: Visitor) -> None:
    assert "尚未计票" in Client().get("/ballot-receipts/").content.decode()
    shares, codes = shared_key(world), voted(world)
    world.at = closed(world)
    office.post("/ballot-box/open/", typed(shares[:2]))
    for code in (codes[0], codes[0].lower().replace("-", " ")):
        page = Client().post("/ballot-receipts/", {"code": code})
        assert page.context["found"].sheet == world.assessments[0].sheet
        assert "no-store" in page.headers["Cache-Control"]
    other = Client().post("/ballot-receipts/", {"code": "22222-22222-22222-22222"})
    assert other.context["found"] is None and other.status_code == 200
    assert Client().post("/ballot-receipts/", {"code": ""}).context["form"].errors
