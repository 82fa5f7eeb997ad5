"""Publicity: both ends shown, begun by the office, ended by the sweep, held only for the unit that is objected to."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from common import clock
from common.errors import DomainError
from outbox.models import Message
from scoring.models import HolidayOrder, Step
from tests.support.world import a_cycle, sign
from workflow.board.models import Board
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import consolidate
from workflow.flow.queries.process import open_tasks
from workflow.office.services.sweep import sweep
from workflow.publicity.models import ObjectionDecision, Publicity
from workflow.publicity.queries.publicity import standing_of
from workflow.publicity.services.objections import Signed, decide_objection, file_objection
from workflow.publicity.services.publicity import end_publicity, publish

pytestmark = pytest.mark.django_db
PERSON = Signed(kind="person", name="样例", contact="13900000000", workplace="某单位")


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_office_sees_both_ends_and_publishes() -> None:
    world = a_cycle().with_units(2).approved()
    board = Board.objects.get()
    office, url = signed_in(world.office), reverse("publicity-new", args=[board.pk])
    with world.clock():
        assert list(office.get(reverse("publicities")).context["boards"]) == [board]
        page = office.get(url)
        assert len(page.context["form"].fields["first_day"].choices) == 2
        assert len(page.context["items"]) == 2
        assert "first_day" in office.post(url, {"first_day": "maybe"}).context["form"].errors
        done = office.post(url, {"first_day": "no"})
    publicity = Publicity.objects.get()
    assert done.url == reverse("public-publicity", args=[publicity.slug])
    assert len(publicity.counted) == 5 and publicity.sheets.count() == 2
    tasks = open_tasks("publicity")
    assert {(task.due_at, task.fires) for task in tasks} == {(publicity.ends_at, True)}
    assert Message.objects.filter(cause__startswith=f"publicity:{publicity.pk}:").count() == 2
    assert Event.objects.filter(verb="publicity.published").count() == 1


def test_counting_the_first_day_ends_earlier_or_on_the_same_day() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").approved()
    first, second = Board.objects.all()
    # A Monday that is worked: counted, the week ends it; not counted, the next Monday does.
    with clock.travel(world.at + timedelta(days=2)):
        counted = publish(board=first, count_first_day=True, by=world.office)
        not_counted = publish(board=second, count_first_day=False, by=world.office)
    assert (counted.counted[0], counted.counted[-1]) == ("2027-01-18", "2027-01-22")
    assert (not_counted.counted[0], not_counted.counted[-1]) == ("2027-01-19", "2027-01-25")
    assert not_counted.ends_at == clock.end_of(date(2027, 1, 25))


def test_a_year_without_its_holiday_order_is_said_clearly() -> None:
    world = a_cycle().with_units(1).approved()
    HolidayOrder.objects.all().delete()
    with world.clock():
        page = signed_in(world.office).get(reverse("publicity-new", args=[Board.objects.get().pk]))
    assert page.status_code == 422 and "2027" in str(page.context["problem"])


def test_publishing_twice_finds_the_first_and_an_unsigned_board_is_refused() -> None:
    world = a_cycle().with_units(1).consolidated()
    with world.clock():
        board = submit_board(track=world.assessments[0].sheet.track, by=world.office)
        with pytest.raises(DomainError):
            publish(board=board, count_first_day=False, by=world.office)
        sign(board, world.chief)
        first = publish(board=board, count_first_day=False, by=world.office)
        assert publish(board=board, count_first_day=True, by=world.office) == first
    assert Publicity.objects.count() == 1


def test_the_end_is_not_before_its_instant_and_happens_once() -> None:
    world = a_cycle().with_units(1).published()
    publicity = Publicity.objects.get()
    task = world.task(world.assessments[0], "publicity")
    with clock.travel(publicity.ends_at - timedelta(seconds=1)):
        assert end_publicity(task=task) is False
    with clock.travel(publicity.ends_at):
        assert end_publicity(task=task) is True
        assert end_publicity(task=task) is False
    assert world.assessments[0].step == Step.CIRCULATION


def test_an_open_objection_holds_only_its_unit_until_it_is_decided() -> None:
    world = a_cycle().with_units(3).published()
    publicity = Publicity.objects.get()
    sheet = world.assessments[0].sheet
    with world.clock():
        objection = file_objection(
            publicity=publicity, sheet=sheet, signed=PERSON, text="得分与事实不符，请核实。", arrived_at=clock.now()
        )
    with clock.travel(publicity.ends_at + timedelta(minutes=1)):
        assert sweep()["publicity"] == 2
        assert [one.step for one in world.assessments] == [Step.PUBLICITY, Step.CIRCULATION, Step.CIRCULATION]
        decide_objection(objection=objection, decision=ObjectionDecision.REFUSED, answer="未署实名", by=world.office)
        assert sweep()["publicity"] == 1
    assert world.assessments[0].step == Step.CIRCULATION


def test_a_changed_result_is_signed_and_publicised_anew_alone() -> None:
    world = a_cycle().with_units(2).published()
    publicity = Publicity.objects.get()
    changed = world.assessments[0]
    with world.clock():
        objection = file_objection(
            publicity=publicity, sheet=changed.sheet, signed=PERSON, text="加分漏计一次。", arrived_at=clock.now()
        )
        decide_objection(objection=objection, decision=ObjectionDecision.UPHELD, answer="属实", by=world.office)
        back = world.assessments[0]
        assert back.step == Step.CONSOLIDATION
        consolidate(task=world.task(back, "consolidation"), by=world.office)
        board = sign(submit_board(track=back.sheet.track, by=world.office), world.chief)
        again = publish(board=board, count_first_day=False, by=world.office)
    assert list(again.sheets.all()) == [back.sheet]
    assert board.lines.count() == 2
    page = Client().get(reverse("public-publicity", args=[again.slug]))
    assert page.context["units"] == 1


def test_how_many_working_days_are_left() -> None:
    world = a_cycle().with_units(1).published()
    publicity = Publicity.objects.get()
    assert standing_of(publicity, world.at).days_left == 5
    last = publicity.ends_at - timedelta(hours=1)
    assert (standing_of(publicity, last).days_left, standing_of(publicity, last).over) == (1, False)
    assert standing_of(publicity, publicity.ends_at).days_left == 0
    assert standing_of(publicity, publicity.ends_at).over


def test_who_may_publish() -> None:
    world = a_cycle().with_units(1).approved()
    url = reverse("publicity-new", args=[Board.objects.get().pk])
    with world.clock():
        for person in (world.chief, world.leaders[0], world.supervisor, next(iter(world.filers.values()))):
            assert signed_in(person).get(url).status_code == 403
            assert signed_in(person).post(url, {"first_day": "no"}).status_code == 403
        assert signed_in(world.supervisor).get(reverse("publicities")).status_code == 200
    assert not Publicity.objects.exists()
