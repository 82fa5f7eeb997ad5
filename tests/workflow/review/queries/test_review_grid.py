"""The grid of a department: only its own lines, its last reviews, and what can be changed now."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import actor_of
from accounts.models import Membership, Role, User
from scoring.models import Responsibility, SheetLine
from tests.support.clients import browser_of
from tests.support.discretion import let_b1_1_be_given_at_discretion
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.world import World, a_cycle
from workflow.consolidation.services.consolidation import reopen_review
from workflow.flow.models import Node
from workflow.office.queries.subjects import names_of
from workflow.review.queries import review_grid
from workflow.review.queries.review_grid import Asked, Grid, Only, grid_of, rows_shown, tracks_reviewed_by

pytestmark = pytest.mark.django_db
TRACK = "society"


def grid(world: World, user: User | None = None, **asked: Any) -> Grid:
    with world.clock():
        return grid_of(actor_of(user or world.reviewers[TRACK]), world.cycle.tracks.get(code=TRACK), Asked(**asked))


def codes(page: Grid) -> list[str]:
    return [column.code for column in page.columns]


def shared() -> World:
    """A world in which the districts' desk answers for one part and the deduction of the societies."""
    world = a_cycle().with_units(2, TRACK)
    track = world.cycle.tracks.get(code=TRACK)
    Responsibility.objects.filter(track=track, code__in=["2.1", "D1"]).update(department=world.desks["district"])
    return world.accepted()


def test_each_department_has_its_own_columns() -> None:
    world = shared()
    assert codes(grid(world)) == ["1.1", "1.2", "B1.1"]
    assert codes(grid(world, world.reviewers["district"])) == ["2.1", "D1.1"]


def test_who_is_of_two_departments_sees_a_row_for_each() -> None:
    world = shared()
    both = world.reviewers[TRACK]
    Membership.objects.create(user=both, role=Role.REVIEWER, department=world.desks["district"], since=world.at)
    page = grid(world, both)
    assert codes(page) == ["1.1", "1.2", "2.1", "B1.1", "D1.1"]
    assert len(page.rows) == 4
    assert all(sum(cell is None for cell in row.cells) in (2, 3) for row in page.rows)


def test_what_is_with_the_head_or_done_is_not_editable() -> None:
    world = a_cycle().with_units(1, TRACK).accepted()
    assert len(grid(world).editable) == 5
    world.assessments[0].task_set.filter(role=Role.REVIEWER, finished=None).update(role=Role.HEAD)
    assert grid(world).editable == []


def test_only_what_a_reopening_names_is_editable() -> None:
    world = a_cycle().with_units(1, TRACK).reviewed()
    desk = world.desks[TRACK]
    assert desk
    with world.clock():
        reopen_review(
            task=world.task(world.assessments[0], Node.CONSOLIDATION),
            by=world.office,
            departments=[desk.pk],
            parts=["1.1", "B1"],
            why="复核",
            until=world.at + timedelta(days=2),
        )
    page = grid(world)
    assert len(page.rows) == 1, "the last review of the unit"
    assert [cell.line.code for cell in page.editable] == ["1.1", "B1.1"]
    assert page.rows[0].given == 30


def test_a_track_without_reviews_has_no_rows() -> None:
    world = a_cycle().with_units(1, TRACK).opened()
    assert grid(world).rows == ()


# ---- pages ----


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> World:
    """Five units on pages of two."""
    monkeypatch.setattr(review_grid, "A_PAGE", 2)
    return a_cycle().with_units(5, TRACK).accepted()


def shown(found: Grid) -> list[str]:
    return [row.task.process.sheet.unit.code for row in found.rows]


def test_the_pages_show_every_unit_once_in_the_order_of_its_code(pages_of_two: World) -> None:
    seen, since = list[str](), ""
    while True:
        page = grid(pages_of_two, since=since)
        seen += shown(page)
        if page.after is None:
            break
        since = page.after
    assert seen == sorted(assessment.sheet.unit.code for assessment in pages_of_two.assessments)


def test_each_page_leads_back_to_the_one_before(pages_of_two: World) -> None:
    first = grid(pages_of_two)
    second = grid(pages_of_two, since=first.after or "")
    third = grid(pages_of_two, since=second.after or "")
    assert (first.before, second.before, third.before) == (None, "", first.after)
    assert third.after is None


def test_a_page_that_begins_behind_the_last_unit_is_empty_and_leads_back(pages_of_two: World) -> None:
    page = grid(pages_of_two, since="zzzz")
    assert (shown(page), page.after) == ([], None)
    assert len(shown(grid(pages_of_two, since=page.before or ""))) == 2


def test_what_is_left_leaves_out_what_the_head_has(pages_of_two: World) -> None:
    first, *others = pages_of_two.assessments
    first.task_set.filter(role=Role.REVIEWER, finished=None).update(role=Role.HEAD)
    page = grid(pages_of_two, only=Only.LEFT)
    assert shown(page) == [assessment.sheet.unit.code for assessment in others[:2]]


