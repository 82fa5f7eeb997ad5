"""Two bodies' assessments of one year, side by side in one installation: each page, file and mail is about its own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.http import content_disposition_header

from accounts.models import User
from audit.models import Event
from documents.models import ResultNotice
from outbox.models import Message
from scoring.models import ScoreSheet, Step, Track
from tests.support.clients import browser_of
from tests.support.drawings import with_numbers
from tests.support.inbox import owed_on
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.circulation.views import _prefilled
from workflow.publicity.models import Publicity
from workflow.rating.queries.drawings import occasion_of

# Named so that the database is made; the two are built once, for all tests.
pytestmark = pytest.mark.django_db
SLUG = "2026-青年"
TAG = re.compile("<[^>]*>")
# What the names of each body's units begin with: none of it may stand on a page of the other.
SCIENCE, YOUTH = "科学单位", "青年单位"
SHARED = "两边单位"


class Bodies:
    """A science association's assessment and a youth federation's, of the same year, with a unit in both."""

    def __init__(self) -> None:
        self.science = a_cycle()
        self.youth = a_cycle(
            slug=SLUG, title="2026年度青年工作考核", issuer="测试市青年联合会", number="测青发〔2026〕1号"
        )
        for world, mark in self.marks:
            world.with_units(1).with_units(1, "society")
            for sheet in world.cycle.sheets.select_related("unit"):
                sheet.unit.name = sheet.unit_name = f"{mark}{sheet.pk}"
                sheet.unit.save()
                sheet.save()
        shared = self.science.cycle.sheets.filter(track__code="society").get()
        shared.unit.name = SHARED
        shared.unit.save()
        society = Track.objects.get(cycle=self.youth.cycle, code="society")
        again = ScoreSheet.objects.create(
            cycle=self.youth.cycle, track=society, unit=shared.unit, unit_name=f"{YOUTH}{SHARED}"
        )
        self.filer = self.youth.filers[again.pk] = self.science.filers[shared.pk]

    @property
    def marks(self) -> list[tuple[World, str]]:
        """Each body's assessment, with what the names of its units begin with."""
        return [(self.science, SCIENCE), (self.youth, YOUTH)]

    def both(self, step: str) -> None:
        """Let both come to a step."""
        for world, _mark in self.marks:
            getattr(world, step)()


@pytest.fixture(scope="module")
def running(django_db_setup: None, django_db_blocker: Any) -> Iterator[Bodies]:
    """Both while departments score."""
    with django_db_blocker.unblock(), transaction.atomic():
        bodies = Bodies()
        for step in ("opened", "accepted"):
            bodies.both(step)
        with bodies.youth.clock():
            yield bodies
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def ended(running: Bodies, django_db_blocker: Any) -> Iterator[Bodies]:
    """Both after their notices of results: what stands below is about them."""
    bodies = running
    with django_db_blocker.unblock(), transaction.atomic():
        for step in ("reviewed", "rated", "consolidated", "approved", "published", "to_circulate"):
            bodies.both(step)
        bodies.science.issue(8)
        bodies.youth.issue(9)
        with bodies.youth.clock():
            yield bodies
        transaction.set_rollback(True)


def only_its_own(page: str, mark: str, name: str) -> None:
    """Units of this body stand on the page, none of the other."""
    other = next(each for each in (SCIENCE, YOUTH) if each != mark)
    assert mark in page, name
    assert other not in page, name


def shown(user: User, path: str, **asked: Any) -> str:
    answer = browser_of(user).get(path, asked)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_desks_of_one_name_are_two_departments_whose_people_see_their_own(running: Bodies) -> None:
    desks = [world.desks["district"] for world, _mark in running.marks]
    assert [str(desk) for desk in desks] == ["组织人事部", "组织人事部（测试市青年联合会）"]
    for world, mark in running.marks:
        for code in ("district", "society"):
            only_its_own(shown(world.reviewers[code], reverse("review-grid", args=[code])), mark, code)
        owed = owed_on(browser_of(world.reviewers["district"]).get("/"))
        assert {each.cycle for each in owed} == {world.cycle.short_title}


def test_pages_of_a_running_cycle_show_its_own(running: Bodies) -> None:
    for world, mark in running.marks:
        slug = world.cycle.slug
        for name in ("cycle", "units", "cycle-export"):
            only_its_own(shown(world.office, reverse(name, args=[slug])), mark, name)
        for name in ("draws", "consolidation"):
            only_its_own(shown(world.office, reverse(name), cycle=world.cycle.pk), mark, name)
            only_its_own(shown(world.office, reverse(name), year=slug), mark, name)
        only_its_own(shown(world.leaders[0], reverse("leaders-grid"), cycle=world.cycle.pk), mark, "leaders")
        for name in ("scheme", "scheme-compare", "scheme-reading", "cycle-settings"):
            page = shown(world.office, reverse(name, args=[slug]))
            assert f'<span class="cycle">{world.cycle.title}</span>' in page, name


def test_counts_are_those_of_the_cycle(running: Bodies) -> None:
    for world, _mark in running.marks:
        page = browser_of(world.office).get(reverse("cycle", args=[world.cycle.slug]))
        assert page.context["cycle"] == world.cycle
        listed = shown(world.office, reverse("units", args=[world.cycle.slug]))
        assert f"<b>{world.cycle.sheets.count()}</b>" in listed


