"""What a notice of results holds, seals and prints: its letter, and the tracks with their grades, units by rank."""

from typing import TypedDict


class UnitResult(TypedDict):
    """A unit by its name of the year, with its rank and its total."""

    unit: str
    rank: int | None
    total: str


class GradeResults(TypedDict):
    """The units that were given a grade, by rank."""

    grade: str
    units: list[UnitResult]


class TrackResults(TypedDict):
    """A track with the grades that were given in it, the highest first."""

    code: str
    name: str
    grades: list[GradeResults]


class NoticeContent(TypedDict):
    """Everything that a notice says, and seals: `issued_on` as an ISO date."""

    number: str
    title: str
    issued_on: str
    issuer: str
    addressees: str
    paragraphs: list[str]
    tracks: list[TrackResults]
