"""The whole sheet is there to read for those who oversee the cycle, and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db


def page_for(user: User, world: World) -> int:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("whole-sheet", args=[world.assessments[0].pk])).status_code


def test_the_supervisor_reads_everything_and_units_and_departments_do_not() -> None:
    world = a_cycle().with_units(1).reviewed()
    for user in (world.supervisor, world.office, world.chief, world.leaders[0]):
        assert page_for(user, world) == 200
    for user in (world.filers[world.assessments[0].sheet_id], world.reviewers["district"]):
        assert page_for(user, world) == 403


def test_it_shows_what_was_claimed_and_what_was_given(client: Client) -> None:
    world = a_cycle().with_units(1).reviewed()
    client.force_login(world.supervisor, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("whole-sheet", args=[world.assessments[0].pk]))
    text = page.content.decode()
    assert "举办报告会" in text
    assert {row.line.code for group in page.context["groups"] for row in group.lines} == {
        "1.1",
        "1.2",
        "2.1",
        "B1.1",
        "D1.1",
    }
    assert "<input" not in text.split("<main")[1].replace('type="hidden"', "").split("</main>")[0]
