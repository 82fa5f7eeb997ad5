"""Reading the record."""

from django.db.models import QuerySet

from audit.models import Event


def events_of(*subjects: str) -> QuerySet[Event]:
    """Everything that was done to these subjects, newest first, with who did it."""
    return Event.objects.filter(subject__in=subjects).select_related("actor")
