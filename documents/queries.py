"""Reading what was kept: how a draft that was not handed in differs from what stands."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from documents.models import Material, UnsubmittedDraft
from scoring.engine.track import TrackRules
from scoring.wording import name_basis


@dataclass(frozen=True)
class LineChange:
    """A line of a draft: points or times (decimal strings, None for empty) as handed in and as typed, and its words.

    Beside each stands what points come from, in a few words.
    """

    code: str
    claimed_before: str | None
    basis_before: str
    claimed: str | None
    basis: str
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
        lines=tuple(_lines(before, after, draft.sheet.rules)),
        added=tuple(material for material in draft.sheet.materials.all() if material.sealed_as in added),
        left_out=tuple(file["name"] for file in named if file not in kept),
        people=None if before["roster"] == after["roster"] else len(after["roster"]),
    )


def _lines(before: dict[str, Any], after: dict[str, Any], rules: TrackRules) -> list[LineChange]:
    stood = {line["code"]: line for line in before["lines"]}
    return [
        LineChange(
            code=line["code"],
            claimed_before=was["claimed"],
            basis_before=_basis(was, line["code"], rules),
            claimed=line["claimed"],
            basis=_basis(line, line["code"], rules),
            text=line["text"],
        )
        for line in after["lines"]
        if (was := stood.get(line["code"], {"claimed": None})) != line
    ]


def _basis(sealed: dict[str, Any], code: str, rules: TrackRules) -> str:
    """What the points of a sealed line come from, by the version of the scheme in force; codes keep their meaning."""
    claimed = sealed["claimed"]
    return name_basis(rules.part(code), sealed.get("basis", {}), None if claimed is None else Decimal(claimed))
