"""What a ballot's page shows of a unit, and what the office sees of its ballots."""

from datetime import datetime

from scoring.models import Ballot, ScoreSheet, SheetLine
from workflow.flow.models import Node
from workflow.flow.queries.process import open_task

MOST_DEEDS = 3
LONGEST_DEED = 60  # characters


def deeds_in_brief(sheet: ScoreSheet) -> list[str]:
    """What the unit wrote of the year under its parts, what it claims most for first, each cut to a line or two."""
    lines = SheetLine.objects.filter(sheet=sheet).exclude(text="").order_by("-claimed", "position")
    return [_cut(" ".join(text.split())) for text in lines.values_list("text", flat=True)[:MOST_DEEDS]]


def closing_of(ballot: Ballot) -> datetime | None:
    """Until when (exclusive) the ballot may be cast: its unit's own closing while it is rated, else the cycle's."""
    sheet = ballot.draw.sheet
    task = open_task(sheet.assessment, Node.RECIPIENT_RATING)
    return task.due_at if task else sheet.cycle.ratings_close_at


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_DEED else f"{text[: LONGEST_DEED - 1]}…"
