"""A signed version counts from then on: what it touches follows it, what was sealed stays, nobody signs alone."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from common.clock import BEIJING
from common.errors import DomainError, NotAllowed
from documents.models import UnsubmittedDraft
from documents.services.submissions import restore_submission
from outbox.models import Message
from scoring.engine.edit import Edit
from scoring.models import FormerLine, Responsibility, Scheme, SchemeProposal, ScoreSheet, SheetLine, Step
from scoring.services.editing import undo_step
from scoring.services.results import score_of
from tests.support.schemes import put_rules
from tests.support.versions import FIRST_PART, SOCIETY, proposed, put, signed, submitted, worth
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.board.services.submitting import submit_board
from workflow.bulk.queries import unfinished_runs
from workflow.bulk.services import work_off
from workflow.consolidation.services.consolidation import consolidate
from workflow.filing.services.acceptance import return_for_supplement
from workflow.flow.models import Assessment, Outcome, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.office.services.extensions import extend_deadline
from workflow.office.services.sweep import sweep
from workflow.publicity.services.publicity import end_all_publicity
from workflow.review.queries.review import former_of
from workflow.versions.queries.effect import Touched
from workflow.versions.queries.told import Told
from workflow.versions.services.proposing import submit_version, withdraw_version
from workflow.versions.services.signing import return_version, sign_version

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def society(world: World) -> list[ScoreSheet]:
    return [row.sheet for row in world.assessments if row.sheet.track.code == "society"]


def steps(world: World) -> list[str]:
    return [row.step for row in world.assessments]


def test_what_is_signed_is_the_version_that_counts() -> None:
    world = a_cycle().with_units(1, "society").opened()
    before = world.cycle.scheme
    proposal = signed(world, *worth("30"))
    scheme = Scheme.objects.get(in_force=world.cycle)
    assert (scheme.pk, scheme.version) == (proposal.scheme_id, 2)
    assert scheme.rules.track("society").part("1.1").points == 30
    old = Scheme.objects.get(pk=before.pk)
    assert (old.in_force, old.version, old.body) == (None, 1, before.body)


def test_a_step_of_a_proposed_version_goes_back_and_nobody_answers_otherwise() -> None:
    world = a_cycle().with_units(1, "society").opened()
    before = list(Responsibility.objects.order_by("pk").values_list("code", "department"))
    scheme = proposed(world, Edit(FIRST_PART, remove=True)).scheme
    with world.clock():
        undo_step(scheme=scheme, by=world.office, seen=scheme.sha256)
    scheme.refresh_from_db()
    assert scheme.body["tracks"] == world.cycle.scheme.body["tracks"]
    assert list(Responsibility.objects.order_by("pk").values_list("code", "department")) == before


def test_numbers_that_have_no_room_any_more_are_lowered_and_kept() -> None:
    world = a_cycle().with_units(1, "society").reviewed()
    signed(world, *worth("8"))
    line = society(world)[0].lines.get(code="1.1")
    assert (line.claimed, line.reviewed) == (8, 8)
    former = FormerLine.objects.get()
    assert (former.code, former.claimed, former.reviewed) == ("1.1", 10, 10)


LEVELS = [{"code": "1.1.1", "text": "国家级", "points": "40"}, {"code": "1.1.2", "text": "省级", "points": "6"}]


def with_levels(world: World, **columns: Any) -> SheetLine:
    """The first unit's part 1.1, which has levels, with these columns."""
    scheme = Scheme.objects.get(in_force=world.cycle)
    scheme.body["tracks"][1]["indicators"][0]["parts"][0]["levels"] = LEVELS
    put_rules(scheme, scheme.body)
    lines = society(world)[0].lines.filter(code="1.1")
    lines.update(**columns)
    return lines.get()


SAID = {"claimed": 6, "basis": {"level": "1.1.2"}}


def test_points_that_came_from_a_level_come_from_it_by_the_new_rules() -> None:
    world = a_cycle().with_units(1, "society").opened()
    line = with_levels(world, **SAID, reviewed=6)
    proposal = signed(world, Edit((*FIRST_PART, "levels", 1), {"points": "4"}))
    line.refresh_from_db()
    assert (line.claimed, line.basis, line.reviewed, line.reviewed_basis) == (4, {"level": "1.1.2"}, 4, None)
    former = FormerLine.objects.get()
    assert (former.claimed, former.basis, former.reviewed) == (6, {"level": "1.1.2"}, 6)
    assert [row.basis for row in former_of(line.sheet)] == ["1.1.2 省级"]
    (row,) = Told.from_json(proposal.effect).rows
    assert row.touched == (Touched("1.1", Decimal(6), Decimal(4)),)


