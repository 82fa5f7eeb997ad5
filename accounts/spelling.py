"""How the names and phones of people are written: one way, whatever was typed, so that one person is one (R8).

Import, draw and search ask here. What was left out can be said: `marks_in` names it, `in_sight` shows it.
"""

import re
import unicodedata

from accounts.identity import BLANK, UNSEEN

# Direction marks turn letters round on the page: in a name they are never dropped without a word.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HAN = r"[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
# The dots that keyboards and programs put between the parts of a name.
DOTS = re.compile(r"\s*[·•●∙⋅‧・᛫ᐧꞏ⸰⸱⸳](?:\s*[·•●∙⋅‧・᛫ᐧꞏ⸰⸱⸳])*\s*")
FULL_STOP = re.compile(rf"(?<={HAN})\s*[.。]\s*(?={HAN})")
SPACE_BESIDE_HAN = re.compile(rf"(?<={HAN})\s+|\s+(?={HAN})")
BETWEEN_DIGITS = re.compile(r"[\s\-‐‑‒–—―−)(.]")
VARIATION = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
COUNTRY = re.compile(r"^(?:\+|00)86")


def spelled_name(typed: str) -> str:
    """A person's name in half width, with `·` between its parts and no space beside Chinese characters.

    Marks that can't be seen are left out, but for those that turn letters round.
    """
    text = "".join(letter for letter in _half(typed) if letter in TURNING or not _is_mark(letter))
    text = SPACE_BESIDE_HAN.sub("", " ".join(_half(text).split()))
    return FULL_STOP.sub("·", DOTS.sub("·", text)).strip("·")


def spelled_line(typed: str) -> str:
    """The name of an account, spelled the same way; one over several lines stays as it is, to be refused."""
    return typed if len(typed.splitlines()) > 1 else spelled_name(typed)


def spelled_phone(typed: str) -> str:
    """A phone number as its digits, without the country's; anything that is no part of one stays to be refused."""
    text = "".join(letter for letter in _half(typed) if not _is_mark(letter))
    text = "".join(str(unicodedata.decimal(letter, letter)) for letter in text)
    return COUNTRY.sub("", BETWEEN_DIGITS.sub("", text.strip().removesuffix(".0")))


def person_key(name: str, phone: str) -> str:
    """What two rows have in common if they are one person: case, dots and spaces make no difference."""
    letters = re.sub(r"[\s·.'-]", "", spelled_name(name)).casefold()
    return f"{letters}\n{spelled_phone(phone)}"


def marks_in(text: str) -> list[str]:
    """The marks of a text that can't be seen, each once, as `U+202D`."""
    return list(dict.fromkeys(_code(letter) for letter in text if _is_mark(letter)))


def in_sight(text: str) -> str:
    """The text with every mark that can't be seen written out, as `‹U+202D›139…`."""
    return "".join(f"‹{_code(letter)}›" if _is_mark(letter) else letter for letter in text)


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"


def _is_mark(letter: str) -> bool:
    """Whether a letter is drawn as nothing, or only tells how the one before it is drawn; spaces are no marks."""
    if letter.isspace():
        return False
    return letter in BLANK or unicodedata.category(letter) in UNSEEN or VARIATION.fullmatch(letter) is not None
