"""The public side of a roster: opaque ids and commitments, publishable before a seed exists (contract 4)."""

from collections.abc import Mapping, Sequence

from scoring.engine.draw import commitment
from scoring.models import ScoreSheet


def public_rows(
    sheet: ScoreSheet, ready: Mapping[str, str] | None = None, *, ids: Sequence[str] | None = None
) -> list[tuple[str, str]]:
    """`(id, commitment)` of each person of the roster: names nobody, binds to everybody (R8, R17).

    Decrypting thousands of people takes its time: whoever holds a lock asks before it is taken and gives the answer
    back as `ready`. A person's row never changes, so the `ids` alone (as read under the lock, else read here) tell
    whether that answer still stands.
    """
    if ready is not None:
        present = list(sheet.roster.values_list("opaque_id", flat=True)) if ids is None else ids
        if ready.keys() >= set(present):
            return [(opaque_id, ready[opaque_id]) for opaque_id in present]
    return [
        (person.opaque_id, commitment(person.name, person.phone, bytes.fromhex(person.salt)))
        for person in sheet.roster.filter(forgotten_at=None)  # what a commitment was made of is gone with the names
    ]


def as_csv(rows: list[tuple[str, str]]) -> str:
    """The public roster as the draw command reads it."""
    return "id,commitment\n" + "".join(f"{opaque_id},{digest}\n" for opaque_id, digest in rows)
