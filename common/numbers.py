"""The one reader of numbers from outside: from addresses, from questions behind them, from names and values in forms.

`int()` and `Decimal()` take what no column holds, and raise what nobody expects: more than 4300 digits, more than a
column's bytes, `NaN`, `1e999999`. What these functions give fits every column that is asked for it.
"""

import re
import unicodedata
from decimal import Decimal

LARGEST_KEY = 2**63 - 1
DIGITS = re.compile(r"0|[1-9][0-9]{0,18}")  # without zeros in front: a row has one name
POINTS = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")


def key_in(text: str, *, most: int = LARGEST_KEY) -> int | None:
    """The key of a row as an address or a form names it: ASCII digits, up to `most`; None for anything else."""
    key = int(text) if DIGITS.fullmatch(text) else None
    return key if key is not None and key <= most else None


def points_in(text: str) -> Decimal | None:
    """Points or a count as a person types them, in full-width figures too; None if they are no number of that kind.

    Not below 0, below 100,000, with at most two decimals.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    return Decimal(typed) if POINTS.fullmatch(typed) else None


class KeyConverter:
    """`<key:…>` in an address: the key of a row. A number that no row can have leads nowhere: not found."""

    regex = "[0-9]+"

    def to_python(self, text: str) -> int:
        """The key; ValueError makes the address one that there is not."""
        if (key := key_in(text)) is None:
            raise ValueError
        return key

    def to_url(self, key: int) -> str:
        """The key as it stands in an address."""
        return str(key)
