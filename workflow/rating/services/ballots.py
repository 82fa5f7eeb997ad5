"""Ballots: a secret link gives the right to rate once; nothing joins it to what was rated (R8, R9, R17)."""

import hashlib
import secrets
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import DomainError
from scoring.models import Ballot, Draw, Rating, RatingKind


def issue_ballots(draw: Draw) -> dict[str, str]:
    """Make a ballot for each person drawn; returns opaque id → secret, which is kept nowhere in the clear.

    Raises DomainError when the draw has its ballots already: nobody rates twice.
    """
    if draw.ballots.exists():
        raise DomainError(_("The ballots of this draw have been issued."))
    tokens = {opaque_id: secrets.token_urlsafe(24) for opaque_id in draw.drawn}
    digests = [digest_of(token) for token in tokens.values()]
    secrets.SystemRandom().shuffle(digests)  # or the order of the keys would be that of the people drawn
    Ballot.objects.bulk_create(Ballot(draw=draw, token_sha256=digest) for digest in digests)
    return tokens


def digest_of(token: str) -> str:
    """How a ballot's secret is kept: lower-case hex of its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def ballots_for(token: str) -> QuerySet[Ballot]:
    """The ballot of a secret; empty for any other text."""
    return Ballot.objects.filter(token_sha256=digest_of(token)).select_related(
        "draw__sheet__cycle", "draw__sheet__unit", "draw__sheet__assessment"
    )


def cast(*, ballot: Ballot, value: Decimal) -> None:
    """Count `value` (0–100) once; the caller holds the process lock and has checked the window.

    The rating carries neither time nor person, and its key shows no order. Raises DomainError for a used ballot.
    """
    if Ballot.objects.filter(pk=ballot.pk, used=False).update(used=True) != 1:
        raise DomainError(_("This link has been used: the rating was counted already."))
    Rating.objects.create(sheet=ballot.draw.sheet, component=RatingKind.RECIPIENTS, value=value)
