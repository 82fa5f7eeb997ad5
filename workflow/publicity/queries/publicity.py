"""What is public, what is still to be published, and which objections hold a unit."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from common import clock
from scoring.models import Cycle
from workflow.board.models import Board
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks
from workflow.publicity.models import Objection, Publicity


def publicities_with_counts(cycle: Cycle | None) -> QuerySet[Publicity]:
    """The publicities of a cycle, the newest first, with how many units they are about and their objections."""
    return (
        Publicity.objects.filter(board__track__cycle=cycle)
        .select_related("board__track__cycle")
        .annotate(
            units=Count("sheets", distinct=True),
            filed=Count("objections", distinct=True),
            undecided=Count("objections", filter=Q(objections__decision=""), distinct=True),
        )
        .order_by("-published_at")
    )


def boards_to_publish() -> QuerySet[Board]:
    """Signed boards in force that are not published yet."""
    return (
        Board.objects.filter(superseded_at=None, publicity=None)
        .exclude(signed_at=None)
        .select_related("track__cycle")
        .order_by("-signed_at")
    )


def units_to_publish(board: Board) -> list[str]:
    """The names of the units that a publicity of this board would be about: signed and not public yet."""
    waiting = open_tasks(Node.PUBLICITY).filter(process__sheet__track=board.track, due_at=None)
    return list(waiting.order_by("process__sheet__unit__code").values_list("process__sheet__unit_name", flat=True))


def public_publicities() -> QuerySet[Publicity]:
    """What the public may see, the newest first."""
    return Publicity.objects.select_related("board__track__cycle").order_by("-published_at")


@dataclass(frozen=True)
class Standing:
    """How a publicity stands at an instant."""

    over: bool
    last_day: date
    days_left: int


def standing_of(publicity: Publicity, now: datetime) -> Standing:
    """Whether it is over at `now` (aware), its last day, and how many of its working days are left, today included."""
    today = now.astimezone(clock.BEIJING).date().isoformat()
    left = [day for day in publicity.counted if day >= today]
    over = now >= publicity.ends_at
    return Standing(over, date.fromisoformat(publicity.counted[-1]), 0 if over else len(left))


def objections_listed() -> QuerySet[Objection]:
    """Every objection, the newest first."""
    beside = ("sheet__track", "sheet__unit", "sheet__cycle__scheme", "sheet__assessment", "publicity__board")
    objections = Objection.objects.select_related(*beside, "decided_by").defer("sheet__cycle__scheme__body")
    return objections.order_by("-filed_at")
