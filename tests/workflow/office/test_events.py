"""All records: office and supervisor find what was done, and take it away as a table."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import Role
from audit.services import log
from audit.verbs import Verb
from common.clock import BEIJING
from tests.support.clients import browser_of
from tests.support.world import World, a_cycle, a_person
from workflow.office.services.extensions import extend_deadline
from workflow.rating.services.window import set_rating_window

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).opened()


def shown(client, **query: object) -> list[str]:
    return [told.event.verb for told in client.get(reverse("events"), query).context["rows"]]


def test_office_and_supervisor_read_everything(world: World) -> None:
    for person in (world.office, world.supervisor):
        assert shown(browser_of(person)).count("assessment.opened") == 2


def test_events_are_found_by_year_verb_person_and_subject(world: World) -> None:
    client = browser_of(world.supervisor)
    sheet = world.assessments[0].sheet
    with world.clock():
        log(Verb.RECORD_LOGGED, sheet, by=world.chief, cycle="2020")
    assert shown(client, year=2020) == ["record.logged"]
    assert shown(client, verb="cycle.opened") == ["cycle.opened"]
    assert shown(client, person=world.chief.name) == ["record.logged"]
    assert shown(client, subject=sheet.unit_name) == ["record.logged", "assessment.opened"]
    assert shown(client, subject=f"sheet:{sheet.pk}", verb="record.logged") == ["record.logged"]
    assert shown(client, subject="nobody at all") == []


@pytest.mark.parametrize("query", [{"year": "x"}, {"year": "²"}, {"verb": "no.such"}, {"page": "x"}, {"page": "999"}])
def test_a_strange_question_gets_a_page(world: World, query: dict[str, str]) -> None:
    assert browser_of(world.office).get(reverse("events"), query).status_code == 200


def test_subjects_are_named_as_people_know_them(world: World) -> None:
    rows = browser_of(world.office).get(reverse("events"), {"verb": "assessment.opened"}).context["rows"]
    names = {f"{assessment.sheet.unit_name} 2026" for assessment in world.assessments}
    assert {told.called for told in rows} == names


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_takes_a_fixed_number_of_queries(world: World, django_assert_max_num_queries, count: int) -> None:
    for number in range(count):
        for subject in (f"user:{a_person(Role.LEADER).pk}", f"unit:{number}", "cycle:2026", "clock:1", "notice:1"):
            log(Verb.ACCOUNT_CHANGED, subject, by=world.office)
    client = browser_of(world.office)
    with django_assert_max_num_queries(16):
        client.get(reverse("events"))


def test_the_file_has_all_pages_and_runs_nothing(world: World) -> None:
    for _number in range(60):
        log(Verb.NUDGED, "clock:1", by=world.office, why="=HYPERLINK(1)", cycle="2026")
    answer = browser_of(world.supervisor).get(reverse("events-file"), {"verb": "task.nudged"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert len(lines) == 61
    assert lines[1][-2] == "'=HYPERLINK(1)" and lines[1][1] == world.office.name
    assert datetime.fromisoformat(lines[1][-1]).tzinfo


def test_instants_are_said_as_people_say_them_on_the_pages_and_in_the_file(world: World) -> None:
    assessment = world.assessments[0]
    with world.clock():
        until = world.deadline + timedelta(days=1)
        extend_deadline(task=world.task(assessment, "self_evaluation"), by=world.office, until=until, why="搬迁")
        set_rating_window(
            cycle=world.cycle,
            opens_at=datetime(2027, 1, 5, tzinfo=BEIJING),
            closes_at=datetime(2027, 1, 16, tzinfo=BEIJING),
            by=world.office,
        )
        client = browser_of(world.office)
        page = client.get(reverse("events")).content.decode()
        own = client.get(reverse("assessment", args=[assessment.pk])).content.decode()
        file = b"".join(client.get(reverse("events-file")).streaming_content).decode()
    deadlines = ("2026年12月31日 周四 24:00（北京时间）", "2027年1月1日 周五 24:00（北京时间）")
    for shown in (page, own, file):
        assert all(deadline in shown for deadline in deadlines)
    for shown in (page, file):
        assert "2027年1月5日 周二 00:00（北京时间） – 2027年1月15日 周五 24:00（北京时间）" in shown
    assert "2026年12月1日 周二 09:00（北京时间）" in file


@pytest.mark.parametrize("name", ["events", "events-file"])
def test_others_do_not_read_it(world: World, name: str) -> None:
    for person in (*world.filers.values(), world.chief, world.leaders[0], *world.reviewers.values()):
        assert browser_of(person).get(reverse(name)).status_code == 403
