"""Reads the units to be scored and refuses, with unit and place, whatever the scheme has no room for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.basis import LEVEL, LOSSES, MEASURED, Basis
from scoring.engine.errors import EngineError, EngineErrors
from scoring.engine.fields import count_of, decimal_of
from scoring.engine.messages import Message, _, msg
from scoring.engine.numbers import ZERO, plain
from scoring.engine.scheme import Finding, SchemeRules
from scoring.engine.track import LEADERS, RECIPIENTS, Part, Rule, Times, TrackRules

FIELDS = (
    "unit",
    "track",
    "parts",
    "adjustments",
    "recipient_ratings",
    "leader_ratings",
    "incidents",
    "vetoes",
    "basis",
)
HIGHEST_RATING = Decimal(100)
REMEMBERED = 2**12  # of each part, and of ratings: the same few stand in every unit
LIST = _("“%(field)s” is not a list.")
OBJECT = _("“%(field)s” is not an object.")


@dataclass(frozen=True)
class Incident:
    """What the office decided on an incident (R10): grades barred, or the unit is not assessed at all."""

    bars: tuple[str, ...] = ()
    not_assessed: bool = False


@dataclass(frozen=True)
class Unit:
    """What counts for one unit: points by part, how often each rule applies, ratings of 0 to 100, incidents, vetoes.

    `counts` holds how many times a rule applies, of a rule at discretion its points; `vetoes` the codes of those that
    somebody decided apply. `bases` say what the points of parts come from; they explain, the points count.
    """

    unit: str
    track: str
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    counts: Mapping[str, Times] = field(default_factory=dict)
    recipient_ratings: tuple[Decimal, ...] = ()
    leader_ratings: tuple[Decimal, ...] = ()
    incidents: tuple[Incident, ...] = ()
    vetoes: tuple[str, ...] = ()
    bases: Mapping[str, Basis] = field(default_factory=dict)

    def ratings(self, component: str) -> tuple[Decimal, ...]:
        """The ratings for a component; none for one that is not rated."""
        return {RECIPIENTS: self.recipient_ratings, LEADERS: self.leader_ratings}.get(component, ())


class _Numbers(dict[object, Decimal]):
    """The numbers from 0 to a limit, by how they are written; KeyError or TypeError for anything else."""

    def __init__(self, limit: Decimal) -> None:
        super().__init__()
        self.limit = limit

    def __missing__(self, text: object) -> Decimal:
        number = decimal_of(text)
        if number is None or not ZERO <= number <= self.limit:
            raise KeyError(text)
        if len(self) < REMEMBERED:
            self[text] = number
        return number

    def read(self, text: object) -> Decimal | None:
        """Return the number; None for anything else."""
        try:
            return self[text]
        except (KeyError, TypeError):
            return None


RATINGS = _Numbers(HIGHEST_RATING)


class _Places:
    """Where a unit of a track may be given numbers: the points of each part, the rules of each adjustment."""

    def __init__(self, track: TrackRules) -> None:
        self.track = track
        self.points = {part.code: _Numbers(part.points) for part in track.parts()}
        self.rules = {item.code: {rule.code: rule for rule in item.rules} for item in track.adjustments}


class UnitReader:
    """Reads units one after another by a scheme, and keeps what is wrong with them in `errors`."""

    def __init__(self, scheme: SchemeRules) -> None:
        self.scheme = scheme
        self.errors = [_open_error(finding) for finding in scheme.errors()]
        self._tracks = {track.code: _Places(track) for track in scheme.tracks}
        self._names: set[str] = set()
        self._count = 0
        self._name = ""

    def listed(self, raw: object) -> Iterable[object]:
        """Return the items of a list, or of an iterator that yields it; EngineErrors when it is neither."""
        if isinstance(raw, list | Iterator):
            return raw
        self.errors.append(EngineError("", msg(_("The units are not a list.")), msg(_("Give a JSON list of units."))))
        raise EngineErrors(self.errors)

    def finish(self) -> None:
        """Raise EngineErrors with all that was wrong, if anything was."""
        if self.errors:
            raise EngineErrors(self.errors)

    def read(self, item: object) -> Unit:
        """Return the unit that a decoded JSON object tells of; what is wrong is kept, and what is right read."""
        self._count += 1
        self._name = f"#{self._count}"
        unit = self._unit(item)
        if unit.unit in self._names:
            self.note("unit", msg(_("The unit stands twice.")), msg(_("Give each unit once.")))
        self._names.add(unit.unit)
        return unit

    def note(self, place: str, message: Message, remedy: Message | None = None) -> None:
        """Keep a problem of the unit that is being read."""
        self.errors.append(EngineError(f"{self._name} {place}".strip(), message, remedy))

    def _unit(self, item: object) -> Unit:
        if not isinstance(item, dict):
            self.note("", msg(_("This is not a unit.")), msg(_("Write a JSON object in braces.")))
            return Unit(self._name, "")
        name = item.get("unit")
        if isinstance(name, str) and name.strip():
            self._name = name
        else:
            self.note("unit", msg(_("The unit has no name.")), msg(_("Give a text.")))
        for key in item:
            if key not in FIELDS:
                self.note(str(key), msg(_("This field is unknown.")), _one_of(FIELDS))
        code = item.get("track")
        places = self._tracks.get(code) if isinstance(code, str) else None
        if places is None:
            self.note("track", msg(_("This track is unknown.")), _one_of(self._tracks))
            return Unit(self._name, "")
        return Unit(
            unit=self._name,
            track=places.track.code,
            parts=self._parts(places, item),
            counts=self._counts(places.rules, item),
            recipient_ratings=self._ratings(places.track, item, "recipient_ratings", RECIPIENTS),
            leader_ratings=self._ratings(places.track, item, "leader_ratings", LEADERS),
            incidents=self._incidents(places.track, item),
            vetoes=self._vetoes(places.track, item) if "vetoes" in item else (),
            bases=self._bases(places.track, item) if "basis" in item else {},
        )

    def _parts(self, places: _Places, item: Mapping[str, object]) -> dict[str, Decimal]:
        given, known = self._mapping(item, "parts", "parts"), places.points
        try:
            return {code: known[code][text] for code, text in given.items()}
        except (KeyError, TypeError):
            read = {code: self._part(known, code, text) for code, text in given.items()}
            return {code: points for code, points in read.items() if points is not None}

    def _part(self, known: Mapping[str, _Numbers], code: str, text: object) -> Decimal | None:
        """Return the points of a part; None where they are not right, and what is wrong is noted."""
        if code not in known:
            self.note(f"parts.{code}", msg(_("This part is unknown.")), _one_of(known))
            return None
        points, limit = decimal_of(text), known[code].limit
        if points is None:
            self.note(f"parts.{code}", msg(_("The points are not a decimal string.")), msg(_('Write them as "9.5".')))
        elif not ZERO <= points <= limit:
            message = msg(_("%(points)s points are not within the limits of this part."), points=plain(points))
            self.note(f"parts.{code}", message, msg(_("Give 0 to %(limit)s."), limit=plain(limit)))
        return known[code].read(text)

    def _bases(self, track: TrackRules, item: Mapping[str, object]) -> dict[str, Basis]:
        """Return what the points of parts come from: a level, a number measured, losses."""
        bases = {}
        for code, raw in self._mapping(item, "basis", "basis").items():
            place, part = f"basis.{code}", track.part(code)
            if part is None:
                self.note(place, msg(_("This part is unknown.")), _one_of(track.part_codes))
            elif not isinstance(raw, dict) or not set(raw) <= {LEVEL, MEASURED, LOSSES}:
                remedy = msg(_('Write {"level": code}, {"measured": "1.5"} or {"losses": {code: times}}.'))
                self.note(place, msg(_("This does not say what the points come from.")), remedy)
            else:
                bases[code] = self._basis(part, raw, place)
        return bases

    def _basis(self, part: Part, raw: Mapping[str, object], place: str) -> Basis:
        level, measured = raw.get(LEVEL, ""), decimal_of(raw.get(MEASURED))
        if LEVEL in raw and (not isinstance(level, str) or part.level(level) is None):
            self.note(f"{place}.{LEVEL}", msg(_("This level is unknown.")), _one_of(item.code for item in part.levels))
        if MEASURED in raw and (measured is None or not part.is_measured):
            remedy = msg(_("Give a decimal string, for a part whose levels are bands of a number."))
            self.note(f"{place}.{MEASURED}", msg(_("This is no number that the part measures.")), remedy)
        given = self._mapping(raw, LOSSES, f"{place}.{LOSSES}")
        losses = self._rule_counts({loss.code: loss for loss in part.losses}, given, f"{place}.{LOSSES}")
        return Basis(str(level), measured, {code: Decimal(times) for code, times in losses.items()})

    def _counts(self, rules: Mapping[str, Mapping[str, Rule]], item: Mapping[str, object]) -> dict[str, Times]:
        counts: dict[str, Times] = {}
        given = self._mapping(item, "adjustments", "adjustments")
        for code in given:
            place = f"adjustments.{code}"
            if code in rules:
                counts.update(self._rule_counts(rules[code], self._mapping(given, code, place), place))
            else:
                self.note(place, msg(_("This adjustment is unknown.")), _one_of(rules))
        return counts

    def _rule_counts(self, rules: Mapping[str, Rule], given: Mapping[str, object], place: str) -> dict[str, Times]:
        counts: dict[str, Times] = {}
        for code, value in given.items():
            count, rule = count_of(value), rules.get(code)
            if rule is None:
                self.note(f"{place}.{code}", msg(_("This rule is unknown.")), _one_of(rules))
            elif rule.rate_from is not None:
                counts[code] = self._granted(rule, value, f"{place}.{code}")
            elif count is None:
                self.note(f"{place}.{code}", msg(_("This is no count.")), msg(_("Give a whole number, 0 or more.")))
            elif count > 1 and rule.per is None:
                self.note(f"{place}.{code}", msg(_("This rule applies only once.")), msg(_("Give 0 or 1.")))
            else:
                counts[code] = count
        return counts

    def _granted(self, rule: Rule, value: object, place: str) -> Decimal:
        """Return the points that somebody gave at discretion, or 0; what is out of the rule's range is noted."""
        given = decimal_of(value)
        if given is not None and rule.admits(given):
            return given
        figures = {"least": plain(rule.rate_from or ZERO), "most": plain(rule.rate)}
        text = _("Give 0, or a decimal string of %(least)s to %(most)s.")
        more = _("Give 0, or a decimal string of %(least)s or more.")
        self.note(place, msg(_("These are no points of this rule.")), Message(more if rule.per else text, figures))
        return ZERO

    def _vetoes(self, track: TrackRules, item: Mapping[str, object]) -> tuple[str, ...]:
        known = [veto.code for veto in track.vetoes]
        given = self._sequence(item, "vetoes")
        for index, code in enumerate(given):
            if code not in known:
                self.note(f"vetoes[{index}]", msg(_("This veto is unknown.")), _one_of(known))
        return tuple(code for code in known if code in given)

    def _ratings(self, track: TrackRules, item: Mapping[str, object], name: str, component: str) -> tuple[Decimal, ...]:
        given = self._sequence(item, name)
        if given and track.component(component) is None:
            self.note(name, msg(_("The track has no such ratings.")), msg(_("Leave them out.")))
            return ()
        try:
            return tuple(map(RATINGS.__getitem__, given))
        except (KeyError, TypeError):
            ratings = [RATINGS.read(text) for text in given]
        for index in (index for index, rating in enumerate(ratings) if rating is None):
            remedy = msg(_('Give a decimal string of 0 to 100, such as "88".'))
            self.note(f"{name}[{index}]", msg(_("This is no rating.")), remedy)
        return tuple(rating for rating in ratings if rating is not None)

    def _incidents(self, track: TrackRules, item: Mapping[str, object]) -> tuple[Incident, ...]:
        given = self._sequence(item, "incidents")
        if given and not track.incident_rule:
            self.note("incidents", msg(_("The track has no incident rule.")), msg(_("Leave them out.")))
            return ()
        return tuple(self._incident(value, f"incidents[{index}]") for index, value in enumerate(given))

    def _incident(self, value: object, place: str) -> Incident:
        known = isinstance(value, dict) and bool(value) and set(value) <= {"bars", "not_assessed"}
        if not isinstance(value, dict) or not known:
            remedy = msg(_('Write {"bars": [grades]} or {"not_assessed": true}.'))
            self.note(place, msg(_("This is no incident.")), remedy)
            return Incident()
        not_assessed = value.get("not_assessed", False)
        if not isinstance(not_assessed, bool):
            self.note(f"{place}.not_assessed", msg(_("This is neither true nor false.")))
        bars = self._sequence(value, "bars")
        for grade in bars:
            if grade not in self.scheme.grades:
                self.note(f"{place}.bars", msg(_("This grade is unknown.")), _one_of(self.scheme.grades))
        return Incident(tuple(str(grade) for grade in bars), not_assessed is True)

    def _mapping(self, item: Mapping[str, object], name: str, place: str) -> dict[str, object]:
        value = item.get(name, {})
        if isinstance(value, dict):
            return value
        self.note(place, msg(OBJECT, field=name), msg(_("Write a JSON object in braces.")))
        return {}

    def _sequence(self, item: Mapping[str, object], name: str) -> list[object]:
        value = item.get(name, [])
        if isinstance(value, list):
            return value
        self.note(name, msg(LIST, field=name), msg(_("Write a JSON list in brackets.")))
        return []


def _open_error(finding: Finding) -> EngineError:
    place = " ".join(filter(None, ("scheme", finding.track, finding.at)))
    return EngineError(place, msg(_("The scheme has an open error: %(message)s"), message=finding.message))


def _one_of(choices: Iterable[str]) -> Message:
    return msg(_("Give one of: %(choices)s."), choices=", ".join(choices))
