"""What is done to accounts and memberships, with its event and its mails, once it is clear that it may be done."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.guarded import GUARDED, NOT_TOGETHER, guarded_memberships
from accounts.models import Department, Membership, Role, Unit, User
from accounts.telling import tell_done, withdraw_links
from audit.models import Event
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language


def subject_of(user: User) -> str:
    """The name under which events about an account are recorded."""
    return f"user:{user.pk}"


def note(user: User, by: User | None, what: str, came_from: str = "", went_to: str = "") -> Entry:
    """An event about an account; `what` says which kind of change, for programs."""
    return Entry(
        verb=Verb.ACCOUNT_CHANGED,
        subject=subject_of(user),
        by=by,
        came_from=came_from,
        went_to=went_to,
        data={"what": what},
    )


def note_new_password(user: User, by: User | None, why: str = "") -> Event:
    """Record that somebody else set a person's password anew: a link that was to be mailed opens nothing any more."""
    withdraw_links(user)
    data = {"what": "password reset"}
    return record(Entry(verb=Verb.PASSWORD_RESET, subject=subject_of(user), by=by, why=why, data=data))


def last_reset(user: User) -> Event | None:
    """When somebody else last set this person's password anew, and who."""
    resets = Event.objects.filter(subject=subject_of(user), verb=Verb.PASSWORD_RESET)
    return resets.select_related("actor").first()


def last_contact_change(user: User) -> Event | None:
    """When a person's name and mail address were last written, by whom: a link goes where the address says."""
    written = Event.objects.filter(subject=subject_of(user), verb=Verb.ACCOUNT_CHANGED, data__what="changed")
    return written.select_related("actor").first()


def in_words(membership: Membership) -> str:
    """A membership as events tell it: person, role and place in the house's language."""
    with in_house_language():
        words = (membership.user.name, membership.get_role_display(), membership.unit or membership.department or "")
        return " ".join(str(word) for word in words).strip()


def lock(user: User) -> User:
    """The account's row, held until the transaction ends: changes of one person go one after the other."""
    return User.objects.select_for_update().get(pk=user.pk)


# ---- roles ----


def require_role_fits(*, user: User, role: Role, unit: Unit | None, department: Department | None) -> None:
    """Raise DomainError at the field where a role can't be given: its place, what the person is already."""
    require_place(role, unit, department)
    held = Membership.objects.filter(user=user, role=role, unit=unit, department=department)
    if held.filter(until=None).exists() or current_memberships().filter(pk__in=held).exists():
        raise DomainError(_("This person is that already."), field="role")
    if guarded_memberships().filter(user=user, role__in=NOT_TOGETHER.get(role, ())).exists():
        raise DomainError(_("The supervisor is neither of the office nor head of the leading group."), field="role")


def require_place(role: Role, unit: Unit | None, department: Department | None) -> None:
    """Raise DomainError where a role and the unit or department that it is for do not go together."""
    if role == Role.FILER and (unit is None or department is not None):
        raise DomainError(_("A filer belongs to a unit."), field="place")
    if role in (Role.REVIEWER, Role.HEAD) and (department is None or unit is not None):
        raise DomainError(_("A reviewer or head belongs to a department."), field="place")
    if role not in (Role.FILER, Role.REVIEWER, Role.HEAD) and (unit or department):
        raise DomainError(_("This role has no unit and no department."), field="place")


def require_span(since: datetime | None, until: datetime | None) -> None:
    """Raise DomainError where the end does not come after the beginning (now when left out)."""
    if until is not None and until <= (since or clock.now()):
        raise DomainError(_("The end must come after the beginning."), field="until")


def give_role(
    *,
    user: User,
    role: Role,
    unit: Unit | None = None,
    department: Department | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    by: User | None,
) -> Membership:
    """Make a person what they are to be, from `since` (now when left out) to `until` (exclusive; None: no end)."""
    require_span(since, until)
    require_role_fits(user=user, role=role, unit=unit, department=department)
    membership = Membership.objects.create(
        user=user, role=role, unit=unit, department=department, since=since or clock.now(), until=until
    )
    event = record(note(user, by, "membership added", went_to=in_words(membership)))
    if role in GUARDED and by is None:
        tell_done(event=event, person=user, what=lambda: _role_given(membership))
    return membership


def _role_given(membership: Membership) -> str:
    return _("%(person)s becomes: %(role)s") % {"person": membership.user, "role": membership.get_role_display()}


# ---- name, mail, whether one may sign in ----


def set_contact(*, user: User, name: str, email: str, by: User | None) -> None:
    """Write a person's name and mail address; nothing is recorded where nothing changes."""
    before, after = f"{user.name} {user.email}".strip(), f"{name} {email}".strip()
    if before == after:
        return
    if user.email != email:
        withdraw_links(user)
    user.name, user.email = name, email
    user.save(update_fields=["name", "email"])
    record(note(user, by, "changed", before, after))


def set_may_sign_in(*, user: User, active: bool, by: User | None) -> Event:
    """Open or close an account; open sessions of a closed one end with their next request."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        withdraw_links(user)
    with in_house_language():
        state = _("can sign in") if active else _("closed")
    return record(note(user, by, "activated" if active else "deactivated", went_to=state))