def test_what_lacks_points_leaves_out_what_has_them_all_in_the_columns_shown(pages_of_two: World) -> None:
    first = pages_of_two.assessments[0]
    first.sheet.lines.filter(code__in=["1.1", "1.2"]).update(reviewed=1)
    assert first.sheet.unit.code in shown(grid(pages_of_two, only=Only.MISSING))
    assert first.sheet.unit.code not in shown(grid(pages_of_two, only=Only.MISSING, group="1"))


def test_a_unit_is_found_by_its_name_or_its_code(pages_of_two: World) -> None:
    sought = pages_of_two.assessments[3].sheet
    for words in (sought.unit_name, sought.unit.code):
        assert sought.unit.code in shown(grid(pages_of_two, words=words))
    assert shown(grid(pages_of_two, words="没有这个单位")) == []


def test_an_indicator_alone_has_its_columns_and_the_sum_of_all(pages_of_two: World) -> None:
    pages_of_two.assessments[0].sheet.lines.filter(code="2.1").update(reviewed=7)
    page = grid(pages_of_two, group="1")
    assert codes(page) == ["1.1", "1.2"]
    assert page.rows[0].given == 7
    assert list(page.groups) == ["1", "2", "B1", "D1"]


def test_an_indicator_that_there_is_not_hides_nothing(pages_of_two: World) -> None:
    assert codes(grid(pages_of_two, group="9")) == codes(grid(pages_of_two))


def test_the_tracks_of_a_reviewer_are_those_of_running_cycles() -> None:
    world = a_cycle().with_units(1, TRACK)
    with world.clock():
        actor = actor_of(world.reviewers[TRACK])
    assert not tracks_reviewed_by(actor).exists()
    world.opened()
    assert [track.code for track in tracks_reviewed_by(actor)] == [TRACK]
    world.cycle.closed_at = world.at
    world.cycle.save()
    assert not tracks_reviewed_by(actor).exists()


def claims_of_every_kind(units: int) -> World:
    """Accepted units that say what each of their points come from."""
    world = a_cycle().with_units(units, TRACK).accepted()
    let_parts_be_of_every_kind(world)
    kept = {"1.1": {"level": "1.1.2"}, "1.2": {"losses": {"1.2.1": "3"}}, "2.1": {"measured": "1.9"}}
    for code, basis in kept.items():
        SheetLine.objects.filter(code=code).update(basis=basis)
    return world


def test_what_the_points_claimed_come_from_stands_in_their_cells() -> None:
    rows = rows_shown(grid(claims_of_every_kind(1)), typed={}, wrong={})
    told = [shown.basis for shown in rows[0].cells]
    assert told == ["1.1.2 省级；应得25分", "缺席一次 × 3；应得14分", "1.9倍；应得20分", "", ""]


def test_what_a_department_finds_otherwise_stands_in_the_cell_of_the_points_given() -> None:
    world = claims_of_every_kind(1)
    SheetLine.objects.filter(code="1.2").update(reviewed=12, reviewed_basis={"losses": {"1.2.1": "4"}})
    rows = rows_shown(grid(world), typed={}, wrong={})
    assert [shown.found for shown in rows[0].cells] == ["", "缺席一次 × 4", "", "", ""]
    with world.clock():
        page = browser_of(world.reviewers[TRACK]).get(f"/review/grid/{TRACK}/").content.decode()
    assert "评分 缺席一次 × 4" in page


def test_what_is_given_at_discretion_is_a_column_of_points() -> None:
    world = a_cycle().with_units(1, TRACK).accepted()
    let_b1_1_be_given_at_discretion(world)
    assert {column.code: column.in_points for column in grid(world).columns} == {
        "1.1": True,
        "1.2": True,
        "2.1": True,
        "B1.1": True,
        "D1.1": False,
    }


@pytest.mark.parametrize("units", [1, 6])
def test_the_grid_takes_a_fixed_number_of_queries(units: int, django_assert_max_num_queries: Any) -> None:
    world = claims_of_every_kind(units)
    track = world.cycle.tracks.select_related("cycle__scheme").get(code=TRACK)
    with world.clock():
        actor = actor_of(world.reviewers[TRACK])
        with django_assert_max_num_queries(5):
            shown = rows_shown(grid_of(actor, track, Asked(since=" ")), typed={}, wrong={})
    assert len([row for row in shown if row.cells[0].basis]) == units


@pytest.mark.parametrize("subject", ["cycle:²", "sheet:x", "sheet:", "nothing", "strange:1"])
def test_a_strange_subject_has_no_name_and_does_no_harm(subject: str) -> None:
    assert names_of([subject]) == {}