def test_other_words_of_a_level_change_nothing_that_was_given() -> None:
    world = a_cycle().with_units(1, "society").opened()
    line = with_levels(world, **SAID, reviewed=40, reviewed_basis={"level": "1.1.1"})
    signed(world, Edit((*FIRST_PART, "levels", 1), {"text": "省级表彰"}))
    line.refresh_from_db()
    assert (line.claimed, line.basis) == (6, {"level": "1.1.2"})
    assert (line.reviewed, line.reviewed_basis) == (40, {"level": "1.1.1"})
    assert not FormerLine.objects.exists()


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        (SAID | {"claimed": 5}, (5, {}, None, None)),  # judged by the unit
        (SAID | {"claimed": 5, "reviewed": 6}, (5, {}, 4, {"level": "1.1.2"})),  # but not by the department
        (SAID | {"reviewed": 5, "reviewed_basis": {"level": "1.1.1"}}, (4, {"level": "1.1.2"}, 5, {})),
    ],
)
def test_points_that_a_person_judged_stay_without_what_they_came_from(
    columns: dict[str, Any], kept: tuple[object, ...]
) -> None:
    world = a_cycle().with_units(1, "society").opened()
    line = with_levels(world, **columns)
    signed(world, Edit((*FIRST_PART, "levels", 1), {"points": "4"}))
    line.refresh_from_db()
    assert (line.claimed, line.basis, line.reviewed, line.reviewed_basis) == kept


def test_a_result_whose_points_come_about_otherwise_goes_back() -> None:
    world = a_cycle().with_units(1, "society").opened()
    with_levels(world)
    world.filled()
    SheetLine.objects.filter(code="1.1").update(**SAID)
    world.consolidated()
    signed(world, Edit((*FIRST_PART, "levels", 1), {"points": "4"}))
    assert steps(world) == [Step.CONSOLIDATION]
    assert score_of(society(world)[0]).base == Decimal(24)


def test_what_a_department_found_is_not_taken_for_what_the_unit_says_where_it_is_taken_out() -> None:
    world = a_cycle().with_units(1, "society").opened()
    scheme = Scheme.objects.get(in_force=world.cycle)
    loss = {"code": "1.1.1", "text": "缺席", "rate": "1", "per": "次", "cap": None}
    scheme.body["tracks"][1]["indicators"][0]["parts"][0]["losses"] = [loss]
    put_rules(scheme, scheme.body)
    line = society(world)[0].lines.get(code="1.1")
    line.claimed, line.basis = Decimal(5), {"losses": {"1.1.1": "5"}}
    line.reviewed, line.reviewed_basis = Decimal(9), {"losses": {"1.1.1": "1"}}
    line.save()
    signed(world, *worth("8"))
    line.refresh_from_db()
    assert (line.claimed, line.reviewed) == (5, 8)
    assert (line.basis, line.counted_basis) == ({"losses": {"1.1.1": "5"}}, {})


def test_a_supplement_that_lapses_comes_back_as_the_new_version_has_room_for_it() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    indicator = (*SOCIETY, "indicators", 0)
    fresh = (*indicator, "parts", 2)
    signed(world, put(FIRST_PART, points="8"), Edit(indicator, {"text": "新增"}, add="parts"), put(fresh, points="32"))
    sheet = society(world)[0]
    sheet.lines.update(claimed=Decimal(1))
    restore_submission(sheet.submissions.get())
    claimed = dict(sheet.lines.filter(kind="part").values_list("code", "claimed"))
    assert claimed == {"1.1": 8, "1.2": 10, "1.3": None, "2.1": 10}


def test_what_is_taken_out_goes_with_what_was_said_and_is_kept() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    signed(world, Edit(FIRST_PART, remove=True), put(SOCIETY, full_marks="60"))
    sheet = society(world)[0]
    assert list(sheet.lines.values_list("code", "position")) == [
        ("1.2", 1),
        ("2.1", 2),
        ("B1.1", 3),
        ("D1.1", 4),
    ]
    assert FormerLine.objects.get().text.startswith("3月12日")
    assert sheet.submissions.get().body["lines"][0]["code"] == "1.1"


