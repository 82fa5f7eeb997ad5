"""Ballots: a secret link gives the right to rate; what was given is sealed at once to the box's key (R8, R9, R17)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.sealing import ALGORITHM
from scoring.models import Ballot, Draw, TallyKey
from workflow.flow.endings import hold, require_open
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_task
from workflow.rating.envelope import enclosed, receipt_sha256, sealed
from workflow.rating.queries.tally import key_in_force
from workflow.rating.services.tokens import new_token
from workflow.rating.services.window import OVER, require_unit_window


@dataclass(frozen=True)
class Receipt:
    """What whoever used a ballot takes along: a random code, whose SHA-256 is published once the box is open."""

    code: str


def issue_ballots(draw: Draw, opaque_ids: Sequence[str]) -> list[Ballot]:
    """Make a ballot for each of these people of a draw, without any secret yet (`mint`).

    Raises DomainError where the box of the cycle has no key yet, and when one of them has a ballot in force: nobody
    rates twice.
    """
    _key(draw.sheet.cycle_id)
    if draw.ballots.filter(opaque_id__in=opaque_ids, revoked_at=None).exists():
        raise DomainError(_("The ballots of this draw have been issued."))
    return Ballot.objects.bulk_create(Ballot(draw=draw, opaque_id=opaque_id) for opaque_id in opaque_ids)


def mint(ballot: Ballot) -> str:
    """A new secret of the ballot's link, which is kept nowhere in the clear; one minted before opens nothing more."""
    token = new_token()
    ballot.token_sha256 = digest_of(token)
    ballot.save(update_fields=["token_sha256"])
    return token


def digest_of(token: str) -> str:
    """How a ballot's secret is kept: lower-case hex of its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def ballots_for(token: str) -> QuerySet[Ballot]:
    """The ballot of a secret; empty for any other text."""
    return Ballot.objects.filter(token_sha256=digest_of(token)).select_related(
        "draw__sheet__cycle", "draw__sheet__unit", "draw__sheet__assessment"
    )


def require_in_time(ballot: Ballot, arrived_at: datetime) -> None:
    """Raise DomainError unless what arrived at `arrived_at` (aware) with this ballot can be counted (R9)."""
    require_unit_window(_waiting_task(ballot), arrived_at)


def cast_ballot(*, ballot: Ballot, value: Decimal, comment: str = "", arrived_at: datetime) -> Receipt:
    """Seal a recipient's rating (0–100) and comment if they arrived inside the unit's window (R8, R9).

    The same ballot may be cast anew until the window closes: the last that was cast counts, with its receipt; earlier
    receipts are void. Neither time nor order is kept (R17). Raises DomainError, at `value` or `comment` if it is
    about them.
    """
    envelope = enclosed(value, comment)
    with hold([_waiting_task(ballot)]) as held:
        require_open(held.task)
        require_unit_window(held.task, arrived_at)
        kept = Ballot.objects.select_for_update(no_key=True).get(pk=ballot.pk)
        if kept.revoked_at:
            raise DomainError(_("This link does not count any more: another was given in its place."))
        key = _key(held.process.sheet.cycle_id)
        kept.spent, kept.sealed, kept.sealed_with = True, sealed(envelope, kept, key), ALGORITHM
        kept.receipt_sha256 = receipt_sha256(envelope.receipt)
        kept.save(update_fields=["spent", "sealed", "sealed_with", "receipt_sha256"])
    return Receipt(envelope.receipt)


def _waiting_task(ballot: Ballot) -> Task:
    task = open_task(ballot.draw.sheet.assessment, Node.RECIPIENT_RATING)
    if task is None:
        raise DomainError(OVER)
    return task


def _key(cycle_id: int) -> TallyKey:
    key = key_in_force(cycle_id)
    if key is None or key.proved_at is None:
        raise DomainError(_("The ballot box has no key yet: the office makes it before ballots go out."))
    return key
