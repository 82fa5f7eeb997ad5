"""A track's rules: components, indicators with their parts, adjustments with their rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from itertools import repeat
from math import prod
from typing import Any, ClassVar

from scoring.engine.numbers import EXACT, ZERO, added, capped, multiplied, plain

Body = dict[str, Any]
# How often a rule applies; of a rule at discretion its points.
Times = int | Decimal
BONUS = "bonus"
DEDUCTION = "deduction"
WORK = "work"
RECIPIENTS = "recipients"
LEADERS = "leaders"
TO_ZERO = "zero"
NOT_ASSESSED = "not_assessed"
BARS = "bars"


@dataclass(frozen=True)
class Written:
    """A piece of a scheme, which is written to JSON field by field: numbers as decimal strings, days as ISO dates.

    What `options` names is left out where it is not taken, so that a scheme without it is written as it always was.
    """

    options: ClassVar[frozenset[str]] = frozenset()

    def to_json(self) -> Body:
        """Return the piece in the shape of the contract."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: _written(value) for name, value in values if name not in self.options or _taken(value)}


def _taken(value: object) -> bool:
    return value is not None and value is not False and value != ()


def _written(value: object) -> object:
    match value:
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case tuple():
            return [_written(item) for item in value]
        case Written():
            return value.to_json()
    return value


@dataclass(frozen=True)
class Quotient:
    """A number before it is rounded, exact: `value` ÷ `count`, such as a mean by its sum and its count."""

    value: Decimal
    count: int = 1


@dataclass(frozen=True)
class Component(Written):
    """A share of a track's total: the work assessment, the recipients' or the leaders' ratings; weight in percent.

    Of ratings all count (R9), unless the scheme says otherwise: `trim` leaves out so many of the highest and as many of
    the lowest, `trim_share` (percent, below 50) as many at each end as make whole ratings of that share, rounded down.
    """

    options = frozenset({"trim", "trim_share", "least"})

    code: str
    weight: Decimal
    trim: int | None = None
    trim_share: Decimal | None = None
    # The fewest ratings, before any is left out, by which the component has a mark at all.
    least: int | None = None

    @property
    def needed(self) -> int:
        """The fewest ratings that make a mark: as many as are demanded, and one more than are left out."""
        return max(self.least or 1, 2 * (self.trim or 0) + 1)

    def left_out(self, given: int) -> int:
        """How many of so many ratings are left out at each end: the highest, and as many of the lowest."""
        return self.trim or int(EXACT.multiply(self.trim_share or ZERO, given).scaleb(-2, EXACT))

    def counting(self, ratings: Sequence[Decimal]) -> Sequence[Decimal]:
        """The ratings that count of those given, the lowest first if any is left out; none where they are too few."""
        if len(ratings) < self.needed:
            return ()
        out = self.left_out(len(ratings))
        return sorted(ratings)[out : len(ratings) - out] if out else ratings

    def mark(self, ratings: Sequence[Decimal]) -> "Quotient | None":
        """The plain mean of the ratings that count (R9), exact; None where they are too few."""
        counting = self.counting(ratings)
        return Quotient(added(counting), len(counting)) if counting else None

    def weighed(self, mark: Decimal) -> Decimal:
        """What a mark comes to in the total: exact points (R2)."""
        return EXACT.multiply(mark, self.weight).scaleb(-2, EXACT)


@dataclass(frozen=True)
class Recipients(Written):
    """How many service recipients are drawn (R8), and from which categories."""

    sample: int
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Rule(Written):
    """How an adjustment, or a loss within a part, counts: `rate` points, once or per item, at most `cap` by this rule.

    With `rate_from` it is at discretion (`酌情扣0.5－2分`): what is given are no times but the points themselves, from
    `rate_from` to `rate`; more only where it counts for each item.

    With `factor` (`逾期的减半计分`) it has no points of its own, its rate is 0, and it applies once or not at all: what
    the rules beside it come to is multiplied.
    """

    options = frozenset({"rate_from", "factor"})

    code: str
    text: str
    rate: Decimal
    per: str | None = None
    cap: Decimal | None = None
    rate_from: Decimal | None = None
    factor: Decimal | None = None

    @property
    def given(self) -> str:
        """What a number given to it says: how often it applies, its points, or whether its factor applies."""
        if self.factor is not None:
            return "factor"
        return "times" if self.rate_from is None else "points"

    def raw(self, times: Times) -> Decimal:
        """What the rule comes to when it applies so many times, before its limit: exact points."""
        return EXACT.multiply(self.rate, times) if self.rate_from is None else Decimal(times)

    @property
    def most(self) -> Decimal | None:
        """The highest number that may be given to it: of points at discretion the rate, else once; None without one."""
        if self.per is not None:
            return self.cap if self.rate_from is not None else None
        return Decimal(1) if self.rate_from is None else self.rate

    def admits(self, points: Decimal) -> bool:
        """Whether points given at discretion lie in the rule's range: none, or from `rate_from` on."""
        return not points or (points >= (self.rate_from or ZERO) and (self.per is not None or points <= self.rate))

    def worth(self, times: Times) -> Decimal:
        """What the rule comes to when it applies so many times: exact points within its limit (R3)."""
        return capped(self.raw(times), self.cap)


