"""Pages about units at every step at once: list and file agree, shapes and holders are right, the gates hold."""

import csv
import re
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from common.wording import spoken_instant
from scoring.models import Step
from tests.support.clients import browser_of
from tests.support.inbox import owed_on
from tests.workflow.pages.walked import read
from tests.workflow.queries.spread import SOCIETY, Spread
from workflow.flow.models import Task
from workflow.flow.queries.visibility import assessments_visible_to, tasks_for

pytestmark = pytest.mark.django_db
YEAR, CLOSED = 2027, 2026
FILTERS = ("", "?track=society", "?step=department_review", "?late=on", "?track=district&late=on", "?search=nobody")


@pytest.fixture
def office(found: Spread) -> Client:
    return browser_of(found.world.office)


def dashboard(client: Client, query: str = "", year: int = YEAR) -> Any:
    return client.get(reverse("cycle", args=[year]) + query)


@dataclass(frozen=True)
class Line:
    """A line of the file, its cells in their order."""

    code: str
    unit: str
    track: str
    step: str
    late: str
    holders: str
    due: str
    total: str


def table(client: Client, query: str = "", year: int = YEAR) -> list[Line]:
    text = client.get(reverse("cycle-export", args=[year]) + query).content.decode("utf-8-sig")
    return [Line(*cells) for cells in csv.reader(StringIO(text))][1:]


# ---- list and file ----


@pytest.mark.parametrize("query", FILTERS)
def test_the_file_holds_the_rows_of_the_page(office: Client, query: str) -> None:
    rows = dashboard(office, query).context["rows"]
    lines = table(office, query)
    assert [(line.unit, line.step, line.holders) for line in lines] == [
        (row.unit, row.step, "、".join(row.holders)) for row in rows
    ]
    assert [line.late != "" for line in lines] == [row.state == "late" for row in rows]


def test_totals_in_the_file_have_two_decimals_and_stand_only_where_there_is_one(office: Client, found: Spread) -> None:
    lines = {line.unit: line.total for line in table(office)}
    for name, one in found.at_place.items():
        total = lines[one.sheet.unit_name]
        one.sheet.refresh_from_db()
        assert total == ("" if one.sheet.total is None else f"{one.sheet.total:.2f}"), name
    assert re.fullmatch(r"\d+\.\d\d", lines[found.at_place["circulated"].sheet.unit_name])
    assert lines[found.at_place["filling"].sheet.unit_name] == ""


def test_the_due_day_in_the_file_is_the_earliest_of_those_who_must_act(office: Client, found: Spread) -> None:
    lines = {line.unit: line.due for line in table(office)}
    for name, one in found.at_place.items():
        dues = [task.due_at for task in one.task_set.filter(finished=None) if task.role and task.due_at]
        wanted = spoken_instant(min(dues), year=True) if dues else ""
        assert lines[one.sheet.unit_name] == wanted, name


@pytest.mark.parametrize(
    ("place", "shape"),
    [
        ("circulated", "done"),
        ("excluded", "off"),
        ("not assessed", "off"),
        ("district under review", "late"),
        ("with the head", "wait"),
        ("publicity", "wait"),
        ("filling", "wait"),
    ],
)
def test_the_shape_beside_the_step(office: Client, found: Spread, place: str, shape: str) -> None:
    rows = {row.unit: row.state for row in dashboard(office).context["rows"]}
    assert rows[found.at_place[place].sheet.unit_name] == shape


def test_who_holds_a_unit_is_said_by_place_or_role(office: Client, found: Spread) -> None:
    rows = {row.unit: row.holders for row in dashboard(office).context["rows"]}
    held = {name: rows[one.sheet.unit_name] for name, one in found.at_place.items()}
    desk = found.world.desks[SOCIETY]
    assert desk
    assert {tuple(held[name]) for name in ("at the desk", "with the reviewer", "with the head")} == {(desk.name,)}
    assert held["filling"] == ["单位填报人"]
    assert held["consolidation"] == ["领导小组办公室"]
    nobody = ("circulated", "circulation", "publicity", "signed", "approval", "excluded", "not assessed")
    assert {name: held[name] for name in nobody} == {name: [] for name in nobody}


