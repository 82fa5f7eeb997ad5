"""Reads the units to be scored and refuses, with unit and place, whatever the scheme has no room for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.errors import EngineError, EngineErrors
from scoring.engine.fields import count_of, decimal_of
from scoring.engine.messages import Message, _, msg
from scoring.engine.numbers import plain
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import LEADERS, RECIPIENTS, Adjustment, TrackRules

FIELDS = ("unit", "track", "parts", "adjustments", "recipient_ratings", "leader_ratings", "incidents")
HIGHEST_RATING = Decimal(100)
LIST = _("“%(field)s” is not a list.")
OBJECT = _("“%(field)s” is not an object.")


@dataclass(frozen=True)
class Incident:
    """What the office decided on an incident (R10): grades barred, or the unit is not assessed at all."""

    bars: tuple[str, ...] = ()
    not_assessed: bool = False


@dataclass(frozen=True)
class Unit:
    """What counts for one unit: points by part, how often each rule applies, ratings of 0 to 100, incidents."""

    unit: str
    track: str
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    recipient_ratings: tuple[Decimal, ...] = ()
    leader_ratings: tuple[Decimal, ...] = ()
    incidents: tuple[Incident, ...] = ()


def parse_units(scheme: SchemeRules, raw: object) -> list[Unit]:
    """Read units by a scheme (contract 2); EngineErrors name each unit, the place and what would be right."""
    errors = [
        EngineError(
            " ".join(filter(None, ("scheme", finding.track, finding.at))),
            msg(_("The scheme has an open error: %(message)s"), message=finding.message),
        )
        for finding in scheme.errors()
    ]
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        errors.append(EngineError("", msg(_("The units are not a list.")), msg(_("Give a JSON list of units."))))
        raise EngineErrors(errors)
    units: list[Unit] = []
    seen: set[str] = set()
    for index, item in enumerate(raw):
        reader = _UnitReader(scheme, index, errors)
        unit = reader.read(item)
        if unit.unit in seen:
            reader.note("unit", msg(_("The unit stands twice.")), msg(_("Give each unit once.")))
        seen.add(unit.unit)
        units.append(unit)
    if errors:
        raise EngineErrors(errors)
    return units


class _UnitReader:
    """Reads one unit and notes what is wrong with it."""

    def __init__(self, scheme: SchemeRules, index: int, errors: list[EngineError]) -> None:
        self.scheme = scheme
        self.errors = errors
        self.name = f"#{index + 1}"

    def note(self, place: str, message: Message, remedy: Message | None = None) -> None:
        self.errors.append(EngineError(f"{self.name} {place}".strip(), message, remedy))

    def read(self, item: object) -> Unit:
        if not isinstance(item, dict):
            self.note("", msg(_("This is not a unit.")), msg(_("Write a JSON object in braces.")))
            return Unit(self.name, "")
        name = item.get("unit")
        if isinstance(name, str) and name.strip():
            self.name = name
        else:
            self.note("unit", msg(_("The unit has no name.")), msg(_("Give a text.")))
        for key in item:
            if key not in FIELDS:
                self.note(str(key), msg(_("This field is unknown.")), _one_of(FIELDS))
        code = item.get("track")
        track = self.scheme.track(code) if isinstance(code, str) else None
        if track is None:
            self.note("track", msg(_("This track is unknown.")), _one_of(each.code for each in self.scheme.tracks))
            return Unit(self.name, "")
        return Unit(
            unit=self.name,
            track=track.code,
            parts=self.parts(track, item),
            counts=self.counts(track, item),
            recipient_ratings=self.ratings(track, item, "recipient_ratings", RECIPIENTS),
            leader_ratings=self.ratings(track, item, "leader_ratings", LEADERS),
            incidents=self.incidents(track, item),
        )

    def parts(self, track: TrackRules, item: Mapping[str, object]) -> dict[str, Decimal]:
        limits = {part.code: part.points for part in track.parts()}
        given: dict[str, Decimal] = {}
        for code, value in self.mapping(item, "parts", "parts").items():
            place = f"parts.{code}"
            points = decimal_of(value)
            if code not in limits:
                self.note(place, msg(_("This part is unknown.")), _one_of(limits))
            elif points is None:
                self.note(place, msg(_("The points are not a decimal string.")), msg(_('Write them as "9.5".')))
            elif not 0 <= points <= limits[code]:
                message = msg(_("%(points)s points are not within the limits of this part."), points=plain(points))
                self.note(place, message, msg(_("Give 0 to %(limit)s."), limit=plain(limits[code])))
            else:
                given[code] = points
        return given

    def counts(self, track: TrackRules, item: Mapping[str, object]) -> dict[str, int]:
        counts: dict[str, int] = {}
        for code, inner in self.mapping(item, "adjustments", "adjustments").items():
            place = f"adjustments.{code}"
            adjustment = track.adjustment(code)
            if adjustment is None:
                codes = [each.code for each in track.adjustments]
                self.note(place, msg(_("This adjustment is unknown.")), _one_of(codes))
                continue
            rules = self.mapping({code: inner}, code, place)
            counts.update(self.rule_counts(adjustment, rules, place))
        return counts

    def rule_counts(self, adjustment: Adjustment, given: Mapping[str, object], place: str) -> dict[str, int]:
        rules = {rule.code: rule for rule in adjustment.rules}
        counts: dict[str, int] = {}
        for code, value in given.items():
            count = count_of(value)
            at = f"{place}.{code}"
            if code not in rules:
                self.note(at, msg(_("This rule is unknown.")), _one_of(rules))
            elif count is None:
                self.note(at, msg(_("This is no count.")), msg(_("Give a whole number, 0 or more.")))
            elif count > 1 and rules[code].per is None:
                self.note(at, msg(_("This rule applies only once.")), msg(_("Give 0 or 1.")))
            else:
                counts[code] = count
        return counts

    def ratings(self, track: TrackRules, item: Mapping[str, object], name: str, component: str) -> tuple[Decimal, ...]:
        given = self.sequence(item, name)
        if given and track.component(component) is None:
            self.note(name, msg(_("The track has no such ratings.")), msg(_("Leave them out.")))
            return ()
        ratings = []
        for index, value in enumerate(given):
            rating = decimal_of(value)
            if rating is None or not 0 <= rating <= HIGHEST_RATING:
                self.note(
                    f"{name}[{index}]",
                    msg(_("This is no rating.")),
                    msg(_('Give a decimal string of 0 to 100, such as "88".')),
                )
            else:
                ratings.append(rating)
        return tuple(ratings)

    def incidents(self, track: TrackRules, item: Mapping[str, object]) -> tuple[Incident, ...]:
        given = self.sequence(item, "incidents")
        if given and not track.incident_rule:
            self.note("incidents", msg(_("The track has no incident rule.")), msg(_("Leave them out.")))
            return ()
        return tuple(self.incident(value, f"incidents[{index}]") for index, value in enumerate(given))

    def incident(self, value: object, place: str) -> Incident:
        known = isinstance(value, dict) and bool(value) and set(value) <= {"bars", "not_assessed"}
        if not isinstance(value, dict) or not known:
            remedy = msg(_('Write {"bars": [grades]} or {"not_assessed": true}.'))
            self.note(place, msg(_("This is no incident.")), remedy)
            return Incident()
        not_assessed = value.get("not_assessed", False)
        if not isinstance(not_assessed, bool):
            self.note(f"{place}.not_assessed", msg(_("This is neither true nor false.")))
        bars = self.sequence(value, "bars")
        for grade in bars:
            if grade not in self.scheme.grades:
                self.note(f"{place}.bars", msg(_("This grade is unknown.")), _one_of(self.scheme.grades))
        return Incident(tuple(str(grade) for grade in bars), not_assessed is True)

    def mapping(self, item: Mapping[str, object], name: str, place: str) -> dict[str, object]:
        value = item.get(name, {})
        if isinstance(value, dict):
            return value
        self.note(place, msg(OBJECT, field=name), msg(_("Write a JSON object in braces.")))
        return {}

    def sequence(self, item: Mapping[str, object], name: str) -> list[object]:
        value = item.get(name, [])
        if isinstance(value, list):
            return value
        self.note(name, msg(LIST, field=name), msg(_("Write a JSON list in brackets.")))
        return []


def _one_of(choices: Iterable[str]) -> Message:
    return msg(_("Give one of: %(choices)s."), choices=", ".join(choices))
