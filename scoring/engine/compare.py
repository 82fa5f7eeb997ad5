"""Lays one scheme beside another, row by row: what stayed, moved, changed, is new or gone, and which words differ."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Adjustment, Body, Indicator, Part, Rule, TrackRules, Veto

# How alike two texts must be to be taken for one row: of what both say, so much is the same.
ALIKE = 0.6
SAME, MOVED, CHANGED, NEW, GONE = "same", "moved", "changed", "new", "gone"
PieceT = TypeVar("PieceT", bound=Indicator | Part | Adjustment | Rule | Veto)
# What is no value of a piece: its name, its words, what has rows of its own.
NO_VALUES = frozenset({"code", "text", "kind", "parts", "rules", "indicators", "adjustments", "tracks", "findings"})


@dataclass(frozen=True)
class Words:
    """A stretch of text: in both, or in one only."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Value:
    """What a piece says under a name, before and after; None where it says nothing."""

    name: str
    before: object
    after: object


@dataclass(frozen=True)
class Pair(Generic[PieceT]):
    """A piece of one scheme with its counterpart in the other; `moved` out of the order of the rest."""

    before: PieceT | None
    after: PieceT | None
    moved: bool = False

    @property
    def values(self) -> tuple[Value, ...]:
        """What differs between the two besides their words and codes."""
        return values_between(_values(self.before), _values(self.after)) if self.before and self.after else ()

    @property
    def state(self) -> str:
        """Whether the piece stayed the same, moved, changed, is new or gone; what did both has changed."""
        if self.before is None:
            return NEW
        if self.after is None:
            return GONE
        if self.before.text != self.after.text or self.values:
            return CHANGED
        return MOVED if self.moved else SAME

    @property
    def words(self) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
        """The words of either, with those marked that the other has not."""
        return marked(self.before.text if self.before else "", self.after.text if self.after else "")


@dataclass(frozen=True)
class ComparedRow(Generic[PieceT]):
    """A row of an annex beside its counterpart, with what is inside: its parts or its rules."""

    row: Pair[PieceT]
    inside: tuple[Pair[Part] | Pair[Rule], ...]

    @property
    def state(self) -> str:
        """The state of the row; one in which something inside differs has changed."""
        own = self.row.state
        return CHANGED if own in (SAME, MOVED) and any(pair.state != SAME for pair in self.inside) else own


@dataclass(frozen=True)
class ComparedTrack:
    """A track beside the one of the same code: what it says as a whole, and its rows."""

    code: str
    before: TrackRules | None
    after: TrackRules | None
    values: tuple[Value, ...]
    rows: tuple[ComparedRow[Indicator] | ComparedRow[Adjustment], ...]

    @property
    def differences(self) -> tuple[ComparedRow[Indicator] | ComparedRow[Adjustment], ...]:
        """The rows that are not the same in both."""
        return tuple(row for row in self.rows if row.state != SAME)

    @property
    def differs(self) -> bool:
        """Whether anything is not the same in both."""
        return self.before is None or self.after is None or bool(self.values or self.differences)


@dataclass(frozen=True)
class Comparison:
    """A scheme beside another: what their letters say differently, and every track of either."""

    values: tuple[Value, ...]
    tracks: tuple[ComparedTrack, ...]

    @property
    def differs(self) -> bool:
        """Whether anything is not the same in both."""
        return bool(self.values) or any(track.differs for track in self.tracks)


def compare(before: SchemeRules, after: SchemeRules) -> Comparison:
    """Lay `after` beside `before`; tracks are matched by code, rows and what is inside them by their words.

    Comparing the other way round gives the mirror image: the same pairs, new for gone.
    """
    codes = dict.fromkeys([track.code for scheme in (after, before) for track in scheme.tracks])
    tracks = tuple(compared_track(code, before.track(code), after.track(code)) for code in codes)
    return Comparison(values_between(_values(before), _values(after)), tracks)


def compared_track(code: str, before: TrackRules | None, after: TrackRules | None) -> ComparedTrack:
    """Lay a track beside the one of the same code; either may be missing."""
    values = values_between(_values(before), _values(after)) if before and after else ()
    return ComparedTrack(code, before, after, values, (*_indicators(before, after), *_adjustments(before, after)))


def _indicators(before: TrackRules | None, after: TrackRules | None) -> Iterator[ComparedRow[Indicator]]:
    for row in matched(before.indicators if before else (), after.indicators if after else ()):
        parts = matched(row.before.parts if row.before else (), row.after.parts if row.after else ())
        yield ComparedRow(row, parts)


