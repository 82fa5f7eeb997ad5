"""The facts of the workflow room."""

from workflow.models.board import Board, BoardLine
from workflow.models.process import SENDS_BACK, Assessment, Outcome, OutcomeKind, Task
from workflow.models.publicity import Objection, ObjectionDecision, ObjectorKind, Publicity
from workflow.models.watch import FinishedSweep

__all__ = [
    "SENDS_BACK",
    "Assessment",
    "Board",
    "BoardLine",
    "FinishedSweep",
    "Objection",
    "ObjectionDecision",
    "ObjectorKind",
    "Outcome",
    "OutcomeKind",
    "Publicity",
    "Task",
]
