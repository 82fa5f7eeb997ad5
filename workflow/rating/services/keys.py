"""The key of a cycle's ballot box: made before three people, proved by what they wrote down, never stored (R17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.sealing import ALGORITHM, new_secret, public_key_of
from common.shares import joined, part, shares_in
from scoring.models import Ballot, Cycle, KeyHolding, TallyKey
from workflow.flow.endings import lock_processes
from workflow.rating.queries.tally import key_in_force


@dataclass(frozen=True)
class NewKey:
    """A key that was just made, and its three shares as words: they are nowhere else, and shown once."""

    key: TallyKey
    shares: list[list[str]]


@transaction.atomic
def make_key(*, cycle: Cycle, holding: KeyHolding, by: User) -> NewKey:
    """Make the key of a cycle's box: one in shares counts once they are proved, one that the system holds at once.

    A key that was not proved yet is replaced: nothing was sealed to it. Raises DomainError where one counts already.
    """
    require(by, is_office)
    _lock(cycle)
    before = key_in_force(cycle.pk)
    if before and before.proved_at:
        raise DomainError(_("The ballot box has its key already."))
    if before:
        before.delete()
    secret = new_secret()
    held = holding == KeyHolding.SYSTEM
    key = TallyKey.objects.create(
        cycle=cycle,
        holding=holding,
        algorithm=ALGORITHM,
        public_key=public_key_of(secret),
        kept=secret.hex() if held else "",
        made_by=by,
        proved_at=clock.now() if held else None,
    )
    log(Verb.TALLY_KEY_MADE, cycle, by=by, data={"holding": holding, "public_key": key.public_key})
    return NewKey(key, [] if held else part(secret))


@transaction.atomic
def prove_shares(*, cycle: Cycle, shares: Sequence[str], by: User) -> None:
    """Let a key count: each two of the three shares, typed from paper, give its private part.

    They are compared with the public key alone, so nothing of them is kept. Raises DomainError at the share that is
    wrong (`share_1`, …).
    """
    require(by, is_office)
    _lock(cycle)
    key = key_in_force(cycle.pk)
    if key is None or key.proved_at:
        raise DomainError(_("No key waits for its shares to be proved."))
    for pair in combinations(shares_in(shares), 2):
        require_key(key, joined(pair))
    key.proved_at = clock.now()
    key.save(update_fields=["proved_at"])
    log(Verb.TALLY_KEY_PROVED, cycle, by=by, data={"public_key": key.public_key})


def require_key(key: TallyKey, secret: bytes) -> None:
    """Raise DomainError unless the secret is that of this key."""
    if public_key_of(secret) != key.public_key:
        raise DomainError(_("These shares are of another key."))


@transaction.atomic
def give_up_key(*, cycle: Cycle, why: str, by: User) -> None:
    """Give up a key whose shares are lost: what is sealed to it is void, and its ballots may be used again.

    The people may rate anew by the links that they have, once there is another key and the window is open. Raises
    DomainError without a reason, or where no key is in shares: one that the system holds is not lost.
    """
    require(by, is_office)
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    lock_processes(cycle)
    _lock(cycle)
    key = key_in_force(cycle.pk)
    if key is None or key.holding != KeyHolding.SHARES:
        raise DomainError(_("No key in shares is there to be given up."))
    void = Ballot.objects.filter(draw__sheet__cycle=cycle, sealed__isnull=False)
    count = void.update(spent=False, sealed=None, sealed_with="", receipt_sha256="")
    destroy_key(key)
    log(Verb.TALLY_KEY_DESTROYED, cycle, by=by, why=why, data={"public_key": key.public_key, "void": count})


def destroy_key(key: TallyKey) -> None:
    """Forget what is kept of a key; nothing is sealed to it any more."""
    key.kept, key.destroyed_at = "", clock.now()
    key.save(update_fields=["kept", "destroyed_at"])


def _lock(cycle: Cycle) -> None:
    """One at a time makes, proves or gives up the key of a cycle."""
    Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
