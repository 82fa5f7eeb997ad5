"""The facts of the scoring room."""

from scoring.models.ballots import Ballot
from scoring.models.cycle import Cycle, HolidayOrder, PlannedStep, Step
from scoring.models.draws import Draw
from scoring.models.facts import Incident, IncidentKind, Record, RecordKind
from scoring.models.ratings import Rating, RatingKind
from scoring.models.scheme import Finding, FindingSeverity, Responsibility, Scheme, Track
from scoring.models.sheet import LineKind, ScoreSheet, SheetLine

__all__ = [
    "Ballot",
    "Cycle",
    "Draw",
    "Finding",
    "FindingSeverity",
    "HolidayOrder",
    "Incident",
    "IncidentKind",
    "LineKind",
    "PlannedStep",
    "Rating",
    "RatingKind",
    "Record",
    "RecordKind",
    "Responsibility",
    "Scheme",
    "ScoreSheet",
    "SheetLine",
    "Step",
    "Track",
]
