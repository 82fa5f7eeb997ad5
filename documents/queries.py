"""Reading what was kept: how a draft that was not handed in differs from what stands."""

from dataclasses import dataclass
from typing import Any

from documents.models import Material, UnsubmittedDraft


@dataclass(frozen=True)
class LineChange:
    """A line of a draft: points or times (decimal strings, None for empty) as handed in and as typed, and its words."""

    code: str
    claimed_before: str | None
    claimed: str | None
    text: str


@dataclass(frozen=True)
class DraftChanges:
    """Everything in which a draft differs from the submission that stands."""

    lines: tuple[LineChange, ...]
    added: tuple[Material, ...]
    left_out: tuple[str, ...]
    # How many people a new roster named; None if it was not changed.
    people: int | None


def changes_of(draft: UnsubmittedDraft) -> DraftChanges:
    """What was changed after the return: lines, files, the roster (one query)."""
    before, after = draft.submission.body, draft.body
    named, kept = before["materials"], after["materials"]
    added = [file for file in kept if file not in named]
    return DraftChanges(
        lines=tuple(_lines(before, after)),
        added=tuple(material for material in draft.sheet.materials.all() if material.sealed_as in added),
        left_out=tuple(file["name"] for file in named if file not in kept),
        people=None if before["roster"] == after["roster"] else len(after["roster"]),
    )


def _lines(before: dict[str, Any], after: dict[str, Any]) -> list[LineChange]:
    stood = {line["code"]: line for line in before["lines"]}
    return [
        LineChange(line["code"], was["claimed"], line["claimed"], line["text"])
        for line in after["lines"]
        if (was := stood.get(line["code"], {"claimed": None})) != line
    ]
