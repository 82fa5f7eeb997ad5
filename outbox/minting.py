"""What only the message that goes out says, such as a link for one use: made while it is sent, kept nowhere (R17).

The words of a message, in the database, its log files, its backups and the queue, hold `MINTED` where the secret will
stand. Whoever sends it has the secret made anew at each try: its maker keeps what proves it, such as a digest, in a
transaction of its own, and hands the secret over in memory. A room registers its makers as it starts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction


@dataclass(frozen=True)
class Minted:
    """What the message says in the place of `MINTED`, and to whom, where only the maker knows that; never printed."""

    words: str = field(repr=False)
    address: str = field(default="", repr=False)


class OutOfDateError(Exception):
    """There is nothing to make any more: what the message would lead to is used, revoked or over."""


# Makes the secret for a key and keeps what proves it; it runs in a transaction. Raises OutOfDateError.
Maker = Callable[[str], Minted]
_makers: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    """Let `maker` make the secrets of messages whose `minting` is `<kind>:<key>`."""
    _makers[kind] = maker


def mint(minting: str) -> Minted:
    """Make the secret that `minting` names, in a transaction of its own; it replaces an earlier one.

    Called in no transaction: what proves the secret has to be kept before anybody is handed it. Raises OutOfDateError.
    """
    kind, _colon, key = minting.partition(":")
    with transaction.atomic():
        return _makers[kind](key)
