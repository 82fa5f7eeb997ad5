"""Verbs of the office about people: accounts, memberships, passwords, units, departments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.identity import normal, require_contact, require_person, require_seen
from accounts.models import Department, Membership, Role, Unit, User
from accounts.passwords import new_password, quick_hash
from accounts.queries import office_members
from audit import clock
from audit.errors import DomainError
from audit.services import Entry, record, record_all
from audit.verbs import Verb


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """A row of an import: who, and what they are to be; `user` is the account that exists already."""

    username: str
    name: str
    email: str
    role: Role
    unit: Unit | None = None
    department: Department | None = None
    user: User | None = None


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An account with its password, which is shown this once."""

    user: User
    password: str


def subject_of(user: User) -> str:
    """The name under which events about an account are recorded."""
    return f"user:{user.pk}"


def _note(user: User, by: User | None, what: str, came_from: str = "", went_to: str = "") -> Entry:
    return Entry(
        verb=Verb.ACCOUNT_CHANGED,
        subject=subject_of(user),
        by=by,
        came_from=came_from,
        went_to=went_to,
        data={"what": what},
    )


@transaction.atomic
def add_account(*, username: str, name: str, email: str, by: User | None) -> Credentials:
    """Make an account with a one-time password; what the person is comes with `add_membership`.

    Raises DomainError when the user name is taken, whatever the case and width of its letters, and for words that no
    account can have.
    """
    username = normal(username)
    require_person(username=username, name=name, email=email)
    if User.objects.filter(username__iexact=username).exists():
        raise DomainError(_("This user name is taken."), field="username")
    password = new_password()
    user = User.objects.create(username=username, name=name, email=email, password=quick_hash(password))
    record(_note(user, by, "added", went_to=username))
    return Credentials(user=user, password=password)


@transaction.atomic
def change_account(*, user: User, name: str, email: str, by: User) -> None:
    """Change a person's name and mail address. Raises DomainError for words that no person can have."""
    require_contact(name=name, email=email)
    row = User.objects.select_for_update().get(pk=user.pk)
    before, after = f"{row.name} {row.email}".strip(), f"{name} {email}".strip()
    if before == after:
        return
    row.name, row.email = name, email
    row.save(update_fields=["name", "email"])
    record(_note(row, by, "changed", before, after))


@transaction.atomic
def reset_password(*, user: User, by: User) -> Credentials:
    """Give a person a new one-time password; sessions that they have open end."""
    password = new_password()
    user.password = quick_hash(password)
    user.save(update_fields=["password"])
    record(_note(user, by, "password reset"))
    return Credentials(user=user, password=password)


@transaction.atomic
def note_sign_in(*, user: User) -> None:
    """Record that a person has signed in."""
    record(Entry(verb=Verb.SIGNED_IN, subject=subject_of(user), by=user))


@transaction.atomic
def note_own_password(*, user: User) -> None:
    """Record that a person has changed their own password."""
    record(_note(user, user, "password changed"))


def _office() -> list[Membership]:
    """The office's memberships, locked in one order: whoever takes one away locks all of them first."""
    return list(office_members().select_for_update(of=("self",)).order_by("pk"))


def _require_an_office(office: Iterable[Membership], leaving: User) -> None:
    """Raise DomainError if nobody but `leaving` could run the house."""
    if all(held.user_id == leaving.pk for held in office):
        raise DomainError(_("This is the last account of the office: somebody must be able to run the assessment."))


@transaction.atomic
def set_active(*, user: User, active: bool, by: User) -> None:
    """Let a person sign in, or not any more; nothing that they did is lost.

    Raises DomainError for the last account of the office.
    """
    if not active and office_members().filter(user=user).exists():
        _require_an_office(_office(), user)
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.is_active == active:
        return
    row.is_active = active
    row.save(update_fields=["is_active"])
    record(_note(row, by, "activated" if active else "deactivated"))


def _holds_already(user: User, role: Role, unit: Unit | None, department: Department | None) -> bool:
    same = Membership.objects.filter(user=user, role=role, unit=unit, department=department)
    return same.filter(until=None).exists() or current_memberships().filter(pk__in=same).exists()


