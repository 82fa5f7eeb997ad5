"""Two cycles at once: the old one is late at every step when the next opens; each page is about one and says which."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Membership, Role, User
from common import clock
from documents.models import ResultNotice
from scoring.models import Cycle, Record, ScoreSheet, Step
from tests.support.clients import browser_of
from tests.support.inbox import owed_on
from tests.support.world import START, World, a_cycle
from tests.workflow.pages.walked import read
from tests.workflow.queries.spread import SOCIETY, Spread, spread
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_tasks, overdue
from workflow.inbox.views.inbox import PAGES

# Named so that the database is made; the years are built once, for all tests.
pytestmark = pytest.mark.django_db
HEAD = re.compile(r'<span class="cycle">([^<]*)</span>')
NAME_OF_THE_HOUSE = "科协工作考核"
# Pages that show one cycle at a time, and who opens them.
OFFICE = ("draws", "consolidation", "boards", "publicities", "notices", "records")
DESK = ("acceptance", "review", "records")
# The lists of what waits: the first page, those of each step, the grids.
LISTS = re.compile(r"/(\?.*)?|/(acceptance|review|consolidation)/(\?.*)?|/review/grid/.*")


@dataclass
class Years:
    """Three cycles: one closed, the old one with units at every step and late, the new one that has just opened."""

    found: Spread
    new: World

    @property
    def old(self) -> World:
        return self.found.world

    @property
    def both(self) -> tuple[Cycle, Cycle]:
        return self.old.cycle, self.new.cycle

    def people(self) -> dict[str, User]:
        """The cast of the old year, who go on in the new one."""
        return self.found.cast


@pytest.fixture(scope="module")
def years(django_db_setup: None, django_db_blocker: Any) -> Iterator[Years]:
    with django_db_blocker.unblock(), transaction.atomic():
        found = spread()
        new = a_cycle(year=2028, title="2028年度测试考核", number="测科协发〔2028〕1号", deadline="2028-12-31")
        new.with_units(2, SOCIETY).with_units(2)
        new.at = found.world.at + timedelta(days=400)
        new.opened()
        # A unit that takes part in both.
        unit = found.at_place["filling"].sheet.unit
        ScoreSheet.objects.filter(cycle=new.cycle, track__code=SOCIETY).order_by("pk").update(unit_name="新年度单位")
        for sheet in ScoreSheet.objects.filter(cycle=new.cycle):
            since = START - timedelta(days=1)
            Membership.objects.create(user=_filer(found, unit.pk), role=Role.FILER, unit=sheet.unit, since=since)
        with new.clock():
            yield Years(found, new)
        transaction.set_rollback(True)


def _filer(found: Spread, unit_pk: int) -> User:
    return User.objects.get(memberships__unit_id=unit_pk, pk__in=[user.pk for user in found.world.filers.values()])


def head(page: Any) -> str:
    """The cycle that the head of a page names."""
    return HEAD.findall(page.content.decode())[0]


def marked(page: Any) -> list[str]:
    """The tabs of cycles that a page marks as the one shown."""
    return [tab.label for tab in page.context["cycle_tabs"] if tab.current]


def who_may(years: Years) -> Iterator[tuple[str, str]]:
    people = years.people()
    yield from ((name, "office") for name in OFFICE)
    yield from ((name, f"reviewer of {SOCIETY}") for name in DESK)
    yield "leaders-grid", "leader"
    assert {"office", "leader", f"reviewer of {SOCIETY}"} <= people.keys()


def pages_of(years: Years, cycle: Cycle) -> Iterator[tuple[str, Any]]:
    """Every page that shows one cycle at a time, asked for `cycle`."""
    for name, who in who_may(years):
        yield name, browser_of(years.people()[who]).get(reverse(name), {"cycle": cycle.pk})
    reviewer = browser_of(years.people()[f"reviewer of {SOCIETY}"])
    yield "review-grid", reviewer.get(reverse("review-grid", args=[SOCIETY]), {"cycle": cycle.pk})


@pytest.mark.parametrize("which", [0, 1])
def test_the_cycle_of_the_address_stands_in_the_head_and_is_the_tab_that_is_marked(years: Years, which: int) -> None:
    cycle = years.both[which]
    for name, page in pages_of(years, cycle):
        assert head(page) == cycle.title, name
        assert marked(page) == [cycle.short_title], name
        assert len({tab.url for tab in page.context["cycle_tabs"]}) == len(page.context["cycle_tabs"]) >= 2, name


def test_each_tab_leads_to_the_cycle_that_it_says(years: Years) -> None:
    for name, page in pages_of(years, years.new.cycle):
        browser = browser_of(page.wsgi_request.user)
        for tab in page.context["cycle_tabs"]:
            assert marked(browser.get(page.wsgi_request.path + tab.url)) == [tab.label], name


def test_without_a_cycle_in_the_address_the_oldest_with_work_is_shown(years: Years) -> None:
    for name, who in who_may(years):
        page = browser_of(years.people()[who]).get(reverse(name))
        expected = years.new.cycle if name == "records" else years.old.cycle
        assert page.context["cycle"] == expected, name
    assert browser_of(years.old.office).get("/cycles/").headers["Location"] == f"/cycles/{years.old.cycle.year}/"
    assert browser_of(years.old.supervisor).get("/cycles/").headers["Location"] == f"/cycles/{years.new.cycle.year}/"


def test_totals_are_those_of_the_cycle_that_is_shown(years: Years) -> None:
    desk = browser_of(years.people()[f"reviewer of {SOCIETY}"])
    for cycle in years.both:
        of_it = Assessment.objects.filter(sheet__cycle=cycle, sheet__track__code=SOCIETY)
        told = desk.get("/acceptance/", {"cycle": cycle.pk}).context["tracks"]
        assert [track.total for track in told] == [of_it.count()]
        assert sum(track.waiting for track in told) == of_it.filter(step=Step.ACCEPTANCE).count()
        grid = desk.get(f"/review/grid/{SOCIETY}/", {"cycle": cycle.pk}).context["grid"]
        assert {row.task.process.sheet.cycle for row in grid.rows} <= {cycle}
        office = browser_of(years.old.office)
        ready = office.get("/consolidation/", {"cycle": cycle.pk}).context
        assert ready["page"].paginator.count == _open(cycle, "consolidation")
        awaited = _open(cycle, "department_review", "recipient_rating", "leadership_rating")
        assert ready["others"].paginator.count == awaited
        assert len(office.get("/draws/", {"cycle": cycle.pk}).context["rows"]) == _open(cycle, "recipient_rating")
        rated = browser_of(years.old.leaders[0]).get("/ratings/", {"cycle": cycle.pk}).context["lines"]
        assert len(rated) == _open(cycle, "leadership_rating")


def _open(cycle: Cycle, *nodes: str) -> int:
    return open_tasks(*nodes).filter(process__sheet__cycle=cycle).count()


def test_boards_publicity_notices_and_records_are_those_of_the_cycle(years: Years) -> None:
    office = browser_of(years.old.office)
    Record.objects.create(
        cycle=years.old.cycle,
        unit=years.old.assessments[0].sheet.unit,
        kind="note",
        text="旧年度一事",
        happened_on=clock.today(),
        logged_by=years.old.office,
    )
    for cycle in (*years.both, years.found.closed.cycle):
        shown = {name: office.get(reverse(name), {"cycle": cycle.pk}).context for name in OFFICE}
        assert {standing.track.cycle for standing in shown["boards"]["rows"]} == {cycle}
        assert {one.board.track.cycle for one, _standing in shown["publicities"]["publicities"]} <= {cycle}
        assert list(shown["notices"]["notices"]) == list(
            ResultNotice.objects.filter(cycle=cycle).order_by("-issued_at")
        )
        assert ("旧年度一事" in str([row.text for row in shown["records"]["page"]])) is (cycle == years.old.cycle)


@pytest.mark.parametrize("name", ["office", f"reviewer of {SOCIETY}", f"head of {SOCIETY}", "reviewer of district"])
def test_everything_that_is_late_in_the_old_year_is_reached_by_links_from_the_first_page(
    years: Years, name: str
) -> None:
    user = years.people()[name]
    late = Task.objects.filter(overdue(), process__sheet__cycle=years.old.cycle, role=name.split(maxsplit=1)[0])
    if name != "office":
        late = late.filter(department__memberships__user=user)
    assert late.exists()
    linked = crawl(user)
    for task in late:
        page, by_task = PAGES[task.flow_task.name]
        address = reverse(page, args=[task.pk if by_task else task.process_id])
        assert "/" in linked[f"/tasks/{task.pk}/"]
        assert any(path.startswith(address.rsplit("/", 2)[0]) for path in linked[address]), "in the list of its step"
        if by_task:
            assert any(path.startswith("/review/grid/") for path in linked[address]), "in a grid"


def crawl(user: User) -> dict[str, set[str]]:
    """Where links lead from the first page and the lists that it leads to, and on which of these pages they stand."""
    browser, linked, seen, ahead = browser_of(user), dict[str, set[str]](), set[str](), ["/"]
    while ahead:
        path = ahead.pop()
        seen.add(path)
        for link in read("", "", path, browser.get(path).content.decode()).links:
            linked.setdefault(link, set()).add(path)
            if LISTS.fullmatch(link) and link not in {*seen, *ahead}:
                ahead.append(link)
    return linked


def test_what_is_done_on_a_page_leads_back_to_the_same_cycle(years: Years) -> None:
    desk = browser_of(years.people()[f"reviewer of {SOCIETY}"])
    old, at_desk = years.old.cycle, years.found.at_place["at the desk"]
    page = desk.get(f"/acceptance/?cycle={years.new.cycle.pk}").content.decode()
    assert f'href="/acceptance/{at_desk.pk}/"' not in page
    task = open_tasks("acceptance").get(process=at_desk)
    asked = desk.post(f"/acceptance/many/?cycle={old.pk}", {"ids": [task.pk]})
    assert head(asked) == old.title
    assert f"/acceptance/?cycle={old.pk}" in asked.content.decode()
    with transaction.atomic():
        done = desk.post(f"/acceptance/many/?cycle={old.pk}", {"ids": [task.pk], "confirmed": "1"})
        transaction.set_rollback(True)
    assert done.headers["Location"] == f"/acceptance/?cycle={old.pk}"
    assert desk.get(f"/acceptance/many/?cycle={old.pk}").headers["Location"] == f"/acceptance/?cycle={old.pk}"


@pytest.mark.parametrize("address", ["/draws/?cycle={pk}", "/cycles/{year}/", "/assessments/{assessment}/"])
def test_the_navigation_of_a_page_about_a_cycle_goes_on_in_it(years: Years, address: str) -> None:
    new, assessment = years.new.cycle, years.new.assessments[0].pk
    path = address.format(pk=new.pk, year=new.year, assessment=assessment)
    page = browser_of(years.old.office).get(path).content.decode()
    for place in (f"/consolidation/?cycle={new.pk}", f"/boards/?cycle={new.pk}", "/accounts/"):
        assert f'href="{place}"' in page


def test_the_way_to_the_cycle_leads_to_the_chosen_one(years: Years) -> None:
    new = years.new.cycle
    answer = browser_of(years.old.office).get("/cycles/", {"cycle": new.pk})
    assert answer.headers["Location"] == f"/cycles/{new.year}/"


def test_a_year_names_a_cycle_as_it_did(years: Years) -> None:
    office = browser_of(years.old.office)
    for name in ("boards", "notices", "draws"):
        assert office.get(reverse(name), {"year": years.new.cycle.year}).context["cycle"] == years.new.cycle


@pytest.mark.parametrize("asked", [{"cycle": "0"}, {"cycle": "x"}, {"cycle": "9" * 30}, {"year": "1999"}])
def test_a_cycle_that_there_is_not_is_not_found(years: Years, asked: dict[str, str]) -> None:
    assert browser_of(years.old.office).get("/boards/", asked).status_code == 404


def test_a_page_that_has_not_the_cycle_shows_the_first_that_it_has(years: Years) -> None:
    reviewer = browser_of(years.people()[f"reviewer of {SOCIETY}"])
    page = reviewer.get(f"/review/grid/{SOCIETY}/", {"cycle": years.found.closed.cycle.pk})
    assert page.context["cycle"] == years.old.cycle


def test_pages_about_one_unit_name_its_cycle_and_the_lists_say_which_is_which(years: Years) -> None:
    filer = _filer(years.found, years.found.at_place["filling"].sheet.unit_id)
    browser = browser_of(filer)
    for assessment in Assessment.objects.filter(sheet__unit__memberships__user=filer).select_related("sheet__cycle"):
        for name in ("assessment", "self-evaluation-sheet", "self-evaluation-check", "materials"):
            assert head(browser.get(reverse(name, args=[assessment.pk]))) == assessment.sheet.cycle.title, name
    listed = browser.get("/self-evaluation/").content.decode()
    assert all(cycle.title in listed for cycle in years.both)
    assert {owed.cycle for owed in owed_on(browser.get("/"))} == {cycle.short_title for cycle in years.both}


@pytest.mark.parametrize("name", ["inbox", "messages", "accounts", "events", "holidays", "schemes", "public"])
def test_a_page_of_no_cycle_names_none(years: Years, name: str) -> None:
    assert head(browser_of(years.old.office).get(reverse(name))) == NAME_OF_THE_HOUSE


def test_a_public_list_stands_under_its_own_year(years: Years) -> None:
    closed = years.found.closed.cycle
    slug = closed.tracks.get(code=SOCIETY).boards.latest("pk").publicity.slug
    for user in (None, years.old.office):
        for name in ("public-publicity", "public-object"):
            assert head(browser_of(user).get(reverse(name, args=[slug]))) == closed.title


def test_files_say_their_year(years: Years) -> None:
    office, year = browser_of(years.old.office), years.old.cycle.year
    assert f"units-{year}.csv" in office.get(f"/cycles/{year}/units.csv").headers["Content-Disposition"]
    assert f"events-{year}.csv" in office.get("/events/file/", {"year": year}).headers["Content-Disposition"]
