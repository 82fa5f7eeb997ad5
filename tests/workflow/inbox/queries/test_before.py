"""What a unit was in the year before stands on the page of its assessment; results only where one became one."""

import pytest
from django.urls import reverse

from common.tables.heads import TableRow
from scoring.models import Scheme
from scoring.services.rolling import roll_over
from scoring.services.starting import start_scheme
from tests.support.clients import browser_of
from tests.support.world import World, a_cycle
from workflow.flow.models import Assessment
from workflow.inbox.queries.before import year_before
from workflow.office.services.opening import open_cycle

pytestmark = pytest.mark.django_db


def followed(world: World, *rows: str) -> list[Assessment]:
    """The assessments of the year after, whose units came by these rows."""
    with world.clock():
        draft = start_scheme(year=2027, like=Scheme.objects.get(in_force=world.cycle), by=world.office).cycle
        draft.scheme.findings.all().delete()
        table = [TableRow(number, tuple(row.split(","))) for number, row in enumerate(rows, start=1)]
        roll_over(cycle=draft, source=world.cycle, rows=table, by=world.office)
        open_cycle(cycle=draft, by=world.office)
    return list(Assessment.objects.filter(sheet__cycle=draft).select_related("sheet__cycle").order_by("pk"))


def test_one_that_became_one_has_its_result_beside_it() -> None:
    world = a_cycle().with_units(1, "society").circulated()
    (after,) = followed(world)
    before = year_before(after.sheet)
    assert before is not None and before.line is not None
    page = browser_of(world.office).get(reverse("assessment", args=[after.pk])).content.decode()
    assert "上年" in page
    assert before.line.grade in page


def test_of_a_merger_no_result_is_set_beside() -> None:
    world = a_cycle().with_units(2, "society").circulated()
    one, other = (assessment.sheet.unit.code for assessment in world.assessments)
    (after,) = followed(world, f"{other},{one},,")
    before = year_before(after.sheet)
    assert before is not None
    assert (len(before.sheets), before.is_same, before.line) == (2, False, None)
    assert browser_of(world.office).get(reverse("assessment", args=[after.pk])).status_code == 200


def test_what_was_not_circulated_is_not_shown_and_a_new_unit_has_nothing() -> None:
    world = a_cycle().with_units(1, "society")
    new, same = followed(world, ",n,新增单位,society")
    before = year_before(same.sheet)
    assert before is not None and before.is_same and before.line is None
    assert year_before(new.sheet) is None
