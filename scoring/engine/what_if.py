"""Tries numbers that are known under rules that are not theirs: another year's, or their own with other limits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from scoring.engine.compare import ComparedTrack, Pair, compared_track, matched
from scoring.engine.numbers import EXACT
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import UnitScore, rank, score_unit
from scoring.engine.track import BONUS, DEDUCTION, LEADERS, RECIPIENTS, Part, Rule, Times, TrackRules
from scoring.engine.units import Unit

PieceT = TypeVar("PieceT", bound=Part | Rule)
# Stands for the decisions on a unit's incidents where they are named as not carried.
INCIDENT = "incidents"


@dataclass(frozen=True)
class Change:
    """What is tried out in a track: weights by component, and limits by kind; what is not named stays as it is."""

    weights: Mapping[str, Decimal]
    caps: Mapping[str, Decimal | None]

    def of(self, track: TrackRules) -> TrackRules:
        """The track's rules with the change."""
        components = tuple(
            replace(component, weight=self.weights.get(component.code, component.weight))
            for component in track.components
        )
        return replace(
            track,
            components=components,
            bonus_cap=self.caps.get(BONUS, track.bonus_cap),
            deduction_cap=self.caps.get(DEDUCTION, track.deduction_cap),
        )


@dataclass(frozen=True)
class Carrying:
    """How the numbers of a track are carried to other rules: its pieces by code with their counterparts.

    What has no counterpart is `lost`; what asks for numbers that nobody gave is `fresh`, and counts as 0.
    """

    parts: Mapping[str, Part]
    rules: Mapping[str, Rule]
    vetoes: Mapping[str, str]
    lost: tuple[Part | Rule, ...]
    fresh: tuple[Part | Rule, ...]

    def carried(self, unit: Unit, after: TrackRules) -> Unit:
        """The unit under the other rules: points as they were given, as far as a part, or its limit, has room."""
        parts = {
            part.code: min(points, part.points)
            for code, points in unit.parts.items()
            if (part := self.parts.get(code)) is not None
        }
        counts = {
            rule.code: _held(rule, times)
            for code, times in unit.counts.items()
            if (rule := self.rules.get(code)) is not None
        }
        incidents = unit.incidents if after.incident_rule else ()
        vetoes = tuple(self.vetoes[code] for code in unit.vetoes if code in self.vetoes)
        return replace(unit, parts=parts, counts=counts, incidents=incidents, vetoes=vetoes)

    def not_carried(self, unit: Unit, after: TrackRules) -> tuple[str, ...]:
        """The codes of what was given to the unit and is not, or not whole, in its numbers under the other rules.

        Ratings that the other rules have no component for are named by the component's code.
        """
        new = self.carried(unit, after)
        points = [
            code for code, given in unit.parts.items() if given and self._of(code, self.parts, new.parts) != given
        ]
        times = [
            code for code, given in unit.counts.items() if given and self._of(code, self.rules, new.counts) != given
        ]
        vetoes = [code for code in unit.vetoes if code not in self.vetoes]
        incidents = [INCIDENT] if unit.incidents and not after.incident_rule else []
        rated = [code for code in (RECIPIENTS, LEADERS) if unit.ratings(code) and after.component(code) is None]
        return (*points, *times, *vetoes, *incidents, *rated)

    @staticmethod
    def _of(code: str, pieces: Mapping[str, PieceT], numbers: Mapping[str, Times]) -> Times | None:
        return numbers.get(pieces[code].code) if code in pieces else None


@dataclass(frozen=True)
class Tried:
    """A unit's score by its own rules and by those tried, which have no room for it where `after` is None."""

    before: UnitScore
    after: UnitScore | None
    not_carried: tuple[str, ...] = ()

    @property
    def change(self) -> Decimal | None:
        """By how many points the total changes; None where either has none."""
        if self.before.counts is None or self.after is None or self.after.counts is None:
            return None
        return EXACT.subtract(self.after.counts, self.before.counts)

    @property
    def climbed(self) -> int | None:
        """By how many ranks the unit rises, negative where it falls; None where either rank is missing."""
        if self.before.rank is None or self.after is None or self.after.rank is None:
            return None
        return self.before.rank - self.after.rank


@dataclass(frozen=True)
class Trial:
    """Units under rules that are not theirs, in the order given, and how each track's numbers were carried."""

    units: tuple[Tried, ...]
    carryings: Mapping[str, Carrying]


