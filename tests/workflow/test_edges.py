"""Edges of the flow's services and questions that no ordinary cycle touches."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from common.errors import DomainError
from tests.support.world import a_cycle
from workflow.board.models import Board
from workflow.board.queries.figures import distribution
from workflow.circulation.services import issue_notice
from workflow.consolidation.services.consolidation import reopen_review
from workflow.office.queries.subjects import names_of
from workflow.publicity.models import Publicity
from workflow.publicity.services.objections import Signed, file_objection
from workflow.publicity.services.publicity import publish

pytestmark = pytest.mark.django_db


def test_departments_are_asked_again_about_everything_of_theirs_when_no_part_is_named() -> None:
    world = a_cycle().with_units(1).rated()
    desk = world.desks["district"]
    assert desk is not None
    with world.clock():
        task = world.task(world.assessments[0], "consolidation")
        until = world.at + timedelta(days=2)
        reopen_review(task=task, by=world.office, departments=[desk.pk], parts=[], why="复核", until=until)
        again = world.task(world.assessments[0], "department_review")
    assert (again.scope, again.due_at, again.owner) == ([], until, world.reviewers["district"])


def test_an_objection_to_a_unit_whose_publicity_has_ended_is_refused() -> None:
    world = a_cycle().with_units(1, "society").circulated()
    publicity = Publicity.objects.get()
    with world.clock(), pytest.raises(DomainError):
        file_objection(
            publicity=publicity,
            sheet=world.assessments[0].sheet,
            text="有异议",
            arrived_at=world.at,
            signed=Signed(kind="person", name="示例", contact="19900000000"),
        )


def test_publishing_twice_is_publishing_once() -> None:
    world = a_cycle().with_units(1, "society").approved()
    with world.clock():
        first, second = (publish(board=Board.objects.get(), count_first_day=False, by=world.office) for _ in "ab")
    assert first == second


def test_a_notice_is_bound_to_the_results_that_were_seen_and_to_a_number_of_its_own() -> None:
    world = a_cycle().with_units(1, "society").to_circulate()

    def issue(number: str = "测科协发〔2027〕9号", seen: str | None = None) -> None:
        issue_notice(
            cycle=world.cycle,
            number=number,
            title="通报",
            addressees="各单位",
            paragraphs=["如下。"],
            issued_on=date(2027, 2, 1),
            by=world.office,
            seen=seen,
        )

    with world.clock():
        for number, seen in (("测科协发〔2027〕9号", "0" * 64), ("九号", None), ("测科协发〔2026〕9号", None)):
            with pytest.raises(DomainError):
                issue(number, seen)
        issue()
        with pytest.raises(DomainError):
            issue()


def test_the_distribution_of_no_totals_and_of_far_ones() -> None:
    assert distribution([]) == []
    far = distribution([Decimal(0), Decimal("110.00")])
    assert sum(count for _label, count in far) == 2
    assert len(far) <= 9


def test_subjects_of_the_record_are_named_and_strange_ones_left_out() -> None:
    world = a_cycle().with_units(1).circulated()
    sheet, board = world.assessments[0].sheet, Board.objects.get()
    named = names_of([f"sheet:{sheet.pk}", f"board:{board.pk}", "cycle:2026", "strange:1", "sheet:x", "nothing"])
    assert sheet.unit_name in named[f"sheet:{sheet.pk}"]
    assert "v1" in named[f"board:{board.pk}"]
    assert set(named) == {f"sheet:{sheet.pk}", f"board:{board.pk}", "cycle:2026"}
