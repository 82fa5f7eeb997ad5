"""The facts of the scoring room."""

from scoring.models.ballots import Ballot, Comment, KeyHolding, Tally, TallyDecision, TallyKey
from scoring.models.cycle import Cycle, HolidayOrder, PlannedStep, Step
from scoring.models.draws import CoveredRoster, Draw, Drawing, PublicRoster, Replacement, SeedShare
from scoring.models.facts import Incident, IncidentKind, Record, RecordKind
from scoring.models.library import ItemKind, LibraryItem
from scoring.models.proposals import FormerLine, SchemeProposal
from scoring.models.ratings import Abstention, Rating, RatingKind
from scoring.models.scheme import Finding, FindingSeverity, Responsibility, Scheme, Track
from scoring.models.sheet import LineKind, ScoreSheet, SheetLine
from scoring.models.steps import SchemeStep
from scoring.models.succession import Succession

__all__ = [
    "Abstention",
    "Ballot",
    "Comment",
    "CoveredRoster",
    "Cycle",
    "Draw",
    "Drawing",
    "Finding",
    "FindingSeverity",
    "FormerLine",
    "HolidayOrder",
    "Incident",
    "IncidentKind",
    "ItemKind",
    "KeyHolding",
    "LibraryItem",
    "LineKind",
    "PlannedStep",
    "PublicRoster",
    "Rating",
    "RatingKind",
    "Record",
    "RecordKind",
    "Replacement",
    "Responsibility",
    "Scheme",
    "SchemeProposal",
    "SchemeStep",
    "ScoreSheet",
    "SeedShare",
    "SheetLine",
    "Step",
    "Succession",
    "Tally",
    "TallyDecision",
    "TallyKey",
    "Track",
]
