"""Pages about many say in its row why one's own unit can't be decided on, and the others go on."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import STAKE
from accounts.models import Membership, Role
from scoring.models import ScoreSheet
from tests.support.clients import browser_of
from tests.support.world import START, World, a_cycle
from workflow.board.models import Board
from workflow.board.services.submitting import submit_board
from workflow.flow.queries.process import open_tasks
from workflow.publicity.models import Objection

pytestmark = pytest.mark.django_db
WHY = "不能处理本"
NO_TICK = 'type="checkbox" disabled'


def office_of(world: World) -> Client:
    """The office's person, who files for the first unit as well."""
    unit = world.cycle.sheets.order_by("pk")[0].unit
    Membership.objects.create(user=world.office, role=Role.FILER, unit=unit, since=START)
    return browser_of(world.office)


def read(world: World, client: Client, name: str, **kwargs: Any) -> str:
    with world.clock():
        return client.get(reverse(name, kwargs=kwargs)).content.decode()


@pytest.mark.parametrize(
    ("world", "name"),
    [
        (lambda: a_cycle().with_units(2), "units"),
        (lambda: a_cycle().with_units(2).rated(), "consolidation"),
    ],
)
def test_one_s_own_row_has_no_box_and_says_why_the_other_has_one(world: Any, name: str) -> None:
    made = world()
    client = office_of(made)
    page = read(made, client, name, **({"slug": made.cycle.slug} if name == "units" else {}))
    assert page.count(NO_TICK) == page.count('name="ids"') == 1
    assert f"<small>{WHY}" in page


def test_on_a_board_the_own_row_is_neither_graded_nor_returned() -> None:
    world = a_cycle().with_units(2).consolidated()
    with world.clock():
        board = submit_board(track=world.cycle.tracks.get(code="district"), by=world.office)
    page = read(world, office_of(world), "board", pk=board.pk)
    assert page.count(NO_TICK) == page.count('name="ids"') == page.count('name="grade-') == 1
    assert "不得评定本单位的等次" in page


def test_all_others_get_a_grade_at_once() -> None:
    world = a_cycle().with_units(3).consolidated()
    with world.clock():
        board = submit_board(track=world.cycle.tracks.get(code="district"), by=world.office)
        office_of(world).post(reverse("board-grades", args=[board.pk]), {"fill": "一等"})
    own = Board.objects.get().lines.get(sheet=world.cycle.sheets.order_by("pk")[0])
    assert own.grade == ""
    assert set(board.lines.exclude(pk=own.pk).values_list("grade", flat=True)) == {"一等"}


def test_whoever_has_just_left_a_unit_does_not_decide_about_it_either() -> None:
    world = a_cycle().with_units(2).rated()
    client = office_of(world)
    with world.clock():
        Membership.objects.filter(user=world.office, role=Role.FILER).update(until=world.at)
    page = read(world, client, "consolidation")
    assert page.count(NO_TICK) == page.count('name="ids"') == 1


def test_a_year_after_leaving_a_unit_it_is_like_any_other() -> None:
    world = a_cycle().with_units(2).rated()
    client = office_of(world)
    gone = {"since": world.at - 2 * STAKE, "until": world.at - STAKE}
    Membership.objects.filter(user=world.office, role=Role.FILER).update(**gone)
    assert NO_TICK not in read(world, client, "consolidation")


def test_an_extension_of_many_leaves_the_own_unit_out_and_gives_the_others_time() -> None:
    world = a_cycle().with_units(2).opened()
    own, other = world.assessments
    sent = {"ids": [own.pk, other.pk]}
    address = reverse("cycle-extensions", args=[world.cycle.year])
    client = office_of(world)
    with world.clock():
        page = client.post(address, sent).content.decode()
        client.post(address, sent | {"confirmed": "1", "day": "2027-01-10", "why": "暴雨"})
    assert f"{WHY}单位的事项：{own.sheet.unit_name}" in page
    due = dict(open_tasks("self_evaluation").values_list("process_id", "due_at"))
    assert due[own.pk] == world.deadline < due[other.pk]


def test_who_chose_only_their_own_unit_is_offered_no_new_deadline() -> None:
    world = a_cycle().with_units(1).opened()
    client = office_of(world)
    address, sent = reverse("cycle-extensions", args=[world.cycle.year]), {"ids": [world.assessments[0].pk]}
    with world.clock():
        assert 'form="extend"' not in client.post(address, sent).content.decode()
        client.post(address, sent | {"confirmed": "1", "day": "2027-01-10", "why": "暴雨"})
    assert open_tasks("self_evaluation").get().due_at == world.deadline


def test_the_pages_of_one_s_own_unit_say_why_nothing_can_be_decided_there() -> None:
    world = a_cycle().with_units(1).rated()
    client, own = office_of(world), world.assessments[0]
    for name, form in (("consolidation-unit", 'id="confirm"'), ("incidents", 'id="incident"')):
        page = read(world, client, name, pk=own.pk)
        assert WHY in page
        assert form not in page


def test_an_objection_to_one_s_own_unit_is_decided_by_somebody_else() -> None:
    world = a_cycle().with_units(1).published()
    sheet = ScoreSheet.objects.get()
    objection = Objection.objects.create(
        publicity=Board.objects.get().publicity,
        sheet=sheet,
        kind="person",
        name="样例",
        contact="13900000000",
        text="有异议",
        receipt="20270120-1",
    )
    page = read(world, office_of(world), "objection", pk=objection.pk)
    assert WHY in page
    assert 'id="decide"' not in page


def test_a_smaller_roster_of_one_s_own_unit_is_allowed_by_somebody_else() -> None:
    world = a_cycle().with_units(1).opened()
    page = read(world, office_of(world), "assessment", pk=world.assessments[0].pk)
    assert WHY in page
    assert reverse("roster-waiver", args=[world.assessments[0].pk]) not in page
