"""What units did in the year, in their own words, short enough for a line."""

from collections.abc import Iterable

from scoring.models import SheetLine

BETWEEN = "；"
MORE = "…"


def deeds_of(sheets: Iterable[int], *, longest: int) -> dict[int, str]:
    """Sheet's key → what the unit wrote under its parts, in their order, cut to so many characters (one query).

    Units that wrote nothing are left out.
    """
    lines = SheetLine.objects.filter(sheet__in=list(sheets)).exclude(text="").order_by("sheet", "position")
    told: dict[int, str] = {}
    for sheet, text in lines.values_list("sheet", "text"):
        if len(told.get(sheet, "")) <= longest:
            told[sheet] = BETWEEN.join(filter(None, (told.get(sheet, ""), _in_a_line(text))))
    return {sheet: text if len(text) <= longest else text[: longest - 1] + MORE for sheet, text in told.items() if text}


def _in_a_line(text: str) -> str:
    """A text without its breaks, and without the mark that would stand before the next."""
    return " ".join(text.split()).rstrip("。；;. ")