def test_a_new_part_gets_a_code_of_its_own_and_is_asked_of_the_desk() -> None:
    world = a_cycle().with_units(1, "society").accepted()
    indicator = (*SOCIETY, "indicators", 0)
    signed(
        world,
        Edit(FIRST_PART, remove=True),
        Edit(indicator, {"text": "新增"}, add="parts"),
        put((*indicator, "parts", 1), points="40"),
    )
    sheet = society(world)[0]
    assert list(sheet.lines.filter(kind="part").values_list("code", "claimed")) == [
        ("1.2", 10),
        ("1.3", None),
        ("2.1", 10),
    ]
    answer = Responsibility.objects.get(track=sheet.track, code="1.3")
    assert answer.department == sheet.track.desk
    assert not Responsibility.objects.filter(track=sheet.track, code="1.1").exists()


def test_a_new_part_in_a_row_is_asked_of_the_department_that_answers_for_it() -> None:
    world = a_cycle().with_units(1, "society")
    other = world.desks["district"]
    Responsibility.objects.filter(track__code="society", code__in=("1.1", "1.2")).update(department=other)
    world.opened()
    indicator = (*SOCIETY, "indicators", 0)
    signed(world, Edit(indicator, add="parts"), put((*indicator, "parts", 2), text="新增一项"))
    assert Responsibility.objects.get(track__code="society", code="1.3").department == other


def test_results_that_change_go_back_to_be_signed_and_publicised_anew() -> None:
    world = a_cycle().with_units(2, "society").published()
    other = society(world)[1]
    other.lines.filter(code="1.1").update(reviewed=Decimal(5))
    proposal = signed(world, *worth("8"))
    assert steps(world) == [Step.CONSOLIDATION, Step.PUBLICITY]
    assert Outcome.objects.get(kind=OutcomeKind.RECOUNTED).why == proposal.why
    assert Event.objects.filter(verb=Verb.RECOUNTED, why=proposal.why).count() == 1


def test_a_result_that_stays_is_told_by_the_new_version() -> None:
    world = a_cycle().with_units(1, "society").consolidated()
    signed(world, put(FIRST_PART, text="开展系列活动（三次以上）"))
    sheet = society(world)[0]
    assert steps(world) == [Step.APPROVAL]
    assert (sheet.counted_by, sheet.total) == (2, Decimal("30.00"))


def test_open_boards_of_the_tracks_it_touches_are_submitted_again() -> None:
    world = a_cycle().with_units(1, "society").with_units(1).consolidated()
    with world.clock():
        boards = [submit_board(track=track, by=world.office) for track in world.cycle.tracks.all()]
    signed(world, put(FIRST_PART, text="另说"))
    open_codes = [board.track.code for board in Board.objects.filter(superseded_at=None)]
    assert len(boards) == 2 and open_codes == ["district"]


def test_a_track_that_is_past_its_publicity_keeps_the_version_from_being_signed() -> None:
    world = a_cycle().with_units(1, "society").to_circulate()
    with world.clock(), pytest.raises(DomainError, match="公示"):
        submitted(world, *worth("8"))
    with world.clock():
        withdraw_version(proposal=SchemeProposal.objects.get(), by=world.office)
    signed(world, put((), title="关于开展2026年度科协工作考核的通知"))
    assert world.cycle.title == "2026年度科协工作考核"


def test_nobody_signs_what_they_proposed() -> None:
    world = a_cycle().with_units(1, "society").opened()
    Membership.objects.create(user=world.office, role=Role.CHIEF, since=world.cycle.opened_at)
    proposal = submitted(world, *worth("30"))
    with world.clock(), pytest.raises(NotAllowed):
        sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=world.office)


def test_another_version_than_the_one_that_was_seen_is_not_signed() -> None:
    world = a_cycle().with_units(1, "society").opened()
    proposal = submitted(world, *worth("30"))
    with world.clock(), pytest.raises(DomainError, match="重新"):
        sign_version(proposal=proposal, seen="0" * 64, by=world.chief)


def test_what_was_not_submitted_is_neither_signed_nor_returned() -> None:
    world = a_cycle().with_units(1, "society").opened()
    proposal = proposed(world, *worth("30"))
    with world.clock():
        with pytest.raises(DomainError, match="报送"):
            sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=world.chief)
        with pytest.raises(DomainError, match="报送"):
            return_version(proposal=proposal, why="再看", by=world.chief)