def carrying(before: TrackRules, after: TrackRules) -> Carrying:
    """Match what numbers were given for with what the other rules ask: inside the same row first, then anywhere."""
    compared = compared_track(after.code, before, after)
    parts, rules = _together(compared, Part), list(_alike(_together(compared, Rule)))
    pairs: tuple[Pair[Part] | Pair[Rule], ...] = (*parts, *rules)
    vetoes = matched(before.vetoes, after.vetoes)
    return Carrying(
        parts={pair.before.code: pair.after for pair in parts if pair.before and pair.after},
        rules={pair.before.code: pair.after for pair in rules if pair.before and pair.after},
        vetoes={pair.before.code: pair.after.code for pair in vetoes if pair.before and pair.after},
        lost=tuple(pair.before for pair in pairs if pair.before and not pair.after),
        fresh=tuple(pair.after for pair in pairs if pair.after and not pair.before),
    )


def _alike(rules: Iterable[Pair[Rule]]) -> Iterator[Pair[Rule]]:
    """The pairs, but for those of points at discretion, of a factor, or of how often: their numbers are unlike."""
    for pair in rules:
        if pair.before and pair.after and pair.before.given != pair.after.given:
            yield from (Pair(pair.before, None), Pair(None, pair.after))
        else:
            yield pair


def _held(rule: Rule, times: Times) -> Times:
    """So many times, or points at discretion, as may be given to the rule."""
    return times if rule.most is None else min(times, rule.most)


def _together(compared: ComparedTrack, kind: type[PieceT]) -> Sequence[Pair[PieceT]]:
    """The pairs of a kind; what had no counterpart in its own row is matched with what is left in others."""
    pairs = list(_pairs(compared, kind))
    whole = [pair for pair in pairs if pair.before and pair.after]
    left = [pair for pair in pairs if not (pair.before and pair.after)]
    before, after = [pair.before for pair in left if pair.before], [pair.after for pair in left if pair.after]
    return (*whole, *_of_one_kind(before, after))


def _of_one_kind(before: Sequence[PieceT], after: Sequence[PieceT]) -> Iterator[Pair[PieceT]]:
    """What adds is never matched with what deducts."""
    for sign in ("", "B", "D"):
        yield from matched(*([piece for piece in side if _sign(piece) == sign] for side in (before, after)))


def _sign(piece: Part | Rule) -> str:
    return piece.code[:1] if piece.code[:1] in "BD" else ""


def _pairs(compared: ComparedTrack, kind: type[PieceT]) -> Iterator[Pair[PieceT]]:
    for row in compared.rows:
        for pair in row.inside:
            if isinstance(pair.before or pair.after, kind):
                yield pair  # type: ignore[misc]  # a pair is of one kind


def changed(scheme: SchemeRules, changes: Mapping[str, Change]) -> SchemeRules:
    """The scheme with these changes, by the code of their track."""
    tracks = tuple(changes[track.code].of(track) if track.code in changes else track for track in scheme.tracks)
    return replace(scheme, tracks=tracks)


def try_rules(own: SchemeRules, other: SchemeRules, units: Iterable[Unit]) -> Trial:
    """Score and rank units by their `own` scheme and by the `other`; tracks are matched by their code."""
    units = tuple(units)
    before = rank([_scored(own, own_track, unit) for unit in units if (own_track := own.track(unit.track))])
    carryings = {
        track.code: carrying(old, track) for track in other.tracks if (old := own.track(track.code)) is not None
    }
    moved = [unit for unit in units if unit.track in carryings]
    after = rank(
        [
            _scored(other, track, carryings[unit.track].carried(unit, track))
            for unit in moved
            if (track := other.track(unit.track))
        ]
    )
    scores = dict(zip([unit.unit for unit in moved], after, strict=True))
    tried = [
        _tried(other, score, scores.get(unit.unit), carryings.get(unit.track), unit)
        for unit, score in zip(units, before, strict=True)
    ]
    return Trial(tuple(tried), carryings)


def _scored(scheme: SchemeRules, track: TrackRules, unit: Unit) -> UnitScore:
    return score_unit(track, unit, grades=scheme.grades, bands=scheme.grade_bands, explained=False)


def _tried(
    scheme: SchemeRules, before: UnitScore, after: UnitScore | None, carrying: Carrying | None, unit: Unit
) -> Tried:
    track = scheme.track(unit.track)
    if after is None or carrying is None or track is None:
        return Tried(before, None)
    return Tried(before, after, carrying.not_carried(unit, track))
