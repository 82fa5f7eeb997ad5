"""Ballots: a secret link gives the right to rate once; nothing joins it to what was rated (R8, R9, R17)."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import DomainError
from scoring.models import Ballot, Draw, Rating, RatingKind
from workflow.flow.endings import hold, require_open
from workflow.flow.models import Node
from workflow.flow.queries.process import open_task
from workflow.rating.services.window import require_window


@dataclass(frozen=True)
class Receipt:
    """What whoever used a ballot takes along: a random code, whose SHA-256 is published once the box is open."""

    code: str


def issue_ballots(draw: Draw, opaque_ids: Sequence[str]) -> list[Ballot]:
    """Make a ballot for each of these people of a draw, without any secret yet (`mint`).

    Raises DomainError when one of them has a ballot in force: nobody rates twice.
    """
    if draw.ballots.filter(opaque_id__in=opaque_ids, revoked_at=None).exists():
        raise DomainError(_("The ballots of this draw have been issued."))
    return Ballot.objects.bulk_create(Ballot(draw=draw, opaque_id=opaque_id) for opaque_id in opaque_ids)


def mint(ballot: Ballot) -> str:
    """A new secret of the ballot's link, which is kept nowhere in the clear; one minted before opens nothing more."""
    token = secrets.token_urlsafe(24)
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


def cast_ballot(*, ballot: Ballot, value: Decimal, comment: str = "", arrived_at: datetime) -> Receipt:
    """Count a recipient's rating (0–100) once, if it arrived inside the window (R8, R9)."""
    sheet = ballot.draw.sheet
    task = open_task(sheet.assessment, Node.RECIPIENT_RATING)
    if task is None:
        raise DomainError(_("Rating is over; what arrives now can't be counted any more."))
    with hold([task]) as held:
        require_open(held.task)
        require_window(held.process.sheet.cycle, arrived_at)
        if Ballot.objects.filter(pk=ballot.pk, spent=False, revoked_at=None).update(spent=True) != 1:
            raise DomainError(_("This link has been used: the rating was counted already."))
        Rating.objects.create(sheet=sheet, component=RatingKind.RECIPIENTS, value=value)
    return Receipt(secrets.token_hex(10))
