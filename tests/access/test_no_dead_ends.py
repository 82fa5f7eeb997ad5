"""No address is a dead end: whoever may opens a page at each, whatever brought them there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from audit.models import Event
from tests.access.expectations import TABLE, Expect
from tests.access.scene import Scene
from tests.access.test_every_url import ONLY_POSTED, addresses, content, roles_with, said
from tests.support.clients import browser_of

A_PAGE = '<main id="main"'


def somebody_for(scene: Scene, expect: Expect) -> Client:
    """A browser of the first role that may and for whom the object of the address exists."""
    roles = roles_with(expect.action)
    if expect.sees:
        roles &= expect.sees
    return browser_of(scene.people[next(role for role in Role if role in roles)])


def posted(scene: Scene) -> Iterator[tuple[str, str, Client]]:
    """Every address that takes what a form sends, with somebody who may."""
    for name, expect, address in addresses(scene):
        if name in ONLY_POSTED:
            yield name, address, somebody_for(scene, expect)


def is_page(answer: Any) -> bool:
    return answer.status_code == 200 and A_PAGE in content(answer)


@pytest.mark.both
def test_every_address_opens_a_page_or_gives_its_file(scene: Scene) -> None:
    wrong = []
    for name, expect, address in addresses(scene):
        answer = somebody_for(scene, expect).get(address, follow=True)
        exists = expect.sees != frozenset()
        is_file = "attachment" in answer.headers.get("Content-Disposition", "")
        for_machines = answer.headers["Content-Type"] == "application/json"
        fine = (
            is_page(answer) or is_file or for_machines
            if exists
            else answer.status_code == 404 and A_PAGE in content(answer)
        )
        if not fine:
            wrong.append(f"{name}: {answer.status_code}")
    said(wrong)


def test_what_only_a_form_sends_changes_nothing_when_it_is_opened_and_says_what_to_do(scene: Scene) -> None:
    before = Event.objects.count()
    wrong = []
    for name, address, browser in posted(scene):
        told = [str(message) for message in browser.get(address, follow=True).context["messages"]]
        if len(told) != 1:
            wrong.append(f"{name}: {told}")
    said(wrong)
    assert Event.objects.count() == before


def test_the_other_language_on_a_page_of_confirmation_comes_back_to_a_page(scene: Scene) -> None:
    wrong = []
    for name, address, browser in posted(scene):
        page = browser.post("/language/", {"next": address, "language": "en"}, follow=True)
        if not is_page(page) or '<html lang="en">' not in content(page):
            wrong.append(f"{name}: {page.status_code}")
    said(wrong)


@pytest.mark.django_db
def test_a_form_sent_after_the_session_ended_leads_by_the_sign_in_page_to_the_form_again(scene: Scene) -> None:
    reviewer, stranger = scene.people[Role.REVIEWER], Client()
    page = stranger.post("/acceptance/many/", {"ids": "1"}, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["warn"]
    signing = {"username": reviewer.username, "password": "secret", "next": page.context["next"]}
    assert stranger.post("/sign-in/", signing, follow=True).request["PATH_INFO"] == "/acceptance/"


@pytest.mark.parametrize(("method", "address"), [("post", "/public/"), ("put", "/ballot/"), ("delete", "/sign-out/")])
def test_a_way_that_an_address_does_not_take_is_told_on_a_page_of_ours(db: None, method: str, address: str) -> None:
    answer = getattr(Client(), method)(address)
    assert answer.status_code == 405
    assert A_PAGE in content(answer)
    assert answer.headers["Allow"]
    assert (f'href="{address}"' in content(answer)) is ("GET" in answer.headers["Allow"])


def test_every_address_that_may_be_a_dead_end_is_walked() -> None:
    assert {"acceptance-many", "drawing-draw", "consolidation-confirm", "review-approve", "sign-out"} <= ONLY_POSTED
    assert set(TABLE) >= ONLY_POSTED
