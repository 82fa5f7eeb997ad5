"""Publicity: a signed board is shown to the public for working days, and ends by the sweep (R13)."""

from collections.abc import Iterable, Iterator, Sequence

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
from workflow.bulk.models import BulkKind
from workflow.bulk.queries import require_worked_off, unfinished_runs
from workflow.bulk.services import Asked, Refused, acts_for, note, work_off_few
from workflow.flow.endings import Ending, hold, is_due, is_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.publicity.models import Objection, Publicity


def publish(*, board: Board, count_first_day: bool, by: User) -> Publicity:
    """Show a signed board to the public from today, for the cycle's working days, until 24:00 of the last.

    It is about the units that came from sign-off with this board; their dates are set and their filers told, few at
    once, many by the workers. A second call finds the first's publicity. Raises DomainError for an unsigned or
    superseded board, and while what was signed is still being approved.
    """
    with transaction.atomic():
        boards = Board.objects.select_for_update(of=("self",), no_key=True).select_related("track__cycle")
        row = boards.get(pk=board.pk)
        require(by, is_office)
        known = Publicity.objects.filter(board=row).first()
        if known is not None:
            return known
        if row.signed_at is None or row.superseded_at is not None:
            raise DomainError(_("Only the signed board in force can be published."))
        require_worked_off(row.track.cycle, BulkKind.SIGN_OFF, BulkKind.NEW_VERSION)
        publicity = _begun(row, count_first_day, by)
        # Nothing but this ends their waiting, so they need not be held.
        waiting = open_tasks(Node.PUBLICITY).filter(process__sheet__track=row.track, due_at=None)
        units = list(waiting.values_list("pk", "process__sheet", "process__sheet__unit_name"))
        publicity.sheets.set([sheet for _key, sheet, _name in units])
        kept = {"counted": publicity.counted, "units": len(units)}
        log(Verb.PUBLISHED, row, by=by, went_to=publicity.ends_at.isoformat(), data=kept)
        names = [(key, name) for key, _sheet, name in units]
        run = note(BulkKind.PUBLISH, names, cycle=row.track.cycle, by=by, words={"publicity": publicity.pk})
    work_off_few(run)
    return publicity


def _begun(board: Board, count_first_day: bool, by: User) -> Publicity:
    days = board.track.cycle.publicity_working_days
    counted = working_days(clock.today(), days, count_first=count_first_day)
    return Publicity.objects.create(
        board=board,
        published_by=by,
        count_first_day=count_first_day,
        ends_at=counted.ends,
        counted=[day.isoformat() for day in counted.counted],
    )


@acts_for(BulkKind.PUBLISH)
def _set_dates(keys: Sequence[int], asked: Asked) -> Refused:
    publicity = Publicity.objects.select_related("board__track__cycle").get(pk=asked.words["publicity"])
    with hold(Task.objects.filter(pk__in=keys)) as held:
        waiting = [task for task in held.tasks if is_open(task)]
        Task.objects.filter(pk__in=[task.pk for task in waiting]).update(due_at=publicity.ends_at, fires=True)
        queue(_letters_about(publicity, [task.process.sheet.unit_id for task in waiting]))
    return {}


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
        recounted = unfinished_runs().filter(kind=BulkKind.NEW_VERSION).values_list("cycle_id", flat=True)
        waits = set(recounted)  # what a new version of the scheme makes of these is not known yet
        over = [task for task in held.tasks if is_due(task) and task.process.sheet.cycle_id not in waits]
        undecided = Objection.objects.filter(sheet__in=[task.process.sheet_id for task in over], decision="")
        objected = set(undecided.values_list("sheet_id", flat=True))
        ended = [task for task in over if task.process.sheet_id not in objected]
        held.end(dict.fromkeys(ended, Ending(kind=OutcomeKind.PUBLICISED, by=None)))
    return ended
