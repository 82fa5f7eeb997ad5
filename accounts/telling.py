"""Letters about those who run, sign or oversee: the person and the supervisors learn what was done, and by whom."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from accounts.actors import members_with
from accounts.guarded import CONFIRMED_BY, say_change
from accounts.links import days_valid, password_link
from accounts.models import GuardedChange, Role, User
from audit.models import Event
from common import clock
from common.wording import spoken_instant
from outbox.letters import letter
from outbox.minting import Minted
from outbox.models import Message
from outbox.services import queue, withdraw


def _supervisors() -> list[User]:
    return list(members_with(role=Role.SUPERVISOR))


def _each(people: Iterable[User]) -> Iterable[User]:
    """Each person once."""
    return {person.pk: person for person in people}.values()


def tell_done(*, event: Event, person: User, what: Callable[[], str]) -> None:
    """Tell the person and the supervisors what was done at once, and by whom; `what` says it in the active language."""
    readers = _each([person, *_supervisors()])
    queue(
        letter("account_done", cause=f"account:{event.pk}:{reader.pk}", to=reader, what=what(), by=event.actor)
        for reader in readers
    )


def tell_asked(changes: Iterable[GuardedChange]) -> None:
    """Tell those who confirm, and whom it is about, that changes wait."""
    asked = list(changes)
    supervisors = _supervisors()
    second = {role: list(members_with(role=CONFIRMED_BY[role])) for role in {Role(change.asked_as) for change in asked}}
    queue(message for change in asked for message in _asked(change, second[Role(change.asked_as)], supervisors))


def _asked(change: GuardedChange, confirmers: list[User], supervisors: list[User]) -> Iterator[Message]:
    for reader in _each([*confirmers, change.user, *supervisors]):
        yield letter(
            "change_asked",
            cause=f"change:{change.pk}:asked:{reader.pk}",
            to=reader,
            path=reverse("guarded-change", args=[change.pk]) if reader in confirmers else "",
            true_until=change.expires_at,
            change=change,
            what=say_change(change),
            second=CONFIRMED_BY[Role(change.asked_as)].label,
            instant=spoken_instant(change.expires_at),
        )


def tell_decided(change: GuardedChange) -> None:
    """Tell who asked, whom it is about and the supervisors what became of it."""
    readers = _each([change.asked_by, change.user, *_supervisors()])
    queue(
        letter(
            "change_decided",
            cause=f"change:{change.pk}:{change.decision}:{reader.pk}",
            to=reader,
            change=change,
            what=say_change(change),
        )
        for reader in readers
    )


def send_link(change: GuardedChange) -> None:
    """Mail the person the link by which they set their password themselves; it is made as the mail is sent.

    It is not sent any more once it opens nothing: see `withdraw_links`.
    """
    queue(_link(change))


def _link(change: GuardedChange) -> Iterator[Message]:
    yield letter(
        "password_link",
        cause=f"change:{change.pk}:link",
        to=change.user,
        minting=f"password:{change.user.pk}",
        about=change.user.recorded_as,
        true_until=clock.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        change=change,
        what=say_change(change),
        days=days_valid(),
    )


def mint_link(key: str) -> Minted:
    """The link to a password of the user with that key: signed, so that nothing has to be kept."""
    return Minted(words=password_link(User.objects.get(pk=int(key))))


def withdraw_links(user: User) -> None:
    """Withdraw what is not sent yet of links to a password: the account is closed, or they open nothing any more."""
    withdraw([user.recorded_as])
