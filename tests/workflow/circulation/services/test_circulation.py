"""Circulation: a notice with an official number, bound to what was seen, sent to all, confirmed by each (R14)."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from audit.models import Event
from audit.verbs import Verb
from common.errors import DomainError
from documents.models import NoticeReceipt, ResultNotice
from scoring.models import Step
from tests.support.traces import causes, last_event, outcomes_of, refused, told
from tests.support.world import World, a_cycle
from workflow.circulation.queries import notices_with_counts, results_to_issue, waiting_for_circulation
from workflow.circulation.services import (
    confirm_receipt,
    digest_of_results,
    issue_notice,
    nudge_receipts,
    official_number,
)

pytestmark = pytest.mark.django_db
TRACK = "society"


def ready(count: int = 2) -> World:
    return a_cycle().with_units(count, TRACK).to_circulate()


def issue(world: World, number: str = "测科协发〔2027〕9号", **more: Any) -> ResultNotice:
    letter = {"title": "关于考核结果的通报", "addressees": "各学会", "paragraphs": ["如下。"]}
    with world.clock():
        return issue_notice(
            cycle=world.cycle, number=number, issued_on=date(2027, 2, 1), by=world.office, **letter, **more
        )


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("渝科协发〔2027〕8号", id="official"),
        pytest.param("渝科协发[2027]8号", id="square"),
        pytest.param("渝科协发［2027］8号", id="wide square"),
        pytest.param("渝科协发（2027）8号", id="wide round"),
        pytest.param("渝科协发(2027) 8 号", id="round with blanks"),
        pytest.param("渝科协发【2027】8号", id="lenticular"),
    ],
)
def test_brackets_are_made_official(typed: str) -> None:
    assert official_number(typed, year=2027) == "渝科协发〔2027〕8号"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("8号", id="no issuer"),
        pytest.param("渝科协发〔2027〕08号", id="a leading zero"),
        pytest.param("渝科协发〔27〕8号", id="a short year"),
        pytest.param("渝科协发〔2027〕第8号", id="第"),
        pytest.param("渝科协发〔2027〕8", id="without 号"),
        pytest.param("渝科协发2027 8号", id="no brackets"),
        pytest.param("〔2027〕8号", id="brackets and no issuer"),
        pytest.param("渝科协发〔2026〕8号", id="another year"),
    ],
)
def test_what_is_no_number_of_this_year_is_refused_at_its_field(typed: str) -> None:
    refused(lambda: official_number(typed, year=2027), "number")


def test_a_notice_ends_every_circulation_and_reaches_every_unit_of_the_cycle() -> None:
    world = ready(2)
    notice = issue(world)
    assert [assessment.step for assessment in world.assessments] == [Step.CIRCULATED] * 2
    assert all(assessment.finished is not None for assessment in world.assessments)
    assert outcomes_of(world.assessments[0])[-1] == ("circulation", "circulated")
    assert set(NoticeReceipt.objects.values_list("sheet", flat=True)) == {
        assessment.sheet_id for assessment in world.assessments
    }
    assert told(f"notice:{notice.pk}:") == set(world.filers.values())
    event = last_event(Verb.NOTICE_ISSUED)
    assert (event.went_to, event.data) == (notice.number, {"sha256": notice.sha256})


def test_the_results_are_those_of_the_signed_board_by_grade_and_rank() -> None:
    world = ready(2)
    (track,) = results_to_issue(world.cycle)
    assert (track["code"], [grade["grade"] for grade in track["grades"]]) == (TRACK, ["一等"])
    assert [unit["rank"] for unit in track["grades"][0]["units"]] == [1, 1]
    assert waiting_for_circulation(world.cycle).count() == 2
    issue(world)
    assert results_to_issue(world.cycle) == []
    assert waiting_for_circulation(world.cycle).count() == 0


def test_it_is_bound_to_the_results_that_were_seen() -> None:
    world = ready(1)
    refused(lambda: issue(world, seen="0" * 64))
    assert issue(world, seen=digest_of_results(results_to_issue(world.cycle))).number == "测科协发〔2027〕9号"


@pytest.mark.parametrize("state", ["nobody waits", "issued already"])
def test_without_anybody_waiting_nothing_is_issued(state: str) -> None:
    world = ready(1) if state == "issued already" else a_cycle().with_units(1, TRACK).submitted()
    if state == "issued already":
        issue(world)
    before = ResultNotice.objects.count()
    refused(lambda: issue(world, "测科协发〔2027〕10号"))
    assert ResultNotice.objects.count() == before


def test_a_number_is_given_once() -> None:
    world = ready(1)
    issue(world)
    again = a_cycle_later(world)
    refused(lambda: issue(again), "number")


def a_cycle_later(world: World) -> World:
    """The same cycle, with one more unit that waits for circulation."""
    task = world.assessments[0].task_set.get(outcome__kind="circulated")
    task.outcome.delete()
    type(task).objects.filter(pk=task.pk).update(status="NEW", finished=None)
    return world


def test_results_that_change_while_the_paper_is_written_are_not_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    world = ready(1)

    def written_slowly(_content: dict[str, Any]) -> bytes:
        monkeypatch.undo()
        issue(world, "测科协发〔2027〕1号")
        return b"paper"

    monkeypatch.setattr("documents.services.notices.notice_docx", written_slowly)
    with pytest.raises(DomainError, match="结果"):
        issue(world, "测科协发〔2027〕2号")
    assert ResultNotice.objects.get().number == "测科协发〔2027〕1号"


def test_a_number_taken_while_the_paper_is_written_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = ready(1)

    def written_slowly(content: dict[str, Any]) -> bytes:
        sealed = {"title": "通报", "issued_on": date(2027, 2, 9), "body": {}, "issued_by": world.office}
        ResultNotice.objects.create(cycle=world.cycle, number=content["number"], **sealed)
        return b"paper"

    monkeypatch.setattr("documents.services.notices.notice_docx", written_slowly)
    refused(lambda: issue(world), "number")
    assert ResultNotice.objects.count() == 1


def test_units_on_their_way_get_the_notice_too() -> None:
    world = ready(1).with_units(1)
    issue(world)
    assert NoticeReceipt.objects.count() == 2


# ---- confirmed ----


def test_the_unit_confirms_once_and_nobody_else_for_it() -> None:
    world = ready(2)
    issue(world)
    receipt = NoticeReceipt.objects.get(sheet=world.assessments[0].sheet)
    own, other = (world.filers[assessment.sheet_id] for assessment in world.assessments)
    with world.clock():
        for by in (other, world.office, world.supervisor, world.reviewers[TRACK]):
            refused(partial(confirm_receipt, receipt=receipt, by=by))
        confirm_receipt(receipt=receipt, by=own)
        confirm_receipt(receipt=receipt, by=own)
        refused(partial(confirm_receipt, receipt=receipt, by=other))
    receipt.refresh_from_db()
    assert (receipt.confirmed_by, receipt.confirmed_at) == (own, world.at)
    assert Event.objects.filter(verb=Verb.RECEIPT_CONFIRMED).count() == 1
    assert list(notices_with_counts(world.cycle).values_list("sent", "confirmed")) == [(2, 1)]


def test_who_has_not_confirmed_is_reminded_once_a_day() -> None:
    world = ready(2)
    notice = issue(world)
    first, second = (world.filers[assessment.sheet_id] for assessment in world.assessments)
    with world.clock():
        confirm_receipt(receipt=NoticeReceipt.objects.get(sheet=world.assessments[0].sheet), by=first)
        assert [nudge_receipts(notice=notice, by=world.office) for _again in "ab"] == [1, 1]
    assert told("nudge:receipt:") == {second}
    assert len(causes("nudge:receipt:")) == 1
    assert last_event(Verb.NUDGED).data == {"units": 1}
    with world.clock(world.at + timedelta(days=1)):
        nudge_receipts(notice=notice, by=world.office)
    assert len(causes("nudge:receipt:")) == 2
