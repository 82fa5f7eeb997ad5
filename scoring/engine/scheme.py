"""The scheme: the rules of a cycle as read from a notice, frozen, with its JSON form and fingerprint."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from scoring.engine.fields import Fields, Reading
from scoring.engine.messages import Message, Translate, _, identity, msg
from scoring.engine.quota import Quota, read_quota
from scoring.engine.scheme_json import band_of, once, read_tracks
from scoring.engine.track import Body, TrackRules, Written

CONFIRM = "confirm"
ERROR = "error"
PUBLICITY_DAYS = 5


@dataclass(frozen=True)
class Finding(Written):
    """A reading that is stated, never silently settled: to be confirmed, or an error that keeps a cycle closed."""

    code: str
    severity: str
    track: str | None
    at: str | None
    message: Message

    def to_json(self, translate: Translate = identity) -> Body:
        """Return the finding in the shape of the contract, its message in the language of `translate`."""
        return super().to_json() | {"message": self.message.text(translate)}


@dataclass(frozen=True)
class GradeBand(Written):
    """The totals that make a grade (`90分（含）以上为优秀`): `least` inclusive, to `below` exclusive; None is open."""

    options = frozenset({"least", "below"})

    grade: str
    least: Decimal | None = None
    below: Decimal | None = None

    def holds(self, total: Decimal) -> bool:
        """Whether a total lies in the band."""
        return (self.least is None or total >= self.least) and (self.below is None or total < self.below)


@dataclass(frozen=True)
class SchemeRules(Written):
    """The rules of a cycle: all that its notice says; dates are Beijing days, points are decimals.

    `deadline` is the last day that counts; with `deadline_time` material is due before that hour of it (R6).
    """

    options = frozenset({"deadline_time", "grade_bands", "quotas"})

    year: int | None
    title: str | None
    number: str | None
    issuer: str | None
    issued: date | None
    deadline: date | None
    publicity_working_days: int
    grades: tuple[str, ...]
    tracks: tuple[TrackRules, ...]
    findings: tuple[Finding, ...] = ()
    grade_bands: tuple[GradeBand, ...] = ()
    deadline_time: time | None = None
    quotas: tuple[Quota, ...] = ()

    def track(self, code: str) -> TrackRules | None:
        """Return the track with this code, or None."""
        return next((track for track in self.tracks if track.code == code), None)

    def errors(self) -> tuple[Finding, ...]:
        """Return the findings on which a cycle can't open."""
        return tuple(finding for finding in self.findings if finding.severity == ERROR)

    def to_json(self, translate: Translate = identity) -> Body:
        """Return the scheme in the shape of the contract, messages in the language of `translate`."""
        return super().to_json() | {"findings": [finding.to_json(translate) for finding in self.findings]}

    @staticmethod
    def from_json(body: object) -> "SchemeRules":
        """Read a scheme from its JSON form; EngineErrors name every place that is wrong and what would be right."""
        reading = Reading()
        whole = reading.fields(body, "scheme")
        scheme = SchemeRules(
            year=whole.optional_count("year"),
            title=whole.optional_text("title"),
            number=whole.optional_text("number"),
            issuer=whole.optional_text("issuer"),
            issued=whole.optional_day("issued"),
            deadline=whole.optional_day("deadline"),
            publicity_working_days=whole.optional_count("publicity_working_days") or PUBLICITY_DAYS,
            grades=whole.texts("grades"),
            tracks=read_tracks(whole),
            findings=tuple(_read_finding(finding) for finding in whole.each("findings")),
            grade_bands=tuple(_read_grade_band(band) for band in whole.each("grade_bands")),
            deadline_time=whole.optional_hour("deadline_time"),
            quotas=tuple(read_quota(quota) for quota in whole.each("quotas")),
        )
        _known_grades(whole, scheme)
        _known_quotas(whole, scheme)
        reading.finish()
        return scheme


def _read_grade_band(fields: Fields) -> GradeBand:
    least, below = band_of(fields)
    if least is None and below is None:
        fields.wrong("least", msg(_("Give where the grade begins or ends.")))
    return GradeBand(fields.text("grade"), least, below)


def _known_grades(fields: Fields, scheme: SchemeRules) -> None:
    """Note grades of bands and vetoes that the scheme does not have."""
    vetoes = (veto for track in scheme.tracks for veto in track.vetoes)
    named = {band.grade for band in scheme.grade_bands} | {grade for veto in vetoes for grade in veto.grades}
    for grade in sorted(named - set(scheme.grades)):
        fields.reading.note(fields.place, msg(_("The grade “%(grade)s” is not among the grades."), grade=grade))


def _known_quotas(fields: Fields, scheme: SchemeRules) -> None:
    """Note quotas of grades or tracks that the scheme does not have; where it has no grades, any may be meant."""
    tracks = {track.code for track in scheme.tracks}
    for index, quota in enumerate(scheme.quotas):
        place = f"{fields.place}.quotas[{index}]"
        if scheme.grades and quota.grade not in scheme.grades:
            text = _("The grade “%(grade)s” is not among the grades.")
            fields.reading.note(place, msg(text, grade=quota.grade), field="grade")
        if quota.track is not None and quota.track not in tracks:
            fields.reading.note(place, msg(_("There is no track “%(track)s”."), track=quota.track), field="track")
    once(fields, [quota.code for quota in scheme.quotas])


def _read_finding(fields: Fields) -> Finding:
    return Finding(
        code=fields.text("code"),
        severity=fields.one_of("severity", (CONFIRM, ERROR)),
        track=fields.optional_text("track"),
        at=fields.optional_text("at"),
        message=Message(fields.text("message")),
    )


def canonical_json(body: Mapping[str, object]) -> bytes:
    """Write a JSON body in its one canonical form: sorted keys, no spaces, UTF-8."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def scheme_sha256(body: Mapping[str, object]) -> str:
    """Return the fingerprint under which a scheme is frozen: lower-case hex SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical_json(body)).hexdigest()
