"""What a person owes by when, most urgent first, and what lies with others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import Role
from common import clock
from common.rows import ask
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


# In which roles tasks of a node wait for people.
WAIT_AS: dict[str, tuple[Role, ...]] = {
    Node.SELF_EVALUATION: (Role.FILER,),
    Node.ACCEPTANCE: (Role.REVIEWER,),
    Node.DEPARTMENT_REVIEW: (Role.REVIEWER, Role.HEAD),
    Node.CONSOLIDATION: (Role.OFFICE,),
}
# So many tasks of a node are listed, the most urgent; of what goes beyond nobody needs the number, and counting it
# takes the longer the more there is.
LISTED = 1000


@dataclass(frozen=True)
class Waiting:
    """The open tasks that somebody has of each node, in the order of the steps: when each is due, and its key, the most
    urgent first; of each node one more than are LISTED at most."""

    by_node: Mapping[str, Sequence[tuple[datetime | None, int]]]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are listed."""
        return any(map(self.has_more, self.by_node))

    def has_more(self, node: str) -> bool:
        """Whether there are more of this node than are listed."""
        return len(self.by_node[node]) > LISTED

    @property
    def counts(self) -> dict[str, int]:
        """How many are listed of each node."""
        return {node: min(len(tasks), LISTED) for node, tasks in self.by_node.items()}

    @property
    def late(self) -> int:
        """How many of those listed are overdue."""
        now = clock.now()
        return sum(due is not None and due <= now for tasks in self.by_node.values() for due, _key in tasks[:LISTED])

    def keys(self, node: str = "") -> list[int]:
        """The keys of those listed, of one node if named, the most urgent first, those without a date last."""
        nodes = [node] if node in WHAT else list(self.by_node)
        listed = [task for name in nodes for task in self.by_node.get(name, ())[:LISTED]]
        return [key for _due, key in sorted(listed, key=_urgency)]


def _urgency(task: tuple[datetime | None, int]) -> tuple[bool, float, int]:
    due, key = task
    return due is None, due.timestamp() if due else 0.0, key


def waiting_for(actor: Actor) -> Waiting:
    """What waits for `actor` (one trip): each node and role is asked for in the order of an index, which ends early."""
    places = [(node, role) for node, roles in WAIT_AS.items() for role in roles]
    answers = ask(*(_most_urgent(actor, node, role) for node, role in places))
    by_node: dict[str, list[tuple[datetime | None, int]]] = {}
    for (node, _role), tasks in zip(places, answers, strict=True):
        by_node.setdefault(node, []).extend(tasks)
    return Waiting({node: sorted(tasks, key=_urgency)[: LISTED + 1] for node, tasks in by_node.items() if tasks})


def _most_urgent(actor: Actor, node: str, role: Role) -> QuerySet[Task, tuple[datetime | None, int]]:
    tasks = tasks_for(actor, role).filter(flow_task=flow_ref(node))
    return tasks.order_by(F("due_at").asc(nulls_last=True), "pk").values_list("due_at", "pk")[: LISTED + 1]


def tasks_named(actor: Actor, keys: Sequence[int]) -> list[Task]:
    """The tasks of these keys that still wait for `actor`, in this order (one query)."""
    place = {key: number for number, key in enumerate(keys)}
    return sorted(tasks_for(actor).filter(pk__in=keys), key=lambda task: place[task.pk])


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
