"""Notices of results under odd requests: letters that are wrong, nobody to tell, receipts of others."""

import io

import pytest
from docx import Document

from documents.models import NoticeReceipt, ResultNotice
from scoring.engine.scheme import scheme_sha256
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def a_letter(**changes: str) -> dict[str, str]:
    head = {"number": "测科协发[2027]8号", "issued_on": "2027-03-01", "title": "通报", "addressees": "各单位"}
    return head | {"text": "开展了考核。\n\n一、总体情况\n现予通报。", "year": "2026", "action": "preview"} | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"number": ""}, "number", id="no number"),
        pytest.param({"number": "八号文"}, "number", id="a number of no form"),
        pytest.param({"number": "测科协发〔2026〕8号"}, "number", id="a number of another year"),
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


def test_the_first_draft_is_written_already() -> None:
    world = a_cycle().with_units(2).to_circulate()
    form = office(world).get("/notices/draft/").context["form"]
    assert "2026" in form["title"].value()
    assert "共有2个单位" in form["text"].value()
    assert form["addressees"].value() == "区县（自治县）科协"


def test_a_letter_is_seen_before_it_is_issued() -> None:
    world = a_cycle().with_units(2).with_units(1, "society").to_circulate()
    assert office(world).get("/notices/").context["waiting"] == 3
    preview = office(world).post("/notices/draft/", a_letter())
    assert "测科协发〔2027〕8号" in preview.content.decode()
    assert not ResultNotice.objects.exists()
    assert office(world).post("/notices/draft/", a_letter(action="edit")).status_code == 200
    done = office(world).post("/notices/draft/", a_letter(action="issue", seen=preview.context["seen"]))
    notice = ResultNotice.objects.get()
    assert done.url == f"/notices/{notice.pk}/"
    assert notice.body["paragraphs"] == ["开展了考核。", "一、总体情况", "现予通报。"]
    assert notice.sha256 == scheme_sha256(notice.body)


def test_results_that_changed_since_the_preview_are_shown_again() -> None:
    world = a_cycle().with_units(1).to_circulate()
    page = office(world).post("/notices/draft/", a_letter(action="issue", seen="0" * 64))
    assert (page.status_code, bool(page.context["form"].errors)) == (422, True)
    assert not ResultNotice.objects.exists()


def test_everyone_signed_in_reads_it_and_gets_the_file() -> None:
    world = a_cycle().with_units(2).circulated()
    notice, filer = ResultNotice.objects.get(), world.filers[world.assessments[0].sheet_id]
    for person in (world.office, world.chief, world.supervisor, world.reviewers["district"], filer):
        assert notice.number in Visitor(world, person).get(f"/notices/{notice.pk}/").content.decode()
    file = Visitor(world, filer).get(f"/notices/{notice.pk}/file/")
    paper = Document(io.BytesIO(b"".join(file.streaming_content)))
    assert notice.number in [paragraph.text for paragraph in paper.paragraphs]


def test_a_unit_sees_no_other_units_receipt() -> None:
    world = a_cycle().with_units(2).circulated()
    own = world.assessments[0].sheet
    page = Visitor(world, world.filers[own.pk]).get(f"/notices/{ResultNotice.objects.get().pk}/")
    assert [receipt.sheet for receipt in page.context["receipts"]] == [own]


def test_a_receipt_is_confirmed_once_and_reminded_until_then() -> None:
    world = a_cycle().with_units(2).circulated()
    receipt = NoticeReceipt.objects.earliest("pk")
    filer = Visitor(world, world.filers[receipt.sheet_id])
    page = filer.get("/results/")
    assert (page.context["unconfirmed"], [line.grade for line in page.context["lines"]]) == ([receipt], ["一等"])
    assert len(office(world).get(f"/notices/{receipt.notice_id}/nudge/").context["items"]) == 2
    for _click in range(2):
        assert filer.post(f"/results/{receipt.pk}/confirm/").url == "/results/"
    assert len(office(world).get(f"/notices/{receipt.notice_id}/nudge/").context["items"]) == 1
    nudged = office(world).post(f"/notices/{receipt.notice_id}/nudge/")
    assert nudged.url == f"/notices/{receipt.notice_id}/"
    other = NoticeReceipt.objects.latest("pk")
    assert filer.post(f"/results/{other.pk}/confirm/").status_code == 404
