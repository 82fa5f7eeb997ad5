"""Reading what only a demo shows: everybody's messages, an account of each role, what happened by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.actors import current_memberships
from accounts.models import Membership, Role
from audit.models import Event
from audit.verbs import Verb
from outbox.models import Message


@dataclass(frozen=True)
class Sample:
    """An account to try a role with."""

    role: Role
    username: str
    name: str
    place: str


def one_of_each_role() -> Iterator[Sample]:
    """The first active account of every role with where it belongs, in the order of the roles (one query)."""
    held = current_memberships().filter(user__is_active=True).select_related("user", "unit", "department")
    first: dict[str, Membership] = {}
    for membership in held.order_by("user__created_at", "pk"):
        first.setdefault(membership.role, membership)
    for role in Role:
        if role in first:
            user, place = first[role].user, first[role].unit or first[role].department or ""
            yield Sample(role=role, username=user.username, name=user.name, place=str(place))


def everyones_messages(words: str = "") -> QuerySet[Message]:
    """What was said to anybody, newest first, by words of the subject, the person's name or the user name."""
    messages = Message.objects.select_related("to")
    if words:
        messages = messages.filter(
            Q(subject__icontains=words) | Q(to__name__icontains=words) | Q(to__username__icontains=words)
        )
    return messages


def happened_since_the_clock_moved() -> QuerySet[Event]:
    """What the system did by itself since the clock was last moved, newest first; nothing if it never was."""
    moved = Event.objects.filter(verb=Verb.CLOCK_MOVED).values_list("pk", flat=True).first()
    events = Event.objects.filter(actor=None).select_related("actor")
    return events.filter(pk__gt=moved) if moved is not None else events.none()
