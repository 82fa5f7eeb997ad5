"""What an excluded unit sees: that it is, why, since when, whom to ask, and its draft (R6)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from outbox.models import Message
from tests.support.pages import Visitor
from tests.support.single import exclude_overdue
from tests.support.world import World, a_cycle
from workflow.flow.models import Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """A unit that filled something in and handed nothing in."""
    world = a_cycle().with_units(1).opened()
    world.assessments[0].sheet.lines.filter(code="1.1").update(claimed=7, text="开了三次会")
    world.at = world.deadline + timedelta(minutes=1)
    with world.clock():
        exclude_overdue(task=world.task(world.assessments[0], Node.SELF_EVALUATION))
    return world


def pages(world: World) -> list[str]:
    """The pages on which a unit may look for its assessment."""
    pk = world.assessments[0].pk
    filer = Visitor(world, world.filers[world.assessments[0].sheet_id])
    addresses = [reverse("inbox"), reverse("assessment", args=[pk]), reverse("self-evaluation-sheet", args=[pk])]
    return [filer.get(address).content.decode() for address in addresses]


def test_every_page_of_it_says_so_with_the_deadline_and_since_when(world: World) -> None:
    for page in pages(world):
        told = page[page.index("不参加本次考核") :]
        assert "12月31日 周四 24:00" in told
        assert "1月1日" in told


def test_it_reads_whom_to_ask_as_the_office_wrote_it(world: World) -> None:
    world.cycle.contact = "示例办公室 023-00000000"
    world.cycle.save()
    assert all("示例办公室 023-00000000" in page for page in pages(world))


def test_without_a_contact_the_people_of_the_office_are_named(world: World) -> None:
    assert all(world.office.name in page for page in pages(world))


def test_its_draft_is_one_click_away_and_still_readable(world: World) -> None:
    inbox, whole, sheet = pages(world)
    address = reverse("self-evaluation-sheet", args=[world.assessments[0].pk])
    assert f'href="{address}"' in inbox
    assert f'href="{address}"' in whole
    assert "开了三次会" in sheet


def test_the_mail_names_whom_to_ask(world: World) -> None:
    message = Message.objects.get(cause__startswith="excluded:")
    assert world.office.name in message.body


def test_who_is_not_excluded_reads_nothing_of_it() -> None:
    world = a_cycle().with_units(1).opened()
    with clock.travel(world.at):
        assert not any("不参加本次考核" in page for page in pages(world))
