"""What a unit claims as its inputs show it, and what a return lets be changed."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from scoring.engine.basis import Basis
from scoring.engine.numbers import plain
from scoring.engine.track import Part, TrackRules
from scoring.models import SheetLine
from scoring.wording import say_points

CLAIMED, TEXT = "claimed", "text"
# What the points of a part come from; a loss is named by its own code, the others by the part's.
LEVEL, MEASURED, LOSS = "level", "measured", "loss"
FIELDS = (CLAIMED, TEXT, LEVEL, MEASURED, LOSS)
MARK = 6  # characters
Place = tuple[str, str]  # the code that an input names, and which field it is


def covers(scope: Sequence[str], code: str) -> bool:
    """Whether a return that names `scope` (empty: the whole) lets the part, rule or material `code` be changed."""
    return not scope or code in scope or any(code.startswith(f"{named}.") for named in scope)


def places_of(line: SheetLine, rules: TrackRules) -> list[Place]:
    """The inputs of a line: its points or times, what was done, and of a part what its points come from."""
    places, part = [(line.code, CLAIMED), (line.code, TEXT)], rules.part(line.code)
    return places if part is None else places + basis_places(part)


def basis_places(part: Part) -> list[Place]:
    """The inputs of what the points of a part come from: its level or what is measured, and its losses."""
    chosen = [(part.code, MEASURED if part.is_measured else LEVEL)] if part.levels else []
    return chosen + [(loss.code, LOSS) for loss in part.losses]


def version_of(lines: Iterable[SheetLine], rules: TrackRules) -> str:
    """A mark for each input of the lines: what somebody changed since is found by comparing two versions."""
    return "".join(mark(shown(line, place)) for line in lines for place in places_of(line, rules))


def shown(line: SheetLine, place: Place) -> str:
    """A field of a line as it stands in its input."""
    _code, field = place
    if field == TEXT:
        return line.text
    if field == CLAIMED:
        return "" if line.claimed is None else say_points(line.claimed)
    return shown_of(Basis.from_json(line.basis), place)


def shown_of(basis: Basis, place: Place) -> str:
    """What points come from as it stands in an input."""
    code, field = place
    number = basis.losses.get(code) if field == LOSS else basis.measured
    return basis.level if field == LEVEL else "" if number is None else plain(number)


def mark(value: str) -> str:
    """A short mark of what stands in a field: two that differ were not the same words."""
    return sha256(value.encode()).hexdigest()[:MARK]
