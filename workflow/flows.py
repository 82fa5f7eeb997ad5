"""The flow of an assessment, top to bottom as design.md section 5 tells it: one process for each unit."""

from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.lock import SelectForUpdateLock

from scoring.models import Step
from workflow.flow import announcements, duties
from workflow.flow.cases import Case
from workflow.flow.models import Assessment, OutcomeKind, Task
from workflow.flow.nodes import FanOut, PersonTask, WaitingTask


def _ended(*kinds: OutcomeKind) -> Callable[[Case], bool]:
    return lambda case: case.ended_as(*kinds)


class AssessmentFlow(flow.Flow):
    """Assessment of a member organisation."""

    process_class: type[models.Model] = Assessment
    task_class: type[models.Model] = Task
    lock_impl = SelectForUpdateLock(nowait=False)
    process_title = _("Assessment")

    start = flow.StartHandle().Next(this.self_evaluation)

    # The unit
    self_evaluation = PersonTask(
        step=Step.SELF_EVALUATION, duty=duties.self_evaluation, announce=announcements.TO_UNIT
    ).Next(this.after_self_evaluation)
    after_self_evaluation = flow.Switch().Case(this.excluded, _ended(OutcomeKind.EXCLUDED)).Default(this.acceptance)
    excluded = WaitingTask(step=Step.EXCLUDED, announce=announcements.OF_EXCLUSION).Next(this.after_excluded)
    after_excluded = flow.If(_ended(OutcomeKind.REINSTATED)).Then(this.self_evaluation).Else(this.end)

    # The receiving desk
    acceptance = PersonTask(step=Step.ACCEPTANCE, duty=duties.acceptance, announce=announcements.TO_DEPARTMENT).Next(
        this.after_acceptance
    )
    after_acceptance = flow.If(_ended(OutcomeKind.RETURNED)).Then(this.self_evaluation).Else(this.split)

    # Departments, recipients and leaders, side by side
    split = (
        FanOut()
        .Next(this.department_review, each=duties.departments_of)
        .Next(this.recipient_rating, each=duties.recipients_if_any)
        .Next(this.leadership_rating, each=duties.leaders_if_any)
    )
    rework = FanOut().Next(this.department_review, each=duties.departments_asked_again)
    department_review = PersonTask(
        step=Step.DEPARTMENT_REVIEW, duty=duties.department_review, announce=announcements.TO_DEPARTMENT
    ).Next(this.join)
    recipient_rating = WaitingTask(step=Step.DEPARTMENT_REVIEW, duty=duties.rating).Next(this.join)
    leadership_rating = WaitingTask(
        step=Step.DEPARTMENT_REVIEW, duty=duties.rating, announce=announcements.TO_LEADERS
    ).Next(this.join)
    join = flow.Join().Next(this.consolidation)

    # The office
    consolidation = PersonTask(
        step=Step.CONSOLIDATION, duty=duties.consolidation, announce=announcements.TO_OFFICE
    ).Next(this.after_consolidation)
    after_consolidation = (
        flow.Switch()
        .Case(this.rework, _ended(OutcomeKind.REOPENED))
        .Case(this.end, _ended(OutcomeKind.NOT_ASSESSED))
        .Default(this.approval)
    )

    # The leading group
    approval = WaitingTask(step=Step.APPROVAL).Next(this.after_approval)
    after_approval = (
        flow.If(_ended(OutcomeKind.RETURNED, OutcomeKind.RECOUNTED)).Then(this.consolidation).Else(this.publicity)
    )

    # The public
    publicity = WaitingTask(step=Step.PUBLICITY).Next(this.after_publicity)
    after_publicity = (
        flow.If(_ended(OutcomeKind.UPHELD, OutcomeKind.RECOUNTED)).Then(this.consolidation).Else(this.circulation)
    )

    # Everybody
    circulation = WaitingTask(step=Step.CIRCULATION).Next(this.end)
    end = flow.End()
