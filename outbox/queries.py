"""Reading what was said."""

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet

from outbox.models import Message


def messages_of(user: AbstractBaseUser) -> QuerySet[Message]:
    """What was said to a person, newest first."""
    return Message.objects.filter(to_id=user.pk)


def everyones_messages(words: str = "") -> QuerySet[Message]:
    """What was said to anybody, newest first, by words of the subject, the person's name or the user name."""
    found = Message.objects.select_related("to")
    if words:
        found = found.filter(
            Q(subject__icontains=words) | Q(to__name__icontains=words) | Q(to__username__icontains=words)
        )
    return found
