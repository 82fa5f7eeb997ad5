"""The demo's worlds keep the rules of the house: no state that must never be, no instant out of order, nobody real."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Membership, Role, User
from audit.models import Event
from audit.verbs import Verb
from common import clock
from demo.world.report import report
from documents.models import NoticeReceipt, ResultNotice, RosterEntry, Submission
from outbox.models import Message
from scoring.models import Ballot, Cycle, Draw, LineKind, Rating, RatingKind, ScoreSheet, Step
from scoring.services.results import score_of
from tests.support.clients import browser_of
from tests.support.faults import faults
from tests.support.played import a_demo_of
from workflow.board.models import Board
from workflow.flow.models import Assessment
from workflow.flow.queries.process import open_tasks
from workflow.publicity.models import Objection, Publicity

pytestmark = pytest.mark.django_db
UNITS = 45  # enough for every special case
FINISHED = {"circulated", "excluded", "not_assessed"}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The loaded demo, for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        a_demo_of(UNITS)
        yield
        transaction.set_rollback(True)


def past() -> Cycle:
    return Cycle.objects.get(year=2020)


def live() -> Cycle:
    return Cycle.objects.latest("year")


def none_of(faulty: list[str]) -> None:
    assert not faulty, "\n".join(faulty)


# ---- states ----


def test_no_unit_is_in_a_state_that_must_never_be(demo: None) -> None:
    every = Assessment.objects.select_related("sheet")
    none_of([f"{assessment}: {fault}" for assessment in every for fault in faults(assessment)])


def test_states_are_told_by_the_contract_s_names(demo: None) -> None:
    finished, running = report()["cycles"]
    assert {state for track in finished["tracks"].values() for state in track["states"]} == FINISHED
    states = {state for track in running["tracks"].values() for state in track["states"]}
    assert states <= set(Step.values) - FINISHED
    for told, cycle in ((finished, past()), (running, live())):
        rows = ScoreSheet.objects.filter(cycle=cycle).values_list("track__code", "assessment__step")
        assert Counter(rows) == {
            (code, state): count for code, track in told["tracks"].items() for state, count in track["states"].items()
        }


def test_every_track_of_the_finished_cycle_has_a_signed_list_that_was_public(demo: None) -> None:
    for track in past().tracks.all():
        board = Board.objects.filter(track=track, superseded_at=None).latest("version")
        assert board.signed_at is not None
        assert Publicity.objects.filter(board__track=track).exists()
        ranked = ScoreSheet.objects.filter(track=track, assessment__step=Step.CIRCULATED)
        assert board.lines.count() == ranked.count()
        assert not board.lines.filter(grade="").exists()


def test_every_result_of_the_finished_cycle_comes_out_again(demo: None) -> None:
    sheets = ScoreSheet.objects.filter(cycle=past(), assessment__step=Step.CIRCULATED)
    assert sheets.exists()
    none_of([str(sheet) for sheet in sheets if score_of(sheet).total != sheet.total])


def test_no_more_was_given_than_claimed_and_every_less_has_its_reason(demo: None) -> None:
    sheets = ScoreSheet.objects.filter(cycle=past(), assessment__step=Step.CIRCULATED)
    for sheet in sheets.prefetch_related("lines"):
        for line in sheet.lines.all():
            if line.kind == LineKind.PART:
                assert line.reviewed is not None and line.claimed is not None
                assert line.reviewed == line.claimed or line.review_note, (str(sheet), line.code)


# ---- ratings ----


def test_every_district_was_rated_by_people_who_were_drawn(demo: None) -> None:
    for sheet in ScoreSheet.objects.filter(cycle=past(), track__code="district", assessment__step=Step.CIRCULATED):
        (draw,) = Draw.objects.filter(sheet=sheet)
        used = Ballot.objects.filter(draw=draw, spent=True).count()
        assert Rating.objects.filter(sheet=sheet, component=RatingKind.RECIPIENTS).count() == used > 0
        assert Rating.objects.filter(sheet=sheet, component=RatingKind.LEADERS).exists()


def test_only_districts_were_drawn_and_rated(demo: None) -> None:
    assert not Draw.objects.exclude(sheet__track__code="district").exists()
    assert not Rating.objects.exclude(sheet__track__code="district").exists()
    assert not Rating.objects.filter(sheet__cycle=live()).exists()


# ---- instants ----


def test_nothing_lies_in_the_future(demo: None) -> None:
    now = clock.now()
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Message.objects.filter(created_at__gt=now).exists()
    assert not Submission.objects.filter(arrived_at__gt=now).exists()


def test_the_finished_cycle_happened_between_its_notice_and_its_closing(demo: None) -> None:
    closed_at = past().closed_at
    assert closed_at is not None
    instants = list(Event.objects.filter(cycle="2020").values_list("at", flat=True))
    assert min(instants).astimezone(clock.BEIJING).year == 2020
    assert max(instants) <= closed_at
    assert closed_at.astimezone(clock.BEIJING).year == 2021


def test_nobody_filed_after_the_deadline_but_those_who_were_let(demo: None) -> None:
    late = Submission.objects.filter(sheet__cycle=past(), number=1, arrived_at__gte=past().deadline_at)
    let = Event.objects.filter(verb__in=(Verb.EXTENDED, Verb.REINSTATED), cycle="2020")
    assert {f"sheet:{submission.sheet_id}" for submission in late} == set(let.values_list("subject", flat=True))


def test_the_live_cycle_has_its_deadline_ahead_and_waits_for_people_only(demo: None) -> None:
    assert live().deadline_at is not None
    assert live().deadline_at > clock.now()  # type: ignore[operator]  # it has one
    nodes = {task.flow_task.name for task in open_tasks().filter(process__sheet__cycle=live())}
    assert nodes == {"self_evaluation", "acceptance"}


# ---- people ----


def test_everybody_has_one_role_and_every_role_has_somebody(demo: None) -> None:
    roles = Counter(Membership.objects.values_list("role", flat=True))
    assert set(roles) == set(Role)
    assert roles.total() == User.objects.count()


def test_every_unit_of_the_live_cycle_has_its_filer_who_gets_in(demo: None) -> None:
    for sheet in live().sheets.select_related("unit")[:6]:
        user = User.objects.get(memberships__unit=sheet.unit)
        page = browser_of(user).get("/self-evaluation/", follow=True)
        assert page.status_code == 200
        assert sheet.unit_name in page.content.decode()


def test_people_of_rosters_and_objectors_are_plainly_made_up(demo: None) -> None:
    for person in RosterEntry.objects.all():
        assert person.name.startswith("示例人")
    for objection in Objection.objects.all():
        assert re.search("示例|演示|样例", objection.name)


def test_the_notice_of_results_went_to_every_unit_of_the_cycle(demo: None) -> None:
    notice = ResultNotice.objects.filter(cycle=past()).earliest("issued_at")
    told = set(NoticeReceipt.objects.filter(notice__cycle=past()).values_list("sheet", flat=True))
    circulated = ScoreSheet.objects.filter(cycle=past(), assessment__step=Step.CIRCULATED)
    assert told >= set(circulated.values_list("pk", flat=True))
    assert notice.number.startswith("渝科协发〔2021〕")
