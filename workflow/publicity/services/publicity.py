"""Publicity: a signed board is shown to the public for working days, and ends by the sweep (R13)."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import filers_of
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.wording import spoken_instant
from outbox.letters import letter
from outbox.models import Message
from outbox.services import queue
from scoring.services.workdays import working_days
from workflow.board.models import Board
from workflow.flow.endings import Ending, hold, is_due, is_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.publicity.models import Objection, Publicity


@transaction.atomic
def publish(*, board: Board, count_first_day: bool, by: User) -> Publicity:
    """Show a signed board to the public from today, for the cycle's working days, until 24:00 of the last.

    It is about the units that came from sign-off with this board. A second call finds the first's publicity.
    Raises DomainError for an unsigned or superseded board.
    """
    row = Board.objects.select_for_update(of=("self",), no_key=True).select_related("track__cycle").get(pk=board.pk)
    require(by, is_office)
    known = Publicity.objects.filter(board=row).first()
    if known is not None:
        return known
    if row.signed_at is None or row.superseded_at is not None:
        raise DomainError(_("Only the signed board in force can be published."))
    cycle = row.track.cycle
    counted = working_days(clock.today(), cycle.publicity_working_days, count_first=count_first_day)
    publicity = Publicity.objects.create(
        board=row,
        published_by=by,
        count_first_day=count_first_day,
        ends_at=counted.ends,
        counted=[day.isoformat() for day in counted.counted],
    )
    with hold(open_tasks(Node.PUBLICITY).filter(process__sheet__track=row.track, due_at=None)) as held:
        waiting = [task for task in held.tasks if is_open(task)]
        Task.objects.filter(pk__in=[task.pk for task in waiting]).update(due_at=counted.ends, fires=True)
        publicity.sheets.set([task.process.sheet_id for task in waiting])
    kept = {"counted": publicity.counted, "units": len(waiting)}
    log(Verb.PUBLISHED, row, by=by, went_to=counted.ends.isoformat(), data=kept)
    queue(_letters_about(publicity, [task.process.sheet.unit_id for task in waiting]))
    return publicity


def _letters_about(publicity: Publicity, unit_ids: Iterable[int]) -> Iterator[Message]:
    page = reverse("public-publicity", args=[publicity.slug])
    for filer in filers_of(unit_ids):
        yield letter(
            "publicity_begun",
            cause=f"publicity:{publicity.pk}:{filer.pk}",
            to=filer,
            path=page,
            board=publicity.board,
            instant=spoken_instant(publicity.ends_at),
            link=f"{settings.BASE_URL}{page}",
        )


def end_all_publicity(*, tasks: Iterable[Task]) -> list[Task]:
    """End the publicity of units once their working days are over and no objection to them is open (R13).

    Returns the tasks that were ended: by the sweep, idempotent, decided under the locks.
    """
    with hold(tasks) as held:
        over = [task for task in held.tasks if is_due(task)]
        undecided = Objection.objects.filter(sheet__in=[task.process.sheet_id for task in over], decision="")
        objected = set(undecided.values_list("sheet_id", flat=True))
        ended = [task for task in over if task.process.sheet_id not in objected]
        held.end(dict.fromkeys(ended, Ending(kind=OutcomeKind.PUBLICISED, by=None)))
    return ended
