"""Whether deadlines are watched: the age of the last finished sweep, never the life of a process."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from common import clock
from workflow.office.models import FinishedSweep


@dataclass(frozen=True)
class Watch:
    """When the sweep last did all that was due, and how long ago that is; None when it never did."""

    finished_at: datetime | None
    age: timedelta | None

    @property
    def is_late(self) -> bool:
        """Whether what is due has been left undone for longer than a sweep may take."""
        return self.age is None or self.age > timedelta(seconds=settings.SWEEP_LATE_SECONDS)


def watch() -> Watch:
    """How the sweep stands now (one query)."""
    last = FinishedSweep.objects.values_list("finished_at", flat=True).first()
    return Watch(finished_at=last, age=clock.machine_now() - last if last else None)
