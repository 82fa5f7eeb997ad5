"""Steps that somebody could take in the editor of any scheme, some of them refused."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from scoring.engine.edit import BLANKS, Edit, Place, node_at

# What can be added inside a row of each list; the letter is no list.
ADDED = {
    "": ("tracks", "grade_bands", "quotas"),
    "tracks": ("components", "indicators", "bonus", "deduction", "vetoes"),
    "indicators": ("parts",),
    "parts": ("levels", "losses"),
    "adjustments": ("rules",),
}
# Values that a row may take, or that make no scheme of it.
VALUES = {
    "text": ["甲", "乙", None],
    "points": ["0", "12.5", "-1", "多"],
    "rate": ["1", "0.5", None],
    "rate_from": ["0.5", "9", None],
    "least": ["1", "80", None],
    "below": ["2", None],
    "cap": ["3", None],
    "highest": [True, False],
    "effect": ["zero", "bars"],
    "weight": ["50", "x"],
    "trim": [1, None],
    "name": ["医院", ""],
    "desk": ["普及部", None],
    "full_marks": ["90"],
    "count": [3, 0, None],
    "share": ["20", "200", None],
    "grade": ["特等", "没有"],
    "recipients": [None, {"sample": 5, "categories": ["村民"]}],
    "issuer": ["协会", None],
    "grades": [["特等", "一等"], []],
}


def places(node: dict[str, Any], place: Place = ()) -> Iterator[Place]:
    """Every row of a scheme, the letter first."""
    yield place
    for name, rows in node.items():
        if name in (*BLANKS, "adjustments") and isinstance(rows, list):
            for index, row in enumerate(rows):
                yield from places(row, (*place, name, index))


@st.composite
def a_step(draw: st.DrawFn, body: dict[str, Any]) -> Edit:
    """A step in this scheme: a row added, removed or moved, or values put; also where there is no such row."""
    place = draw(st.sampled_from([*places(body), ("tracks", 99)]))
    kind = str(place[-2]) if place else ""
    deed = draw(st.sampled_from(["add", "remove", "move", "put", "put"]))
    if deed == "add" and kind in ADDED:
        return Edit(place, add=draw(st.sampled_from(ADDED[kind])), at=draw(st.none() | st.integers(0, 2)))
    if place and deed == "remove":
        return Edit(place, remove=True)
    if place and deed == "move":
        return Edit(place, move=draw(st.sampled_from([-1, 1])))
    row = node_at(body, place) if place != ("tracks", 99) else {}
    names = sorted({*row, "rate_from", "least", "below"} & VALUES.keys())
    name = draw(st.sampled_from(names))
    return Edit(place, {name: draw(st.sampled_from(VALUES[name]))})
