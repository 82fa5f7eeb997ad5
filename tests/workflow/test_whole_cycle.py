"""One whole cycle through the services: from the opening to the confirmed notice and the closed cycle."""

from datetime import date, timedelta

import pytest

from audit.models import Event
from common import clock
from documents.models import NoticeReceipt, ResultNotice
from outbox.delivery import send_due
from outbox.models import Message
from scoring.models import Step
from tests.support.world import a_cycle
from workflow.board.models import Board
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades
from workflow.board.services.signing import sign_board
from workflow.board.services.submitting import submit_board
from workflow.circulation.services import confirm_receipt, issue_notice
from workflow.office.services.closing import close_cycle
from workflow.office.services.sweep import sweep
from workflow.publicity.models import Objection, ObjectionDecision
from workflow.publicity.services.objections import Signed, decide_objection, file_objection
from workflow.publicity.services.publicity import publish

pytestmark = pytest.mark.django_db


def test_a_whole_cycle() -> None:
    world = a_cycle().with_units(3).with_units(2, "society").consolidated()
    assert {assessment.step for assessment in world.assessments} == {Step.APPROVAL}
    with world.clock():
        boards = []
        for track in world.cycle.tracks.all():
            board = submit_board(track=track, by=world.office)
            set_grades(board=board, grades={line.pk: "一等" for line in board.lines.all()}, by=world.chief)
            boards.append(sign_board(board=board, seen=digest_of(board), by=world.chief))
        publicities = [publish(board=board, count_first_day=False, by=world.office) for board in boards]
        publicity, sheet = publicities[0], world.assessments[0].sheet
        objection = file_objection(
            publicity=publicity,
            sheet=sheet,
            arrived_at=clock.now(),
            text="有异议",
            signed=Signed(kind="person", name="样例", contact="13900000000"),
        )
    world.at = publicity.ends_at + timedelta(seconds=50)
    with world.clock():
        assert sweep()["publicity"] == 4
        assert world.assessments[0].step == Step.PUBLICITY
        decide_objection(objection=objection, decision=ObjectionDecision.DISMISSED, answer="不成立", by=world.office)
        assert sweep()["publicity"] == 1
        notice = issue_notice(
            cycle=world.cycle,
            number="测科协发〔2027〕1号",
            title="关于考核结果的通报",
            addressees="各单位",
            paragraphs=["经研究，现将结果通报如下。"],
            issued_on=date(2027, 2, 1),
            by=world.office,
        )
        assert {assessment.step for assessment in world.assessments} == {Step.CIRCULATED}
        receipt = NoticeReceipt.objects.get(notice=notice, sheet=sheet)
        confirm_receipt(receipt=receipt, by=world.filers[sheet.pk])
        close_cycle(cycle=world.cycle, by=world.office)
        sent = send_due()
        ended = [message for message in Message.objects.all() if message.ended_at]
    assert sent == Message.objects.count() - len(ended) > 0, "what ended before it was sent is not said any more"
    assert ResultNotice.objects.get().file.read().startswith(b"PK")
    assert Board.objects.filter(signed_at=None).count() == 0
    assert Objection.objects.get().name == "样例"
    assert Event.objects.filter(verb="assessment.circulated").count() == 5
