"""Notices of results under odd requests: letters that are wrong, nobody to tell, receipts of others."""

from typing import Any

import pytest
from django.contrib.messages import get_messages

from audit.models import Event
from documents.models import NoticeReceipt, ResultNotice
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def said(answer: Any) -> list[str]:
    return [str(one) for one in get_messages(answer.wsgi_request)]


def a_letter(**changes: str) -> dict[str, str]:
    return {
        "number": "测科协发〔2027〕8号", "issued_on": "2027-03-01", "title": "通报", "addressees": "各单位",
        "text": "现将结果予以通报。", "year": "2026", "action": "preview",
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"number": ""}, "number", id="no number"),
        pytest.param({"number": "八号文"}, "number", id="a number of no form"),
        pytest.param({"issued_on": "gestern"}, "issued_on", id="no date"),
        pytest.param({"title": ""}, "title", id="no title"),
        pytest.param({"addressees": ""}, "addressees", id="to nobody"),
        pytest.param({"text": " "}, "text", id="no text"),
    ],
)
def test_a_letter_that_is_wrong_is_neither_shown_nor_issued(changes: dict[str, str], field: str) -> None:
    world = a_cycle().with_units(1).to_circulate()
    for action in ("preview", "issue"):
        page = office(world).post("/notices/draft/", a_letter(**changes, action=action))
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]
        assert page.context["form"]["title"].value() == a_letter(**changes)["title"]
    assert not ResultNotice.objects.exists()


def test_with_nobody_to_tell_there_is_no_letter() -> None:
    world = a_cycle().with_units(1).opened()
    answer = office(world).get("/notices/draft/")
    assert answer.url == f"/notices/?cycle={world.cycle.pk}"
    assert said(answer)


def test_the_first_draft_is_written_already() -> None:
    world = a_cycle().with_units(2).to_circulate()
    form = office(world).get("/notices/draft/").context["form"]
    assert "2026" in form["title"].value()
    assert "共有2个单位" in form["text"].value()
    assert form["addressees"].value() == "区县（自治县）科协"


def test_a_receipt_is_confirmed_once_and_reminded_until_then() -> None:
    world = a_cycle().with_units(2).circulated()
    receipt = NoticeReceipt.objects.earliest("pk")
    filer = Visitor(world, world.filers[receipt.sheet_id])
    assert len(filer.get("/results/").context["unconfirmed"]) == 1
    assert len(office(world).get(f"/notices/{receipt.notice_id}/nudge/").context["items"]) == 2
    for _click in range(2):
        assert filer.post(f"/results/{receipt.pk}/confirm/").url == "/results/"
    assert Event.objects.filter(verb__contains="receipt").count() <= 1
    assert len(office(world).get(f"/notices/{receipt.notice_id}/nudge/").context["items"]) == 1
    other = NoticeReceipt.objects.latest("pk")
    assert filer.post(f"/results/{other.pk}/confirm/").status_code == 404
