"""What a ballot's page shows of a unit, and what the office sees of its ballots."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from documents.models import RosterEntry
from documents.services.roster import MaskedPerson, masked
from scoring.models import Ballot, Draw, ScoreSheet, SheetLine
from workflow.flow.models import Node
from workflow.flow.queries.process import open_task

MOST_DEEDS = 3
LONGEST_DEED = 60  # characters


def deeds_in_brief(sheet: ScoreSheet) -> list[str]:
    """What the unit wrote of the year under its parts, what it claims most for first, each cut to a line or two."""
    lines = SheetLine.objects.filter(sheet=sheet).exclude(text="").order_by("-claimed", "position")
    texts = dict.fromkeys(" ".join(text.split()) for text in lines.values_list("text", flat=True))
    return [_cut(text) for text in list(texts)[:MOST_DEEDS]]


def closing_of(sheet: ScoreSheet) -> datetime | None:
    """Until when (exclusive) recipients rate a unit: its own closing while it is rated, else the cycle's."""
    task = open_task(sheet.assessment, Node.RECIPIENT_RATING)
    return task.due_at if task else sheet.cycle.ratings_close_at


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_DEED else f"{text[: LONGEST_DEED - 1]}…"


@dataclass(frozen=True)
class IssuedBallot:
    """A ballot in force, and its person as they may be shown."""

    ballot: Ballot
    person: MaskedPerson | None


def issued_ballots(draw: Draw) -> list[IssuedBallot]:
    """The ballots of a draw that are not revoked, in the order of their ids (two queries)."""
    ballots = list(draw.ballots.filter(revoked_at=None).order_by("opaque_id"))
    entries = list(RosterEntry.objects.filter(opaque_id__in=[ballot.opaque_id for ballot in ballots]))
    people = dict(zip([entry.opaque_id for entry in entries], masked(entries), strict=True))
    return [IssuedBallot(ballot=ballot, person=people.get(ballot.opaque_id)) for ballot in ballots]


def sharing_a_device(draw: Draw) -> int:
    """How many ballots of a draw came from a device that cast another of them too; which ones nobody is told."""
    marks = draw.ballots.exclude(device_sha256="").order_by().values("device_sha256")
    return sum(marks.annotate(ballots=Count("pk")).filter(ballots__gt=1).values_list("ballots", flat=True))
