"""Writing tables for spreadsheets, so that no cell is taken for a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

# What a spreadsheet takes for the beginning of a formula.
SIGNS = ("=", "+", "-", "@")
# A cell that begins with one of these is split, or trimmed, by what reads it next.
BREAKS = ("\t", "\r", "\n")
# Controls, marks of format, and marks that stand over the letter before.
UNSEEN = {"Cc", "Cf", "Mn"}
MARK = "\ufeff"  # so that spreadsheets read UTF-8


def guarded(value: object) -> str:
    """The cell as text; an apostrophe keeps what looks like a formula from being run.

    The one guard of the house: for every cell of every `.csv` and `.xlsx` that leaves it, but for the public roster,
    whose bytes are fixed (contract 4) and whose ids and digests name no function.
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(BREAKS) or _begins(text).startswith(SIGNS) else text


def _begins(text: str) -> str:
    """The first character that is seen, in half width: spaces, byte order marks and zero widths hide no sign."""
    seen = (letter for letter in text if not letter.isspace() and unicodedata.category(letter) not in UNSEEN)
    return unicodedata.normalize("NFKC", next(seen, ""))


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as CSV, line by line, cells guarded, with a byte order mark in front."""
    yield MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([guarded(cell) for cell in row])
        yield line.getvalue()
