"""The world of the tests: what is copied back equals what was built, and a change in between is never overwritten."""

import pytest

from tests.support import snapshots
from tests.support.world import World, a_cycle
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db


def built() -> World:
    return a_cycle(year=2031).with_units(1).with_units(1, "society").reviewed()


def test_a_copied_world_has_the_rows_of_the_built_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_kept", {})
    first = built()
    rows = snapshots._rows()
    snapshots._write(rows, {})
    assert snapshots._rows() == {}
    second = built()
    assert snapshots._rows() == rows
    assert [assessment.pk for assessment in second.assessments] == [assessment.pk for assessment in first.assessments]
    assert (second.at, second.office) == (first.at, first.office)
    assert second.office is not first.office


def test_what_a_test_changed_between_two_steps_stays() -> None:
    built()
    Assessment.objects.all()  # reading is no change
    world = a_cycle(year=2032).with_units(1).filled()
    world.assessments[0].sheet.lines.filter(code="1.1").update(claimed=3)
    world.submitted()
    assert world.assessments[0].sheet.lines.get(code="1.1").claimed == 3


def test_a_second_world_beside_the_first_is_built_for_itself() -> None:
    one = a_cycle(year=2033).with_units(1).opened()
    other = a_cycle(year=2034).with_units(1).opened()
    assert one.recipe is not None
    assert other.recipe is None
    assert Assessment.objects.count() == 2
