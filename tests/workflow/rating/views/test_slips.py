"""The office's page of a unit's ballots: who has one, printed after a question, issued anew with a reason."""

from typing import Any

import pytest

from accounts.models import Membership, Role
from common.ui.qr import qr_code
from scoring.models import Ballot, Draw
from tests.support.ballots import Recipient, a_drawn_world, a_token
from tests.support.boxes import rating_task
from tests.support.pages import Visitor
from tests.support.world import World
from workflow.flow.endings import Ending, hold
from workflow.flow.models import OutcomeKind
from workflow.rating.services.links import address_of
from workflow.rating.services.tokens import token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_drawn_world()


@pytest.fixture
def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def page_of(world: World) -> str:
    return f"/draws/{Draw.objects.earliest('pk').pk}/ballots/"


def test_people_are_shown_masked_and_nothing_of_what_they_gave(world: World, office: Visitor) -> None:
    Recipient(world).hands_in(a_token(), value="77")
    page = office.get(page_of(world))
    said = page.content.decode()
    assert (page.context["spent"], len(page.context["rows"])) == (1, 3)
    for person in Draw.objects.get().sheet.roster.all():
        assert person.name not in said and person.phone not in said
    assert ">77<" not in said


def test_once_rating_is_over_nothing_is_offered_that_would_be_refused(world: World, office: Visitor) -> None:
    assert "/slips/" in office.get(page_of(world)).content.decode()
    with world.clock(), hold([rating_task(world.assessments[0])]) as held:
        held.end({held.task: Ending(kind=OutcomeKind.RATED, by=None)})
    said = office.get(page_of(world)).content.decode()
    assert "评价已结束" in said
    assert "补发" not in said and 'form="ballots">' not in said


@pytest.mark.parametrize("units", [1, 3])
def test_it_takes_a_fixed_number_of_queries(django_assert_max_num_queries: Any, units: int) -> None:
    world = a_drawn_world(units)
    office, address = Visitor(world, world.office), page_of(world)
    with django_assert_max_num_queries(9):
        office.get(address)


def test_devices_are_told_as_a_count(world: World, office: Visitor) -> None:
    shared = Recipient(world)
    for ballot in Ballot.objects.all()[:2]:
        shared.opens(a_token(ballot))
        shared.hands_in(a_token(ballot), value="80")
    page = office.get(page_of(world))
    assert page.context["sharing"] == 2 and "有 2 张评价票" in page.content.decode()


def test_slips_are_asked_about_first_and_then_shown_once(world: World, office: Visitor) -> None:
    before = list(Ballot.objects.values_list("token_sha256", flat=True))
    ids = [ballot.pk for ballot in Ballot.objects.all()[:2]]
    asked = office.post(page_of(world) + "slips/", {"ids": ids})
    assert [item["label"] for item in asked.context["items"]] == [
        ballot.opaque_id for ballot in Ballot.objects.all()[:2]
    ]
    assert asked.context["ending"] == 0
    assert list(Ballot.objects.values_list("token_sha256", flat=True)) == before
    sheet = office.post(page_of(world) + "slips/", {"ids": ids, "confirmed": "1"})
    assert "no-store" in sheet.headers["Cache-Control"]
    said = sheet.content.decode()
    for slip in sheet.context["slips"]:
        token = token_in(slip["code"])
        assert qr_code(address_of(token)).path in said and slip["code"] in said
        assert Recipient(world).opens(slip["code"]).status_code == 200
    again = office.post(page_of(world) + "slips/", {"ids": ids})
    assert again.context["ending"] == 2


def test_with_nothing_to_print_the_page_says_so(world: World, office: Visitor) -> None:
    ballot = Ballot.objects.earliest("pk")
    Recipient(world).hands_in(a_token(ballot), value="80")
    for ids in ([], [ballot.pk], [10**9]):
        assert office.post(page_of(world) + "slips/", {"ids": ids, "confirmed": "1"}).url == page_of(world)


def test_own_unit_is_not_printed_for(world: World, office: Visitor) -> None:
    sheet = Draw.objects.get().sheet
    Membership.objects.create(user=world.office, role=Role.FILER, unit=sheet.unit, since=world.at)
    ids = list(Ballot.objects.values_list("pk", flat=True))
    assert office.get(page_of(world)).context["why_not"]
    assert office.post(page_of(world) + "slips/", {"ids": ids, "confirmed": "1"}).url == page_of(world)
    assert not Ballot.objects.filter(on_paper=True).exists()


def test_a_ballot_is_issued_anew_with_a_reason(world: World, office: Visitor) -> None:
    ballot = Ballot.objects.earliest("pk")
    address = f"{page_of(world)}{ballot.pk}/"
    assert list(office.get(address).context["form"].fields) == ["why"]
    assert "why" in office.post(address, {"why": ""}).context["form"].errors
    assert office.post(address, {"why": "手机丢失"}).url == page_of(world)
    assert office.post(address, {"why": "再来一次"}).context["form"].errors
    assert Ballot.objects.filter(opaque_id=ballot.opaque_id, revoked_at=None).count() == 1


def test_a_ballot_stands_under_its_own_draw(world: World, office: Visitor) -> None:
    ballot = Ballot.objects.earliest("pk")
    assert office.get(f"/draws/{ballot.draw_id + 1}/ballots/{ballot.pk}/").status_code == 404
