"""Asking for what one person does not decide alone, and deciding it: nothing takes effect before the second says so."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import changes
from accounts.actors import actor_of
from accounts.grants import Grant
from accounts.guarded import STANDS_FOR, asks_as, confirms, refuses, say_change, signs_in_anew, waiting, withdraws
from accounts.models import ChangeDecision, ChangeKind, GuardedChange, Role, User
from accounts.passwords import Credentials, new_password
from accounts.rules import Rule, guards_accounts, require
from accounts.telling import send_link, tell_asked, tell_decided
from audit.models import Event
from audit.services import event, log_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, require_reason
from common.language import in_house_language
from common.narrow import known

DECIDED = {
    ChangeDecision.CONFIRMED: Verb.CHANGE_CONFIRMED,
    ChangeDecision.REFUSED: Verb.CHANGE_REFUSED,
    ChangeDecision.WITHDRAWN: Verb.CHANGE_WITHDRAWN,
}


# ---- asking ----


@transaction.atomic
def ask(*, wanted: GuardedChange, by: User) -> GuardedChange:
    """Ask for a change, not yet written; the other kind of people (office, supervisor) confirms it within seven days.

    Raises DomainError where the same waits already, where the role does not fit the person, or where a password would
    have to be handed over by the office.
    """
    return ask_many(wanted=[wanted], by=by)[0]


def ask_many(*, wanted: Sequence[GuardedChange], by: User) -> list[GuardedChange]:
    """Write these changes as asked for by `by` now, with their events and mails, in the caller's transaction.

    Raises DomainError as `ask` does, all or none.
    """
    actor = actor_of(by)
    require(actor, guards_accounts)
    now, role = clock.now(), known(asks_as(actor))
    about = waiting().filter(user__in=[change.user for change in wanted])
    taken = set(about.values_list("user", "kind", "role"))
    for change in wanted:
        if (change.user.pk, change.kind, change.role) in taken:
            raise DomainError(_("This waits for confirmation already."), field="role" if change.role else None)
        if change.role:
            changes.require_role_fits(user=change.user, grant=Grant(Role(change.role)))
        if role == Role.SUPERVISOR and not change.user.email and signs_in_anew(change):
            raise DomainError(
                _("This person has no mail address: let the office ask, so that you hand over the password.")
            )
        change.asked_by, change.asked_as, change.asked_at, change.expires_at = by, role, now, now + STANDS_FOR
    written = GuardedChange.objects.bulk_create(wanted)
    log_all(_event(Verb.CHANGE_ASKED, change, by) for change in written)
    tell_asked(written)
    return written


def _event(verb: Verb, change: GuardedChange, by: User) -> Event:
    with in_house_language():
        words = say_change(change)
    data = {"change": change.pk, "kind": change.kind}
    return event(verb, change.user, by=by, went_to=words, why=change.why, data=data)


# ---- deciding ----


@transaction.atomic
def confirm(*, change: GuardedChange, by: User) -> Credentials | None:
    """Let a change take effect; a one-time password, shown to `by` only, where its person has no mail address.

    Raises DomainError when it no longer waits, when whoever asked may no longer ask, and when it no longer fits;
    NotAllowed for whoever asked, whom it is about, and for people of the asker's kind.
    """
    held = _decided(change, ChangeDecision.CONFIRMED, by, confirms)
    if held.asked_as not in actor_of(held.asked_by).roles:
        raise DomainError(_("%(name)s may no longer ask for this: refuse it.") % {"name": held.asked_by.name})
    made = CARRY_OUT[ChangeKind(held.kind)](held, by)
    tell_decided(held)
    return made


@transaction.atomic
def refuse(*, change: GuardedChange, why: str, by: User) -> None:
    """Refuse a change, with the reason. Raises DomainError without one or when it no longer waits."""
    require_reason(why)
    tell_decided(_decided(change, ChangeDecision.REFUSED, by, refuses, why.strip()))


@transaction.atomic
def withdraw(*, change: GuardedChange, by: User) -> None:
    """Take back what one asked for oneself. Raises DomainError when it no longer waits."""
    tell_decided(_decided(change, ChangeDecision.WITHDRAWN, by, withdraws))


def _decided(
    change: GuardedChange, decision: ChangeDecision, by: User, who: Rule[GuardedChange], why: str = ""
) -> GuardedChange:
    changes.lock(change.user)
    held = waiting().select_for_update(of=("self",)).filter(pk=change.pk).first()
    if held is None:
        raise DomainError(_("This is decided or has expired."))
    require(by, who, held)
    held.decision, held.decided_by, held.decided_at, held.why = decision, by, clock.now(), why
    held.save(update_fields=["decision", "decided_by", "decided_at", "why"])
    log_all([_event(DECIDED[decision], held, by)])
    return held


# ---- carrying out ----


def _give_role(change: GuardedChange, by: User) -> Credentials | None:
    anew = signs_in_anew(change)
    since = max(change.since, clock.now()) if change.since else None
    changes.give_role(user=change.user, grant=Grant(Role(change.role), since=since, until=change.until), by=by)
    return _sign_in_anew(change, by) if anew else None


def _change_contact(change: GuardedChange, by: User) -> None:
    changes.set_contact(user=change.user, name=change.name, email=change.email, by=by)


def _reopen(change: GuardedChange, by: User) -> Credentials | None:
    changes.set_may_sign_in(user=change.user, active=True, by=by)
    return _sign_in_anew(change, by)


def _sign_in_anew(change: GuardedChange, by: User) -> Credentials | None:
    """End every session and password of the person: they set one by a link, or change the one they are handed."""
    password = "" if change.user.email else new_password()
    with in_house_language():
        why = _("asked for by %(name)s") % {"name": change.asked_by.name}
    changes.set_password(user=change.user, password=password, by=by, why=why)
    if password:
        return Credentials(user=change.user, password=password)
    send_link(change)
    return None


CARRY_OUT: dict[ChangeKind, Callable[[GuardedChange, User], Credentials | None]] = {
    ChangeKind.ROLE: _give_role,
    ChangeKind.PASSWORD: _sign_in_anew,
    ChangeKind.CONTACT: _change_contact,
    ChangeKind.REOPEN: _reopen,
}
