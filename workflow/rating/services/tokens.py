"""The secret of a ballot's link: long enough that nobody guesses it, short enough to be typed from paper."""

import secrets
import unicodedata

# Crockford's: without I, L and O, which are taken for digits, and U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20  # of 5 bits each: 100 bits
GROUP = 5
MISREAD = str.maketrans("ILO", "110")


def new_token() -> str:
    """A random secret of 100 bits, in capital letters and digits."""
    return "".join(secrets.choice(LETTERS) for _place in range(LENGTH))


def grouped(token: str) -> str:
    """A token as it is printed and read aloud: `K7QM2-XRDVB-…`."""
    return "-".join(token[start : start + GROUP] for start in range(0, len(token), GROUP))


def token_in(typed: str) -> str:
    """The token in what somebody typed or pasted: in any case, width and grouping, or a whole link; else nonsense."""
    word = unicodedata.normalize("NFKC", typed).rpartition("#")[2].upper().translate(MISREAD)
    return "".join(letter for letter in word if letter in LETTERS)
