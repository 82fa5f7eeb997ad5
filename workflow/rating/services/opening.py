"""Opening the ballot box: once a unit's window is over its ballots come out shuffled, and its rating ends (R9, R17).

What a unit's ballots held is decrypted in memory and compared with what was spent; then, in the one transaction that
ends its task, the values and comments are written in two random orders, the sealed values are emptied and the hashes
of the receipts published. A process that dies leaves a unit as it was, or opened.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.many import Dealt, deal_with
from common.sealing import CannotOpen
from common.shares import joined, shares_in
from scoring.models import Ballot, Comment, Cycle, KeyHolding, Rating, RatingKind, Tally, TallyKey
from workflow.flow.endings import Ending, hold, is_open
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.rating.envelope import Envelope, opened, receipt_sha256
from workflow.rating.queries.tally import (
    LEAST,
    BoxState,
    UnitBox,
    ballots_in_force,
    boxes_among,
    kept_secrets,
    key_in_force,
    to_open,
)
from workflow.rating.services.keys import destroy_key, require_key

# Units in one request: each a transaction of its own. Whoever has more types nothing again, but asks once more.
AT_ONCE = 50


def open_box(*, cycle: Cycle, shares: Sequence[str], by: User, most: int = AT_ONCE) -> Dealt[Task]:
    """Open the ballots of at most `most` units with two shares as they were typed; each unit by itself.

    The private key exists in this call only. A unit whose ballots are not as they were cast is refused, with nothing of
    it written; the others are opened. Once no unit of the cycle waits for recipients the key is destroyed. Raises
    DomainError, at `share_1` or `share_2` if it is about one, for anything but two shares of this cycle's key.
    """
    require(by, is_office)
    key = key_in_force(cycle.pk)
    if key is None or key.holding != KeyHolding.SHARES or key.proved_at is None:
        raise DomainError(_("No key in shares opens this ballot box."))
    secret = joined(shares_in(shares))
    require_key(key, secret)
    return deal_with(to_open(cycle)[:most], lambda task: _open([task], secret, by))


def open_all_kept(*, tasks: Iterable[Task]) -> list[Task]:
    """Open those of these units' ballots whose key the system holds, if their window is over and enough have rated.

    Returns the tasks that were ended: by the sweep, idempotent, decided under the locks. Raises DomainError where a
    unit's ballots are not as they were cast: the sweep then tries each alone.
    """
    waiting = defaultdict(list)
    for task in tasks:
        waiting[task.process.sheet.cycle_id].append(task)
    kept = kept_secrets([task for of_cycle in waiting.values() for task in of_cycle])
    return [task for cycle_id, secret in sorted(kept.items()) for task in _open(waiting[cycle_id], secret, None)]


def _open(tasks: Sequence[Task], secret: bytes, by: User | None) -> list[Task]:
    """Open what is ready of a cycle's units, in one transaction."""
    with hold(tasks) as held:
        cycle = held.tasks[0].process.sheet.cycle
        key = TallyKey.objects.select_for_update(no_key=True).get(cycle=cycle, destroyed_at=None)
        waiting = [task for task in held.tasks if is_open(task)]
        ready = [box for box in boxes_among(waiting) if box.state is BoxState.READY]
        contents = _contents(ready, secret)
        _write(contents)
        ended = {
            content.box.waiting: Ending(kind=OutcomeKind.RATED, by=by, data=content.figures) for content in contents
        }
        held.end(ended)
        _destroy_if_done(key, cycle, by)
    return list(ended)


@dataclass(frozen=True)
class _Content:
    """What the ballots of a unit held."""

    box: UnitBox
    envelopes: list[Envelope]

    @property
    def figures(self) -> dict[str, object]:
        """What its event says."""
        return {
            "component": RatingKind.RECIPIENTS,
            "ballots": self.box.ballots,
            "spent": self.box.spent,
            "counted": len(self.envelopes),
        }


def _contents(boxes: Collection[UnitBox], secret: bytes) -> list[_Content]:
    """The contents of each unit. Raises DomainError where one can't be read, unless the office takes the others."""
    spent: Mapping[int, list[Ballot]] = defaultdict(list)
    of_boxes = ballots_in_force().filter(spent=True, draw__sheet__in=[box.sheet.pk for box in boxes])
    for ballot in of_boxes.select_related("draw"):
        spent[ballot.draw.sheet_id].append(ballot)
    return [_Content(box, _envelopes(box, spent[box.sheet.pk], secret)) for box in boxes]


def _envelopes(box: UnitBox, ballots: Sequence[Ballot], secret: bytes) -> list[Envelope]:
    envelopes = []
    for ballot in ballots:
        try:
            envelopes.append(opened(ballot, secret, box.sheet.cycle_id))
        except CannotOpen:
            continue  # counted below
    unlike = len(ballots) - len(envelopes)
    # Of so few left, spoiling the others' ballots would say what these gave.
    enough = len(envelopes) >= max(LEAST, box.needed)
    if unlike and not (box.takes_what_is_there and enough):
        raise DomainError(
            _("%(unit)s: %(count)d of %(spent)d ballots are not as they were cast; nothing of it was opened.")
            % {"unit": box.sheet.unit_name, "count": unlike, "spent": len(ballots)}
        )
    return envelopes


def _write(contents: Sequence[_Content]) -> None:
    """Write what came out, in orders of chance, and empty the ballots."""
    ratings = [
        Rating(sheet=content.box.sheet, component=RatingKind.RECIPIENTS, value=envelope.value)
        for content in contents
        for envelope in content.envelopes
    ]
    comments = [
        Comment(sheet=content.box.sheet, text=envelope.comment)
        for content in contents
        for envelope in content.envelopes
        if envelope.comment
    ]
    for rows in (ratings, comments):
        secrets.SystemRandom().shuffle(rows)
    Rating.objects.bulk_create(ratings)
    Comment.objects.bulk_create(comments)
    Ballot.objects.filter(draw__sheet__in=[content.box.sheet.pk for content in contents]).update(
        sealed=None, sealed_with="", receipt_sha256=""
    )
    Tally.objects.bulk_create(
        [_tally(content) for content in contents],
        update_conflicts=True,
        unique_fields=["sheet"],
        update_fields=["opened_at", "ballots", "spent", "receipts"],
    )


def _tally(content: _Content) -> Tally:
    return Tally(
        sheet=content.box.sheet,
        opened_at=clock.now(),
        ballots=content.box.ballots,
        spent=content.box.spent,
        receipts=sorted(receipt_sha256(envelope.receipt) for envelope in content.envelopes),
    )


def _destroy_if_done(key: TallyKey, cycle: Cycle, by: User | None) -> None:
    """Destroy the key with the last unit that waits for recipients; its row is locked, so one is the last."""
    if open_tasks(Node.RECIPIENT_RATING).filter(process__sheet__cycle=cycle).exists():
        return
    destroy_key(key)
    log(Verb.TALLY_KEY_DESTROYED, cycle, by=by, data={"public_key": key.public_key})
