"""What every page of a unit's own self-evaluation begins with: the assessment, whether it is open, and why not."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.actors import requester
from common.errors import DomainError
from workflow.filing.queries.own import why_closed
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.exclusion import exclusions_of
from workflow.flow.queries.process import open_task
from workflow.flow.queries.steps import frame_of
from workflow.flow.queries.visibility import own_assessments


def own_assessment(request: HttpRequest, pk: int) -> tuple[Assessment, Task | None]:
    """An assessment of a unit that the requester files for (else 404), and its self-evaluation while that is open."""
    assessment = get_object_or_404(own_assessments(requester(request)), pk=pk)
    return assessment, open_task(assessment, Node.SELF_EVALUATION)


def require_task(assessment: Assessment, task: Task | None) -> Task:
    """The open self-evaluation; raises DomainError saying why there is none."""
    if task is None:
        raise DomainError(why_closed(assessment))
    return task


def shown_of(assessment: Assessment, task: Task | None) -> dict[str, Any]:
    """What each of these pages says of the assessment; `closed` is empty where the exclusion says more (R6)."""
    exclusion = exclusions_of([assessment]).get(assessment.pk)
    return frame_of(assessment) | {
        "task": task,
        "open": task is not None,
        "closed": "" if task or exclusion else why_closed(assessment),
        "exclusion": exclusion,
    }
