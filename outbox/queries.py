"""Reading what was said."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, Q, QuerySet, When

from common import clock
from outbox.models import Message

# A message that has waited so long is held up by something: it should have gone within minutes.
LONG = timedelta(hours=1)


def still_true() -> Q:
    """Messages whose words are true now, as a condition on them."""
    return Q(true_until=None) | Q(true_until__gt=clock.now())


def waiting() -> QuerySet[Message]:
    """What is still to be sent: not withdrawn, not given up, and still true."""
    return Message.objects.filter(still_true(), sent_at=None, withdrawn_at=None, given_up_at=None)


def said() -> QuerySet[Message]:
    """What was said or will be: sent, or neither withdrawn nor out of date before it could be."""
    return Message.objects.filter(~Q(sent_at=None) | Q(withdrawn_at=None) & still_true())


def given_up() -> QuerySet[Message]:
    """What nobody tries to send any more, since it was refused for good or there is no address.

    What can be sent again comes first, longest ago first; what is out of date meanwhile (`ended_at`) stands behind it.
    """
    rows = Message.objects.filter(sent_at=None, withdrawn_at=None).exclude(given_up_at=None).select_related("to")
    return rows.order_by(Case(When(still_true(), then=0), default=1), "given_up_at", "pk")


def undelivered() -> QuerySet[Message]:
    """What was given up and is still true: somebody has to see to it."""
    return given_up().filter(still_true())


def held_up() -> QuerySet[Message]:
    """What is still tried, but should have gone long ago, oldest first."""
    return waiting().filter(created_at__lt=clock.now() - LONG).order_by("created_at", "pk")


def messages_of(user: AbstractBaseUser) -> QuerySet[Message]:
    """What was said to a person, newest first."""
    return Message.objects.filter(to_id=user.pk)
