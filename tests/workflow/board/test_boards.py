"""The board through its pages: submitted, graded, returned, signed; barred grades, quotas, what changed meanwhile."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from audit.models import Event
from common.errors import DomainError
from outbox.models import Message
from scoring.models import Incident, ScoreSheet, Step, Track
from tests.support.world import START, World, a_cycle, sign
from workflow.board.models import Board, BoardLine
from workflow.board.services import digest_of, return_lines, set_grades, sign_board, submit_board
from workflow.consolidation.services.consolidation import consolidate
from workflow.flow.queries.process import latest_outcome

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def a_board(count: int = 3) -> tuple[World, Board]:
    """A world whose districts wait for approval on a submitted board."""
    world = a_cycle().with_units(count).consolidated()
    with world.clock():
        return world, submit_board(track=world.cycle.tracks.get(code="district"), by=world.office)


def bar(sheet: ScoreSheet, *grades: str) -> None:
    """Bar grades on a sheet as the scores would."""
    sheet.barred, sheet.deduction = list(grades), Decimal(2)
    sheet.save()


def test_the_list_of_boards_says_how_many_wait_and_the_office_submits_them() -> None:
    world = a_cycle().with_units(3).with_units(1, "society").consolidated()
    track = world.cycle.tracks.get(code="district")
    office = signed_in(world.office)
    with world.clock():
        page = office.get(reverse("boards"))
        assert [(row["track"].waiting, row["on_way"]) for row in page.context["rows"]] == [(3, 0), (1, 0)]
        shown = office.get(reverse("board-submit", args=[track.pk]))
        assert len(shown.context["ranked"]) == 3
        done = office.post(reverse("board-submit", args=[track.pk]), {"confirmed": "1"})
    board = Board.objects.get()
    assert done.url == reverse("board", args=[board.pk])
    assert board.lines.count() == 3
    assert Message.objects.filter(to=world.chief, cause__startswith="board:").count() == 1


def test_a_board_without_everybody_must_be_confirmed() -> None:
    world = a_cycle().with_units(2).consolidated()
    other = world.assessments[0].sheet
    ScoreSheet.objects.filter(pk=other.pk).update(total=other.total)
    other.assessment.step = Step.CONSOLIDATION
    other.assessment.save()
    track = world.cycle.tracks.get(code="district")
    office = signed_in(world.office)
    with world.clock():
        refused = office.post(reverse("board-submit", args=[track.pk]), {"confirmed": "1"})
        assert refused.status_code == 200 and "incomplete" in refused.context["form"].errors
        assert len(refused.context["missing"]) == 1
        office.post(reverse("board-submit", args=[track.pk]), {"confirmed": "1", "incomplete": "on"})
    assert Board.objects.get().lines.count() == 1


def test_ties_share_a_rank_and_the_page_shows_bars_and_why() -> None:
    world = a_cycle().with_units(3).consolidated()
    first, second, third = (one.sheet for one in world.assessments)
    ScoreSheet.objects.filter(pk__in=[first.pk, second.pk]).update(total=Decimal("90.50"))
    bar(third, "特等")
    with world.clock():
        board = submit_board(track=first.track, by=world.office)
        page = signed_in(world.chief).get(reverse("board", args=[board.pk]))
    assert [row.line.rank for row in page.context["rows"]] == [1, 1, 3]
    row = page.context["rows"][2]
    assert [(one.grade, one.barred) for one in row.choices] == [("特等", True), ("一等", False), ("二等", False)]
    assert row.line.bar_reasons
    assert b"disabled" in page.content


def test_a_barred_grade_cannot_be_given_by_anyone() -> None:
    world = a_cycle().with_units(1).consolidated()
    bar(world.assessments[0].sheet, "特等")
    with world.clock():
        board = submit_board(track=world.assessments[0].sheet.track, by=world.office)
        line = board.lines.get()
        for person in (world.office, world.chief):
            with pytest.raises(DomainError) as caught:
                set_grades(board=board, grades={line.pk: "特等"}, by=person)
            assert caught.value.field == f"grade-{line.pk}"
        with pytest.raises(DomainError):
            set_grades(board=board, grades={line.pk: "超等"}, by=world.chief)
        BoardLine.objects.filter(pk=line.pk).update(grade="特等")
        with pytest.raises(DomainError):
            sign_board(board=board, seen=digest_of(board), by=world.chief)


def test_quotas_are_enforced_in_both_shapes() -> None:
    world, board = a_board()
    lines = list(board.lines.all())
    for quotas in ({"特等": 1}, {"district": {"特等": 1}}):
        board.track.cycle.quotas = quotas
        board.track.cycle.save()
        with world.clock():
            set_grades(board=board, grades={lines[0].pk: "特等"}, by=world.chief)
            with pytest.raises(DomainError):
                set_grades(board=board, grades={lines[1].pk: "特等"}, by=world.chief)
        assert board.lines.filter(grade="特等").count() == 1


def test_grades_are_saved_as_they_are_chosen() -> None:
    world, board = a_board()
    line = board.lines.first()
    assert line is not None
    chief = signed_in(world.chief)
    name, url = f"grade-{line.pk}", reverse("board-grades", args=[board.pk])
    headers = {"X-Requested-With": "autosave"}
    with world.clock():
        seen = digest_of(board)
        answer = chief.post(url, {"changed": name, name: "特等", "version": seen}, headers=headers)
        assert answer.status_code == 200 and answer.json()["saved_at"]
        assert answer.json()["version"] == digest_of(board) != seen
        stale = chief.post(url, {"changed": name, name: "一等", "version": seen}, headers=headers)
        assert stale.json()["version"] == seen
        wrong = chief.post(url, {"changed": name, name: "超等", "version": seen}, headers=headers)
        assert wrong.status_code == 422 and name in wrong.json()["errors"]
    line.refresh_from_db()
    assert line.grade == "一等"


def test_plain_forms_work_too_and_fill_what_is_left() -> None:
    world, board = a_board()
    line = board.lines.first()
    assert line is not None
    with world.clock():
        url = reverse("board-grades", args=[board.pk])
        done = signed_in(world.office).post(url, {f"grade-{line.pk}": "特等", "fill": "二等"})
        assert done.status_code == 302
        wrong = signed_in(world.office).post(url, {f"grade-{line.pk}": "超等"})
        assert wrong.status_code == 422
    assert sorted(board.lines.values_list("grade", flat=True)) == ["二等", "二等", "特等"]
    assert Event.objects.filter(verb="board.grades_set").count() == 2


def test_several_rows_go_back_with_a_reason_and_a_new_version_shows_what_changed() -> None:
    world, board = a_board()
    chosen = [line.pk for line in board.lines.all()[:2]]
    chief = signed_in(world.chief)
    url = reverse("board-return", args=[board.pk])
    with world.clock():
        assert len(chief.post(url, {"ids": chosen}).context["items"]) == 2
        assert "why" in chief.post(url, {"ids": chosen, "confirmed": "1", "why": ""}).context["form"].errors
        assert chief.post(url, {"ids": chosen, "confirmed": "1", "why": "复核加分"}).status_code == 302
        back = [one for one in world.assessments if one.step == Step.CONSOLIDATION]
        assert len(back) == 2
        outcome = latest_outcome(back[0])
        assert outcome is not None and (outcome.by, outcome.why) == (world.chief, "复核加分")
        with pytest.raises(DomainError):
            sign_board(board=board, seen=digest_of(board), by=world.chief)
        for one in back:
            consolidate(task=world.task(one, "consolidation"), by=world.office)
        ScoreSheet.objects.filter(pk=back[0].sheet_id).update(total=Decimal("99.00"))
        again = submit_board(track=board.track, by=world.office)
        page = chief.get(reverse("board", args=[again.pk]))
    assert page.context["before"] == board
    assert back[0].sheet.unit_name in {one.unit for one in page.context["changes"]}


def test_an_incident_is_named_as_the_reason() -> None:
    world = a_cycle().with_units(1).consolidated()
    sheet = world.assessments[0].sheet
    Incident.objects.create(
        sheet=sheet, kind="safety", bars=["特等", "一等"], reason="事故", document="x", document_name="x",
        decided_by=world.office,
    )  # fmt: skip
    sheet.barred = ["特等", "一等"]
    sheet.save()
    with world.clock():
        line = submit_board(track=sheet.track, by=world.office).lines.get()
    assert len(line.bar_reasons) == 1 and "一等" in line.bar_reasons[0]


def test_a_later_version_keeps_the_grades_of_those_approved_before() -> None:
    world, board = a_board()
    with world.clock():
        late = board.lines.order_by("pk").last()
        assert late is not None
        return_lines(board=board, line_ids=[late.pk], why="复核", by=world.chief)
        first = sign(submit_board(track=board.track, by=world.office), world.chief)
        assert first.lines.count() == 2
        consolidate(task=world.task(late.sheet.assessment, "consolidation"), by=world.office)
        second = submit_board(track=board.track, by=world.office)
        assert second.lines.count() == 3
        kept = second.lines.exclude(sheet=late.sheet).first()
        assert kept is not None and kept.grade == "一等"
        with pytest.raises(DomainError):
            set_grades(board=second, grades={kept.pk: "二等"}, by=world.chief)
        sign(second, world.chief)
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert {one.step for one in world.assessments} == {Step.PUBLICITY}


def test_nobody_grades_their_own_unit() -> None:
    world, board = a_board(1)
    line = board.lines.get()
    Membership.objects.create(user=world.chief, role=Role.FILER, unit=line.sheet.unit, since=START)
    with world.clock(), pytest.raises(DomainError):
        set_grades(board=board, grades={line.pk: "一等"}, by=world.chief)


def test_nobody_waits_nothing_is_submitted() -> None:
    world = a_cycle().with_units(1).submitted()
    with world.clock(), pytest.raises(DomainError):
        submit_board(track=Track.objects.get(cycle=world.cycle, code="district"), by=world.office)
