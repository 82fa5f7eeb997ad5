"""What a unit claims as its inputs show it, and what a return lets be changed."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from scoring.models import SheetLine
from scoring.wording import say_points

CLAIMED, TEXT = "claimed", "text"
MARK = 6  # characters


def covers(scope: Sequence[str], code: str) -> bool:
    """Whether a return that names `scope` (empty: the whole) lets the part, rule or material `code` be changed."""
    return not scope or code in scope or any(code.startswith(f"{named}.") for named in scope)


def version_of(lines: Iterable[SheetLine]) -> str:
    """A mark for each field of the lines: what somebody changed since is found by comparing two versions."""
    return "".join(mark(value) for line in lines for value in (shown(line, CLAIMED), shown(line, TEXT)))


def shown(line: SheetLine, name: str) -> str:
    """A field of a line as it stands in its input."""
    if name == TEXT:
        return line.text
    return "" if line.claimed is None else say_points(line.claimed)


def mark(value: str) -> str:
    """A short mark of what stands in a field: two that differ were not the same words."""
    return sha256(value.encode()).hexdigest()[:MARK]
