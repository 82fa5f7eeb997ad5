"""Folds full width to half, keeping every length, so that a place in the folded text is a place in the print."""

import re
import unicodedata
from functools import lru_cache

OPENING = "（(〔［【〖﹝[「"
CLOSING = "）)〕］】〗﹞]」"
BRACKETS = {**dict.fromkeys(OPENING, "("), **dict.fromkeys(CLOSING, ")")}
RATIO_SIGN = "∶"  # which word processors put into 7∶3 and 17∶00; it folds to no other by itself
KEPT = 4096  # texts that are kept folded: each reader of a row folds its words
DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "二": 2}
CHINESE = "[零〇一二两三四五六七八九十百]"
COUNT = rf"(?:\d{{1,6}}|{CHINESE}{{1,7}})"


def _fold(char: str) -> str:
    if char in BRACKETS:
        return BRACKETS[char]
    if char == RATIO_SIGN:
        return ":"
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and unicodedata.category(char) != "No" else char


class _Folding(dict[int, str]):
    """What each character folds to, by its code; found out once."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold(chr(code))
        return self[code]


_folding = _Folding()


@lru_cache(maxsize=KEPT)
def fold(text: str) -> str:
    """Return the text in half width, all brackets round; it has the same length."""
    return text.translate(_folding)


def joined(*texts: str) -> str:
    """Return the texts that say something, each on a line of its own."""
    return "\n".join(text for text in texts if text)


def squeeze(text: str) -> str:
    """Return the text without any white space."""
    return "".join(text.split())


def number_of(text: str) -> int:
    """Return the number that a match of COUNT writes, in digits or in Chinese: 20, 二十, 一百二十."""
    if text.isdecimal():
        return int(text)
    if not re.search("[十百]", text):
        return int("".join(str(DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = DIGITS[char]
    return total + digit
