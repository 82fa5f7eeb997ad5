"""A secret parted among people, as words that are written down: any two of three give it back (SLIP-39)."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from common.errors import DomainError

NEEDED, SHARES = 2, 3
WORDS = 20  # of each share of 16 bytes
# So many letters of a word are enough: no two words of the list begin alike.
LETTERS = 4
BY_LETTERS = {word[:LETTERS]: word for word in WORDLIST}


def part(secret: bytes) -> list[list[str]]:
    """Three lists of words, each of which says nothing of the secret; any two together give it back."""
    (group,) = generate_mnemonics(1, [(NEEDED, SHARES)], secret, iteration_exponent=0)
    return [words.split() for words in group]


def shares_in(typed: Sequence[str]) -> list[Share]:
    """The shares that people typed, each another one. Raises DomainError at the field `share_1`, … that is wrong.

    Numbers, commas and lines between the words don't matter, and the first four letters of each word are enough.
    """
    shares = [_share(number, text) for number, text in enumerate(typed, start=1)]
    if len({share.index for share in shares}) != len(shares):
        raise DomainError(_("One share was typed twice: each must be another one."))
    return shares


def joined(shares: Sequence[Share]) -> bytes:
    """The secret from two shares. Raises DomainError where they are of different secrets."""
    try:
        secret: bytes = combine_mnemonics([share.mnemonic() for share in shares])
    except MnemonicError as error:
        raise DomainError(_("These shares don't belong together.")) from error
    return secret


def _share(number: int, typed: str) -> Share:
    field = f"share_{number}"
    words = re.findall("[a-z]+", typed.lower())
    unknown = [word for word in words if not BY_LETTERS.get(word[:LETTERS], "").startswith(word)]
    if unknown:
        raise DomainError(_("No words of the list: %(words)s.") % {"words": ", ".join(unknown)}, field=field)
    if len(words) != WORDS:
        told = {"count": len(words), "words": WORDS}
        raise DomainError(_("These are %(count)d words; a share has %(words)d.") % told, field=field)
    try:
        return Share.from_mnemonic(" ".join(BY_LETTERS[word[:LETTERS]] for word in words))
    except MnemonicError as error:
        raise DomainError(
            _("This is not a share as it was written down: a word is wrong, or two have changed places."), field=field
        ) from error