def test_what_is_returned_is_edited_and_submitted_again() -> None:
    world = a_cycle().with_units(1, "society").opened()
    proposal = submitted(world, *worth("30"))
    with world.clock():
        return_version(proposal=proposal, why="请写明依据", by=world.chief)
        proposal.refresh_from_db()
        assert (proposal.is_waiting, proposal.scheme.frozen_at) == (False, None)
        submit_version(proposal=proposal, why="依据〔2026〕9号", by=world.office)
    proposal.refresh_from_db()
    assert (proposal.is_waiting, proposal.why) == (True, "依据〔2026〕9号")
    assert Message.objects.filter(cause__startswith="version-returned", to=world.office).exists()


def test_open_self_evaluations_follow_a_deadline_that_moves() -> None:
    world = a_cycle().with_units(1, "society").opened()
    signed(world, put((), deadline="2027-01-10"))
    assert world.task(world.assessments[0], "self_evaluation").due_at == world.cycle.deadline_at


def test_open_self_evaluations_follow_an_hour_that_is_corrected() -> None:
    world = a_cycle().with_units(1, "society").opened()
    for hour in ("12:00", "17:30"):
        signed(world, put((), deadline_time=hour))
        due = world.task(world.assessments[0], "self_evaluation").due_at
        assert due == world.cycle.deadline_at and f"{due.astimezone(BEIJING):%H:%M}" == hour


def test_units_are_told_of_a_deadline_that_moves_and_the_plan_follows() -> None:
    world = a_cycle().with_units(2, "society").opened()
    done, late = world.assessments
    world.cycle.planned_steps.filter(step=Step.SELF_EVALUATION).update(ends_on=world.deadline - timedelta(days=1))
    Task.objects.filter(process=done).update(finished=world.at, status="DONE")
    signed(world, put((), deadline="2027-01-10"))
    told = Message.objects.get(cause__startswith="version-deadline:")
    assert (told.to_id, told.due_at) == (world.filers[late.sheet_id].pk, world.cycle.deadline_at)
    assert "通知附表有误" in told.body
    assert f"{world.cycle.planned_steps.get(step=Step.SELF_EVALUATION).ends_on}" == "2027-01-10"


def test_an_extension_stays_only_where_it_is_the_later() -> None:
    world = a_cycle().with_units(2, "society").opened()
    sooner, later = (world.task(assessment, "self_evaluation") for assessment in world.assessments)
    until = world.deadline + timedelta(days=20)
    with world.clock():
        extend_deadline(task=sooner, by=world.office, until=world.deadline + timedelta(days=2), why="灾")
        extend_deadline(task=later, by=world.office, until=until, why="灾")
    signed(world, put((), deadline="2027-01-10"))
    due = [world.task(assessment, "self_evaluation").due_at for assessment in world.assessments]
    assert due == [world.cycle.deadline_at, until]


def test_the_date_of_a_return_is_its_own() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    task = world.task(world.assessments[0], "acceptance")
    with world.clock():
        return_for_supplement(task=task, by=world.reviewers["society"], parts=[], until=world.deadline, why="补充")
    before = world.deadline
    signed(world, put((), deadline="2027-01-10"))
    assert world.task(world.assessments[0], "self_evaluation").due_at == before


def test_an_hour_that_is_over_is_no_new_deadline() -> None:
    world = a_cycle().with_units(1, "society").opened()
    world.at = world.deadline - timedelta(hours=2)
    with pytest.raises(DomainError, match="期限"):
        submitted(world, put((), deadline_time="12:00"))


def test_units_and_departments_that_it_touches_are_told() -> None:
    world = a_cycle().with_units(1, "society").with_units(1).submitted()
    signed(world, *worth("8"))
    told = set(Message.objects.filter(cause__startswith="version-").values_list("to", flat=True))
    assert told == {
        world.chief.pk,
        world.office.pk,
        world.filers[society(world)[0].pk].pk,
        world.reviewers["society"].pk,
        world.heads["society"].pk,
    }


def test_a_unit_that_is_not_assessed_keeps_its_number_under_the_new_version() -> None:
    world = a_cycle().with_units(1, "society").consolidated()
    Assessment.objects.update(step=Step.NOT_ASSESSED)
    Task.objects.filter(finished=None).update(finished=world.at, status="DONE")
    signed(world, *worth("8"))
    sheet = society(world)[0]
    assert (sheet.counted_by, sheet.total) == (2, Decimal("28.00"))


def test_tracks_that_it_does_not_touch_stay_as_they_are() -> None:
    world = a_cycle().with_units(1, "society").with_units(1).consolidated()
    before = list(ScoreSheet.objects.filter(track__code="district").values())
    signed(world, *worth("8"))
    assert list(ScoreSheet.objects.filter(track__code="district").values()) == before


