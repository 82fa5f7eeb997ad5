"""Verbs of the office about people: accounts, memberships, passwords, units, departments.

What concerns the office itself, the head of the leading group or the supervisor is only asked for here: it waits until
a second person confirms it (`accounts.confirmations`). Where `by` is None an operator acts, whose word is the last.
"""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import changes, confirmations
from accounts.grants import Grant, NewPerson
from accounts.guarded import GUARDED, is_guarded
from accounts.identity import key_of, normal, require_contact, require_person, require_seen
from accounts.models import ChangeKind, Department, GuardedChange, Membership, Role, Unit, User
from accounts.passwords import Credentials, new_password, one_time_digest
from accounts.queries import working
from accounts.rules import guards_accounts, manages_accounts, require
from accounts.telling import tell_done
from audit.models import Event
from audit.services import event, log, log_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language

# Of these somebody is always left: nobody could run the assessment, or nobody would see what is done with it.
MUST_STAY = {
    Role.OFFICE: gettext_lazy("This is the last account of the office: somebody must be able to run the assessment."),
    Role.SUPERVISOR: gettext_lazy("This is the last supervisor: somebody must see what the office does."),
}


# ---- new accounts ----


@transaction.atomic
def add_person(*, person: NewPerson, by: User | None) -> Credentials | GuardedChange:
    """Make an account with the first thing that its person is, and a one-time password.

    An account for a role that a second person confirms has no password until then; what is asked for is returned.
    Raises DomainError when the user name is taken, whatever the case and width of its letters, for words that no
    account can have, and as `add_membership` does.
    """
    require(by, manages_accounts)
    password = "" if person.grant.role in GUARDED and by is not None else new_password()
    user = _new_account(person, password, by)
    given = add_membership(user=user, grant=person.grant, by=by)
    return given if isinstance(given, GuardedChange) else Credentials(user=user, password=password)


def _new_account(person: NewPerson, password: str, by: User | None) -> User:
    user = _unsaved(person, password)
    require_person(username=user.username, name=user.name, email=user.email)
    if User.objects.filter(username__iexact=user.username).exists():
        raise DomainError(_("This user name is taken."), field="username")
    user.save(force_insert=True)
    log(Verb.ACCOUNT_CHANGED, user, by=by, went_to=user.username, data={"what": "added"})
    return user


def _unsaved(person: NewPerson, password: str) -> User:
    """An account with that one-time password, or with none at all."""
    return User(
        username=normal(person.username),
        name=person.name,
        email=person.email,
        password=one_time_digest(password),
        must_change_password=bool(password),
    )


# ---- a person ----


@transaction.atomic
def change_account(*, user: User, name: str, email: str, by: User) -> GuardedChange | None:
    """Change a person's name and mail address, or ask for it; the change that waits, if it does.

    Raises DomainError for words that no person can have.
    """
    require(by, manages_accounts)
    require_contact(name=name, email=email)
    person = changes.lock(user)
    if is_guarded(person) and (person.name, person.email) != (name, email):
        return confirmations.ask(
            wanted=GuardedChange(kind=ChangeKind.CONTACT, user=person, name=name, email=email), by=by
        )
    changes.set_contact(user=person, name=name, email=email, by=by)
    return None


@transaction.atomic
def reset_password(*, user: User, by: User) -> Credentials | GuardedChange:
    """Give a person a new one-time password, or ask for it; sessions that they have open end with it."""
    require(by, guards_accounts)
    person = changes.lock(user)
    if is_guarded(person):
        return confirmations.ask(wanted=GuardedChange(kind=ChangeKind.PASSWORD, user=person), by=by)
    require(by, manages_accounts)
    made, _event = _with_new_password(person, by)
    return made


@transaction.atomic
def hand_over_password(*, user: User) -> Credentials:
    """An operator gives anybody a new one-time password; whom two people guard, and the supervisors, are told."""
    person = changes.lock(user)
    made, event = _with_new_password(person, None)
    if is_guarded(person):
        tell_done(
            event=event, person=person, what=lambda: _("%(person)s gets a new password") % {"person": person.name}
        )
    return made


def _with_new_password(person: User, by: User | None) -> tuple[Credentials, Event]:
    password = new_password()
    event = changes.set_password(user=person, password=password, by=by)
    return Credentials(user=person, password=password), event


