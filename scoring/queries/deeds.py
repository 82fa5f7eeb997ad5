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
            line = " ".join(text.split()).rstrip("。；;. ")  # without the mark that would stand before the next
            told[sheet] = BETWEEN.join(filter(None, (told.get(sheet, ""), line)))
    return {sheet: text if len(text) <= longest else text[: longest - 1] + MORE for sheet, text in told.items() if text}
