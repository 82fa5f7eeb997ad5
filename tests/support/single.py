"""Services that deal with many, asked about one."""

from accounts.models import User
from scoring.models import Incident, ScoreSheet
from workflow.consolidation.services.incidents import Decision, note_incident, stored_decision
from workflow.filing.services.self_evaluation import exclude_all_overdue
from workflow.flow.models import Task
from workflow.office.services.sweep import ACTS
from workflow.publicity.services.publicity import end_all_publicity


def exclude_overdue(*, task: Task) -> bool:
    """Exclude a unit as the sweep does; whether anything was done."""
    return bool(exclude_all_overdue(tasks=[task]))


def close_ratings(*, task: Task) -> bool:
    """Close a rating task as the sweep does; whether it was closed."""
    return bool(ACTS[task.node](tasks=[task]))


def end_publicity(*, task: Task) -> bool:
    """End a unit's publicity as the sweep does; whether it ended."""
    return bool(end_all_publicity(tasks=[task]))


def keep_incident(*, sheet: ScoreSheet, decision: Decision, by: User) -> Incident:
    """Keep a decision on an incident with its document, without the process lock that decides beside others."""
    with stored_decision(decision) as incident:
        return note_incident(incident=incident, sheet=sheet, decision=decision, by=by)
