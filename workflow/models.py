"""The facts of the workflow room."""

from workflow.board.models import Board, BoardLine
from workflow.bulk.models import BulkItem, BulkKind, BulkRun, BulkState
from workflow.flow.models import SENDS_BACK, Assessment, Node, Outcome, OutcomeKind, Task
from workflow.office.models import FinishedSweep
from workflow.publicity.models import Objection, ObjectionDecision, ObjectorKind, Publicity

__all__ = [
    "SENDS_BACK",
    "Assessment",
    "Board",
    "BoardLine",
    "BulkItem",
    "BulkKind",
    "BulkRun",
    "BulkState",
    "FinishedSweep",
    "Node",
    "Objection",
    "ObjectionDecision",
    "ObjectorKind",
    "Outcome",
    "OutcomeKind",
    "Publicity",
    "Task",
]