def factors_of(rules: Sequence[Rule], times: Mapping[str, Times]) -> list[tuple[str, Decimal]]:
    """Return the factors among rules that apply, each with its code, by how many times each rule does."""
    return [(rule.code, rule.factor) for rule in rules if rule.factor is not None and times.get(rule.code)]


@dataclass(frozen=True)
class Level(Written):
    """One step of a part, of which one is reached: `points`; with `least` or `below` a band of a measured number.

    A band goes from `least`, inclusive, to `below`, exclusive; None is open.
    """

    options = frozenset({"least", "below"})

    code: str
    text: str
    points: Decimal
    least: Decimal | None = None
    below: Decimal | None = None

    @property
    def is_band(self) -> bool:
        """Whether a measured number decides if it is reached."""
        return self.least is not None or self.below is not None

    def holds(self, measured: Decimal) -> bool:
        """Whether a measured number lies in the level's band; never, where the level has none."""
        return _within(measured, self.least, self.below)


def _within(number: Decimal, least: Decimal | None, below: Decimal | None) -> bool:
    banded = least is not None or below is not None
    return banded and (least is None or number >= least) and (below is None or number < below)


@dataclass(frozen=True)
class Part(Written):
    """A scored piece of an indicator: at most `points`; `at_least` a count demanded (R5); `rate` points per `per`.

    Of its `levels` one is reached and they are never added up, `points` being the best; `measure` is what the bands
    among them measure, such as 倍. Its `losses` are taken from `points`, never to below 0; what is left is multiplied
    by the factors among them that apply, never to above `points`.
    """

    options = frozenset({"levels", "measure", "losses"})

    code: str
    text: str
    points: Decimal
    at_least: int | None = None
    rate: Decimal | None = None
    per: str | None = None
    levels: tuple[Level, ...] = ()
    measure: str | None = None
    losses: tuple[Rule, ...] = ()

    def suggested(self, times: int) -> Decimal | None:
        """What the rate suggests for so many items: exact points, up to the part's own; None without a rate (R5)."""
        return None if self.rate is None else capped(EXACT.multiply(self.rate, times), self.points)

    @property
    def is_measured(self) -> bool:
        """Whether a measured number decides which of its levels is reached: each of them is a band."""
        return bool(self.levels) and all(level.is_band for level in self.levels)

    def level(self, code: str) -> Level | None:
        """Return the level with this code, or None."""
        return next((level for level in self.levels if level.code == code), None)

    def measured(self, number: Decimal) -> Decimal | None:
        """What a measured number comes to: the best level whose band holds it; None in none, which a person judges."""
        return max((level.points for level in self.levels if level.holds(number)), default=None)

    def left(self, times: Mapping[str, Times], reached: Decimal | None = None) -> Decimal:
        """What is left of the points `reached`, else of all, by how many times each loss applies, before factors.

        Exact points, never below 0.
        """
        lost = added(loss.worth(count) for loss in self.losses if (count := times.get(loss.code)))
        return max(EXACT.subtract(self.points if reached is None else reached, lost), ZERO)

    def follows(self, times: Mapping[str, Times], reached: Decimal | None = None) -> Decimal:
        """What is left, times the factors that apply: exact points, from 0 to the part's own."""
        factors = (factor for _code, factor in factors_of(self.losses, times))
        return min(multiplied(self.left(times, reached), factors), self.points)


@dataclass(frozen=True)
class Indicator(Written):
    """A row of an annex; `points` is null when it can't be priced, `implied` when filled up to full marks (R4)."""

    code: str
    text: str
    points: Decimal | None
    implied: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Adjustment(Written):
    """A bonus or deduction item (R3); `cap` is the most that the item may count.

    With `highest` its rules are levels (`国家级5分、省级3分`): only the one that comes to most counts, never their sum.
    What they come to is multiplied by the factors among its rules that apply; a factor alone comes to nothing.
    """

    options = frozenset({"highest"})

    code: str
    kind: str
    text: str
    cap: Decimal | None = None
    rules: tuple[Rule, ...] = ()
    highest: bool = False

    def factors(self, times: Mapping[str, Times]) -> list[tuple[str, Decimal]]:
        """The factors that apply, each with the code of its rule."""
        return factors_of(self._factors, times)

    def applies(self, times: Mapping[str, Times]) -> bool:
        """Whether any of its rules applies, by how many times each does; a factor alone is none."""
        return not self._codes.isdisjoint(times) and any(times.get(code) for code in self._codes)

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(rule.code for rule in self.rules if rule.factor is None)

    @cached_property
    def _factors(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.factor is not None)

    def raw(self, times: Mapping[str, Times]) -> Decimal:
        """What the item comes to before its limit, by how many times each rule applies: exact points."""
        worth = [rule.worth(count) for rule in self.rules if (count := times.get(rule.code))]
        together = max(worth, default=ZERO) if self.highest else added(worth)
        return multiplied(together, (factor for _code, factor in self.factors(times)))

    def worth(self, times: Mapping[str, Times]) -> Decimal:
        """What the item comes to, by how many times each rule applies: exact points within its limit (R3)."""
        return capped(self.raw(times), self.cap)


