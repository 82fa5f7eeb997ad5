"""What became of the tasks of one assessment."""

from django.db.models import Q, QuerySet
from viewflow.workflow.status import STATUS

from common import clock
from scoring.models import Cycle, ScoreSheet, Step
from workflow.flow.models import Assessment, Node, Task

OPEN = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED)


def flow_ref(node: str) -> str:
    """How viewflow names a node of the assessment flow in the database."""
    return f"workflow/flows.AssessmentFlow.{node}"


def about(task: Task) -> str:
    """The name under which messages depend on a task: what is unsent about it is withdrawn when it ends."""
    return f"task:{task.pk}"


def about_ratings(cycle: Cycle) -> str:
    """The name under which messages depend on the rating window of a cycle."""
    return f"ratings:{cycle.pk}"


def about_step(cycle: Cycle, node: str) -> str:
    """The name under which messages depend on the planned date of a step, and on none of its tasks."""
    return f"step:{cycle.pk}:{node}"


def open_tasks(*nodes: str) -> QuerySet[Task]:
    """Tasks that are not finished, of these nodes (of all when none is named)."""
    tasks: QuerySet[Task] = Task.objects.filter(finished=None, status__in=OPEN)
    if nodes:
        tasks = tasks.filter(flow_task__in=[flow_ref(node) for node in nodes])
    return tasks


def open_task(process: Assessment, node: str) -> Task | None:
    """The open task of `node` in this assessment, if there is one."""
    return open_tasks(node).filter(process=process).first()


def keeping_open() -> QuerySet[ScoreSheet]:
    """The sheets whose assessments keep their cycle from being closed: those that run, and those still to begin.

    Those of excluded units don't: closing ends them.
    """
    return ScoreSheet.objects.filter(assessment__finished=None).exclude(assessment__step=Step.EXCLUDED)


# The tasks that a person must do: what waits for a window or a sweep is nobody's delay.
OF_PEOPLE = (Node.SELF_EVALUATION, Node.ACCEPTANCE, Node.DEPARTMENT_REVIEW, Node.CONSOLIDATION)


def overdue() -> Q:
    """Tasks of people that are past their date, as a condition on tasks."""
    nodes = [flow_ref(node) for node in OF_PEOPLE]
    return Q(finished=None, status__in=OPEN, due_at__lte=clock.now(), flow_task__in=nodes)
