"""Writing tables for spreadsheets, so that no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"  # so that spreadsheets read UTF-8


def guarded(value: object) -> str:
    """The cell as text; an apostrophe keeps what looks like a formula from being run."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as CSV, line by line, cells guarded, with a byte order mark in front."""
    yield MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([guarded(cell) for cell in row])
        yield line.getvalue()