def test_the_head_of_the_page_counts_what_the_rows_show(office: Client) -> None:
    page = dashboard(office)
    assert page.context["total"] == len(page.context["rows"])
    assert page.context["late"] == sum(row.state == "late" for row in page.context["rows"])


# ---- the closed cycle ----


def test_a_closed_cycle_shows_when_it_was_closed_and_nothing_to_press(office: Client, found: Spread) -> None:
    page = read("office", "cycle", "/", dashboard(office, year=CLOSED).content.decode())
    words = " ".join(piece.words for piece in page.pieces)
    found.closed.cycle.refresh_from_db()
    assert found.closed.cycle.closed_at
    assert "已办结" in words
    assert [tag for tag in page.of("input") if tag.attributes.get("name") == "ids"] == []
    assert not {reverse("cycle-close", args=[CLOSED]), reverse("cycle-nudge", args=[CLOSED])} & page.links
    assert reverse("cycle", args=[YEAR]) in page.links


@pytest.mark.parametrize("name", ["cycle-nudge", "cycle-extensions", "cycle-close"])
def test_nothing_is_done_to_a_closed_cycle(office: Client, found: Spread, name: str) -> None:
    cycle, before = found.closed.cycle, Event.objects.count()
    cycle.refresh_from_db()
    closed_at = cycle.closed_at
    data = {
        "ids": [assessment.pk for assessment in found.closed.assessments],
        "confirmed": "1",
        "why": "补办",
        "closed": "1",
    }
    assert office.post(reverse(name, args=[CLOSED]), data).status_code in (200, 302, 404)
    cycle.refresh_from_db()
    assert cycle.closed_at == closed_at
    assert Event.objects.count() == before


def test_the_way_to_the_current_cycle_is_to_the_one_that_runs(office: Client) -> None:
    assert office.get(reverse("dashboard")).headers["Location"] == reverse("cycle", args=[YEAR])


# ---- the gates ----


def test_the_page_of_an_assessment_opens_for_whom_it_exists_and_nobody_else(found: Spread) -> None:
    for name, actor in found.actors().items():
        client, seen = browser_of(actor.user), set(assessments_visible_to(actor))
        for place, one in found.at_place.items():
            status = client.get(reverse("assessment", args=[one.pk])).status_code
            gone = 403 if name == "gone" else 404
            assert status == (200 if one in seen else gone), (name, place)


def test_the_address_of_a_task_leads_whoever_owes_it_to_where_it_is_done(found: Spread) -> None:
    for name, actor in found.actors().items():
        client = browser_of(actor.user)
        owed, seen = set(tasks_for(actor)), {assessment.pk for assessment in assessments_visible_to(actor)}
        for task in Task.objects.filter(finished=None).exclude(role=""):
            answer = client.get(reverse("task", args=[task.pk]), follow=True)
            allowed = {200} if task in owed else {200, 404} if task.process_id in seen else {403, 404}
            assert answer.status_code in allowed, (name, task.flow_task.name)
            if task in owed:
                assert "assessments" not in answer.request["PATH_INFO"], (name, task.flow_task.name)


def test_the_inbox_counts_what_it_shows(found: Spread) -> None:
    for name, actor in found.actors().items():
        page = browser_of(actor.user).get("/")
        if name == "gone":
            continue
        rows = owed_on(page)
        assert page.context["total"] == len(rows), name
        assert {row.task for row in rows if row.task} == set(tasks_for(actor)), name


def test_every_step_is_said_in_chinese_on_the_page_of_its_unit(found: Spread, office: Client) -> None:
    for name, one in found.at_place.items():
        one.refresh_from_db()
        page = office.get(reverse("assessment", args=[one.pk]))
        states = [step.state for step in page.context["steps"]]
        assert states.count("now") == (0 if one.step == Step.CIRCULATED else 1), name
        assert "past" not in states[states.index("now") :] if "now" in states else True, name
        assert str(Step(one.step).label) in page.content.decode(), name


def test_who_left_is_told_nothing(found: Spread) -> None:
    client = browser_of(found.others["gone"])
    for path in ("/", reverse("cycle", args=[YEAR]), reverse("messages"), reverse("results")):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert found.at_place["returned"].sheet.unit_name not in answer.content.decode()
