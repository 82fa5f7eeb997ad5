"""A row of a scheme by itself, as the indicator library keeps it: lifted out of one, edited alone, put into another."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from scoring.engine.edit import BLANKS, Edit, Place, edited, list_of, node_at
from scoring.engine.scheme import PUBLICITY_DAYS
from scoring.engine.track import Body

INDICATORS = "indicators"


def blank_body(year: int | None, *rows: tuple[str, Body]) -> Body:
    """A scheme with one track that holds rows of these kinds (keys of BLANKS), and nothing else."""
    letter: dict[str, Any] = dict.fromkeys(("title", "number", "issuer", "issued", "deadline"))
    body = {
        "year": year,
        **letter,
        "publicity_working_days": PUBLICITY_DAYS,
        "grades": [],
        "tracks": [],
        "findings": [],
    }
    track = edited(body, Edit((), add="tracks"))[0]
    return edited(track, *(Edit(("tracks", 0), lifted(row), add=kind) for kind, row in rows))[0]


def kind_of_row(row: Body) -> str:
    """Of which kind an indicator, a bonus or a deduction item is (a key of BLANKS)."""
    return str(row.get("kind", INDICATORS))


def lifted(row: Body) -> Body:
    """A row without its place: no codes, and points that it has stand as if printed."""
    bare = deepcopy(row)
    for inner in _inside(bare):
        inner["code"] = ""
    if bare.get("implied"):
        bare["implied"] = False
    return bare


def _inside(row: Body) -> Iterator[Body]:
    yield row
    for name, rows in row.items():
        if name in BLANKS and isinstance(rows, list):
            for inner in rows:
                yield from _inside(inner)


def root_of(kind: str) -> Place:
    """Where the row of a scheme of this row alone stands."""
    return ("tracks", 0, list_of(kind), 0)


def row_in(body: Body, kind: str) -> Body:
    """The row of a scheme of this row alone."""
    row: Body = node_at(body, root_of(kind))
    return row


def words_of(row: Body) -> str:
    """All that a row says, what lies inside it too: what is searched."""
    said = (str(inner.get(name) or "") for inner in _inside(row) for name in ("text", "per", "measure"))
    return "\n".join(dict.fromkeys(words for words in said if words))


def put_at(place: Place, rows: list[tuple[str, Body]]) -> list[Edit]:
    """The steps that put rows into a track: after the row that `place` names where it is in their list, else last."""
    edits = []
    after = int(place[3]) + 1 if len(place) > len(("tracks", 0)) else None
    for kind, row in rows:
        fits = after is not None and place[2] == list_of(kind)
        edits.append(Edit(place[:2], lifted(row), add=kind, at=after if fits else None))
        if after is not None and fits:
            after += 1
    return edits
