"""The demo's world with few units: a finished cycle and a live one, by contract 6; loaded once, nothing is mailed."""

import json
from collections import Counter
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, Role, User
from audit.models import Event
from audit.verbs import Verb
from demo.queries import one_of_each_role
from demo.world.cast import PASSWORD
from demo.world.history import STEPS
from demo.world.loading import OPENING, is_loaded, load
from demo.world.names import SHARES, names_of, shares
from demo.world.report import report
from demo.world.stage import remembered
from outbox.models import Message
from scoring.models import Cycle, Incident, Record, ScoreSheet, Step
from tests.support.clients import browser_of
from tests.support.played import a_demo_of
from workflow.board.models import Board, BoardLine
from workflow.flow.models import Assessment
from workflow.flow.queries.process import open_tasks
from workflow.publicity.models import Objection, Publicity

pytestmark = pytest.mark.django_db
FEW, WHOLE_STORY = 8, 45
TRACKS = ("district", "society", "enterprise", "university")
ENDS = {Step.CIRCULATED, Step.EXCLUDED, Step.NOT_ASSESSED}


def quiet(_text: str) -> None:
    """Say nothing."""


def demo(*options: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("demo", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (User, Cycle, ScoreSheet, Event, Message, Membership)}


def states(year: int) -> Counter[str]:
    counted: Counter[str] = Counter()
    for track in next(cycle for cycle in report()["cycles"] if cycle["year"] == year)["tracks"].values():
        counted.update(track["states"])
    return counted


# ---- how many of whom --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("total", [1, 8, 10, 45, 100, 171, 1000])
def test_units_are_spread_over_every_track(total: int) -> None:
    counts = shares(total)
    assert set(counts) == set(TRACKS)
    assert min(counts.values()) >= 2
    assert sum(counts.values()) == max(total, 8)


def test_without_a_number_the_demo_has_its_own() -> None:
    assert shares(None) == SHARES == {"district": 41, "society": 60, "enterprise": 40, "university": 30}


@pytest.mark.parametrize("track", TRACKS)
@pytest.mark.parametrize("count", [2, 41, 300])
def test_every_unit_of_a_track_has_a_name_of_its_own(track: str, count: int) -> None:
    names = names_of(track, count)
    assert len(names) == len(set(names)) == count


def test_districts_have_their_real_names_and_all_others_are_plainly_made_up() -> None:
    assert names_of("district", 1) == ["万州区科协"]
    assert not any("示例" in name for name in names_of("district", 41))
    for track in TRACKS[1:]:
        assert all("示例" in name for name in names_of(track, 100))


# ---- a small world -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [1, 10, WHOLE_STORY])
def test_a_small_world_comes_to_its_end_too(units: int) -> None:
    a_demo_of(units)
    past, present = report()["cycles"]
    assert past["year"] == 2020
    assert sum(track["units"] for track in past["tracks"].values()) == max(units, FEW)
    assert set(states(2020)) <= ENDS
    assert Cycle.objects.get(year=2020).closed_at is not None
    assert Cycle.objects.get(year=present["year"]).is_open
    assert not open_tasks().filter(process__sheet__cycle__year=2020).exists()


def test_the_report_has_the_shape_of_the_contract() -> None:
    a_demo_of(FEW)
    for cycle in report()["cycles"]:
        assert set(cycle) == {"year", "tracks", "stages"}
        assert tuple(cycle["tracks"]) == TRACKS
        for track in cycle["tracks"].values():
            assert set(track) == {"units", "states"}
            assert sum(track["states"].values()) == track["units"]
            assert set(track["states"]) <= set(Step.values)
        for stage in cycle["stages"]:
            assert set(stage) == {"name", "seconds"}
            assert stage["seconds"] >= 0
    assert report()["cycles"][0]["stages"][0]["name"] == "opening"


def test_every_step_is_told_in_one_line_as_it_is_played() -> None:
    lines: list[str] = []
    load(lines.append, units=FEW)
    told = [tuple(line.split()[:2]) for line in lines]
    year = str(Cycle.objects.latest("year").year)
    assert told == [("2020", name) for name in (OPENING, *(node for node, _scenes in STEPS))] + [
        (year, OPENING),
        (year, "self_evaluation"),
    ]
    assert set(remembered()) == set(Cycle.objects.values_list("year", flat=True))


def test_nothing_leaves_the_house() -> None:
    a_demo_of(FEW)
    assert mail.outbox == []
    links = Message.objects.filter(cause__startswith="ballot:")
    assert links.exists()
    assert not any(link.address or "#" in link.body for link in links)
    assert not Message.objects.filter(sent_at=None, created_at__year__lte=2021).exists()
    assert all(address.endswith("@example.org") for address in User.objects.values_list("email", flat=True) if address)


def test_nobody_in_the_demo_is_a_real_person() -> None:
    a_demo_of(FEW)
    assert all(name.startswith("演示") for name in User.objects.values_list("name", flat=True))


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    """What a world long enough for all special cases holds; the world itself is forgotten at once."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        a_demo_of(WHOLE_STORY)
        past = Assessment.objects.filter(sheet__cycle__year=2020)
        told = {
            "states": states(2020),
            "verbs": set(Event.objects.filter(cycle="2020").values_list("verb", flat=True)),
            "not assessed": past.filter(step=Step.NOT_ASSESSED).count(),
            "barred": ScoreSheet.objects.filter(cycle__year=2020, incidents__not_assessed=False).distinct().count(),
            "incidents": Incident.objects.count(),
            "records": Record.objects.filter(kind="deduction").count(),
            "upheld": Objection.objects.filter(decision="upheld").count(),
            "publicities": Publicity.objects.count(),
            "gained": _gained(),
            "societies": Board.objects.filter(track__cycle__year=2020, track__code="society").count(),
            "live": states(Cycle.objects.latest("year").year),
            "filed twice": past.filter(sheet__submissions__number=2).count(),
        }
        transaction.set_rollback(True)
    return told


def _gained() -> list[Decimal]:
    """By how much each unit that is public for the second time is better than in the first list."""
    again = Publicity.objects.latest("board__version")
    lines = BoardLine.objects.filter(sheet__in=again.sheets.all()).order_by("board__version")
    totals = [line.total for line in lines if line.total is not None]
    return [second - first for first, second in pairwise(totals)]


def test_the_finished_cycle_has_every_end(story: dict[str, Any]) -> None:
    assert set(story["states"]) == ENDS
    assert story["not assessed"] == 1
    assert sum(story["states"].values()) == WHOLE_STORY


def test_the_finished_cycle_shows_every_turn_that_an_assessment_can_take(story: dict[str, Any]) -> None:
    wanted = {
        Verb.EXTENDED,
        Verb.EXCLUDED,
        Verb.REINSTATED,
        Verb.RETURNED,
        Verb.REOPENED,
        Verb.NOT_ASSESSED,
        Verb.OBJECTION_DECIDED,
        Verb.CIRCULATED,
        Verb.CYCLE_CLOSED,
    }
    assert wanted <= story["verbs"]


def test_incidents_a_deduction_and_an_upheld_objection_are_there_to_look_at(story: dict[str, Any]) -> None:
    assert (story["incidents"], story["barred"], story["records"], story["upheld"]) == (2, 1, 1, 1)
    assert story["societies"] == 2
    assert story["publicities"] == len(TRACKS) + 1
    assert len(story["gained"]) == 1
    assert story["gained"][0] > 0


def test_the_live_cycle_has_units_that_are_done_and_units_that_are_not(story: dict[str, Any]) -> None:
    assert story["filed twice"] == 1
    assert set(story["live"]) == {Step.SELF_EVALUATION, Step.ACCEPTANCE}


# ---- the command -------------------------------------------------------------------------------------------------


def test_the_command_loads_once() -> None:
    demo("--units", str(FEW))
    before = counts()
    assert is_loaded()
    assert demo("--units", "100").strip()
    demo("--report")
    assert counts() == before


def test_the_report_is_json_and_nothing_but_json() -> None:
    told = json.loads(demo("--units", str(FEW), "--report", "--json"))
    assert told == json.loads(json.dumps(report()))
    assert json.loads(demo("--report", "--json")) == told


def test_the_report_for_people_names_every_track_and_step() -> None:
    a_demo_of(FEW)
    text = demo("--report")
    assert "2020" in text
    for word in (*TRACKS, "circulated 2", "consolidation"):
        assert word in text


def test_an_account_of_each_role_is_told_and_signs_in() -> None:
    a_demo_of(FEW)
    text = demo("--accounts")
    accounts = list(one_of_each_role())
    assert [account.role for account in accounts] == list(Role)
    for account in accounts:
        assert account.username in text and account.place in text
        answer = Client().post("/sign-in/", {"username": account.username, "password": PASSWORD})
        assert (answer.status_code, answer.url) == (302, "/")


def test_every_role_s_first_page_opens() -> None:
    a_demo_of(FEW)
    for account in one_of_each_role():
        assert browser_of(User.objects.get(username=account.username)).get("/").status_code == 200


@pytest.mark.parametrize("units", ["0", "-3"])
def test_no_units_are_a_wrong_usage(units: str) -> None:
    with pytest.raises(CommandError) as caught:
        demo("--units", units)
    assert caught.value.returncode == 2
    assert not Cycle.objects.exists()


def test_without_a_memory_of_the_steps_the_report_has_none(settings: Any, tmp_path: Path) -> None:
    a_demo_of(FEW)
    settings.DATA_DIR = tmp_path
    assert [cycle["stages"] for cycle in report()["cycles"]] == [[], []]
