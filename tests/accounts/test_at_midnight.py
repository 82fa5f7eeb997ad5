"""Rights that begin and end at midnight in Beijing, and how instants and numbers are said at their edges."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from accounts import services
from accounts.actors import actor_of, current_memberships, members_with
from accounts.forms import MembershipForm
from accounts.grants import Grant
from accounts.models import Department, Membership, Role, Unit, User
from accounts.permissions import Action, may
from common import clock, wording
from common.errors import DomainError
from tests.support.clients import browser_of
from tests.support.world import a_person

NEW_YEAR = datetime(2027, 1, 1, tzinfo=clock.BEIJING)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(code="jia", name="甲区科协")


def until_new_year(role: Role, **place: Unit | Department) -> User:
    person = a_person(role, **place)  # type: ignore[arg-type]  # a unit or a department, as named
    person.memberships.update(until=NEW_YEAR)
    return person


@pytest.mark.django_db
@pytest.mark.parametrize(("instant", "holds"), [(NEW_YEAR - MOMENT, True), (NEW_YEAR, False)])
def test_what_ends_with_the_year_holds_until_its_last_moment(instant: datetime, holds: bool) -> None:
    office = until_new_year(Role.OFFICE)
    with clock.travel(instant):
        assert may(actor_of(office), Action.RUN_CYCLE) is holds
        assert members_with(role=Role.OFFICE).filter(pk=office.pk).exists() is holds
        assert browser_of(office).get("/accounts/").status_code == (200 if holds else 403)


@pytest.mark.django_db
@pytest.mark.parametrize(("instant", "holds"), [(NEW_YEAR - MOMENT, False), (NEW_YEAR, True)])
def test_what_begins_with_the_year_holds_from_its_first_moment(instant: datetime, holds: bool) -> None:
    supervisor = a_person(Role.SUPERVISOR)
    supervisor.memberships.update(since=NEW_YEAR)
    with clock.travel(instant):
        assert may(actor_of(supervisor), Action.READ_EVENTS) is holds


def test_one_office_hands_over_to_the_next_without_a_gap_and_without_two(unit: Unit) -> None:
    before, after = until_new_year(Role.FILER, unit=unit), a_person(Role.FILER, unit=unit)
    after.memberships.update(since=NEW_YEAR)
    for instant in (NEW_YEAR - MOMENT, NEW_YEAR):
        holders = current_memberships(instant).filter(unit=unit)
        assert [held.user for held in holders] == [before if instant < NEW_YEAR else after]


def of_form(**data: str) -> Grant:
    form = MembershipForm({"role": "leader", "place": "", "since": "", "until": ""} | data)
    assert form.is_valid(), form.errors
    return form.grant()


@pytest.mark.parametrize("instant", [NEW_YEAR, NEW_YEAR + timedelta(hours=23, minutes=59)])
def test_from_today_is_from_now(instant: datetime) -> None:
    with clock.travel(instant):
        assert of_form(since="2027-01-01").since is None
        assert of_form(since="2026-12-31").since == NEW_YEAR - timedelta(days=1)


def test_today_is_the_last_day_until_its_end() -> None:
    with clock.travel(NEW_YEAR - MOMENT):
        assert of_form(until="2026-12-31").until == NEW_YEAR


@pytest.mark.django_db
def test_today_is_a_last_day_and_yesterday_is_none() -> None:
    office, person = a_person(Role.OFFICE), a_person(Role.CHIEF)
    with clock.travel(NEW_YEAR - MOMENT):
        with pytest.raises(DomainError) as raised:
            services.add_membership(user=person, by=office, grant=of_form(role="leader", until="2026-12-30"))
        assert raised.value.field == "until"
        services.add_membership(user=person, by=office, grant=of_form(role="leader", until="2026-12-31"))
        assert Role.LEADER in actor_of(person).roles


@pytest.mark.django_db
def test_a_right_that_has_not_begun_is_ended_before_it_ever_holds() -> None:
    office, person = a_person(Role.OFFICE), a_person(Role.CHIEF)
    later = services.add_membership(
        user=person, grant=Grant(Role.LEADER, since=NEW_YEAR + timedelta(days=3)), by=office
    )
    with clock.travel(NEW_YEAR):
        services.end_membership(membership=later, by=office)
    for days in (0, 3, 4):
        with clock.travel(NEW_YEAR + timedelta(days=days)):
            assert Role.LEADER not in actor_of(person).roles


@pytest.mark.django_db
def test_a_right_ended_through_two_open_pages_ends_once_and_at_the_first() -> None:
    office, person = a_person(Role.OFFICE), a_person(Role.LEADER)
    first, second = (Membership.objects.get(user=person) for _page in range(2))
    with clock.travel(NEW_YEAR):
        services.end_membership(membership=first, by=office)
    with clock.travel(NEW_YEAR + timedelta(hours=1)):
        services.end_membership(membership=second, by=office)
    assert Membership.objects.get(user=person).until == NEW_YEAR


@pytest.mark.parametrize(
    ("instant", "now", "said"),
    [
        (NEW_YEAR, NEW_YEAR, "12月31日 周四 24:00"),
        (NEW_YEAR - timedelta(minutes=1), NEW_YEAR, "12月31日 周四 23:59"),
        (NEW_YEAR + timedelta(minutes=1), NEW_YEAR, "1月1日 周五 00:01"),
        (NEW_YEAR + timedelta(seconds=1), NEW_YEAR, "1月1日 周五 00:00"),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), NEW_YEAR, "12月31日 周四 24:00"),
        (datetime(2028, 3, 1, tzinfo=clock.BEIJING), datetime(2028, 3, 1, 9, tzinfo=UTC), "2月29日 周二 24:00"),
        (NEW_YEAR, NEW_YEAR + timedelta(days=182), "12月31日 周四 24:00"),
        (NEW_YEAR, NEW_YEAR + timedelta(days=183), "2026年12月31日 周四 24:00"),
    ],
)
def test_an_instant_at_the_turn_of_the_year_is_said(instant: datetime, now: datetime, said: str) -> None:
    with translation.override("zh-hans"):
        assert wording.say_instant(instant, now=now) == said


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(days=2), "还有 2 天"),
        (timedelta(days=2) - MOMENT, "还有 1 天"),
        (timedelta(days=1), "还有 1 天"),
        (timedelta(days=1) - MOMENT, "还有 23 小时"),
        (timedelta(hours=1), "还有 1 小时"),
        (timedelta(hours=1) - MOMENT, "还有 59 分钟"),
        (timedelta(minutes=1), "还有 1 分钟"),
        (-timedelta(minutes=1), "已过期 1 分钟"),
        (-timedelta(hours=1), "已过期 1 小时"),
        (-timedelta(days=1), "已过期 1 天"),
        (-timedelta(days=1) + MOMENT, "已过期 23 小时"),
    ],
)
def test_what_is_left_is_rounded_down_to_one_word(gap: timedelta, said: str) -> None:
    with translation.override("zh-hans"):
        assert wording.say_left(NEW_YEAR + gap, now=NEW_YEAR) == said


def test_the_deadline_itself_is_too_late_and_a_moment_before_is_not() -> None:
    assert [wording.is_past(NEW_YEAR, now=NEW_YEAR + gap) for gap in (-MOMENT, timedelta(0), MOMENT)] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("day", "today", "said"),
    [
        (date(2026, 7, 1), date(2026, 12, 31), "7月1日 周三"),
        (date(2026, 6, 30), date(2026, 12, 31), "2026年6月30日 周二"),
        (date(2027, 7, 2), date(2026, 12, 31), "7月2日 周五"),
        (date(2027, 7, 3), date(2026, 12, 31), "2027年7月3日 周六"),
    ],
)
def test_the_year_is_said_once_a_day_is_more_than_half_a_year_away(day: date, today: date, said: str) -> None:
    with translation.override("zh-hans"):
        assert wording.say_day(day, today=today) == said