@transaction.atomic
def add_membership(
    *,
    user: User,
    role: Role,
    unit: Unit | None = None,
    department: Department | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    by: User | None,
) -> Membership:
    """Say what a person is, where, from `since` (now when left out) to `until` (aware, exclusive; None: no end).

    Raises DomainError when they are that already, when the end comes before the beginning, or the place does not fit.
    """
    begins = since or clock.now()
    if until is not None and until <= begins:
        raise DomainError(_("The end must come after the beginning."), field="until")
    _require_place(role, unit, department)
    User.objects.select_for_update().get(pk=user.pk)
    if _holds_already(user, role, unit, department):
        raise DomainError(_("This person is that already."), field="role")
    membership = Membership.objects.create(
        user=user, role=role, unit=unit, department=department, since=begins, until=until
    )
    record(_note(user, by, "membership added", went_to=str(membership)))
    return membership


def _require_place(role: Role, unit: Unit | None, department: Department | None) -> None:
    if role == Role.FILER and (unit is None or department is not None):
        raise DomainError(_("A filer belongs to a unit."), field="place")
    if role in (Role.REVIEWER, Role.HEAD) and (department is None or unit is not None):
        raise DomainError(_("A reviewer or head belongs to a department."), field="place")
    if role not in (Role.FILER, Role.REVIEWER, Role.HEAD) and (unit or department):
        raise DomainError(_("This role has no unit and no department."), field="place")


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> None:
    """End what a person is, from now on; it stays on record. Ending again changes nothing.

    Raises DomainError for the last account of the office.
    """
    office = _office() if membership.role == Role.OFFICE else []
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    now = clock.now()
    if row.until is not None and row.until <= now:
        return
    if row.role == Role.OFFICE:
        _require_an_office(office, row.user)
    row.until = max(now, row.since)
    row.save(update_fields=["until"])
    record(_note(membership.user, by, "membership ended", came_from=str(membership)))


def _save_place(place: Unit | Department, code: str, name: str, by: User) -> None:
    require_seen(code=code, name=name)
    kind = type(place)
    others = kind._default_manager.exclude(pk=place.pk)
    if others.filter(code=code).exists():
        raise DomainError(_("This code is taken."), field="code")
    if isinstance(place, Department) and others.filter(name=name).exists():
        raise DomainError(_("This name is taken."), field="name")
    before = f"{place.code} {place.name}".strip()
    place.code, place.name = code, name
    if before == f"{code} {name}":
        return
    place.save()
    subject = f"{'unit' if isinstance(place, Unit) else 'department'}:{place.pk}"
    record(Entry(verb=Verb.UNIT_CHANGED, subject=subject, by=by, came_from=before, went_to=f"{code} {name}"))


@transaction.atomic
def save_unit(*, unit: Unit | None, code: str, name: str, by: User) -> Unit:
    """Add a unit, or change its code and name; earlier years keep the name that they had.

    Raises DomainError when the code is taken.
    """
    row = Unit.objects.select_for_update().get(pk=unit.pk) if unit else Unit()
    _save_place(row, code, name, by)
    return row


@transaction.atomic
def save_department(*, department: Department | None, code: str, name: str, by: User) -> Department:
    """Add a department, or change its code and name. Raises DomainError when code or name is taken."""
    row = Department.objects.select_for_update().get(pk=department.pk) if department else Department()
    _save_place(row, code, name, by)
    return row


@transaction.atomic
def import_accounts(*, people: Sequence[NewPerson], by: User) -> list[Credentials]:
    """Make many accounts and memberships at once, all or none; the new accounts with their one-time passwords.

    Raises DomainError for words that no account can have.
    """
    fresh: dict[str, Credentials] = {}
    known: dict[str, User] = {}
    for person in people:
        require_person(username=person.username, name=person.name, email=person.email)
        if person.user is not None:
            known[person.username] = person.user
        elif person.username not in fresh:
            password = new_password()
            user = User(username=person.username, name=person.name, email=person.email, password=quick_hash(password))
            fresh[person.username] = Credentials(user=user, password=password)
    User.objects.bulk_create(made.user for made in fresh.values())
    known |= {user.username: user for user in User.objects.filter(username__in=list(fresh))}
    _join(people, known, by)
    return list(fresh.values())


def _join(people: Sequence[NewPerson], accounts: dict[str, User], by: User) -> None:
    """Write the memberships of an import and its events, with one statement each."""
    begins = clock.now()
    memberships = [
        Membership(
            user=accounts[person.username],
            role=person.role,
            unit=person.unit,
            department=person.department,
            since=begins,
        )
        for person in people
    ]
    Membership.objects.bulk_create(memberships)
    record_all([_note(held.user, by, "imported", went_to=f"{held.user.username} {held.role}") for held in memberships])
