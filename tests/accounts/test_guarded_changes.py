"""Nobody becomes the office, its head or its supervisor, or signs in as one, by one person's word alone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import services
from accounts.actors import actor_of
from accounts.confirmations import ask, confirm, refuse, withdraw
from accounts.grants import Grant, NewPerson
from accounts.guarded import STANDS_FOR, waiting
from accounts.models import ChangeKind, Department, GuardedChange, Membership, Role, User
from accounts.passwords import Credentials
from accounts.telling import tell_asked
from audit.models import Event
from common import clock
from common.errors import DomainError, NotAllowed
from outbox.delivery import send_due
from outbox.minting import mint
from outbox.models import Message
from tests.support.clients import browser_of
from tests.support.imports import people_in
from tests.support.world import a_person

pytestmark = pytest.mark.django_db
OWN = "nur-fuer-mich-2026"


@pytest.fixture
def office() -> User:
    return a_person(Role.OFFICE, name="办公室甲")


@pytest.fixture
def supervisor() -> User:
    return a_person(Role.SUPERVISOR, name="监督甲")


@pytest.fixture
def chief() -> User:
    return a_person(Role.CHIEF, name="组长甲")


@pytest.fixture
def person() -> User:
    return a_person(Role.LEADER, name="某领导")


def state_of(user: User) -> tuple[Any, ...]:
    row = User.objects.get(pk=user.pk)
    return (row.name, row.email, row.password, row.is_active, actor_of(row).roles)


def give(user: User, by: User, role: Role = Role.CHIEF) -> GuardedChange:
    waits = services.add_membership(user=user, grant=Grant(role), by=by)
    assert isinstance(waits, GuardedChange)
    return waits


def link_to(user: User) -> str:
    """The path that the latest mail with a link would carry if it were sent now."""
    message = Message.objects.filter(to=user).exclude(minting="").latest("pk")
    link = re.search(r"http://[^/]+(/password/new/\S+)", mint(message.minting).words)
    assert link
    return link[1]


def set_by_link(path: str, password: str = OWN) -> int:
    browser = browser_of(None)
    page = browser.get(path)
    if page.status_code == 302:
        browser.post(page["Location"], {"new_password1": password, "new_password2": password})
    return int(page.status_code)


# ---- every way in waits ----


def a_role(chief: User, office: User) -> None:
    services.add_membership(user=office, grant=Grant(Role.CHIEF), by=office)


def a_password(chief: User, office: User) -> None:
    services.reset_password(user=chief, by=office)


def a_mail_address(chief: User, office: User) -> None:
    services.change_account(user=chief, name=chief.name, email="mine@example.org", by=office)


def a_name(chief: User, office: User) -> None:
    services.change_account(user=chief, name="别人", email=chief.email, by=office)


def a_closed_account(chief: User, office: User) -> None:
    services.set_active(user=chief, active=False, by=office)
    services.set_active(user=chief, active=True, by=office)


@pytest.mark.parametrize("way", [a_role, a_password, a_mail_address, a_name, a_closed_account])
def test_the_office_alone_changes_nothing_about_the_head(
    office: User, supervisor: User, chief: User, way: Callable[[User, User], None]
) -> None:
    before = (state_of(chief)[:3], state_of(office))
    way(chief, office)
    assert (state_of(chief)[:3], state_of(office)) == before
    assert User.objects.get(pk=chief.pk).is_active is (way is not a_closed_account)
    change = waiting().get()
    told = Message.objects.filter(cause__startswith=f"change:{change.pk}:asked")
    assert {message.to for message in told} == {change.user, supervisor}
    confirm(change=change, by=supervisor)
    assert (state_of(chief), state_of(office)) != before
    with pytest.raises(DomainError):
        confirm(change=change, by=supervisor)


def test_ended_and_given_back_waits_too(office: User, supervisor: User, chief: User) -> None:
    services.end_membership(membership=chief.memberships.get(), by=office)
    services.reset_password(user=chief, by=office)  # nobody special now: the office reads this password
    services.change_account(user=chief, name=chief.name, email="", by=office)
    change = give(chief, office)
    assert actor_of(chief).roles == frozenset()
    with pytest.raises(IntegrityError), transaction.atomic():
        GuardedChange.objects.filter(pk=change.pk).update(
            decision="confirmed", decided_by=office, decided_at=clock.now()
        )
    made = confirm(change=change, by=supervisor)
    assert isinstance(made, Credentials) and User.objects.get(pk=chief.pk).check_password(made.password)


def test_a_new_account_of_this_kind_has_no_password_before(office: User, supervisor: User) -> None:
    answer = browser_of(office).post(
        reverse("account-add"), {"username": "new", "name": "新组长", "email": "new@example.org", "role": "chief"}
    )
    user = User.objects.get(username="new")
    assert answer.status_code == 302 and not user.has_usable_password() and not actor_of(user).roles
    services.reset_password(user=user, by=office)
    assert not User.objects.get(username="new").has_usable_password()
    assert set(waiting().values_list("kind", flat=True)) == {"role", "password"}
    confirm(change=waiting().get(kind=ChangeKind.ROLE), by=supervisor)
    assert actor_of(user).roles == {Role.CHIEF}


@pytest.mark.both
def test_an_import_only_asks(office: User, supervisor: User) -> None:
    Department.objects.create(code="zuzhi", name="组织人事部")
    rows = "zhang,张三,z@example.org,组长,\nzhang,张三,z@example.org,经办人,zuzhi\nli,李四,,领导,"
    page = browser_of(office).post(reverse("accounts-import"), {"rows": rows, "confirmed": "1"})
    zhang = User.objects.get(username="zhang")
    assert [made.user.username for made in page.context["made"]] == ["li"] and page.context["asked"] == 1
    assert actor_of(zhang).roles == {Role.REVIEWER} and not zhang.has_usable_password()
    assert [fault.row for fault in people_in("zhang,张三,,组长,").faults] == [1]
    confirm(change=waiting().get(), by=supervisor)
    assert actor_of(zhang).roles == {Role.REVIEWER, Role.CHIEF}


def test_an_import_asks_for_nothing_that_could_never_be_confirmed(office: User, supervisor: User, chief: User) -> None:
    rows = f"{chief.username},{chief.name},{chief.email},监督,"
    page = browser_of(office).post(reverse("accounts-import"), {"rows": rows, "confirmed": "1"})
    assert page.context["form"].errors["rows"] and not waiting().exists()


def test_what_an_import_asks_for_is_told_in_a_fixed_number_of_statements(
    office: User, supervisor: User, django_assert_max_num_queries: Any
) -> None:
    people = [a_person(Role.LEADER) for _person in range(2)]
    changes = [give(person, office) for person in people]
    Message.objects.all().delete()
    for told in (changes[:1], changes):
        with django_assert_max_num_queries(5):
            tell_asked(told)
    assert Message.objects.count() == 4


# ---- who is the second ----


def test_neither_the_asker_nor_the_same_kind_nor_whom_it_is_about_confirms(
    office: User, supervisor: User, person: User
) -> None:
    colleague = a_person(Role.OFFICE)
    change = give(person, office)
    itself = ask(wanted=GuardedChange(kind=ChangeKind.PASSWORD, user=supervisor), by=office)
    for decided, by in ((change, office), (change, colleague), (change, person), (itself, supervisor)):
        with pytest.raises(NotAllowed):
            confirm(change=decided, by=by)
    with pytest.raises(NotAllowed):
        ask(wanted=GuardedChange(kind=ChangeKind.PASSWORD, user=supervisor), by=person)


def test_whoever_may_no_longer_ask_asks_in_vain(office: User, supervisor: User, person: User) -> None:
    change = give(person, office)
    services.end_membership(membership=office.memberships.get(), by=a_person(Role.OFFICE))
    with pytest.raises(DomainError):
        confirm(change=change, by=supervisor)
    assert waiting().get() == change


def test_a_supervisor_asks_and_the_office_confirms(office: User, supervisor: User, chief: User) -> None:
    change = services.reset_password(user=chief, by=supervisor)
    assert isinstance(change, GuardedChange)
    assert confirm(change=change, by=office) is None  # a link is mailed: the office reads no password
    assert set_by_link(link_to(chief)) == 302
    assert User.objects.get(pk=chief.pk).check_password(OWN)


def test_the_office_is_never_handed_a_password(office: User, supervisor: User, chief: User) -> None:
    User.objects.filter(pk=chief.pk).update(email="")
    chief.refresh_from_db()
    with pytest.raises(DomainError):
        services.reset_password(user=chief, by=supervisor)
    asked = browser_of(office).post(reverse("account-password", args=[chief.pk]), follow=True)
    page = browser_of(supervisor).post(
        reverse("guarded-change-decide", args=[waiting().get().pk]), {"decision": "confirm"}
    )
    password = page.context["made"][0].password
    assert password in page.content.decode() and "no-store" in page["Cache-Control"]
    assert password not in asked.content.decode()
    assert User.objects.get(pk=chief.pk).must_change_password


def test_a_supervisor_does_nothing_alone_and_nothing_about_others(supervisor: User, person: User) -> None:
    Department.objects.create(code="zuzhi", name="组织人事部")
    before = state_of(person)
    for act in (
        lambda: services.reset_password(user=person, by=supervisor),
        lambda: services.set_active(user=person, active=False, by=supervisor),
        lambda: services.change_account(user=person, name="x", email="", by=supervisor),
        lambda: services.add_membership(user=person, grant=Grant(Role.HEAD, Department.objects.get()), by=supervisor),
        lambda: services.end_membership(membership=person.memberships.get(), by=supervisor),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert state_of(person) == before and not waiting().exists()


def test_who_oversees_the_others_is_none_of_them(office: User, supervisor: User, chief: User) -> None:
    for user, role in ((supervisor, Role.OFFICE), (supervisor, Role.CHIEF), (office, Role.SUPERVISOR)):
        with pytest.raises(DomainError) as refused:
            services.add_membership(user=user, grant=Grant(role), by=office)
        assert refused.value.field == "role"


# ---- the first role of this kind ends every password that the office could know ----


def test_who_becomes_one_of_them_signs_in_anew(office: User, supervisor: User) -> None:
    leader = NewPerson(username="new", name="新组长", email="new@example.org", grant=Grant(Role.LEADER))
    made = services.add_person(person=leader, by=office)
    assert isinstance(made, Credentials)
    inside = browser_of(made.user)  # the office signed in with the password that it was shown
    services.choose_password(user=made.user, password="known-to-the-office")
    confirm(change=give(made.user, office), by=supervisor)
    assert inside.get(reverse("inbox")).status_code == 302
    assert not User.objects.get(pk=made.user.pk).check_password("known-to-the-office")
    assert set_by_link(link_to(made.user)) == 302


def test_who_is_one_already_keeps_their_password(office: User, supervisor: User, chief: User) -> None:
    confirm(change=give(chief, office, Role.OFFICE), by=supervisor)
    assert User.objects.get(pk=chief.pk).check_password("secret")


def test_what_is_confirmed_cannot_change_meanwhile(office: User, supervisor: User, person: User) -> None:
    give(person, office)
    services.change_account(user=person, name=person.name, email="mine@example.org", by=office)
    person.refresh_from_db()
    assert person.email != "mine@example.org"


def test_a_link_that_opens_nothing_is_not_sent(
    office: User, supervisor: User, chief: User, settings: Any, mailoutbox: list[Any]
) -> None:
    def asked(kind: ChangeKind = ChangeKind.PASSWORD) -> Message:
        wanted = GuardedChange(kind=kind, user=chief, name=chief.name, email=f"{kind}@example.org")
        change = ask(wanted=wanted, by=office)
        confirm(change=change, by=supervisor)
        chief.refresh_from_db()
        return Message.objects.filter(to=chief).exclude(minting="").latest("pk")

    first = asked()
    second = asked()
    assert [Message.objects.get(pk=link.pk).ended_at is None for link in (first, second)] == [False, True]
    with clock.travel(clock.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)):
        assert Message.objects.get(pk=second.pk).ended_at
    asked(ChangeKind.CONTACT)
    assert Message.objects.get(pk=second.pk).ended_at
    third = asked()
    services.set_active(user=chief, active=False, by=office)
    assert Message.objects.get(pk=third.pk).ended_at
    send_due()
    assert not any("/password/new/" in sent.body for sent in mailoutbox)


def test_a_link_works_once_for_a_few_days_and_not_for_another_address(
    office: User, supervisor: User, chief: User, settings: Any
) -> None:
    def ask_again() -> str:
        change = services.reset_password(user=chief, by=office)
        assert isinstance(change, GuardedChange)
        confirm(change=change, by=supervisor)
        return link_to(chief)

    first, second = ask_again(), ask_again()
    assert set_by_link(first) == 404
    with clock.travel(clock.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 1)):
        assert set_by_link(second) == 404
    assert set_by_link(second) == 302
    assert set_by_link(second) == 404
    assert Event.objects.filter(data__what="password changed", actor=chief).count() == 1
    third = ask_again()
    User.objects.filter(pk=chief.pk).update(email="other@example.org")
    assert set_by_link(third) == 404


def test_the_link_stands_in_the_mail_alone(office: User, supervisor: User, chief: User, mailoutbox: list[Any]) -> None:
    change = services.reset_password(user=chief, by=office)
    assert isinstance(change, GuardedChange)
    confirm(change=change, by=supervisor)
    send_due()
    assert sum("/password/new/" in sent.body for sent in mailoutbox) == 1
    assert not any("/password/new/" in message.body for message in Message.objects.all())


# ---- refused, withdrawn, expired ----


def test_what_is_refused_or_withdrawn_or_expired_never_happens(office: User, supervisor: User, person: User) -> None:
    before, colleague = state_of(person), a_person(Role.OFFICE)
    with pytest.raises(DomainError) as unsaid:
        refuse(change=give(person, office), why=" ", by=supervisor)
    assert unsaid.value.field == "why"
    with pytest.raises(DomainError):  # it waits already
        services.add_membership(user=person, grant=Grant(Role.CHIEF), by=office)
    with pytest.raises(NotAllowed):
        refuse(change=waiting().get(), why="不实", by=colleague)
    refuse(change=waiting().get(), why="不实", by=supervisor)
    second = give(person, office)
    with pytest.raises(NotAllowed):
        withdraw(change=second, by=colleague)
    withdraw(change=second, by=office)
    third = give(person, office)
    with clock.travel(clock.now() + STANDS_FOR), pytest.raises(DomainError):
        confirm(change=third, by=supervisor)
    assert state_of(person) == before
    verbs = Event.objects.filter(subject=f"user:{person.pk}").order_by("pk").values_list("verb", "actor", "why")
    assert [row for row in verbs if row[0].startswith("account.change_")] == [
        ("account.change_asked", office.pk, ""),
        ("account.change_refused", supervisor.pk, "不实"),
        ("account.change_asked", office.pk, ""),
        ("account.change_withdrawn", office.pk, ""),
        ("account.change_asked", office.pk, ""),
    ]


def test_a_role_begins_when_it_is_confirmed_or_later(office: User, supervisor: User) -> None:
    now, later = clock.now(), clock.now() + timedelta(days=3)
    for since, begins in ((None, now), (now - timedelta(days=30), now), (later, later)):
        person = a_person(Role.LEADER)
        waits = services.add_membership(user=person, grant=Grant(Role.CHIEF, since=since), by=office)
        assert isinstance(waits, GuardedChange)
        with clock.travel(now):
            confirm(change=waits, by=supervisor)
        assert Membership.objects.get(user=person, role=Role.CHIEF).since == begins


@pytest.mark.parametrize(("days", "says"), [(None, "即时生效"), (3, "起生效")])
def test_whoever_confirms_reads_from_when_it_holds(
    office: User, supervisor: User, person: User, days: int | None, says: str
) -> None:
    since = clock.now() + timedelta(days=days) if days else None
    waits = services.add_membership(user=person, grant=Grant(Role.CHIEF, since=since), by=office)
    decide = reverse("guarded-change-decide", args=[waits.pk])
    page = browser_of(supervisor).post(decide, {"decision": "confirm"}, follow=True).content.decode()
    assert says in page


# ---- what is done at once is told ----


def test_taking_away_is_done_at_once_and_told(office: User, supervisor: User, chief: User) -> None:
    services.end_membership(membership=chief.memberships.get(), by=office)
    other = a_person(Role.CHIEF)
    services.set_active(user=other, active=False, by=office)
    told = Message.objects.filter(cause__startswith="account:").values_list("to", flat=True)
    assert sorted(told) == sorted([chief.pk, supervisor.pk, other.pk, supervisor.pk])


def test_the_last_supervisor_is_not_removed_by_the_office(office: User, supervisor: User) -> None:
    def remove(who: User) -> None:
        services.end_membership(membership=who.memberships.get(), by=office)

    with pytest.raises(DomainError):
        remove(supervisor)
    with pytest.raises(DomainError):
        services.set_active(user=supervisor, active=False, by=office)
    second = a_person(Role.SUPERVISOR)
    remove(second)
    with pytest.raises(DomainError):
        remove(supervisor)


def test_the_only_supervisor_is_not_removed_because_their_time_is_limited(office: User, supervisor: User) -> None:
    supervisor.memberships.update(until=clock.now() + timedelta(days=400))
    with pytest.raises(DomainError):
        services.set_active(user=supervisor, active=False, by=office)
    with pytest.raises(DomainError):
        services.end_membership(membership=supervisor.memberships.get(), by=office)
    assert not browser_of(office).get(reverse("guarded-changes")).context["no_supervisor"]


def test_a_supervisor_who_has_never_set_a_password_is_nobody_who_stays(office: User, supervisor: User) -> None:
    appointed = a_person(Role.SUPERVISOR)
    appointed.set_unusable_password()
    appointed.save()
    with pytest.raises(DomainError):
        services.end_membership(membership=supervisor.memberships.get(), by=office)


def test_of_two_whose_time_is_limited_one_may_go(office: User, supervisor: User) -> None:
    second = a_person(Role.SUPERVISOR)
    Membership.objects.filter(role=Role.SUPERVISOR).update(until=clock.now() + timedelta(days=400))
    services.end_membership(membership=second.memberships.get(), by=office)
    assert actor_of(supervisor).roles and not actor_of(second).roles


def test_what_has_not_begun_or_whose_person_cannot_sign_in_may_end(office: User, supervisor: User) -> None:
    future, closed = a_person(Role.SUPERVISOR), a_person(Role.SUPERVISOR)
    future.memberships.update(since=clock.now() + timedelta(days=3))
    User.objects.filter(pk=closed.pk).update(is_active=False)
    for user in (future, closed):
        services.end_membership(membership=user.memberships.get(), by=office)
        assert not actor_of(user).roles


def test_operators_are_the_root_of_trust_and_what_they_do_is_told(capsys: Any) -> None:
    call_command("add_account", "sup", role="supervisor")
    call_command("add_account", "head", role="chief")
    supervisor, head = User.objects.get(username="sup"), User.objects.get(username="head")
    capsys.readouterr()
    call_command("new_password", "SUP")
    password = re.split("[：: ]", capsys.readouterr().out.strip())[-1]
    supervisor.refresh_from_db()
    assert supervisor.check_password(password) and supervisor.must_change_password
    assert Message.objects.filter(to=supervisor).count() == 3 and Message.objects.filter(to=head).count() == 1
    with pytest.raises(CommandError):
        call_command("new_password", "nobody")
    call_command("add_account", "li", role="leader")
    call_command("new_password", "li")
    assert not Message.objects.filter(to__username="li").exists()


# ---- the pages ----


def test_what_waits_stands_where_the_second_looks_first(office: User, supervisor: User, person: User) -> None:
    change = give(person, office)
    second, asker = browser_of(supervisor), browser_of(office)
    page = reverse("guarded-change", args=[change.pk])
    assert page in second.get(reverse("inbox")).content.decode()
    assert page not in asker.get(reverse("inbox")).content.decode()
    for browser in (second, asker):
        assert page in browser.get(reverse("guarded-changes")).content.decode()
        assert page in browser.get(reverse("account", args=[person.pk])).content.decode()
    assert second.get(page).context["may_confirm"] and not asker.get(page).context["may_confirm"]
    decide = reverse("guarded-change-decide", args=[change.pk])
    assert asker.post(decide, {"decision": "confirm"}, follow=True).redirect_chain[-1][0] == page
    assert waiting().exists()
    assert second.post(decide, {"decision": "refuse", "why": ""}).context["form"].errors
    second.post(decide, {"decision": "refuse", "why": "不实"})
    assert not waiting().exists() and "不实" in asker.get(page).content.decode()
    mine = give(person, office)
    asker.post(reverse("guarded-change-decide", args=[mine.pk]), {"decision": "withdraw"})
    mine.refresh_from_db()
    assert mine.decision == "withdrawn"
    assert not waiting().exists()


def test_a_supervisor_asks_on_the_page_for_roles_of_this_kind_only(
    office: User, supervisor: User, person: User
) -> None:
    add = reverse("membership-add", args=[person.pk])
    browser = browser_of(supervisor)
    assert browser.post(add, {"role": "leader"}).context["joining"].errors
    browser.post(add, {"role": "chief"})
    assert waiting().get().asked_as == Role.SUPERVISOR
    browser_of(office).post(reverse("guarded-change-decide", args=[waiting().get().pk]), {"decision": "confirm"})
    assert Role.CHIEF in actor_of(person).roles


def test_a_change_that_nobody_could_confirm_says_who_helps(office: User, supervisor: User) -> None:
    services.reset_password(user=supervisor, by=office)
    page = reverse("guarded-change", args=[waiting().get().pk])
    assert browser_of(office).get(page).context["nobody"]
    a_person(Role.SUPERVISOR)
    assert not browser_of(office).get(page).context["nobody"]


def test_a_house_without_a_supervisor_says_who_adds_one(office: User, person: User) -> None:
    give(person, office)
    page = browser_of(office).get(reverse("guarded-changes")).content.decode()
    assert "add_account supervisor1 --role supervisor" in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_takes_a_fixed_number_of_queries(
    django_assert_max_num_queries: Any, office: User, supervisor: User, count: int
) -> None:
    for _number in range(count):
        give(a_person(Role.LEADER), office)
        withdraw(change=waiting().latest("pk"), by=office)
        give(a_person(Role.LEADER), office)
    browser = browser_of(supervisor)
    with django_assert_max_num_queries(13):
        browser.get(reverse("guarded-changes"))
    with django_assert_max_num_queries(13):
        browser.get(reverse("inbox"))


def test_whoever_confirms_reads_who_wrote_the_address_that_the_link_goes_to(
    office: User, supervisor: User, person: User
) -> None:
    services.change_account(user=person, name=person.name, email="elsewhere@example.org", by=office)
    change = give(person, office)
    page = browser_of(supervisor).get(reverse("guarded-change", args=[change.pk])).content.decode()
    assert "→ 某领导 elsewhere@example.org" in page
    assert "该邮箱由他人填写" in page
