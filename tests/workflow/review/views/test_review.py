"""Review and records under odd requests: wrong numbers, missing reasons, others' work."""

from decimal import Decimal

import pytest

from accounts.models import Role
from scoring.models import Cycle, Record
from tests.support.clients import messages_on
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, review
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).accepted()


def a_task(world: World, number: int = 0) -> Task:
    return world.task(world.assessments[number], Node.DEPARTMENT_REVIEW)


def reviewer(world: World) -> Visitor:
    return Visitor(world, world.reviewers["district"])


def head(world: World) -> Visitor:
    return Visitor(world, world.heads["district"])


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def handed_over(world: World) -> list[Task]:
    with world.clock():
        for task in list(open_tasks(Node.DEPARTMENT_REVIEW).select_related("process__sheet__track")):
            review(task, world.reviewers["district"])
    return [a_task(world, number) for number in (0, 1)]


# ---- review ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [{"page": "99"}, {"page": "x"}, {"done": "1"}, {"done": "1", "page": "0"}])
def test_a_strange_question_gets_a_page(world: World, query: dict[str, str]) -> None:
    page = reviewer(world).get("/review/", data=query)
    assert page.context["done"] == ("done" in query)
    assert [track.code for track in page.context["grids"]] == ["district"]


@pytest.mark.parametrize("typed", ["-1", "abc", "1.234", "99999999", "41"])
def test_a_wrong_number_saved_as_it_is_typed_is_told_at_its_field(world: World, typed: str) -> None:
    path = f"/review/{a_task(world).pk}/"
    data = {"value-1.1": typed, "changed": "value-1.1"}
    answer = reviewer(world).post(path, data, headers={"X-Requested-With": "autosave"})
    assert list(answer.json()["errors"]) == ["value-1.1"]
    assert world.assessments[0].sheet.lines.get(code="1.1").reviewed is None


def test_a_note_alone_leaves_the_points_as_they_stand(world: World) -> None:
    path = f"/review/{a_task(world).pk}/"
    for data in ({"value-1.1": "9"}, {"note-1.1": "少一次签到"}):
        answer = reviewer(world).post(path, data, headers={"X-Requested-With": "autosave"})
        assert answer.json()["errors"] == {}
    line = world.assessments[0].sheet.lines.get(code="1.1")
    assert (line.reviewed, line.review_note) == (Decimal(9), "少一次签到")


def test_a_note_beyond_its_length_comes_back_with_the_page(world: World) -> None:
    page = reviewer(world).post(f"/review/{a_task(world).pk}/", {"value-1.1": "9", "note-1.1": "长" * 2001})
    rows = {row.line.code: row for group in page.context["groups"] for row in group.lines}
    assert rows["1.1"].note == "长" * 2001
    assert rows["1.1"].note_error
    assert rows["1.1"].value_error == ""


def test_handing_over_with_gaps_says_where_and_hands_over_nothing(world: World) -> None:
    page = reviewer(world).post(f"/review/{a_task(world).pk}/", {"value-1.1": "10", "propose": "1"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert a_task(world).role == "reviewer"


def test_what_lies_with_the_head_is_read_only_for_the_reviewer(world: World) -> None:
    task, _other = handed_over(world)
    page = reviewer(world).get(f"/review/{task.pk}/")
    assert (page.context["editable"], page.context["approvable"]) == (False, False)
    assert head(world).get(f"/review/{task.pk}/").context["approvable"]


def test_the_head_approves_what_is_with_them_and_passes_over_the_rest(world: World) -> None:
    tasks = handed_over(world)
    data = {"ids": [task.pk for task in tasks] + ["0", "x"]}
    assert len(head(world).post("/review/approve/", data).context["items"]) == 2
    answer = head(world).post("/review/approve/", data | {"confirmed": "1"})
    assert answer.url == "/review/"
    assert len(messages_on(answer)) == 1
    assert not open_tasks(Node.DEPARTMENT_REVIEW).exists()


def test_a_review_handed_back_without_a_reason_stays(world: World) -> None:
    task, _other = handed_over(world)
    page = head(world).post(f"/review/{task.pk}/hand-back/", {"why": " "})
    assert list(page.context["reason"].errors) == ["why"]
    assert a_task(world).role == "head"
    assert (
        head(world).post(f"/review/{task.pk}/hand-back/", {"why": "请复核"}).url == f"/review/?cycle={world.cycle.pk}"
    )
    refused = head(world).post(f"/review/{task.pk}/hand-back/", {"why": "再次"})
    assert refused.context["reason"].errors


def test_the_grid_saves_what_is_right_of_several_units(world: World) -> None:
    first, second = a_task(world), a_task(world, 1)
    path = "/review/grid/district/"
    data = {f"value-{first.pk}-1.1": "8", f"value-{second.pk}-1.1": "viel", f"value-{second.pk}-1.2": "41"}
    answer = reviewer(world).post(path, data, headers={"X-Requested-With": "autosave"}).json()
    assert set(answer["errors"]) == {f"value-{second.pk}-1.1", f"value-{second.pk}-1.2"}
    assert list(answer["html"]) == [f"#sum-{first.pk}"]
    page = reviewer(world).post(path, data)
    shown = {shown.cell.name: shown for row in page.context["rows"] for shown in row.cells if shown.cell}
    assert shown[f"value-{second.pk}-1.1"].value == "viel"
    assert shown[f"value-{second.pk}-1.1"].error
    assert reviewer(world).post(path, {f"value-{first.pk}-1.1": "8"}).url == f"{path}?cycle={world.cycle.pk}"


@pytest.mark.parametrize("code", ["society", "moon"])
def test_a_grid_of_others_does_not_exist(world: World, code: str) -> None:
    assert reviewer(world).get(f"/review/grid/{code}/").status_code == 404


# ---- records -----------------------------------------------------------------------------------------------------


def a_fact(world: World, **changes: str) -> dict[str, str]:
    unit = world.assessments[0].sheet.unit_id
    return {
        "unit": str(unit),
        "kind": "bonus",
        "code": "B1.1",
        "times": "1",
        "happened_on": "2026-11-01",
        "text": "获表彰",
    } | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"unit": "0"}, "unit", id="about nobody"),
        pytest.param({"kind": "gossip"}, "kind", id="of no kind"),
        pytest.param({"code": "B9.9"}, "code", id="by no rule"),
        pytest.param({"times": "0"}, "times", id="never"),
        pytest.param({"times": "1000"}, "times", id="too often"),
        pytest.param({"happened_on": "neulich"}, "happened_on", id="on no day"),
        pytest.param({"happened_on": "2030-01-01"}, "happened_on", id="in the future"),
        pytest.param({"text": ""}, "text", id="without words"),
    ],
)
def test_a_fact_that_is_none_stays_as_typed(world: World, changes: dict[str, str], field: str) -> None:
    data = a_fact(world, **changes)
    page = reviewer(world).post("/records/", data)
    form = page.context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in data} == data
    assert not Record.objects.exists()


