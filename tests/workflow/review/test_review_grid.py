"""The review grid: a whole track on one page, saved cell by cell, in a fixed number of queries."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from tests.support.clients import browser_of
from tests.support.world import START, a_cycle, review
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks

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


@pytest.mark.parametrize("units", [2, 15])
def test_the_grid_needs_the_same_queries_for_few_and_many(units: int, django_assert_max_num_queries: object) -> None:
    world = a_cycle().with_units(units).accepted()
    client = browser_of(world.reviewers["district"])
    with world.clock(), django_assert_max_num_queries(11):  # type: ignore[operator]  # pytest-django's fixture
        assert len(client.get(reverse("review-grid", args=["district"])).context["rows"]) == units
