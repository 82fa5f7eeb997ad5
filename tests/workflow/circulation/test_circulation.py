"""The notice of results: drafted, previewed, issued, read, confirmed, nudged."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from accounts.models import Role, User
from audit.models import Event
from common import clock
from common.errors import DomainError
from documents.models import NoticeReceipt, ResultNotice
from outbox.models import Message
from scoring.engine.scheme import scheme_sha256
from scoring.models import Step
from tests.support.world import World, a_cycle, a_person
from workflow.circulation.queries import results_to_issue
from workflow.circulation.services import confirm_receipt, issue_notice, nudge_receipts, official_number

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def filer_of(world: World, number: int = 0) -> User:
    """The filer of the unit of that number."""
    return world.filers[world.assessments[number].sheet_id]


@pytest.mark.parametrize(
    "text", ["渝科协发〔2021〕8号", "渝科协发[2021]8号", "渝科协发（2021）8号", " 渝科协发【2021】 8 号 "]
)
def test_a_number_takes_its_official_form(text: str) -> None:
    assert official_number(text, year=2021) == "渝科协发〔2021〕8号"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8号",
        "渝科协发〔2021〕08号",
        "渝科协发〔21〕8号",
        "渝科协发〔2021〕第8号",
        "渝科协发〔2020〕8号",
        "〔2021〕8号",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(DomainError) as caught:
        official_number(text, year=2021)
    assert caught.value.field == "number"


def draft(world: World, **changes: str) -> dict[str, str]:
    """The letter as the office sends it."""
    filled = {
        "year": str(world.cycle.year),
        "number": "测科协发[2027]8号",
        "issued_on": "2027-02-08",
        "title": "关于考核结果的通报",
        "addressees": "各有关单位",
        "text": "根据通知要求，开展了考核。\n\n一、总体情况\n现将结果通报如下。",
        "action": "preview",
    }
    return filled | changes


def test_the_office_drafts_previews_and_issues() -> None:
    world = a_cycle().with_units(2).with_units(1, "society").to_circulate()
    office, url = signed_in(world.office), reverse("notice-draft")
    with world.clock():
        assert office.get(reverse("notices")).context["waiting"] == 3
        page = office.get(url)
        assert len(page.context["tracks"]) == 2
        assert str(page.context["form"].initial["title"]).endswith("通报")
        preview = office.post(url, draft(world))
        assert "测科协发〔2027〕8号" in preview.content.decode()
        assert not ResultNotice.objects.exists()
        assert office.post(url, draft(world, action="edit")).status_code == 200
        done = office.post(url, draft(world, action="issue", seen=preview.context["seen"]))
    notice = ResultNotice.objects.get()
    assert done.url == reverse("notice", args=[notice.pk])
    assert notice.body["paragraphs"] == ["根据通知要求，开展了考核。", "一、总体情况", "现将结果通报如下。"]
    assert notice.sha256 == scheme_sha256(notice.body)
    assert {one.step for one in world.assessments} == {Step.CIRCULATED}
    assert Event.objects.filter(verb="assessment.circulated").count() == 3
    assert NoticeReceipt.objects.count() == 3
    assert Message.objects.filter(cause__startswith=f"notice:{notice.pk}:").count() == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", "8号"), ("number", "测科协发〔2026〕8号"), ("issued_on", "x"), ("title", ""), ("text", "")],
)
def test_a_wrong_letter_is_said_at_its_field_and_nothing_is_lost(field: str, value: str) -> None:
    world = a_cycle().with_units(1).to_circulate()
    with world.clock():
        page = signed_in(world.office).post(reverse("notice-draft"), draft(world, **{field: value}))
    assert page.status_code == 422 and field in page.context["form"].errors
    assert "各有关单位" in page.content.decode()


def test_results_that_changed_since_the_preview_are_shown_again() -> None:
    world = a_cycle().with_units(1).to_circulate()
    with world.clock():
        page = signed_in(world.office).post(reverse("notice-draft"), draft(world, action="issue", seen="0" * 64))
    assert page.status_code == 422 and page.context["form"].errors
    assert not ResultNotice.objects.exists()


def issue(world: World, number: str) -> ResultNotice:
    return issue_notice(
        cycle=world.cycle,
        number=number,
        title="通报",
        addressees="各单位",
        paragraphs=["通报。"],
        issued_on=date(2027, 2, 9),
        by=world.office,
    )


def test_results_that_change_while_the_paper_is_written_are_not_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(1).to_circulate()

    def written_slowly(_content: dict[str, Any]) -> bytes:
        monkeypatch.undo()
        issue(world, "测科协发〔2027〕1号")
        return b"paper"

    monkeypatch.setattr("documents.services.notices.notice_docx", written_slowly)
    with world.clock(), pytest.raises(DomainError, match="结果"):
        issue(world, "测科协发〔2027〕2号")
    assert ResultNotice.objects.get().number == "测科协发〔2027〕1号"


def test_a_number_taken_while_the_paper_is_written_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(1).to_circulate()

    def written_slowly(content: dict[str, Any]) -> bytes:
        ResultNotice.objects.create(
            cycle=world.cycle,
            number=content["number"],
            title="通报",
            issued_on=date(2027, 2, 9),
            body={},
            issued_by=world.office,
        )
        return b"paper"

    monkeypatch.setattr("documents.services.notices.notice_docx", written_slowly)
    with world.clock(), pytest.raises(DomainError) as refused:
        issue(world, "测科协发〔2027〕1号")
    assert refused.value.field == "number" and ResultNotice.objects.count() == 1


def test_a_number_is_given_once_and_nobody_waiting_is_said() -> None:
    world = a_cycle().with_units(1).circulated()
    with world.clock():
        assert signed_in(world.office).get(reverse("notice-draft")).url == f"/notices/?cycle={world.cycle.pk}"
        with pytest.raises(DomainError):
            issue_notice(
                cycle=world.cycle, number="测科协发〔2027〕9号", title="通报", addressees="各单位",
                paragraphs=["通报。"],
                issued_on=date(2027, 2, 9), by=world.office,
            )  # fmt: skip
    assert results_to_issue(world.cycle) == []


def test_units_on_their_way_get_the_notice_too() -> None:
    world = a_cycle().with_units(1).to_circulate().with_units(1, "society")
    with world.clock():
        signed_in(world.office).post(reverse("notice-draft"), draft(world, action="issue"))
    assert NoticeReceipt.objects.count() == 2


def test_everyone_signed_in_reads_it_and_gets_the_file() -> None:
    world = a_cycle().with_units(2).circulated()
    notice = ResultNotice.objects.get()
    page, file = reverse("notice", args=[notice.pk]), reverse("notice-file", args=[notice.pk])
    with world.clock():
        for person in (world.office, world.chief, world.supervisor, world.reviewers["district"], filer_of(world)):
            assert notice.number in signed_in(person).get(page).content.decode()
        answer = signed_in(filer_of(world)).get(file)
        assert Client().get(page).status_code == 302
    paper = Document(io.BytesIO(b"".join(answer.streaming_content)))
    assert notice.number in [paragraph.text for paragraph in paper.paragraphs]


def test_a_unit_confirms_once_and_only_its_own() -> None:
    world = a_cycle().with_units(2).circulated()
    first, second = (NoticeReceipt.objects.get(sheet=one.sheet) for one in world.assessments)
    filer = signed_in(filer_of(world))
    with world.clock():
        page = filer.get(reverse("results"))
        assert page.context["unconfirmed"] == [first]
        assert [line.grade for line in page.context["lines"]] == ["一等"]
        assert filer.post(reverse("receipt-confirm", args=[second.pk])).status_code == 404
        for _ in range(2):
            assert filer.post(reverse("receipt-confirm", args=[first.pk])).status_code == 302
        with pytest.raises(DomainError):
            confirm_receipt(receipt=second, by=filer_of(world))
    first.refresh_from_db()
    assert first.confirmed_by == filer_of(world)
    assert Event.objects.filter(verb="notice.receipt_confirmed").count() == 1


def test_a_unit_sees_no_other_units_receipt() -> None:
    world = a_cycle().with_units(2).circulated()
    with world.clock():
        page = signed_in(filer_of(world)).get(reverse("notice", args=[ResultNotice.objects.get().pk]))
    assert [one.sheet for one in page.context["receipts"]] == [world.assessments[0].sheet]


def test_the_office_nudges_those_missing_once_a_day() -> None:
    world = a_cycle().with_units(2).circulated()
    notice, url = ResultNotice.objects.get(), reverse("notice-nudge", args=[ResultNotice.objects.get().pk])
    office, nudges = signed_in(world.office), Message.objects.filter(cause__startswith="nudge:receipt:")
    with world.clock():
        confirm_receipt(receipt=NoticeReceipt.objects.get(sheet=world.assessments[0].sheet), by=filer_of(world))
        assert len(office.get(url).context["items"]) == 1
        for _ in range(2):
            assert office.post(url).status_code == 302
        assert [message.to for message in nudges] == [filer_of(world, 1)]
    with clock.travel(world.at + timedelta(days=1)):
        assert nudge_receipts(notice=notice, by=world.office) == 1
    assert nudges.all().count() == 2


def test_who_may_issue_and_nudge() -> None:
    world = a_cycle().with_units(1).circulated()
    notice = ResultNotice.objects.get()
    with world.clock():
        for person in (world.chief, world.supervisor, filer_of(world), a_person(Role.LEADER)):
            assert signed_in(person).get(reverse("notice-draft")).status_code == 403
            assert signed_in(person).post(reverse("notice-nudge", args=[notice.pk])).status_code == 403
        assert signed_in(world.office).get(reverse("results")).status_code == 403
