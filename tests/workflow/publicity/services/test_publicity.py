"""Publicity, objections and what they hold (R13)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.models import Message
from scoring.models import ScoreSheet, Step
from tests.support.single import end_publicity
from tests.support.traces import causes, last_event, outcomes_of, refused, told
from tests.support.world import World, a_cycle, sign
from workflow.board.models import Board
from workflow.board.services.signing import return_lines
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import consolidate
from workflow.publicity.models import Objection, ObjectionDecision, Publicity
from workflow.publicity.services.objections import Signed, decide_objection, file_objection
from workflow.publicity.services.publicity import publish

pytestmark = pytest.mark.django_db
TRACK = "society"
MOMENT = timedelta(microseconds=1)
SIGNED = Signed(kind="person", name="示例甲", contact="19900000000", workplace="样例单位")


def approved(count: int = 2) -> World:
    return a_cycle().with_units(count, TRACK).approved()


def shown(count: int = 2, *, first_day: bool = False) -> tuple[World, Publicity]:
    world = approved(count)
    with world.clock():
        publicity = publish(board=Board.objects.get(), count_first_day=first_day, by=world.office)
    return world, publicity


def objected(world: World, publicity: Publicity, which: int = 0, at: datetime | None = None) -> Objection:
    sheet, arrived_at = ScoreSheet.objects.get(pk=world.assessments[which].sheet_id), at or world.at
    with world.clock(arrived_at):
        return file_objection(publicity=publicity, sheet=sheet, signed=SIGNED, text="有异议", arrived_at=arrived_at)


def decide(world: World, objection: Objection, decision: ObjectionDecision, answer: str = "已核实") -> None:
    with world.clock():
        decide_objection(
            objection=Objection.objects.get(pk=objection.pk), decision=decision, answer=answer, by=world.office
        )


# ---- published ----


@pytest.mark.parametrize(
    ("first_day", "counted"),
    [
        pytest.param(False, [18, 19, 20, 21, 22], id="the day of publication is not counted"),
        pytest.param(True, [15, 18, 19, 20, 21], id="it is, where the cycle says so"),
    ],
)
def test_five_working_days_are_counted(first_day: bool, counted: list[int]) -> None:
    world = approved(1)
    friday = datetime(2027, 1, 15, 10, tzinfo=clock.BEIJING)
    with world.clock(friday):
        publicity = publish(board=Board.objects.get(), count_first_day=first_day, by=world.office)
    days = [date.fromisoformat(day) for day in publicity.counted]
    assert len(days) == 5
    assert (friday.date() in days) is first_day
    assert publicity.ends_at == clock.end_of(days[-1])
    assert [day.day for day in days] == counted


def test_publishing_gives_each_unit_its_end_and_tells_its_filers() -> None:
    world, publicity = shown(2)
    for assessment in world.assessments:
        task = world.task(assessment, "publicity")
        assert (task.due_at, task.fires) == (publicity.ends_at, True)
    assert set(publicity.sheets.all()) == {assessment.sheet for assessment in world.assessments}
    assert told(f"publicity:{publicity.pk}:") == set(world.filers.values())
    body = Message.objects.filter(cause__startswith=f"publicity:{publicity.pk}:").latest("pk").body
    assert f"/public/{publicity.slug}/" in body
    assert last_event(Verb.PUBLISHED).data["units"] == 2


def test_a_filer_of_two_units_is_told_once() -> None:
    world = approved(2)
    filer = world.filers[world.assessments[0].sheet_id]
    Membership.objects.create(user=filer, role=Role.FILER, unit=world.assessments[1].sheet.unit, since=world.at)
    with world.clock():
        publicity = publish(board=Board.objects.get(), count_first_day=False, by=world.office)
    assert len(causes(f"publicity:{publicity.pk}:{filer.pk}")) == 1


def test_only_the_signed_board_in_force_is_published() -> None:
    world = a_cycle().with_units(1, TRACK).consolidated()
    with world.clock():
        board = submit_board(track=world.cycle.tracks.get(code=TRACK), by=world.office)
        refused(lambda: publish(board=board, count_first_day=False, by=world.office))
        sign(board, world.chief)
        Board.objects.update(superseded_at=world.at)
        refused(lambda: publish(board=board, count_first_day=False, by=world.office))
    assert not Publicity.objects.exists()


def test_a_second_click_finds_the_first_publicity() -> None:
    world, publicity = shown(1)
    with world.clock(world.at + timedelta(days=1)):
        assert publish(board=publicity.board, count_first_day=True, by=world.office) == publicity
    assert Event.objects.filter(verb=Verb.PUBLISHED).count() == 1


# ---- ended ----


@pytest.mark.parametrize(
    ("after", "ended"), [(-MOMENT, False), (timedelta(0), True)], ids=["just before", "at the end"]
)
def test_it_ends_at_24_hours_of_the_last_day(after: timedelta, ended: bool) -> None:
    world, publicity = shown(1)
    with world.clock(publicity.ends_at + after):
        assert end_publicity(task=world.task(world.assessments[0], "publicity")) is ended
    assert world.assessments[0].step == (Step.CIRCULATION if ended else Step.PUBLICITY)


def test_it_ends_once_by_the_system() -> None:
    world, publicity = shown(1)
    task = world.task(world.assessments[0], "publicity")
    with world.clock(publicity.ends_at):
        assert [end_publicity(task=task), end_publicity(task=task)] == [True, False]
    assert last_event(Verb.PUBLICITY_ENDED).actor_id is None


def test_what_is_not_published_does_not_end() -> None:
    world = approved(1)
    with world.clock(world.at + timedelta(days=90)):
        assert end_publicity(task=world.task(world.assessments[0], "publicity")) is False


# ---- objections ----


def test_an_objection_gets_a_receipt_and_the_office_a_mail_and_nobody_elses_name() -> None:
    world, publicity = shown(1)
    objection = objected(world, publicity)
    assert objection.receipt.startswith(world.at.astimezone(clock.BEIJING).strftime("%Y%m%d-"))
    assert told(f"objection:{objection.pk}:") == {world.office}
    event = last_event(Verb.OBJECTION_FILED)
    assert (event.actor_id, event.data) == (None, {"receipt": objection.receipt})
    assert SIGNED.name not in str(Message.objects.values_list("subject", "cause"))


def test_who_objects_is_encrypted_at_rest() -> None:
    objected(*shown(1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact, workplace FROM workflow_objection")
        stored = "".join(cursor.fetchone())
    assert not any(word in stored for word in (SIGNED.name, SIGNED.contact, SIGNED.workplace))


def test_a_unit_of_another_publicity_is_refused() -> None:
    world = a_cycle().with_units(1).with_units(1, TRACK).published()
    first = Publicity.objects.get(board__track__code="district")
    refused(lambda: objected(world, first, which=1), "sheet")


@pytest.mark.parametrize(("before", "received"), [(MOMENT, True), (timedelta(0), False)], ids=["in time", "at the end"])
def test_objections_are_received_until_the_end(before: timedelta, received: bool) -> None:
    world, publicity = shown(1)
    at = publicity.ends_at - before
    if received:
        assert objected(world, publicity, at=at).filed_at == at
    else:
        refused(lambda: objected(world, publicity, at=at))


def test_an_open_objection_holds_its_unit_and_not_the_others() -> None:
    world, publicity = shown(2)
    objection = objected(world, publicity)
    with world.clock(publicity.ends_at):
        done = [end_publicity(task=world.task(assessment, "publicity")) for assessment in world.assessments]
    assert done == [False, True]
    decide(world, objection, ObjectionDecision.DISMISSED)
    with world.clock(publicity.ends_at):
        assert end_publicity(task=world.task(world.assessments[0], "publicity")) is True


@pytest.mark.parametrize(
    ("decision", "step"),
    [
        (ObjectionDecision.REFUSED, Step.PUBLICITY),
        (ObjectionDecision.DISMISSED, Step.PUBLICITY),
        (ObjectionDecision.UPHELD, Step.CONSOLIDATION),
    ],
)
def test_only_an_upheld_objection_brings_the_unit_back(decision: ObjectionDecision, step: str) -> None:
    world, publicity = shown(2)
    objection = objected(world, publicity)
    decide(world, objection, decision)
    objection.refresh_from_db()
    assert [assessment.step for assessment in world.assessments] == [step, Step.PUBLICITY]
    assert (objection.decision, objection.answer, objection.decided_by) == (decision, "已核实", world.office)
    assert objection.decided_at == world.at


def test_it_is_decided_once_with_an_answer_by_somebody_without_a_stake() -> None:
    world, publicity = shown(1)
    objection = objected(world, publicity)
    refused(lambda: decide(world, objection, ObjectionDecision.DISMISSED, " "), "answer")
    held = Membership.objects.create(
        user=world.office, role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at
    )
    refused(lambda: decide(world, objection, ObjectionDecision.DISMISSED))
    held.delete()
    decide(world, objection, ObjectionDecision.DISMISSED)
    refused(lambda: decide(world, objection, ObjectionDecision.UPHELD))
    assert world.assessments[0].step == Step.PUBLICITY


@pytest.mark.parametrize("again", [ObjectionDecision.UPHELD, ObjectionDecision.DISMISSED])
def test_a_second_objection_is_decided_while_the_first_is_under_review(again: ObjectionDecision) -> None:
    world, publicity = shown(1)
    first, second = objected(world, publicity), objected(world, publicity)
    decide(world, first, ObjectionDecision.UPHELD)
    decide(world, second, again)
    assert world.assessments[0].step == Step.CONSOLIDATION
    assert outcomes_of(world.assessments[0]).count(("publicity", "upheld")) == 1


def test_one_more_is_not_upheld_where_the_unit_waits_for_approval_again() -> None:
    world, publicity = shown(1)
    first, second = objected(world, publicity), objected(world, publicity)
    decide(world, first, ObjectionDecision.UPHELD)
    with world.clock():
        consolidate(task=world.task(world.assessments[0], "consolidation"), by=world.office)
    refused(lambda: decide(world, second, ObjectionDecision.UPHELD))
    decide(world, second, ObjectionDecision.DISMISSED)


def test_a_changed_result_is_signed_and_publicised_anew_for_this_unit_only() -> None:
    world, publicity = shown(2)
    decide(world, objected(world, publicity), ObjectionDecision.UPHELD)
    with world.clock():
        consolidate(task=world.task(world.assessments[0], "consolidation"), by=world.office)
        board = submit_board(track=world.cycle.tracks.get(code=TRACK), by=world.office)
        second = publish(board=sign(board, world.chief), count_first_day=False, by=world.office)
    assert list(second.sheets.all()) == [world.assessments[0].sheet]
    assert world.task(world.assessments[1], "publicity").due_at == publicity.ends_at


def test_a_returned_unit_is_not_public_with_the_others() -> None:
    world = a_cycle().with_units(2, TRACK).consolidated()
    track = world.cycle.tracks.get(code=TRACK)
    with world.clock():
        board = submit_board(track=track, by=world.office)
        line = board.lines.get(sheet=world.assessments[0].sheet)
        return_lines(board=board, line_ids=[line.pk], why="存疑", by=world.chief)
        second = sign(submit_board(track=track, by=world.office), world.chief)
        publicity = publish(board=second, count_first_day=False, by=world.office)
    assert list(publicity.sheets.all()) == [world.assessments[1].sheet]
    with pytest.raises(DomainError):
        objected(world, publicity)
