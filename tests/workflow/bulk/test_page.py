"""Whoever asked sees how far it is; the figures renew themselves; nobody else sees it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests.support.clients import browser_of
from tests.support.world import World, a_person
from tests.workflow.bulk.conftest import Ask
from workflow.bulk.services import AT_ONCE, work_off

pytestmark = pytest.mark.django_db


def test_the_page_shows_true_figures_and_names_the_refused(ask: Ask, world: World) -> None:
    run = ask(AT_ONCE + 1)
    work_off(run, end=0)
    page = browser_of(world.office).get(reverse("bulk-run", args=[run.pk])).content.decode()
    assert f"已办 {AT_ONCE - 1}，未办成 1，待办 1" in page
    assert "单位13" in page
    assert "unlucky" in page


def test_the_figures_alone_come_without_the_page(ask: Ask, world: World) -> None:
    run = ask(AT_ONCE + 1)
    figures = browser_of(world.office).get(reverse("bulk-run", args=[run.pk]), headers={"X-Requested-With": "progress"})
    assert "<html" not in figures.content.decode()
    assert "data-renew-finished" not in figures.content.decode()
    assert "关闭本页也会继续办理" in figures.content.decode()
    work_off(run)
    again = browser_of(world.office).get(reverse("bulk-run", args=[run.pk]), headers={"X-Requested-With": "progress"})
    assert "data-renew-finished" in again.content.decode()
    assert "关闭本页也会继续办理" not in again.content.decode()
    assert "完成时间" in again.content.decode()


def test_it_is_nobody_elses(ask: Ask) -> None:
    run = ask(3)
    outsider: Client = browser_of(a_person(Role.LEADER))
    assert outsider.get(reverse("bulk-run", args=[run.pk])).status_code == 404
