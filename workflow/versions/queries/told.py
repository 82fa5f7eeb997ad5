"""What a version does to units, as its page tells it, and as it is kept with the version from its signature on."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from scoring.engine.score import UnitScore
from scoring.engine.track import Part, Rule
from scoring.models import Step
from workflow.versions.queries.effect import Touched, TrackEffect, UnitEffect


@dataclass(frozen=True)
class Result:
    """A unit's result."""

    total: Decimal | None
    rank: int | None
    grade: str | None
    barred: tuple[str, ...]

    @classmethod
    def of(cls, score: UnitScore | None) -> "Result | None":
        """The same of a score."""
        return None if score is None else cls(score.total, score.rank, score.grade, score.barred)

    @classmethod
    def from_json(cls, body: dict[str, Any] | None) -> "Result | None":
        """What was kept."""
        return None if body is None else cls(_number(body["total"]), body["rank"], body["grade"], tuple(body["barred"]))


@dataclass(frozen=True)
class Row:
    """A unit of a track: its result before and after; the rest as in `UnitEffect`."""

    unit: str
    track: str
    at: str
    before: Result | None
    after: Result | None
    grade: str
    touched: tuple[Touched, ...]
    asked: tuple[str, ...]
    is_changed: bool
    goes_back: bool
    is_barred: bool
    differs: bool

    @property
    def step(self) -> str:
        """Where it stands, in words."""
        return str(Step(self.at).label)

    @property
    def is_moved(self) -> bool:
        """Whether its rank is another one."""
        return self.before is not None and self.after is not None and self.before.rank != self.after.rank

    @classmethod
    def of(cls, track: str, effect: UnitEffect) -> "Row":
        """The row of a unit."""
        return cls(
            unit=effect.sheet.unit_name,
            track=track,
            at=effect.sheet.assessment.step,
            before=Result.of(effect.before),
            after=Result.of(effect.after),
            grade=effect.grade,
            touched=effect.touched,
            asked=effect.asked,
            is_changed=effect.is_changed,
            goes_back=effect.goes_back,
            is_barred=effect.is_barred,
            differs=effect.differs,
        )

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Row":
        """What was kept."""
        touched = tuple(Touched(row["code"], Decimal(row["given"]), _number(row["left"])) for row in body["touched"])
        results = {name: Result.from_json(body[name]) for name in ("before", "after")}
        return cls(**body | results | {"touched": touched, "asked": tuple(body["asked"])})


@dataclass(frozen=True)
class Piece:
    """A part or rule that is new or gone."""

    code: str
    text: str

    @classmethod
    def of(cls, pieces: Iterable[Part | Rule]) -> "tuple[Piece, ...]":
        """The same of the engine's."""
        return tuple(cls(piece.code, piece.text) for piece in pieces)


@dataclass(frozen=True)
class TrackTold:
    """A track that counts otherwise: which of its pieces are gone or new."""

    name: str
    gone: tuple[Piece, ...]
    fresh: tuple[Piece, ...]

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "TrackTold":
        """What was kept."""
        gone, fresh = (tuple(Piece(**piece) for piece in body[name]) for name in ("gone", "fresh"))
        return cls(body["name"], gone, fresh)


@dataclass(frozen=True)
class Told:
    """The tracks that count otherwise, how many units they have, and these units; kept are those that it touches."""

    tracks: tuple[TrackTold, ...]
    units: int
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, effect: Iterable[TrackEffect]) -> "Told":
        """The effect of a version, as it was computed just now."""
        tracks = list(effect)
        rows = tuple(Row.of(track.name, unit) for track in tracks for unit in track.units)
        named = (TrackTold(track.name, Piece.of(track.gone), Piece.of(track.fresh)) for track in tracks)
        return cls(tuple(named), len(rows), rows)

    @property
    def touched(self) -> list[Row]:
        """The units of which anything is otherwise afterwards."""
        return [row for row in self.rows if row.differs]

    def to_json(self) -> dict[str, Any]:
        """What is kept of it."""
        return asdict(Told(self.tracks, self.units, tuple(self.touched)))

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Told":
        """What was kept."""
        tracks = tuple(TrackTold.from_json(track) for track in body["tracks"])
        return cls(tracks, body["units"], tuple(Row.from_json(row) for row in body["rows"]))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