def test_with_every_cycle_closed_nothing_is_recorded(world: World) -> None:
    data = a_fact(world)
    Cycle.objects.update(closed_at=world.at)
    page = office(world).post("/records/", data)
    assert (page.status_code, page.context["open"]) == (200, None)
    assert not Record.objects.exists()


def test_the_office_records_for_no_department_and_withdraws_with_a_reason(world: World) -> None:
    assert office(world).post("/records/", a_fact(world)).url == f"/records/?cycle={world.cycle.pk}"
    row = Record.objects.get()
    assert row.department is None
    answer = office(world).post(f"/records/{row.pk}/withdraw/", {"why": " "})
    assert messages_on(answer)
    row.refresh_from_db()
    assert row.withdrawn_at is None
    office(world).post(f"/records/{row.pk}/withdraw/", {"why": "记错"})
    row.refresh_from_db()
    assert row.withdrawn_why == "记错"


# ---- handing over many ---------------------------------------------------------------------------------------------

HAND_OVER = "/review/grid/district/hand-over/"


def points_for(task: Task) -> dict[str, str]:
    """Every part of a review, as the grid sends it."""
    return {f"value-{task.pk}-{code}": "10" for code in ("1.1", "1.2", "2.1")}


def test_the_grid_leads_to_what_is_finished_and_that_goes_to_the_head(world: World) -> None:
    finished, other = a_task(world, 0), a_task(world, 1)
    cells = points_for(finished)
    after = reviewer(world).post("/review/grid/district/", {**cells, "changed": list(cells), "hand_over": ""})
    assert after.url.startswith(HAND_OVER)
    page = reviewer(world).get(after.url)
    assert page.context["keys"] == [finished.pk]
    done = reviewer(world).post(after.url, {"ids": [finished.pk, other.pk], "confirmed": "1"})
    assert done.status_code == 302
    assert [a_task(world, number).role for number in (0, 1)] == [Role.HEAD, Role.REVIEWER]


def test_what_differs_without_a_reason_is_named_and_stays(world: World) -> None:
    task = a_task(world)
    task.process.sheet.lines.filter(code="1.1").update(claimed=40)
    cells = points_for(task)
    reviewer(world).post("/review/grid/district/", {**cells, "changed": list(cells)})
    done = reviewer(world).post(HAND_OVER, {"ids": [task.pk], "confirmed": "1"}, follow=True)
    assert any("1.1" in words for words in messages_on(done))
    assert a_task(world).role == Role.REVIEWER


def test_where_nothing_is_finished_nothing_is_asked(world: World) -> None:
    assert reviewer(world).get(HAND_OVER).context["keys"] == []
    assert reviewer(world).post(HAND_OVER, {"confirmed": "1"}).url.startswith("/review/grid/district/")
    assert reviewer(world).get("/review/grid/enterprise/hand-over/").status_code == 404
