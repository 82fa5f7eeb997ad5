"""Questions about schemes, tracks and sheets."""

from collections.abc import Iterable

from scoring.models import LineKind, Responsibility, ScoreSheet, SheetLine, Track


def has_component(sheet: ScoreSheet, code: str) -> bool:
    """Whether the total of this sheet's track has the component, such as `recipients` (R2)."""
    return any(component.code == code for component in sheet.rules.components)


def departments_answering(track: Track) -> Iterable[int]:
    """The ids of the departments that answer for a part or adjustment of the track, each once, in a fixed order."""
    return (
        Responsibility.objects.filter(track=track)
        .order_by("department_id")
        .values_list("department_id", flat=True)
        .distinct()
    )


def codes_answered_by(track: Track, department_id: int) -> list[str]:
    """The parts and adjustments of the track for which the department answers."""
    return list(Responsibility.objects.filter(track=track, department_id=department_id).values_list("code", flat=True))


def adjustment_code(line: SheetLine) -> str:
    """The adjustment that a rule's line belongs to: `B1` of `B1.1`; empty for a part."""
    return line.code.split(".")[0] if line.kind == LineKind.RULE else ""
