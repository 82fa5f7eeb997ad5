"""What a person owes by when, most urgent first, and what lies with others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actors import Actor
from accounts.guarded import CONFIRMED_BY, say_change, to_confirm
from accounts.models import Role
from common import clock
from documents.models import NoticeReceipt
from scoring.models import Rating, RatingKind, Step
from workflow.board.models import Board
from workflow.flow.models import Assessment, Outcome, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.flow.queries.visibility import own_assessments, tasks_for
from workflow.inbox.decisions import decisions_waiting

FINAL = (Step.CIRCULATED, Step.EXCLUDED, Step.NOT_ASSESSED)
WHAT: dict[str, Promise] = {
    "self_evaluation": gettext_lazy("Fill in and submit the self-evaluation"),
    "acceptance": gettext_lazy("Accept the materials"),
    "department_review": gettext_lazy("Assess the work"),
    "consolidation": gettext_lazy("Consolidate the result"),
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
    found = tasks_for(actor).order_by(F("due_at").asc(nulls_last=True), "pk")
    if node in WHAT:
        found = found.filter(pk__in=open_tasks(node).values("pk"))
    return found


def counts_by_node(actor: Actor) -> dict[str, int]:
    """How many open tasks `actor` has of each node (one query)."""
    counts: dict[str, int] = {}
    for row in tasks_for(actor).order_by().values("flow_task").annotate(many=Count("pk")):
        name = getattr(row["flow_task"], "name", None) or str(row["flow_task"]).rsplit(".", maxsplit=1)[-1]
        counts[name] = row["many"]
    return {node: counts[node] for node in WHAT if node in counts}


def late_count(actor: Actor) -> int:
    """How many open tasks of `actor` are overdue."""
    return tasks_for(actor).filter(due_at__lte=clock.now()).count()


def owed_by_tasks(tasks: Iterable[Task]) -> list[Owed]:
    """What these tasks ask for, with the reason where one was returned (one query)."""
    rows = list(tasks)
    returned = _last_outcomes(rows)
    return [_owed(task, returned.get(task.process_id)) for task in rows]


def _last_outcomes(tasks: Iterable[Task]) -> dict[int, Outcome]:
    ids = {task.process_id for task in tasks if task.role == Role.FILER}
    found = Outcome.objects.filter(task__process_id__in=ids).select_related("by", "task").order_by("pk")
    return {outcome.task.process_id: outcome for outcome in found}


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


# ---- what is owed besides: each source is one function, rooms add theirs with `register` ----

Source = Callable[[Actor], list[Owed]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a source of owed things that are no tasks of the flow; it takes a fixed number of queries."""
    _sources.append(source)
    return source


def owed_besides(actor: Actor) -> list[Owed]:
    """Everything that `actor` owes besides tasks."""
    return [owed for source in _sources for owed in source(actor)]


@register
def notices_to_confirm(actor: Actor) -> list[Owed]:
    """Notices of results whose receipt the person's units have not confirmed (R14)."""
    if not actor.unit_ids:
        return []
    open_receipts = NoticeReceipt.objects.filter(sheet__unit_id__in=actor.unit_ids, confirmed_at=None)
    return [
        Owed(
            what=_("Confirm receipt of the notice of results"), about=receipt.notice.number, url=reverse("results"),
            detail=receipt.sheet.unit_name, cycle=receipt.sheet.cycle.short_title,
        )
        for receipt in open_receipts.select_related("notice", "sheet__cycle")
    ]  # fmt: skip


