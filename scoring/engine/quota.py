"""Quotas: how many units may get a grade, as a notice says it, and what that comes to for so many units (R12).

A quota is a proposal: the office confirms or changes it for the cycle, and the leading group decides within that.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from scoring.engine.fields import Fields
from scoring.engine.messages import _, msg
from scoring.engine.numbers import plain
from scoring.engine.track import Written

NEAREST, UP = "nearest", "up"
# What a quota may leave open: a finding stands at its code and one of these, `Q1.rounding`.
GRADES, MORE, ABOUT, ROUNDING, SCOPE = "grades", "more", "about", "rounding", "track"
HUNDRED = 100
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Quota(Written):
    """At most so many units get a grade: a number, or a share of all: `share` of `of` parts, of 100 where none is said.

    `after` makes it ranks: those behind the first so many (or the first such share), up to the number or the share.
    Without `track` it is for all units of the cycle together. A share that makes no whole unit is rounded down, unless
    the notice says otherwise by `rounding`.
    """

    options = frozenset({"track", "count", "share", "of", "after", "rounding"})

    code: str
    text: str
    grade: str
    track: str | None = None
    count: int | None = None
    share: Decimal | None = None
    of: int | None = None
    after: Decimal | None = None
    rounding: str | None = None

    def ends(self, units: int) -> tuple[Fraction, Fraction]:
        """Behind how many of so many units, and up to how many, not rounded: 20% of 41 are 8.2."""
        return self._up_to(self.after, units), self._up_to(self._figure, units)

    def most(self, units: int) -> int:
        """How many whole units of so many may get the grade; of ranks each end is rounded."""
        low, high = self.ends(units)
        return self._whole(high) - self._whole(low)

    @property
    def _figure(self) -> Decimal | int | None:
        return self.count if self.share is None else self.share

    def _up_to(self, figure: Decimal | int | None, units: int) -> Fraction:
        if self.share is None:
            return Fraction(figure or 0)
        return Fraction(figure or 0) * units / (self.of or HUNDRED)

    def _whole(self, exact: Fraction) -> int:
        if self.rounding == UP:
            return ceil(exact)
        return floor(exact + HALF) if self.rounding == NEAREST else floor(exact)


@dataclass(frozen=True)
class Proposal:
    """What the quotas of a grade come to, in a track, or in all together where it is None; the lowest counts."""

    grade: str
    track: str | None
    units: int
    quotas: tuple[Quota, ...]

    @property
    def most(self) -> int:
        """How many units may get the grade at most."""
        return min(quota.most(self.units) for quota in self.quotas)


def proposals(quotas: Iterable[Quota], units: Mapping[str, int]) -> tuple[Proposal, ...]:
    """What quotas come to for so many units by track; of a single track what holds for all together is its own."""
    only = next(iter(units)) if len(units) == 1 else None
    by_place: dict[tuple[str | None, str], list[Quota]] = {}
    for quota in quotas:
        by_place.setdefault((quota.track or only, quota.grade), []).append(quota)
    return tuple(
        Proposal(grade, track, sum(units.values()) if track is None else units.get(track, 0), tuple(own))
        for (track, grade), own in by_place.items()
    )


def written_exactly(number: Fraction) -> str:
    """A number as people write it, nothing rounded: 8.2; 13 2/3."""
    if HUNDRED % number.denominator == 0:
        return plain(Decimal(number.numerator) / number.denominator)
    whole, part = divmod(number, 1)
    return f"{whole} {part}" if whole else str(part)


def read_quota(fields: Fields) -> Quota:
    """Read a quota from its JSON form; what is wrong is noted at its place."""
    quota = Quota(
        code=fields.text("code"),
        text=fields.optional_text("text") or "",
        grade=fields.text("grade"),
        track=fields.optional_text("track"),
        count=fields.optional_count("count"),
        share=fields.optional_points("share"),
        of=fields.optional_count("of"),
        after=fields.optional_points("after"),
        rounding=fields.one_of("rounding", (NEAREST, UP)) if fields.values.get("rounding") is not None else None,
    )
    for name, remedy in _wrong(quota):
        fields.wrong(name, msg(remedy))
    return quota


def _wrong(quota: Quota) -> Iterator[tuple[str, str]]:
    if (quota.count is None) == (quota.share is None):
        yield "count", _("Give a number or a share, one of them.")
    if quota.share is None and (quota.of is not None or quota.rounding is not None):
        yield "share", _("Give it, or leave out of how many parts and how it is rounded: only a share has them.")
    if quota.of == 0 or (quota.share is not None and quota.share > (quota.of or HUNDRED)):
        yield "of", _("Give no fewer parts than the share has.")
    if quota.after is not None and quota.after >= (quota.share or quota.count or 0):
        yield "after", _("Give less than the number or the share.")
    if quota.after is not None and quota.share is None and quota.after % 1:
        yield "after", _("Give a whole number.")
