"""Mails about those who run, sign or oversee: the person and the supervisors learn what was done, and by whom."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.guarded import CONFIRMED_BY, say_change
from accounts.links import days_valid, password_link
from accounts.models import GuardedChange, Role, User
from audit.models import Event
from common import clock
from common.wording import spoken_instant
from outbox.models import Message
from outbox.services import mail, queue, withdraw

Words = Callable[[], str]


def _supervisors() -> list[User]:
    return list(members_with(role=Role.SUPERVISOR))


def _to(
    people: Iterable[User],
    cause: str,
    subject: Words,
    body: Words,
    *,
    path: str = "",
    true_until: datetime | None = None,
) -> Iterable[Message]:
    """One mail for each of these people; the words are asked for as they are written, in the house's language."""
    for person in {person.pk: person for person in people}.values():
        key = f"{cause}:{person.pk}"
        yield mail(cause=key, to=person, subject=subject(), body=body(), path=path, true_until=true_until)


def tell_done(*, event: Event, person: User, what: Words) -> None:
    """Tell the person and the supervisors what was done at once, and by whom."""

    def body() -> str:
        by = str(event.actor) if event.actor else _("an operator of this system")
        return _("%(what)s. Done by: %(by)s. If you do not know why, speak to the supervisor.") % {
            "what": what(),
            "by": by,
        }

    queue(_to([person, *_supervisors()], f"account:{event.pk}", what, body))


def tell_asked(changes: Iterable[GuardedChange]) -> None:
    """Tell those who confirm, and whom it is about, that changes wait."""
    asked = list(changes)
    supervisors = _supervisors()
    second = {role: list(members_with(role=CONFIRMED_BY[role])) for role in {Role(change.asked_as) for change in asked}}
    queue(message for change in asked for message in _asked(change, second[Role(change.asked_as)], supervisors))


def _asked(change: GuardedChange, confirmers: list[User], supervisors: list[User]) -> Iterable[Message]:

    def subject() -> str:
        return _("To be confirmed: %(what)s") % {"what": say_change(change)}

    def body() -> str:
        return _(
            "%(by)s asks: %(what)s. It takes effect only when %(second)s confirms it, before %(instant)s. "
            "If you do not know why, speak to the supervisor."
        ) % {
            "by": change.asked_by.name,
            "what": say_change(change),
            "second": CONFIRMED_BY[Role(change.asked_as)].label,
            "instant": spoken_instant(change.expires_at),
        }

    cause, until = f"change:{change.pk}:asked", change.expires_at
    path = reverse("guarded-change", args=[change.pk])
    yield from _to(confirmers, cause, subject, body, path=path, true_until=until)
    yield from _to({change.user, *supervisors} - set(confirmers), cause, subject, body, true_until=until)


def tell_decided(change: GuardedChange) -> None:
    """Tell who asked, whom it is about and the supervisors what became of it."""

    def subject() -> str:
        return _("%(decision)s: %(what)s") % {"decision": change.get_decision_display(), "what": say_change(change)}

    def body() -> str:
        said = _("%(asker)s asked: %(what)s. %(by)s: %(decision)s.") % {
            "asker": change.asked_by.name,
            "what": say_change(change),
            "by": change.decided_by,
            "decision": change.get_decision_display(),
        }
        reason = _("Reason: %(why)s") % {"why": change.why}
        return f"{said} {reason}" if change.why else said

    queue(_to([change.asked_by, change.user, *_supervisors()], f"change:{change.pk}:{change.decision}", subject, body))


def send_link(change: GuardedChange) -> None:
    """Mail the person the link by which they set their password themselves; emptied once it is sent.

    It is not sent any more once it opens nothing: see `withdraw_links`.
    """
    queue(_link(change))


def withdraw_links(user: User) -> None:
    """Withdraw what is not sent yet of links to a password: the account is closed, or they open nothing any more."""
    withdraw([_about_links(user)])


def _about_links(user: User) -> str:
    return f"user:{user.pk}"


def _link(change: GuardedChange) -> Iterable[Message]:
    body = _(
        "%(asker)s asked, %(by)s confirmed: %(what)s. User name: %(username)s. Please set your password here; the "
        "link works once, for %(days)d days, and nobody else has it: %(link)s"
    ) % {
        "asker": change.asked_by.name,
        "by": change.decided_by,
        "what": say_change(change),
        "username": change.user.username,
        "days": days_valid(),
        "link": password_link(change.user),
    }
    subject = _("Set your password")
    yield mail(
        cause=f"change:{change.pk}:link",
        to=change.user,
        subject=subject,
        body=body,
        secret=True,
        about=_about_links(change.user),
        true_until=clock.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    )
