"""What the office decides about a unit that too few people rated: more time, more people, or what is there (R9)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.services import hold_until, move_due, queue
from scoring.models import Draw, Tally, TallyDecision
from scoring.rules import none_of_own
from workflow.flow.endings import hold, require_open
from workflow.flow.models import Task
from workflow.flow.queries.process import about
from workflow.rating.queries.tally import UnitBox, boxes_among, is_over, reserves_left
from workflow.rating.services.ballots import issue_ballots
from workflow.rating.services.links import letters_of


def give_more_time(*, task: Task, until: datetime, why: str, by: User) -> None:
    """Let recipients of this unit rate until `until` (aware, the first instant that is too late).

    Also where enough have rated, but what they gave can't be read: they cast anew. Raises DomainError at `until` for an
    instant in the past, at `why` without a reason, and while the unit's window is open.
    """
    with _deciding(task, by, why, enough_too=True) as case:
        _reopen(case, until)
        case.decided(TallyDecision.EXTEND, until=until)


def draw_more(*, task: Task, count: int, until: datetime, why: str, by: User) -> None:
    """Give ballots to the next `count` people of the reserves, and everybody time until `until` (aware).

    Raises DomainError at `count` where the reserves are not that many; else as `give_more_time`.
    """
    with _deciding(task, by, why) as case:
        _reopen(case, until)
        draw = Draw.objects.filter(sheet=case.box.sheet, superseded_at=None).first()
        next_ones = reserves_left(draw)[:count] if draw else []
        if draw is None or not 0 < count == len(next_ones):
            raise DomainError(
                _("%(left)d people are left among the reserves.") % {"left": len(next_ones)}, field="count"
            )
        queue(letters_of(draw, issue_ballots(draw, next_ones), case.task))
        case.decided(TallyDecision.DRAW_MORE, until=until, count=count)


def take_what_is_there(*, task: Task, why: str, by: User) -> None:
    """Let the ratings that are there count, be they few, or be some of them unreadable; never none at all (R9)."""
    with _deciding(task, by, why, enough_too=True) as case:
        if case.box.spent < case.box.needed:
            told = {"needed": case.box.needed, "spent": case.box.spent}
            raise DomainError(_("At least %(needed)d must have rated to make a mark; %(spent)d have.") % told)
        case.decided(TallyDecision.TAKE, spent=case.box.spent)


@dataclass(frozen=True)
class _Case:
    """A unit that is decided about, under its process lock."""

    task: Task
    box: UnitBox
    why: str
    by: User

    def decided(self, decision: TallyDecision, *, until: datetime | None = None, **data: int) -> None:
        """Keep the decision, with its event."""
        Tally.objects.update_or_create(
            sheet=self.box.sheet, defaults={"decision": decision, "why": self.why, "decided_by": self.by}
        )
        details = {"decision": decision.value, "until": until.isoformat() if until else None}
        log(Verb.TOO_FEW_DECIDED, self.box.sheet, by=self.by, why=self.why, data=details | data)


@contextmanager
def _deciding(task: Task, by: User, why: str, *, enough_too: bool = False) -> Iterator[_Case]:
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    with hold([task]) as held:
        require_open(held.task)
        (box,) = boxes_among([held.task])
        require(by, is_office & none_of_own, box.sheet)
        if not (box.to_decide or (enough_too and is_over(held.task))):
            raise DomainError(_("Nothing is to be decided about this unit: enough have rated, or may do so still."))
        yield _Case(held.task, box, why.strip(), by)


def _reopen(case: _Case, until: datetime) -> None:
    """Give the unit's window another closing; what waits to be sent about it says and keeps to it."""
    if until <= clock.now():
        raise DomainError(_("The new deadline must lie ahead."), field="until")
    task = case.task
    task.due_at, task.attempts, task.retry_at = until, 0, None
    task.save(update_fields=["due_at", "attempts", "retry_at"])
    move_due([about(task)], until)
    hold_until([about(task)], until)
