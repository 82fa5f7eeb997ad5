"""A correction of rules by which units are being assessed: what it may change, and what becomes of their numbers.

Codes keep their meaning: a number goes on under its code, as far as what bears the code still has room for it. Points
that came from a level, a measured number or losses come from them afterwards too.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from scoring.engine.basis import Basis
from scoring.engine.messages import Message, _, msg
from scoring.engine.numbers import points
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Part, Rule, Times, TrackRules
from scoring.engine.units import Unit

NOTHING_SAID = Basis()


@dataclass(frozen=True)
class Revision:
    """A track under the rules before and after a correction."""

    before: TrackRules
    after: TrackRules

    @cached_property
    def gone(self) -> tuple[Part | Rule, ...]:
        """What numbers were given for and is no more."""
        return tuple(piece for code, piece in self._before.items() if code not in self._after)

    @cached_property
    def fresh(self) -> tuple[Part | Rule, ...]:
        """What asks for numbers that nobody has given."""
        return tuple(piece for code, piece in self._after.items() if code not in self._before)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of all parts and rules afterwards, in their order."""
        return tuple(self._after)

    @cached_property
    def _before(self) -> Mapping[str, Part | Rule]:
        return _pieces(self.before)

    @cached_property
    def _after(self) -> Mapping[str, Part | Rule]:
        return _pieces(self.after)

    def carried(self, code: str, given: Times | None, basis: Basis = NOTHING_SAID) -> Decimal | None:
        """A number under the code afterwards: at most what there is room for; None where it says nothing any more.

        How many times a rule applies says nothing of points at discretion, nor of a factor, nor the other way round.
        Points that follow from `basis` are those that follow from it afterwards; those that a person judged stay.
        """
        before, after = self._before.get(code), self._after.get(code)
        if given is None or after is None:
            return None
        given = Decimal(given)
        if isinstance(after, Part):
            follows = self.follows(code, given, basis)
            return min(given, after.points) if follows is None else follows
        if isinstance(before, Rule) and before.given != after.given:
            return None
        held = given if after.most is None else min(given, after.most)
        return held if after.rate_from is None or after.admits(held) else None

    def follows(self, code: str, given: Decimal | None, basis: Basis) -> Decimal | None:
        """The points of a part that follow afterwards from what those given followed from; None where they did not."""
        before, after = self._before.get(code), self._after.get(code)
        if not isinstance(before, Part) or not isinstance(after, Part) or not _says_the_same(before, after, basis):
            return None
        was, now = basis.points(before), basis.points(after)
        return None if was is None or now is None or points(was) != given else points(now)

    def still_says(self, code: str, given: Decimal | None, basis: Basis) -> bool:
        """Whether what points came from says afterwards how they come about; of points that were judged, as before."""
        if self.follows(code, given, basis) is not None:
            return True
        return self.carried(code, given) == given and not self.is_reworked(code)

    def is_reworked(self, code: str) -> bool:
        """Whether the points of a part come about otherwise afterwards: by other levels, measures or losses."""
        before, after = self._before.get(code), self._after.get(code)
        if not isinstance(before, Part) or not isinstance(after, Part):
            return False
        return (before.levels, before.measure, before.losses) != (after.levels, after.measure, after.losses)

    def unit(self, unit: Unit) -> Unit:
        """A unit with its numbers as they go on afterwards."""
        given = {**unit.parts, **unit.counts}
        carried = {
            code: self.carried(code, number, unit.bases.get(code, NOTHING_SAID)) for code, number in given.items()
        }
        kept = {code: number for code, number in carried.items() if number is not None}
        return replace(
            unit,
            parts={code: kept[code] for code in unit.parts if code in kept},
            counts={code: self._times(code, kept[code]) for code in unit.counts if code in kept},
        )

    def _times(self, code: str, number: Decimal) -> Times:
        return number if code in self.after.at_discretion else int(number)


def _says_the_same(before: Part, after: Part, basis: Basis) -> bool:
    """Whether what points came from can be said of the part afterwards, and means there what it meant."""
    if basis.level and after.level(basis.level) is None:
        return False
    if basis.measured is not None and (not after.is_measured or before.measure != after.measure):
        return False
    kinds = {loss.code: loss.given for loss in before.losses}
    losses = {loss.code: loss for loss in after.losses}
    return all(
        code in losses and losses[code].given == kinds.get(code) and _has_room(losses[code], times)
        for code, times in basis.losses.items()
    )


def _has_room(loss: Rule, times: Decimal) -> bool:
    return (loss.most is None or times <= loss.most) and (loss.rate_from is None or loss.admits(times))


def _pieces(track: TrackRules) -> dict[str, Part | Rule]:
    pieces: tuple[Part | Rule, ...] = (*track.parts(), *track.rules())
    return {piece.code: piece for piece in pieces}


def revisions(before: SchemeRules, after: SchemeRules) -> dict[str, Revision]:
    """The tracks that count otherwise afterwards, by their code; all of them where grades or their bands differ."""
    whole = (before.grades, before.grade_bands) != (after.grades, after.grade_bands)
    pairs = ((track, after.track(track.code)) for track in before.tracks)
    return {own.code: Revision(own, new) for own, new in pairs if new is not None and (whole or own != new)}


def forbidden(before: SchemeRules, after: SchemeRules, assessed: Collection[str]) -> Iterator[Message]:
    """What a correction must leave as it is once units are being assessed in the tracks of these codes."""
    if before.year != after.year:
        yield msg(_("The year stays."))
    if missing := [grade for grade in before.grades if grade not in after.grades]:
        yield msg(_("Grades stay: %(grades)s."), grades="、".join(missing))
    for track in before.tracks:
        new = after.track(track.code)
        if track.code not in assessed:
            continue
        if new is None:
            yield msg(_("%(track)s: units are assessed in it, it can't be taken out."), track=track.name)
        else:
            yield from _forbidden_in(track, new)


def _forbidden_in(track: TrackRules, new: TrackRules) -> Iterator[Message]:
    if track.desk != new.desk:
        yield msg(_("%(track)s: the receiving desk stays, tasks have been given out."), track=track.name)
    if set(track.component_codes) != set(new.component_codes):
        text = _("%(track)s: the components stay, only their weights change: ratings have been asked for.")
        yield msg(text, track=track.name)
    if (track.recipients is None) != (new.recipients is None):
        yield msg(_("%(track)s: whether recipients rate stays as it is."), track=track.name)
