"""What is sealed of a ballot: the rating, the comment and the receipt's code, always of the same length (R17)."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from common.errors import DomainError
from common.sealing import CannotOpen, seal, unseal
from scoring.models import Ballot, TallyKey

# Characters; at worst each takes six bytes in JSON.
LONGEST_COMMENT = 300
SIZE = 6 * LONGEST_COMMENT + 200
HIGHEST, CENT = 100, Decimal("0.01")
# Without letters and digits that are taken for each other; 20 of them are 100 bits.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 4, 5


@dataclass(frozen=True)
class Envelope:
    """A rating from 0 to 100 with at most two decimals, a comment or "", and the code of the receipt."""

    value: Decimal
    comment: str
    receipt: str


def enclosed(value: Decimal, comment: str) -> Envelope:
    """What a person gave, with a new receipt. Raises DomainError at `value` or `comment` for what can't be taken."""
    if not (value.is_finite() and 0 <= value <= HIGHEST and value == value.quantize(CENT)):
        raise DomainError(_("Give a number from 0 to 100."), field="value")
    words = comment.strip().encode(errors="replace").decode()
    if len(words) > LONGEST_COMMENT:
        told = {"most": LONGEST_COMMENT, "length": len(words)}
        raise DomainError(_("At most %(most)d characters, these are %(length)d.") % told, field="comment")
    return Envelope(value, words, new_code())


def new_code() -> str:
    """The code of a new receipt: `7K2M9-ABCDE-FGHJK-23456`."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(GROUPS))


def code_in(typed: str) -> str:
    """The code that a person typed, as it was given out: capitals, in groups."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def receipt_sha256(code: str) -> str:
    """How a receipt is published: lower-case hex of the SHA-256 of its code."""
    return hashlib.sha256(code.encode()).hexdigest()


def sealed(envelope: Envelope, ballot: Ballot, key: TallyKey) -> bytes:
    """An envelope sealed to the key of the box, for this ballot only."""
    words = {"value": str(envelope.value), "comment": envelope.comment, "receipt": envelope.receipt}
    return seal(json.dumps(words, ensure_ascii=False), to=key.public_key, info=_info(ballot, key.cycle_id), size=SIZE)


def opened(ballot: Ballot, secret: bytes, cycle_id: int) -> Envelope:
    """What was sealed in a ballot. Raises CannotOpen unless it is what its receipt was given for."""
    info = _info(ballot, cycle_id)
    words = json.loads(unseal(bytes(ballot.sealed or b""), secret=secret, info=info, algorithm=ballot.sealed_with))
    envelope = Envelope(Decimal(words["value"]), words["comment"], words["receipt"])
    if receipt_sha256(envelope.receipt) != ballot.receipt_sha256:
        raise CannotOpen
    return envelope


def _info(ballot: Ballot, cycle_id: int) -> bytes:
    """Where a sealed value belongs: elsewhere it can't be opened."""
    return f"kaohe/ballot/v1 cycle {cycle_id} draw {ballot.draw_id} ballot {ballot.pk}".encode()