@transaction.atomic
def choose_password(*, user: User, password: str) -> None:
    """A person sets a password that nobody else knows."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    with in_house_language():
        chosen = _("a password of their own")
    log(Verb.ACCOUNT_CHANGED, user, by=user, went_to=chosen, data={"what": "password changed"})


@transaction.atomic
def note_sign_in(*, user: User) -> None:
    """Record that a person has signed in."""
    log(Verb.SIGNED_IN, user, by=user)


def _require_one_stays(role: Role, leaving: Callable[[Membership], bool]) -> None:
    """Raise DomainError if everybody who works in this role now would leave it; who can't sign in doesn't.

    All of them are locked, in one order: whoever takes a membership away does so first.
    """
    held = list(working(role).select_for_update(of=("self",)).select_related("user").order_by("pk"))
    staying = [membership for membership in held if not leaving(membership)]
    if held and not any(membership.user.has_usable_password() for membership in staying):
        raise DomainError(MUST_STAY[role])


@transaction.atomic
def set_active(*, user: User, active: bool, by: User) -> GuardedChange | None:
    """Let a person sign in, or not any more; nothing that they did is lost. The change that waits, if it does.

    Raises DomainError for the last account of the office and for the last supervisor.
    """
    require(by, guards_accounts)
    for role in () if active else MUST_STAY:
        _require_one_stays(role, lambda membership: membership.user_id == user.pk)
    person = changes.lock(user)
    if person.is_active == active:
        return None
    guarded = is_guarded(person)
    if active and guarded:
        return confirmations.ask(wanted=GuardedChange(kind=ChangeKind.REOPEN, user=person), by=by)
    require(by, manages_accounts)
    event = changes.set_may_sign_in(user=person, active=active, by=by)
    if guarded:
        closed = _("the account of %(person)s is closed")
        tell_done(event=event, person=person, what=lambda: closed % {"person": person.name})
    return None


# ---- what a person is ----


@transaction.atomic
def add_membership(*, user: User, grant: Grant, by: User | None) -> Membership | GuardedChange:
    """Say what a person is, where, from when to when; for a role that a second person confirms, the change that waits.

    Raises DomainError when they are that already,
    when the end comes before the beginning, or the place does not fit.
    """
    require(by, guards_accounts)
    changes.lock(user)
    if grant.role in GUARDED and by is not None:
        changes.require_span(grant)
        changes.require_place(grant)
        wanted = GuardedChange(kind=ChangeKind.ROLE, user=user, role=grant.role, since=grant.since, until=grant.until)
        return confirmations.ask(wanted=wanted, by=by)
    require(by, manages_accounts)
    return changes.give_role(user=user, grant=grant, by=by)


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> None:
    """End what a person is, from now on; it stays on record. Ending again changes nothing.

    Raises DomainError for the last account of the office and for the last supervisor.
    """
    require(by, manages_accounts)
    role = Role(membership.role)
    if role in MUST_STAY:
        _require_one_stays(role, lambda other: other.pk == membership.pk)
    held = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    now = clock.now()
    if held.until is not None and held.until <= now:
        return
    held.until = max(now, held.since)
    held.save(update_fields=["until"])
    words, data = changes.in_words(held), {"what": "membership ended"}
    event = log(Verb.ACCOUNT_CHANGED, held.user, by=by, came_from=words, data=data)
    if role in GUARDED:
        tell_done(event=event, person=held.user, what=lambda: _said_ended(held))


def _said_ended(membership: Membership) -> str:
    words = {"person": membership.user.name, "role": membership.get_role_display()}
    return _("%(person)s is no longer: %(role)s") % words


# ---- units and departments ----


@transaction.atomic
def save_place(*, place: Unit | Department, code: str, name: str, by: User) -> None:
    """Add a unit or department, or change its code and name; earlier years keep the name that a unit had.
    Raises DomainError when the code (of a department also the name) is taken, or when the code of a unit stands in what
    was drawn, sealed and signed: whoever redoes that needs the code of then.
    """
    require(by, manages_accounts)
    kept = type(place)._default_manager
    if place.pk:
        place = kept.select_for_update().get(pk=place.pk)
    if isinstance(place, Unit) and place.pk and code != place.code and place.sheets.exclude(cycle__opened_at=None):
        raise DomainError(_("This unit has taken part in an assessment: its code can't be changed."), field="code")
    require_seen(code=code, name=name)
    others = kept.exclude(pk=place.pk)
    if others.filter(code=code).exists():
        raise DomainError(_("This code is taken."), field="code")
    if isinstance(place, Department) and others.filter(name=name).exists():
        raise DomainError(_("This name is taken."), field="name")
    before, after = f"{place.code} {place.name}".strip(), f"{code} {name}"
    if before != after:
        place.code, place.name = code, name
        place.save()
        log(Verb.UNIT_CHANGED, place, by=by, came_from=before, went_to=after)


# ---- many at once ----


def import_accounts(*, people: Sequence[NewPerson], by: User) -> list[Credentials]:
    """Make many accounts and memberships at once, all or none; the new accounts with their one-time passwords.

    Roles that a second person confirms are asked for; a new account with such a role has no password until then.
    Passwords are hashed before anything is locked. Raises DomainError for words that no account can have, and for roles
    that their people can't have.
    """
    require(by, manages_accounts)
    to_confirm = {key_of(person.username) for person in people if person.grant.role in GUARDED}
    fresh: dict[str, Credentials] = {}
    known: dict[str, User] = {}
    for person in people:
        require_person(username=person.username, name=person.name, email=person.email)
        if person.user is not None:
            known[person.username] = person.user
        elif person.username not in fresh:
            password = "" if key_of(person.username) in to_confirm else new_password()
            fresh[person.username] = Credentials(user=_unsaved(person, password), password=password)
    with transaction.atomic():
        User.objects.bulk_create(made.user for made in fresh.values())
        known |= {user.username: user for user in User.objects.filter(username__in=list(fresh))}
        _join([person for person in people if person.grant.role not in GUARDED], known, by)
        _ask([person for person in people if person.grant.role in GUARDED], known, by)
    return [made for made in fresh.values() if made.password]


def _ask(people: Sequence[NewPerson], accounts: dict[str, User], by: User) -> None:
    wanted = [
        GuardedChange(kind=ChangeKind.ROLE, user=accounts[person.username], role=person.grant.role) for person in people
    ]
    if wanted:
        confirmations.ask_many(wanted=wanted, by=by)


def _join(people: Sequence[NewPerson], accounts: dict[str, User], by: User) -> None:
    """Write the memberships of an import and its events, with one statement each."""
    memberships = Membership.objects.bulk_create(person.grant.to(accounts[person.username]) for person in people)
    log_all(
        event(Verb.ACCOUNT_CHANGED, held.user, by=by, went_to=changes.in_words(held), data={"what": "imported"})
        for held in memberships
    )
