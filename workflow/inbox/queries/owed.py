"""What a person owes by when, most urgent first, and what lies with others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common import clock
from scoring.models import Step
from workflow.flow.models import Assessment, Node, Outcome, OutcomeKind, Task
from workflow.flow.queries.history import History, outcomes_in
from workflow.flow.queries.process import flow_ref
from workflow.flow.queries.visibility import own_assessments, tasks_for

FINAL = (Step.CIRCULATED, Step.EXCLUDED, Step.NOT_ASSESSED)
WHAT: dict[str, Promise] = {
    Node.SELF_EVALUATION: gettext_lazy("Fill in and submit the self-evaluation"),
    Node.ACCEPTANCE: gettext_lazy("Accept the materials"),
    Node.DEPARTMENT_REVIEW: gettext_lazy("Assess the work"),
    Node.CONSOLIDATION: gettext_lazy("Consolidate the result"),
}


@dataclass(frozen=True)
class Owed:
    """Something that a person owes: what, about what (in which cycle), by when (aware), and where it is done."""

    what: str
    about: str
    url: str
    due_at: datetime | None = None
    detail: str = ""
    task: Task | None = None
    cycle: str = ""


# ---- tasks of the flow ----


def node_of(task: Task) -> str:
    """The name of the flow's node that the task belongs to."""
    return str(task.flow_task.name)


def tasks_owed(actor: Actor, node: str = "") -> QuerySet[Task]:
    """The open tasks of `actor`, of one node if named, the most urgent first, those without a date last."""
    tasks = tasks_for(actor).order_by(F("due_at").asc(nulls_last=True), "pk")
    return tasks.filter(flow_task=flow_ref(node)) if node in WHAT else tasks


@dataclass(frozen=True)
class Waiting:
    """How many open tasks somebody has of each node, in the order of the steps, and how many of all are overdue."""

    by_node: Mapping[str, int]
    late: int

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.by_node.values())


def waiting_for(actor: Actor) -> Waiting:
    """How much waits for `actor` (one query)."""
    counts, late_ones = dict[str, int](), 0
    tasks = tasks_for(actor).order_by().values_list("flow_task")
    for node, many, late in tasks.annotate(many=Count("pk"), late=Count("pk", filter=Q(due_at__lte=clock.now()))):
        counts[getattr(node, "name", None) or str(node).rsplit(".", maxsplit=1)[-1]] = many
        late_ones += late
    return Waiting({node: counts[node] for node in WHAT if node in counts}, late_ones)


def owed_by_tasks(tasks: Iterable[Task], history: History) -> list[Owed]:
    """What these tasks ask for, with the reason where one was returned: the `history` is that of the filers' ones."""
    return [_owed(task, _last(outcomes_in(history.get(task.process_id, ())))) for task in tasks]


def _last(outcomes: Sequence[Outcome]) -> Outcome | None:
    return outcomes[-1] if outcomes else None


def _owed(task: Task, last: Outcome | None) -> Owed:
    what, detail = str(WHAT.get(node_of(task), "")), ""
    if last is not None and last.kind == OutcomeKind.RETURNED:
        what = _("Supplement the self-evaluation")
        detail = _("%(by)s returned it: %(why)s") % {"by": last.by.name if last.by else "", "why": last.why}
    sheet = task.process.sheet
    return Owed(
        what=what,
        about=sheet.unit_name,
        url=reverse("task", args=[task.pk]),
        due_at=task.due_at,
        detail=detail,
        task=task,
        cycle=sheet.cycle.short_title,
    )


# ---- the page's groups ----


@dataclass(frozen=True)
class Group:
    """What is owed in the same time, the most urgent first."""

    title: str
    rows: list[Owed]


def grouped(owed: Iterable[Owed]) -> list[Group]:
    """What is owed as overdue, due this week (until Sunday 24:00) and later; empty groups are left out."""
    now, today = clock.now(), clock.today()
    week_ends = clock.end_of(today + timedelta(days=6 - today.weekday()))
    groups = (Group(_("Overdue"), []), Group(_("Due this week"), []), Group(_("Later"), []))
    overdue, this_week, later = groups
    for thing in sorted(owed, key=lambda thing: (thing.due_at is None, thing.due_at or now)):
        if thing.due_at is None or thing.due_at > week_ends:
            later.rows.append(thing)
        else:
            (overdue if thing.due_at <= now else this_week).rows.append(thing)
    return [group for group in groups if group.rows]


def is_with_others(assessment: Assessment) -> bool:
    """Whether somebody else is dealing with a running assessment of one's own."""
    return assessment.step not in (*FINAL, Step.SELF_EVALUATION)


def assessments_of(actor: Actor) -> QuerySet[Assessment]:
    """The assessments of the person's units in cycles that are running, newest cycle first."""
    return own_assessments(actor).filter(sheet__cycle__opened_at__isnull=False, sheet__cycle__closed_at=None)