def test_a_unit_in_both_files_twice_and_reads_which_is_which(running: Bodies) -> None:
    browser = browser_of(running.filer)
    listed = browser.get(reverse("self-evaluation")).content.decode()
    for world, _mark in running.marks:
        assert world.cycle.title in listed
        sheet = world.cycle.sheets.get(unit__memberships__user=running.filer)
        page = browser.get(reverse("self-evaluation-sheet", args=[sheet.assessment.pk])).content.decode()
        assert f'<span class="cycle">{world.cycle.title}</span>' in page


def test_events_and_their_file_are_those_of_the_cycle(running: Bodies) -> None:
    for world, mark in running.marks:
        slug = world.cycle.slug
        only_its_own(shown(world.office, reverse("events"), cycle=slug), mark, "events")
        answer = browser_of(world.office).get(reverse("events-file"), {"cycle": slug})
        named = content_disposition_header(as_attachment=True, filename=f"events-{slug}.csv")
        assert answer.headers["Content-Disposition"] == named
        only_its_own(answer.getvalue().decode(), mark, "file of events")
        ours = Event.objects.filter(cycle=slug, verb="assessment.submitted")
        assert ours.count() == world.cycle.sheets.count()


def test_a_drawing_names_its_cycle_in_the_seed(running: Bodies) -> None:
    with transaction.atomic():
        for world, _mark in running.marks:
            drawing = with_numbers(world)
            assert drawing.number == 1
            assert occasion_of(drawing).cycle == world.cycle.slug
            assert world.cycle.slug in drawing.seed_lines
            units = {row.roster.sheet.cycle for row in drawing.covered.select_related("roster__sheet__cycle")}
            assert units == {world.cycle}
        transaction.set_rollback(True)


def test_mails_of_the_day_are_sent_for_each(running: Bodies) -> None:
    causes = Message.objects.filter(cause__startswith="leaders:").values_list("cause", flat=True)
    for world, _mark in running.marks:
        told = [cause for cause in causes if cause.startswith(f"leaders:{world.cycle.pk}:")]
        assert len(told) == len(set(told)) > 0
        desk = world.desks["district"]
        people = User.objects.filter(memberships__department=desk)
        titles = "".join(Message.objects.filter(to__in=people).values_list("body", flat=True))
        other = next(each for each, _mark in running.marks if each != world)
        assert world.cycle.title in titles
        assert other.cycle.title not in titles


def test_boards_publicity_and_notices_are_those_of_the_cycle(ended: Bodies) -> None:
    for world, mark in ended.marks:
        cycle = world.cycle
        assert {assessment.step for assessment in world.assessments} == {Step.CIRCULATED}
        for name in ("boards", "publicities", "notices"):
            page = browser_of(world.office).get(reverse(name), {"cycle": cycle.pk})
            assert page.context["cycle"] == cycle, name
        for board in Board.objects.filter(track__cycle=cycle):
            only_its_own(shown(world.office, reverse("board", args=[board.pk])), mark, "board")
            sealed = browser_of(world.office).get(reverse("board-sealed", args=[board.pk]))
            assert sealed.json()["cycle"] == (cycle.slug if cycle.word else cycle.year)
            only_its_own(sealed.content.decode(), mark, "sealed list")
            file = f"board-{cycle.slug}-{board.track.code}-{board.version}.json"
            assert sealed.headers["Content-Disposition"] == content_disposition_header(
                as_attachment=True, filename=file
            )
        notice = ResultNotice.objects.get(cycle=cycle)
        only_its_own(shown(world.office, reverse("notice", args=[notice.pk])), mark, "notice")
        only_its_own(shown(world.office, reverse("try-rules", args=[cycle.slug])), mark, "try")
        only_its_own(shown(world.office, reverse("try-rules-table", args=[cycle.slug])), mark, "table of the try")


def test_public_lists_say_whose_they_are(ended: Bodies) -> None:
    for world, mark in ended.marks:
        for publicity in Publicity.objects.filter(board__track__cycle=world.cycle):
            page = browser_of(None).get(reverse("public-publicity", args=[publicity.slug])).content.decode()
            only_its_own(page, mark, "public list")
            assert world.cycle.short_title in page
            assert f'<span class="cycle">{world.cycle.title}</span>' in page


def test_a_unit_in_both_reads_two_results(ended: Bodies) -> None:
    page = shown(ended.filer, reverse("results"))
    for world, _mark in ended.marks:
        sheet = world.cycle.sheets.get(unit__memberships__user=ended.filer)
        assert f"{world.cycle.short_title}考核结果：{sheet.unit_name}" in TAG.sub("", page)


def test_a_notice_begins_with_the_title_where_the_year_has_another(ended: Bodies) -> None:
    prefilled = {world.cycle.slug: _prefilled(world.cycle, [])["title"] for world, _mark in ended.marks}
    assert prefilled == {
        "2026": "测试市科学技术协会关于2026年度工作考核结果的通报",
        SLUG: "测试市青年联合会关于2026年度青年工作考核结果的通报",
    }