def _adjustments(before: TrackRules | None, after: TrackRules | None) -> Iterator[ComparedRow[Adjustment]]:
    for kind in ("bonus", "deduction"):
        items = [track.of_kind[kind] if track else () for track in (before, after)]
        for row in matched(*items):
            rules = matched(row.before.rules if row.before else (), row.after.rules if row.after else ())
            yield ComparedRow(row, rules)


def matched(before: Sequence[PieceT], after: Sequence[PieceT]) -> tuple[Pair[PieceT], ...]:
    """Match the pieces by their words: the most alike first, of those equally alike the nearest in place.

    In the order of `after`; what is gone stands where it stood.
    """
    by_after = _best(before, after)
    kept = _in_order(by_after) & {(j, i) for i, j in _in_order({i: j for j, i in by_after.items()})}
    gone = [i for i in range(len(before)) if i not in by_after.values()]
    pairs: list[Pair[PieceT]] = []
    for j, piece in enumerate(after):
        i = by_after.get(j)
        while gone and i is not None and gone[0] < i:
            pairs.append(Pair(before[gone.pop(0)], None))
        pairs.append(Pair(None if i is None else before[i], piece, i is not None and (j, i) not in kept))
    return (*pairs, *(Pair(before[i], None) for i in gone))


def _best(before: Sequence[PieceT], after: Sequence[PieceT]) -> dict[int, int]:
    """Place of a piece after → place before."""
    likely = [
        (-ratio, abs(i - j), i + j, i, j)
        for i, old in enumerate(before)
        for j, new in enumerate(after)
        if (ratio := likeness(old.text, new.text)) >= ALIKE
    ]
    places: dict[int, int] = {}
    taken: set[int] = set()
    for *_order, i, j in sorted(likely):
        if i not in taken and j not in places:
            places[j] = i
            taken.add(i)
    return places


def _in_order(places: Mapping[int, int]) -> set[tuple[int, int]]:
    """The longest run of pairs that keep their order."""
    ends: list[int] = []
    runs: list[list[tuple[int, int]]] = []
    for j, i in sorted(places.items()):
        at = bisect_left(ends, i)
        run = [*(runs[at - 1] if at else []), (j, i)]
        ends[at : at + 1], runs[at : at + 1] = [i], [run]
    return set(runs[-1]) if runs else set()


def likeness(text: str, other: str) -> float:
    """How alike two texts are, from 0 to 1, whichever is named first."""
    if text == other:
        return 1.0
    matcher = _matcher(text, other)
    for ratio in (matcher.real_quick_ratio, matcher.quick_ratio):
        if ratio() < ALIKE:
            return 0.0
    return matcher.ratio()


def _matcher(text: str, other: str) -> "SequenceMatcher[str]":
    """difflib's answer depends on which text comes first, so the order is always the same."""
    return SequenceMatcher(None, min(text, other), max(text, other), autojunk=False)


def marked(before: str, after: str) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    """Either text in stretches, with those marked that the other has not."""
    first, second = sorted((before, after))
    stretches = _matcher(first, second).get_opcodes()
    low = tuple(Words(first[begin:end], tag != "equal") for tag, begin, end, _, _ in stretches if begin < end)
    high = tuple(Words(second[begin:end], tag != "equal") for tag, _, _, begin, end in stretches if begin < end)
    return (low, high) if before <= after else (high, low)


def _values(piece: "SchemeRules | TrackRules | PieceT | None") -> Body:
    return {} if piece is None else dict(_flat(piece.to_json()))


def _flat(body: Body, above: str = "") -> Iterator[tuple[str, object]]:
    """The values of a body by name; those of a piece inside it, such as a component, behind its own name and a dot."""
    for name, value in body.items():
        if above or name not in NO_VALUES:
            yield from _named(f"{above}{name}", value)


def _named(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from _flat(value, f"{name}.")
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for key, item in _keyed(name, value):
            yield from _flat(item, f"{name}.{key}.")
    else:
        yield name, value


def _keyed(name: str, rows: list[Body]) -> Iterator[tuple[str, Body]]:
    """Rows inside another by their code, or by the grade that they are about; its quotas without the order's codes."""
    seen: Counter[str] = Counter()
    for row in rows:
        if name != "quotas":
            yield row.get("code") or row["grade"], row
            continue
        key = " ".join(filter(None, (row["grade"], row.get("track"))))
        seen[key] += 1
        yield f"{key} {seen[key]}" if seen[key] > 1 else key, {of: what for of, what in row.items() if of != "code"}


def values_between(before: Body, after: Body) -> tuple[Value, ...]:
    """What two bodies say differently, by name."""
    names = sorted(before.keys() | after.keys())
    values = (Value(name, before.get(name), after.get(name)) for name in names)
    return tuple(value for value in values if value.before != value.after)
