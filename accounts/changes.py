"""What is done to accounts and memberships, with its event and its mails, once it is clear that it may be done."""

from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.grants import Grant
from accounts.guarded import GUARDED, NOT_TOGETHER, guarded_memberships
from accounts.models import Department, Membership, Role, Unit, User
from accounts.passwords import one_time_digest
from accounts.telling import tell_done, withdraw_links
from audit.models import Event
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language


def last_reset(user: User) -> Event | None:
    """When somebody else last set this person's password anew, and who."""
    resets = Event.objects.filter(subject=user.recorded_as, verb=Verb.PASSWORD_RESET)
    return resets.select_related("actor").first()


def last_contact_change(user: User) -> Event | None:
    """When a person's name and mail address were last written, by whom: a link goes where the address says."""
    written = Event.objects.filter(subject=user.recorded_as, verb=Verb.ACCOUNT_CHANGED, data__what="changed")
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


def require_role_fits(*, user: User, grant: Grant) -> None:
    """Raise DomainError at the field where a role can't be given: its place, what the person is already."""
    require_place(grant)
    held = Membership.objects.filter(user=user, role=grant.role, unit=grant.unit, department=grant.department)
    if held.filter(until=None).exists() or current_memberships().filter(pk__in=held).exists():
        raise DomainError(_("This person is that already."), field="role")
    if guarded_memberships().filter(user=user, role__in=NOT_TOGETHER.get(grant.role, ())).exists():
        raise DomainError(_("The supervisor is neither of the office nor head of the leading group."), field="role")


def require_place(grant: Grant) -> None:
    """Raise DomainError where a role and the unit or department that it is for do not go together."""
    if grant.role == Role.FILER and not isinstance(grant.place, Unit):
        raise DomainError(_("A filer belongs to a unit."), field="place")
    if grant.role in (Role.REVIEWER, Role.HEAD) and not isinstance(grant.place, Department):
        raise DomainError(_("A reviewer or head belongs to a department."), field="place")
    if grant.role not in (Role.FILER, Role.REVIEWER, Role.HEAD) and grant.place is not None:
        raise DomainError(_("This role has no unit and no department."), field="place")


def require_span(grant: Grant) -> None:
    """Raise DomainError where the end does not come after the beginning."""
    if grant.until is not None and grant.until <= (grant.since or clock.now()):
        raise DomainError(_("The end must come after the beginning."), field="until")


def give_role(*, user: User, grant: Grant, by: User | None) -> Membership:
    """Make a person what they are to be. Raises DomainError at the field that is wrong."""
    require_span(grant)
    require_role_fits(user=user, grant=grant)
    membership = grant.to(user)
    membership.save()
    words, data = in_words(membership), {"what": "membership added"}
    event = log(Verb.ACCOUNT_CHANGED, user, by=by, went_to=words, data=data)
    if grant.role in GUARDED and by is None:
        tell_done(event=event, person=user, what=lambda: _role_given(membership))
    return membership


def _role_given(membership: Membership) -> str:
    return _("%(person)s becomes: %(role)s") % {"person": membership.user, "role": membership.get_role_display()}


# ---- name, mail, password, whether one may sign in ----


def set_contact(*, user: User, name: str, email: str, by: User | None) -> None:
    """Write a person's name and mail address; nothing is recorded where nothing changes."""
    before, after = f"{user.name} {user.email}".strip(), f"{name} {email}".strip()
    if before == after:
        return
    if user.email != email:
        withdraw_links(user)
    user.name, user.email = name, email
    user.save(update_fields=["name", "email"])
    log(Verb.ACCOUNT_CHANGED, user, by=by, came_from=before, went_to=after, data={"what": "changed"})


def set_password(*, user: User, password: str, by: User | None, why: str = "") -> Event:
    """Put a one-time password (or none, where it is empty) in place of what a person had.

    Sessions that they have open end with it, and a link that was to be mailed opens nothing any more.
    """
    user.password, user.must_change_password = one_time_digest(password), bool(password)
    user.save(update_fields=["password", "must_change_password"])
    withdraw_links(user)
    return log(Verb.PASSWORD_RESET, user, by=by, why=why, data={"what": "password reset"})


def set_may_sign_in(*, user: User, active: bool, by: User | None) -> Event:
    """Open or close an account; open sessions of a closed one end with their next request."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        withdraw_links(user)
    with in_house_language():
        state = _("can sign in") if active else _("closed")
    data = {"what": "activated" if active else "deactivated"}
    return log(Verb.ACCOUNT_CHANGED, user, by=by, went_to=state, data=data)
