"""Ballots handed out on paper, and a new ballot for whoever lost the link of theirs (R8)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.services import queue, withdraw
from scoring.models import Ballot, Draw
from scoring.rules import none_of_own
from workflow.flow.endings import Held, hold, require_open
from workflow.flow.models import Node
from workflow.flow.queries.process import about, open_task
from workflow.rating.services.ballots import issue_ballots, mint
from workflow.rating.services.links import cause_of, letters_of


@dataclass(frozen=True)
class Slip:
    """A ballot as it is printed once: for whom, by the id that names nobody, and the secret that opens it."""

    opaque_id: str
    token: str = field(repr=False)


def print_slips(*, draw: Draw, ballots: Iterable[int], by: User) -> list[Slip]:
    """New secrets for these ballots of a draw, in the order of their ids, to be printed and kept nowhere.

    Links and slips made before open nothing any more, and no message goes to those people: they hold paper. Whoever
    has rated keeps what they have and is left out. Raises DomainError if nobody is left, or rating is over.
    """
    keys, actor = list(ballots), actor_of(by)
    require(actor, is_office)
    with _rating(draw) as held:
        require(actor, is_office & none_of_own, held.process.sheet)
        rows = list(draw.ballots.filter(pk__in=keys, spent=False, revoked_at=None).order_by("opaque_id"))
        if not rows:
            raise DomainError(_("None of these ballots can be printed: they were used or revoked."))
        slips = [Slip(opaque_id=ballot.opaque_id, token=mint(ballot)) for ballot in rows]
        draw.ballots.filter(pk__in=[ballot.pk for ballot in rows]).update(on_paper=True)
        for ballot in rows:
            withdraw([about(held.task)], cause=cause_of(ballot))
        log(Verb.SLIPS_PRINTED, held.process.sheet, by=by, data={"ids": [slip.opaque_id for slip in slips]})
    return slips


def reissue_ballot(*, ballot: Ballot, why: str, by: User) -> Ballot:
    """Revoke a ballot that was not used, and send its person the link of a new one (a lost phone, a torn slip).

    Raises DomainError without a reason, once it is used or revoked, or when rating is over.
    """
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    actor = actor_of(by)
    require(actor, is_office)
    with _rating(ballot.draw) as held:
        require(actor, is_office & none_of_own, held.process.sheet)
        ended = Ballot.objects.filter(pk=ballot.pk, spent=False, revoked_at=None)
        if ended.update(revoked_at=clock.now(), token_sha256=None) != 1:
            raise DomainError(_("This ballot was used or revoked: it can't be issued anew."))
        [fresh] = issue_ballots(ballot.draw, [ballot.opaque_id])
        withdraw([about(held.task)], cause=cause_of(ballot))
        queue(letters_of(ballot.draw, [fresh], held.task))
        log(Verb.BALLOT_REISSUED, held.process.sheet, by=by, why=why, data={"id": ballot.opaque_id})
    return fresh


@contextmanager
def _rating(draw: Draw) -> Iterator[Held]:
    """Hold the open rating of a draw's unit: casting holds the same, so that neither sees the other half done."""
    task = open_task(draw.sheet.assessment, Node.RECIPIENT_RATING)
    if task is None:
        raise DomainError(_("Rating is over."))
    with hold([task]) as held:
        require_open(held.task)
        yield held
