"""Coming in by the secret of a ballot: what opens none looks alike and is slowed; a device is only counted (R17)."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.attempts import note_try, tried
from common import clock
from common.encryption import fingerprint
from common.errors import DomainError
from scoring.models import Ballot
from workflow.rating.services.ballots import Receipt, ballots_for, cast_ballot
from workflow.rating.services.tokens import token_in

KIND = "ballot"
COUNTED = timedelta(minutes=15)


class TooManyTriesError(DomainError):
    """So many codes that open nothing came from this network that the next has to wait, whatever it is."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, round(wait.total_seconds()))
        words = ngettext(
            "Too many codes that open nothing came from your network. Please try again in %(count)d second.",
            "Too many codes that open nothing came from your network. Please try again in %(count)d seconds.",
            self.seconds,
        )
        super().__init__(words % {"count": self.seconds}, field="token")


def ballot_of(*, typed: str, network: str) -> Ballot:
    """The ballot that a secret opens, as somebody typed or pasted it.

    Raises DomainError at `token`, in the same words and after the same work, for one that never was, was replaced by a
    newer one, was revoked, or belongs to a draw that was superseded. Tries from `network` are slowed
    (TooManyTriesError): they are counted in the database, so that this holds without a queue. Called in no transaction.
    """
    _slow(network)
    ballot = ballots_for(token_in(typed)).filter(revoked_at=None, draw__superseded_at=None).first()
    if ballot is None:
        note_try(kind=KIND, place=network, within=COUNTED)
        raise DomainError(
            _(
                "This link or code opens nothing. If you have got a newer message or slip, use that one; else ask "
                "whoever invited you for a new one."
            ),
            field="token",
        )
    return ballot


def _slow(network: str) -> None:
    """Let a network wait that has tried too often, or any that has tried once while all together try too often."""
    tries = tried(kind=KIND, place=network, within=COUNTED)
    crowded = tries.here >= settings.BALLOT_FREE_TRIES or tries.everywhere >= settings.BALLOT_FREE_TRIES_OF_ALL
    if crowded and tries.last_here:
        wait = tries.last_here + settings.SIGN_IN_PAUSE - clock.now()
        if wait > timedelta(0):
            raise TooManyTriesError(wait)


@transaction.atomic
def hand_in(*, ballot: Ballot, value: Decimal, comment: str, device: str, arrived_at: datetime) -> Receipt:
    """Cast a ballot (`cast_ballot`) and note beside it a digest of the random `device`, a browser's cookie.

    The digest differs from unit to unit: it tells that two ballots of a unit came from one device, and nothing else.
    """
    receipt = cast_ballot(ballot=ballot, value=value, comment=comment, arrived_at=arrived_at)
    mark = fingerprint(f"device\n{ballot.draw_id}\n{device}")
    Ballot.objects.filter(pk=ballot.pk).update(device_sha256=mark)
    return receipt
