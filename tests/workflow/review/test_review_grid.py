"""The review grid: pages of a track, saved cell by cell, in a fixed number of queries."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role
from tests.support.clients import browser_of
from tests.support.pages import Visitor
from tests.support.world import START, World, a_cycle, review
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks
from workflow.review.queries import review_grid

pytestmark = pytest.mark.django_db
AUTOSAVE = {"X-Requested-With": "autosave"}
PAGE = "/review/grid/district/"


def tasks() -> list[Task]:
    return list(open_tasks(Node.DEPARTMENT_REVIEW).order_by("process__sheet__unit__code"))


def test_every_unit_and_every_own_part_stands_on_the_page() -> None:
    world = a_cycle().with_units(3).accepted()
    with world.clock():
        page = browser_of(world.reviewers["district"]).get(PAGE)
    grid = page.context["grid"]
    assert [column.code for column in grid.columns] == ["1.1", "1.2", "2.1", "B1.1", "D1.1"]
    assert len(grid.rows) == 3
    assert f'name="value-{tasks()[0].pk}-1.1"' in page.content.decode()


def test_cells_of_several_units_are_saved_and_faults_are_named_at_theirs() -> None:
    world = a_cycle().with_units(2).accepted()
    first, second = tasks()
    data = {f"value-{first.pk}-1.1": "12", f"value-{second.pk}-1.1": "41", f"value-{second.pk}-D1.1": "1"}
    with world.clock():
        answer = browser_of(world.reviewers["district"]).post(PAGE, {**data, "changed": list(data)}, headers=AUTOSAVE)
    body = answer.json()
    assert list(body["errors"]) == [f"value-{second.pk}-1.1"]
    assert body["html"][f"#sum-{first.pk}"] == f'<output id="sum-{first.pk}">12</output>'
    lines = {line.code: line.reviewed for line in second.process.sheet.lines.all()}
    assert (lines["1.1"], lines["D1.1"]) == (None, Decimal(1))
    assert first.process.sheet.lines.get(code="1.1").reviewed == Decimal(12)


def test_without_scripts_a_submit_saves_what_is_new_and_keeps_what_is_wrong() -> None:
    world = a_cycle().with_units(1).accepted()
    task = tasks()[0]
    client = browser_of(world.reviewers["district"])
    with world.clock():
        assert client.post(PAGE, {f"value-{task.pk}-1.1": "12", f"value-{task.pk}-1.2": ""}).status_code == 302
        wrong = client.post(PAGE, {f"value-{task.pk}-1.1": "abc"})
    assert 'value="abc"' in wrong.content.decode()
    line = task.process.sheet.lines.get(code="1.1")
    assert line.reviewed == Decimal(12)
    assert task.process.sheet.lines.get(code="1.2").reviewed_by is None


def test_what_is_with_the_head_is_read_only() -> None:
    world = a_cycle().with_units(1).accepted()
    task = tasks()[0]
    with world.clock():
        review(task, world.reviewers["district"])
        client = browser_of(world.reviewers["district"])
        page = client.get(PAGE)
        client.post(PAGE, {f"value-{task.pk}-1.1": "1"}, headers=AUTOSAVE)
    assert page.context["grid"].editable == []
    assert task.process.sheet.lines.get(code="1.1").reviewed == Decimal(10)


def test_a_track_of_others_and_an_own_unit_do_not_exist() -> None:
    world = a_cycle().with_units(2).with_units(1, "society").accepted()
    reviewer = world.reviewers["district"]
    Membership.objects.create(user=reviewer, role=Role.FILER, unit=tasks()[0].process.sheet.unit, since=START)
    with world.clock():
        client = browser_of(reviewer)
        assert client.get("/review/grid/society/").status_code == 404
        assert client.get("/review/grid/nothing/").status_code == 404
        assert len(client.get(PAGE).context["rows"]) == 1
        assert browser_of(world.office).get(PAGE).status_code == 403


@pytest.mark.parametrize("asked", [{}, {"from": "0"}, {"show": "missing", "part": "1", "unit": "区", "from": "0"}])
@pytest.mark.parametrize("units", [2, 15])
def test_the_grid_asks_ten_questions_at_most_for_few_and_many(units: int, asked: dict[str, str]) -> None:
    world = a_cycle().with_units(units).accepted()
    assert len(Visitor(world, world.reviewers["district"]).questions(PAGE, data=asked)) <= 10


def test_saving_a_cell_reads_its_review_and_not_the_page() -> None:
    world = a_cycle().with_units(3).accepted()
    data = {f"value-{tasks()[1].pk}-1.1": "12", "changed": f"value-{tasks()[1].pk}-1.1"}
    client = browser_of(world.reviewers["district"])
    with world.clock(), CaptureQueriesContext(connection) as queries:
        client.post(PAGE, data, headers=AUTOSAVE)
    read = [query["sql"] for query in queries if "scoring_sheetline" in query["sql"] and "SELECT" in query["sql"][:6]]
    assert len(read) == 1, "its lines, under the lock"


# ---- pages ----


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> World:
    """Three units on pages of two."""
    monkeypatch.setattr(review_grid, "A_PAGE", 2)
    return a_cycle().with_units(3).accepted()


def test_going_on_keeps_what_stands_on_the_page(pages_of_two: World) -> None:
    first, _second, third = tasks()
    client = browser_of(pages_of_two.reviewers["district"])
    with pages_of_two.clock():
        page = client.get(PAGE, {"show": "left"})
        since = page.context["grid"].after
        assert f'name="go" value="{since}"' in page.content.decode()
        answer = client.post(f"{PAGE}?show=left", {f"value-{first.pk}-1.1": "12", "go": since}, follow=True)
    assert [row.task for row in answer.context["grid"].rows] == [third]
    assert answer.context["filters"]["show"].value() == "left"
    assert first.process.sheet.lines.get(code="1.1").reviewed == Decimal(12)


def test_what_is_wrong_keeps_one_on_the_page_with_what_was_typed(pages_of_two: World) -> None:
    first = tasks()[0]
    with pages_of_two.clock():
        answer = browser_of(pages_of_two.reviewers["district"]).post(PAGE, {f"value-{first.pk}-1.1": "41", "go": "x"})
    assert answer.status_code == 200
    assert 'value="41"' in answer.content.decode()


def test_cells_of_units_that_the_page_shows_no_more_are_saved_all_the_same(pages_of_two: World) -> None:
    third = tasks()[2]
    with pages_of_two.clock():
        browser_of(pages_of_two.reviewers["district"]).post(PAGE, {f"value-{third.pk}-1.1": "12"})
    assert third.process.sheet.lines.get(code="1.1").reviewed == Decimal(12)


def test_a_page_on_which_nothing_can_be_changed_goes_on_by_links(pages_of_two: World) -> None:
    with pages_of_two.clock():
        for task in tasks():
            review(task, pages_of_two.reviewers["district"])
        page = browser_of(pages_of_two.reviewers["district"]).get(PAGE)
    assert f'?cycle={pages_of_two.cycle.pk}&amp;from={page.context["grid"].after}"' in page.content.decode()


def test_the_page_says_how_many_are_left_on_all_pages(pages_of_two: World) -> None:
    with pages_of_two.clock():
        review(tasks()[0], pages_of_two.reviewers["district"])
        left = browser_of(pages_of_two.reviewers["district"]).get(PAGE).context["left"]
    assert (left.with_reviewers, left.with_heads) == (2, 1)


def test_a_filter_that_no_unit_matches_leads_back_to_all(pages_of_two: World) -> None:
    with pages_of_two.clock():
        page = browser_of(pages_of_two.reviewers["district"]).get(PAGE, {"unit": "没有这个单位"})
    assert page.context["rows"] == []
    assert f'href="{PAGE}?cycle={pages_of_two.cycle.pk}"' in page.content.decode()


@pytest.mark.parametrize("asked", [{"show": "x"}, {"part": "九" * 99}, {"unit": "\x00"}, {"from": "²" * 200}])
def test_a_strange_filter_filters_nothing_or_finds_nothing(pages_of_two: World, asked: dict[str, str]) -> None:
    with pages_of_two.clock():
        assert browser_of(pages_of_two.reviewers["district"]).get(PAGE, asked).status_code in (200, 400)


def test_a_cell_of_another_s_part_is_refused_at_its_field(pages_of_two: World) -> None:
    name = f"value-{tasks()[0].pk}-9.9"
    with pages_of_two.clock():
        client = browser_of(pages_of_two.reviewers["district"])
        answer = client.post(PAGE, {name: "1", "changed": name}, headers=AUTOSAVE)
    assert list(answer.json()["errors"]) == [name]