def test_what_is_worked_off_later_holds_boards_and_publicity(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(2, "society").published()
    monkeypatch.setattr("workflow.bulk.services.AT_ONCE", 1)
    signed(world, *worth("8"))
    assert steps(world) == [Step.PUBLICITY] * 2
    world.at += timedelta(days=20)
    with world.clock():
        assert end_all_publicity(tasks=open_tasks("publicity")) == []
        work_off(unfinished_runs().get())
    assert steps(world) == [Step.CONSOLIDATION] * 2


def test_what_is_confirmed_before_it_is_counted_anew_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_cycle().with_units(2, "society").rated()
    monkeypatch.setattr("workflow.bulk.services.AT_ONCE", 1)
    signed(world, *worth("8"))
    with world.clock():
        for task in world.open_tasks("consolidation"):
            consolidate(task=task, by=world.office)
        assert steps(world) == [Step.APPROVAL] * 2
        work_off(unfinished_runs().get())
    assert steps(world) == [Step.CONSOLIDATION] * 2


def test_an_excluded_unit_that_is_reinstated_fills_the_new_sheet() -> None:
    world = a_cycle().with_units(1, "society").opened()
    world.at = world.deadline + timedelta(minutes=2)
    with world.clock():
        sweep()
    signed(world, Edit(FIRST_PART, remove=True), put(SOCIETY, full_marks="60"))
    assert steps(world) == [Step.EXCLUDED]
    assert not society(world)[0].lines.filter(code="1.1").exists()


def test_a_return_that_nobody_answers_goes_on_as_it_was_submitted() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    task = world.task(world.assessments[0], "acceptance")
    until = world.at + timedelta(days=3)
    with world.clock():
        return_for_supplement(task=task, by=world.reviewers["society"], parts=[], until=until, why="补充")
    indicator = (*SOCIETY, "indicators", 0)
    signed(world, Edit(indicator, add="parts"), put((*indicator, "parts", 2), text="新增一项"))
    world.at = until + timedelta(minutes=2)
    with world.clock():
        sweep()
    assert steps(world) == [Step.ACCEPTANCE]
    claims = society(world)[0].lines.filter(kind="part").values_list("code", "claimed")
    assert list(claims) == [("1.1", 10), ("1.2", 10), ("1.3", None), ("2.1", 10)]


def test_what_points_came_from_goes_where_it_says_nothing_any_more() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    sheet = society(world)[0]
    sheet.lines.filter(code="1.1").update(basis={"losses": {"1.1.1": 1}})
    signed(world, Edit(FIRST_PART, add="losses"), put((*FIRST_PART, "losses", 0), text="缺席"))
    line = sheet.lines.get(code="1.1")
    assert (line.claimed, line.basis) == (10, {})
    assert FormerLine.objects.get().basis == {"losses": {"1.1.1": 1}}


def lapsed_under(world: World, *edits: Edit) -> None:
    """A supplement lapses after a version was signed."""
    task = world.task(world.assessments[0], "acceptance")
    until = world.at + timedelta(days=3)
    with world.clock():
        return_for_supplement(task=task, by=world.reviewers["society"], parts=[], until=until, why="补充")
    signed(world, *edits)
    world.at = until + timedelta(minutes=2)
    with world.clock():
        sweep()


def test_a_lapsed_supplement_is_put_back_by_the_new_rules() -> None:
    world = a_cycle().with_units(1, "society").filled()
    with_levels(world, **SAID)
    lapsed_under(world.submitted(), Edit((*FIRST_PART, "levels", 1), {"points": "4"}))
    line = society(world)[0].lines.get(code="1.1")
    assert (line.claimed, line.basis) == (4, {"level": "1.1.2"})
    assert not UnsubmittedDraft.objects.exists(), "a version is nobody's change of a sheet"


def test_times_are_not_put_back_as_points() -> None:
    world = a_cycle().with_units(1, "society").filled()
    society(world)[0].lines.filter(code="D1.1").update(claimed=2)
    rule = (*SOCIETY, "adjustments", 1, "rules", 0)
    lapsed_under(world.submitted(), put(rule, rate_from="0.5", rate="2", per=None))
    assert society(world)[0].lines.get(code="D1.1").claimed is None


def test_a_lapsed_supplement_is_put_back_as_far_as_there_is_room() -> None:
    world = a_cycle().with_units(1, "society").submitted()
    lapsed_under(world, *worth("8"))
    assert society(world)[0].lines.get(code="1.1").claimed == 8