@register
def ratings_to_give(actor: Actor) -> list[Owed]:
    """Units that a leader has not rated while the window is open (R2)."""
    if not actor.is_any((Role.LEADER, Role.CHIEF)):
        return []
    now = clock.now()
    given = Rating.objects.filter(component=RatingKind.LEADERS, rater=actor.user)
    unrated = (
        open_tasks("leadership_rating")
        .filter(process__sheet__cycle__ratings_open_at__lte=now, process__sheet__cycle__ratings_close_at__gt=now)
        .filter(actor.no_stake("process__sheet__unit"))
        .exclude(process__sheet_id__in=given.values("sheet_id"))
    )
    cycles = (
        unrated.order_by()
        .values("process__sheet__cycle", "process__sheet__cycle__title")
        .annotate(many=Count("pk"), closes=Max("process__sheet__cycle__ratings_close_at"))
    )
    return [
        Owed(
            what=_("Rate the districts"),
            about=row["process__sheet__cycle__title"],
            url=f"{reverse('leaders-grid')}?cycle={row['process__sheet__cycle']}",
            due_at=row["closes"],
            detail=_("%(count)d not rated yet") % {"count": row["many"]},
        )
        for row in cycles
    ]


@register
def boards_to_sign(actor: Actor) -> list[Owed]:
    """Boards that wait for the head of the leading group."""
    if Role.CHIEF not in actor.roles:
        return []
    unsigned = Board.objects.filter(signed_at=None, superseded_at=None).select_related("track__cycle")
    waiting = unsigned.exclude(submitted_by=actor.user)  # somebody else signs what one submitted
    return [
        Owed(
            what=_("Review and sign the board"), about=board.track.name, url=reverse("board", args=[board.pk]),
            detail=board.track.cycle.title,
        )
        for board in waiting
    ]  # fmt: skip


@register
def decisions_to_take(actor: Actor) -> list[Owed]:
    """What the office decides next in the cycles that run."""
    if Role.OFFICE not in actor.roles:
        return []
    return [
        Owed(
            what=str(decision.what),
            about=decision.cycle.title,
            url=decision.url,
            due_at=decision.due_at,
            detail=ngettext("%(count)d waits", "%(count)d wait", decision.count) % {"count": decision.count}
            if decision.count
            else "",
        )
        for decision in decisions_waiting()
    ]


@register
def changes_to_confirm(actor: Actor) -> list[Owed]:
    """Changes of accounts that wait for this person as the second: a supervisor, or the office."""
    if not actor.is_any(CONFIRMED_BY):
        return []
    return [
        Owed(
            what=_("Confirm or refuse a change of an account"),
            about=change.user.name,
            url=reverse("guarded-change", args=[change.pk]),
            due_at=change.expires_at,
            detail=_("%(by)s asks: %(what)s") % {"by": change.asked_by.name, "what": say_change(change)},
        )
        for change in to_confirm(actor)
    ]


# ---- the page's groups ----


def grouped(owed: Iterable[Owed]) -> list[dict[str, Any]]:
    """What is owed as overdue, due this week (until Sunday 24:00) and later; empty groups are left out."""
    now, today = clock.now(), clock.today()
    week_ends = clock.end_of(today + timedelta(days=6 - today.weekday()))
    rows = sorted(owed, key=lambda one: (one.due_at is None, one.due_at or now))
    late = [one for one in rows if one.due_at is not None and one.due_at <= now]
    week = [one for one in rows if one.due_at is not None and now < one.due_at <= week_ends]
    rest = [one for one in rows if one.due_at is None or one.due_at > week_ends]
    named = ((_("Overdue"), late), (_("Due this week"), week), (_("Later"), rest))
    return [{"title": title, "rows": group} for title, group in named if group]


def with_others(actor: Actor) -> QuerySet[Assessment]:
    """The running assessments of the person's units that somebody else is dealing with."""
    return (
        assessments_of(actor)
        .exclude(step__in=(*FINAL, Step.SELF_EVALUATION))
        .order_by("-sheet__cycle__year", "sheet__unit__code")
    )


def assessments_of(actor: Actor) -> QuerySet[Assessment]:
    """The assessments of the person's units in cycles that are running."""
    return own_assessments(actor).filter(sheet__cycle__opened_at__isnull=False, sheet__cycle__closed_at=None)
