"""Flows of the same shape as an assessment's, on viewflow's default models and with its lock, without our columns."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow import views
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Process

BRANCHES = ("first_department", "second_department", "recipient_rating", "leadership_rating")


def page(_request: HttpRequest, **_where: Any) -> HttpResponse:
    """The page of a task, which the bench does not open."""
    return HttpResponse()


class PeerFlow(flow.Flow):  # type: ignore[misc]  # viewflow has no types
    """Self-evaluation, acceptance, four branches, consolidation, approval, publicity, circulation."""

    process_class = Process
    lock_impl = SelectForUpdateLock(nowait=False)

    start = flow.StartHandle().Next(this.self_evaluation)
    self_evaluation = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.after_self_evaluation)
    after_self_evaluation = (
        flow.Switch().Case(this.excluded, lambda activation: ended(activation, "excluded")).Default(this.acceptance)
    )
    excluded = flow.Handle().Next(this.end)
    acceptance = flow.View(page).Next(this.after_acceptance)
    after_acceptance = (
        flow.If(lambda activation: ended(activation, "returned")).Then(this.self_evaluation).Else(this.split)
    )
    split = (
        flow.Split()
        .Next(this.first_department)
        .Next(this.second_department)
        .Next(this.recipient_rating)
        .Next(this.leadership_rating)
    )
    first_department = flow.View(page).Next(this.join)
    second_department = flow.View(page).Next(this.join)
    recipient_rating = flow.Handle().Next(this.join)
    leadership_rating = flow.Handle().Next(this.join)
    join = flow.Join().Next(this.consolidation)
    consolidation = flow.View(page).Next(this.after_consolidation)
    after_consolidation = (
        flow.Switch().Case(this.end, lambda activation: ended(activation, "not_assessed")).Default(this.approval)
    )
    approval = flow.View(page).Next(this.after_approval)
    after_approval = (
        flow.If(lambda activation: ended(activation, "returned")).Then(this.consolidation).Else(this.publicity)
    )
    publicity = flow.Handle().Next(this.circulation)
    circulation = flow.Handle().Next(this.end)
    end = flow.End()

    def has_view_permission(self, user: Any, obj: Any = None) -> bool:
        """Whoever is signed in: the house's users have none of the permissions that Django would ask for."""
        return bool(user.is_authenticated)


class TimedFlow(flow.Flow):  # type: ignore[misc]  # the same
    """A self-evaluation that viewflow's own timer takes away at the deadline."""

    process_class = Process
    lock_impl = SelectForUpdateLock(nowait=False)

    start = flow.StartHandle(this.begin).Next(this.self_evaluation)
    self_evaluation = (
        flow.View(page).OnTimeout(lambda activation: activation.process.created, this.excluded).Next(this.end)
    )
    excluded = flow.Handle().Next(this.end)
    end = flow.End()

    def begin(self, activation: Any) -> Any:
        """A process of its own for each unit."""
        return activation.process


def ended(activation: Any, how: str) -> bool:
    """How the task before the gateway ended, as its view noted it on the process."""
    return bool((activation.process.data or {}).get("outcome") == how)
