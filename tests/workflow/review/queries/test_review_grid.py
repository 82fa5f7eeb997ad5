"""The grid of a department: only its own lines, its last reviews, and what can be changed now."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import actor_of
from accounts.models import Membership, Role, User
from scoring.models import Responsibility
from tests.support.world import World, a_cycle
from workflow.consolidation.services.consolidation import reopen_review
from workflow.flow.models import Node
from workflow.office.queries.subjects import names_of
from workflow.review.queries.review_grid import Grid, grid_of, tracks_reviewed_by

pytestmark = pytest.mark.django_db
TRACK = "society"


def grid(world: World, user: User | None = None) -> Grid:
    with world.clock():
        return grid_of(actor_of(user or world.reviewers[TRACK]), world.cycle.tracks.get(code=TRACK))


def codes(shown: Grid) -> list[str]:
    return [column.code for column in shown.columns]


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
    shown = grid(world, both)
    assert codes(shown) == ["1.1", "1.2", "2.1", "B1.1", "D1.1"]
    assert len(shown.rows) == 4
    assert all(sum(cell is None for cell in row.cells) in (2, 3) for row in shown.rows)


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
    shown = grid(world)
    assert len(shown.rows) == 1, "the last review of the unit"
    assert [cell.line.code for cell in shown.editable] == ["1.1", "B1.1"]
    assert shown.rows[0].given == 30


def test_a_track_without_reviews_has_an_empty_grid() -> None:
    world = a_cycle().with_units(1, TRACK).opened()
    assert (grid(world).columns, grid(world).rows) == ((), ())


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


@pytest.mark.parametrize("units", [1, 6])
def test_the_grid_takes_a_fixed_number_of_queries(units: int, django_assert_max_num_queries: Any) -> None:
    world = a_cycle().with_units(units, TRACK).accepted()
    track = world.cycle.tracks.select_related("cycle__scheme").get(code=TRACK)
    with world.clock():
        actor = actor_of(world.reviewers[TRACK])
        with django_assert_max_num_queries(3):
            assert len(grid_of(actor, track).rows) == units


@pytest.mark.parametrize("subject", ["cycle:²", "sheet:x", "sheet:", "nothing", "strange:1"])
def test_a_strange_subject_has_no_name_and_does_no_harm(subject: str) -> None:
    assert names_of([subject]) == {}