@dataclass(frozen=True)
class Veto(Written):
    """What overrules every point (`一票否决`): the total is zero, the unit is not assessed, or grades are barred."""

    options = frozenset({"grades"})

    code: str
    text: str
    effect: str
    grades: tuple[str, ...] = ()

    @property
    def to_zero(self) -> bool:
        """Whether the total counts 0."""
        return self.effect == TO_ZERO

    @property
    def not_assessed(self) -> bool:
        """Whether the unit is not assessed."""
        return self.effect == NOT_ASSESSED


@dataclass(frozen=True)
class TrackRules(Written):
    """A group of units that is assessed by one annex and ranked together (R1)."""

    options = frozenset({"vetoes", "unlimited"})

    code: str
    name: str
    annex: int
    desk: str | None = None
    components: tuple[Component, ...] = (Component(WORK, Decimal(100)),)
    recipients: Recipients | None = None
    materials: tuple[str, ...] = ()
    full_marks: Decimal = Decimal(100)
    bonus_cap: Decimal | None = None
    deduction_cap: Decimal | None = None
    deduction_bars: tuple[str, ...] = ()
    incident_rule: bool = False
    indicators: tuple[Indicator, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    # The kinds of adjustments of which the notice itself says that all together have no limit.
    unlimited: tuple[str, ...] = ()

    def parts(self) -> tuple[Part, ...]:
        """Return all scored parts in the order printed."""
        return self._parts

    @cached_property
    def _parts(self) -> tuple[Part, ...]:
        return tuple(part for indicator in self.indicators for part in indicator.parts)

    def part(self, code: str) -> Part | None:
        """Return the part with this code, or None."""
        return next((part for part in self.parts() if part.code == code), None)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of all adjustments in the order printed."""
        return tuple(rule for adjustment in self.adjustments for rule in adjustment.rules)

    def rule(self, code: str) -> Rule | None:
        """Return the rule with this code, or None."""
        return next((rule for rule in self.rules() if rule.code == code), None)

    def loss(self, code: str) -> Rule | None:
        """Return the loss within a part with this code, or None."""
        return next((loss for part in self.parts() for loss in part.losses if loss.code == code), None)

    def veto(self, code: str) -> Veto | None:
        """Return the veto with this code, or None."""
        return next((veto for veto in self.vetoes if veto.code == code), None)

    @cached_property
    def at_discretion(self) -> frozenset[str]:
        """The codes of the rules of which the points themselves are given, not how many times they apply."""
        return frozenset(rule.code for rule in self.rules() if rule.rate_from is not None)

    def adjustment(self, code: str) -> Adjustment | None:
        """Return the adjustment with this code, or None."""
        return next((adjustment for adjustment in self.adjustments if adjustment.code == code), None)

    @cached_property
    def part_codes(self) -> tuple[str, ...]:
        """The codes of all scored parts, in the order printed."""
        return tuple(part.code for part in self._parts)

    @cached_property
    def component_codes(self) -> tuple[str, ...]:
        """The codes of the components, in the order of the scheme."""
        return tuple(component.code for component in self.components)

    @cached_property
    def of_kind(self) -> Mapping[str, tuple[Adjustment, ...]]:
        """The bonus items and the deduction items, each in the order printed."""
        return {kind: tuple(item for item in self.adjustments if item.kind == kind) for kind in (BONUS, DEDUCTION)}

    def cap_of(self, kind: str) -> Decimal | None:
        """Return the most that all bonus, or all deductions, may count together; None where there is no limit (R3)."""
        return self.bonus_cap if kind == BONUS else self.deduction_cap

    def base(self, given: Mapping[str, Decimal]) -> Decimal:
        """Add up the points given, by part; a part left out counts 0."""
        return added(map(given.get, self.part_codes, repeat(ZERO)))

    def adjusted(self, kind: str, times: Mapping[str, Times]) -> Decimal:
        """What all bonus, or all deductions, come to: exact points within every limit (R3)."""
        if not times:
            return ZERO
        raw = added(item.worth(times) for item in self.of_kind[kind] if item.applies(times))
        return capped(raw, self.cap_of(kind))

    def total(self, marks: Mapping[str, Quotient]) -> Quotient:
        """Weigh the marks of all components: their sum over one denominator, so that it stays exact (R2)."""
        count = prod(marks[component.code].count for component in self.components)
        return Quotient(added(self._shares(marks, count)), count)

    def _shares(self, marks: Mapping[str, Quotient], count: int) -> Iterator[Decimal]:
        for component in self.components:
            mark = marks[component.code]
            yield EXACT.multiply(component.weighed(mark.value), count // mark.count)

    def component(self, code: str) -> Component | None:
        """Return the component with this code, or None where the track has not got it."""
        return next((component for component in self.components if component.code == code), None)
