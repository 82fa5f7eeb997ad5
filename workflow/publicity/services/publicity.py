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
from workflow.flow.endings import Ending, end, is_open, locked
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.publicity.models import Publicity


@transaction.atomic
def publish(*, board: Board, count_first_day: bool, by: User) -> Publicity:
    """Show a signed board to the public from today, for the cycle's working days, until 24:00 of the last.

    It is about the units that came from sign-off with this board. A second call finds the first's publicity.
    Raises DomainError for an unsigned or superseded board.
    """
    row = Board.objects.select_for_update(of=("self",)).select_related("track__cycle").get(pk=board.pk)
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
    tasks = _waiting(row)
    publicity.sheets.set([task.process.sheet_id for task in tasks])
    for task in tasks:
        with locked(task) as activation:
            if is_open(activation):
                activation.task.due_at, activation.task.fires = counted.ends, True
                activation.task.save(update_fields=["due_at", "fires"])
    kept = {"counted": publicity.counted, "units": len(tasks)}
    log(Verb.PUBLISHED, row, by=by, went_to=counted.ends.isoformat(), data=kept)
    queue(_letters_about(publicity, [task.process.sheet.unit_id for task in tasks]))
    return publicity


def _waiting(board: Board) -> list[Task]:
    """The publicity tasks that this board's signature opened, in the order of the processes' keys."""
    return list(
        open_tasks(Node.PUBLICITY)
        .filter(process__sheet__track=board.track, due_at=None)
        .select_related("process__sheet")
        .order_by("process_id")
    )


def _letters_about(publicity: Publicity, unit_ids: Iterable[int]) -> Iterator[Message]:
    page = reverse("public-publicity", args=[publicity.slug])
    for filer in filers_of(unit_ids):
        yield letter(
            "publicity_begun",
            cause=f"publicity:{publicity.pk}:{filer.user_id}",
            to=filer.user,
            path=page,
            board=publicity.board,
            instant=spoken_instant(publicity.ends_at),
            link=f"{settings.BASE_URL}{page}",
        )


def end_publicity(*, task: Task) -> bool:
    """End a unit's publicity once its working days are over and no objection to it is open (R13).

    Returns whether it ended: by the sweep, idempotent, decided under the lock.
    """
    with locked(task) as activation:
        row = activation.task
        if not is_open(activation) or row.due_at is None or row.due_at > clock.now():
            return False
        if activation.process.sheet.objections.filter(decision="").exists():
            return False
        end(activation, Ending(kind=OutcomeKind.PUBLICISED, by=None))
        return True
