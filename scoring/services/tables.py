"""Rows of a table that a person pastes or uploads: cells divided by TABs or commas, `.csv` or `.xlsx`."""

import csv
import io
from pathlib import PurePath

from django.utils.translation import gettext as _

from common.errors import DomainError
from common.tables.workbooks import UnreadableWorkbookError, first_sheet
from scoring.engine.errors import EngineErrors
from scoring.readers.sources import decode

MOST_ROWS = 5000
Rows = list[list[str]]


def rows_of_text(text: str) -> Rows:
    """The rows of a pasted text, cells divided by TABs, else by commas; empty rows are left out.

    Raises DomainError when a quotation mark does not end.
    """
    try:
        return _few_enough([row for row in _parted(text) if any(row)])
    except csv.Error as error:
        raise DomainError(_("These rows can't be read: does a quotation mark not end?"), field="rows") from error


def _parted(text: str) -> Rows:
    delimiter = "\t" if "\t" in text else ","
    cleaned = text.replace("，", ",") if delimiter == "," else text
    lines = "\n".join(cleaned.splitlines())  # a lone carriage return ends a line too
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(lines), delimiter=delimiter)]


def rows_of_file(name: str, content: bytes) -> Rows:
    """The rows of the first sheet of an `.xlsx`, or of a `.csv`; DomainError when the file can't be read."""
    if PurePath(name).suffix.lower() == ".xlsx":
        return _few_enough(_workbook(content))
    try:
        return _few_enough([row for row in _parted(decode(name, content)) if any(row)])
    except (EngineErrors, csv.Error) as error:
        raise DomainError(_("This file can't be read. Save it as .xlsx or .csv."), field="file") from error


def _workbook(content: bytes) -> Rows:
    try:
        values = first_sheet(content)
    except UnreadableWorkbookError as error:
        raise DomainError(_("This file can't be read. Save it as .xlsx or .csv."), field="file") from error
    rows = [[_cell(value) for value in row] for row in values]
    return [row for row in rows if any(row)]


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _few_enough(rows: Rows) -> Rows:
    if len(rows) > MOST_ROWS:
        raise DomainError(_("At most %(count)d rows at once.") % {"count": MOST_ROWS}, field="file")
    return rows


def as_text(rows: Rows) -> str:
    """Rows as a text that `rows_of_text` reads back."""
    kept = io.StringIO()
    csv.writer(kept, delimiter="\t", lineterminator="\n").writerows(rows)
    return kept.getvalue()
