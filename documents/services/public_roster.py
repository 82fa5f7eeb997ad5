"""The public side of a roster: opaque ids and commitments, publishable before a seed exists (contract 4)."""

from scoring.engine.draw import commitment
from scoring.models import ScoreSheet


def public_rows(sheet: ScoreSheet) -> list[tuple[str, str]]:
    """`(id, commitment)` of each person of the roster: names nobody, binds to everybody (R8, R17)."""
    return [
        (person.opaque_id, commitment(person.name, person.phone, bytes.fromhex(person.salt)))
        for person in sheet.roster.all()
    ]


def as_csv(rows: list[tuple[str, str]]) -> str:
    """The public roster as the draw command reads it."""
    return "id,commitment\n" + "".join(f"{opaque_id},{digest}\n" for opaque_id, digest in rows)
