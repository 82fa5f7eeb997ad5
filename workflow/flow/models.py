"""The process of a unit in a cycle, its tasks with who owes them by when, and how each task ended."""

from enum import StrEnum

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess, AbstractTask
from viewflow.workflow.status import STATUS

from accounts.models import Department, Role, Unit, User
from common import clock
from documents.models import Submission
from documents.wording import say_pieces
from scoring.models import ScoreSheet, Step


class Node(StrEnum):
    """The nodes of the flow at which an assessment waits: each member is the name that stands in the database."""

    SELF_EVALUATION = "self_evaluation"
    EXCLUDED = "excluded"
    ACCEPTANCE = "acceptance"
    DEPARTMENT_REVIEW = "department_review"
    RECIPIENT_RATING = "recipient_rating"
    LEADERSHIP_RATING = "leadership_rating"
    CONSOLIDATION = "consolidation"
    APPROVAL = "approval"
    PUBLICITY = "publicity"
    CIRCULATION = "circulation"


class Assessment(AbstractProcess):
    """One unit in one cycle: the process instance. `step` is kept by the flow's own nodes, for lists to filter on."""

    sheet = models.OneToOneField(
        ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="assessment"
    )
    step = models.CharField(_("step"), max_length=20, choices=Step.choices, default=Step.SELF_EVALUATION)
    parent_task = None

    class Meta:
        ordering = ["sheet__track__position", "sheet__unit__code"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return str(self.sheet)


class Task(AbstractTask):
    """One node of one assessment: who may see it is said by columns, and so is the deadline that a sweep fires.

    Every step of every unit writes a row, and each index of it: there is none that no page and no sweep looks into, not
    by a person or place either, which are never deleted (tests/workflow/queries/test_found_by_index.py).
    """

    process = models.ForeignKey(Assessment, verbose_name=_("assessment"), on_delete=models.CASCADE)
    status = models.CharField(max_length=50, choices=STATUS.choices, default=STATUS.NEW)
    created = models.DateTimeField(_("created"), default=clock.now)
    # viewflow's timers and jobs, unused: a deadline is `due_at`.
    scheduled = models.DateTimeField(null=True, blank=True)
    external_task_id = models.CharField(max_length=50, null=True, blank=True)  # noqa: DJ001  # viewflow's column
    owner = models.ForeignKey(
        User, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # viewflow's permission on an object, unused: who may act is said by the columns below.
    owner_permission_content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    # What a return names; empty means the whole.
    scope = models.JSONField(_("parts named"), default=list, blank=True)
    # The sweep acts on it at `due_at`; after a failure not before `retry_at`.
    fires = models.BooleanField(_("fires by itself"), default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("not before"), null=True, blank=True)
    handed_over_by = models.ForeignKey(
        User,
        verbose_name=_("handed over by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["created", "pk"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["role", "unit"], name="task_open_unit", condition=Q(finished=None)),
            # Both end with what lists are ordered by: the first of thousands are found without sorting them.
            models.Index(
                fields=["role", "department", "flow_task", "due_at", "id"],
                name="task_open_department",
                condition=Q(finished=None),
            ),
            models.Index(fields=["flow_task", "due_at", "id"], name="task_open_node", condition=Q(finished=None)),
            models.Index(fields=["attempts"], name="task_stuck", condition=Q(finished=None, attempts__gt=0)),
            models.Index(fields=["due_at"], name="task_due", condition=Q(finished=None, fires=True)),
        ]

    @property
    def node(self) -> Node:
        """Where in the flow it waits; of a task of a person, the sweep or a board, not of a gateway."""
        return Node(self.flow_task.name)

    @property
    def scope_in_words(self) -> str:
        """The parts named, as the pages call them; empty when the task covers everything."""
        return say_pieces(self.scope)


class OutcomeKind(models.TextChoices):
    """How a task can end."""

    SUBMITTED = "submitted", _("Submitted")
    LAPSED = "lapsed", _("Not supplemented in time")
    EXCLUDED = "excluded", _("Excluded at the deadline")
    REINSTATED = "reinstated", _("Reinstated")
    CYCLE_CLOSED = "cycle_closed", _("Cycle closed")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
    REVIEWED = "reviewed", _("Reviewed")
    RATED = "rated", _("Rated")
    CONSOLIDATED = "consolidated", _("Consolidated")
    REOPENED = "reopened", _("Review reopened")
    NOT_ASSESSED = "not_assessed", _("Not assessed")
    APPROVED = "approved", _("Approved")
    PUBLICISED = "publicised", _("Publicity ended")
    UPHELD = "upheld", _("Objection upheld")
    RECOUNTED = "recounted", _("Counted anew under another version of the scheme")
    CIRCULATED = "circulated", _("Circulated")


# The outcomes that send work back: the corrected piece comes straight back to whoever sent it.
SENDS_BACK = (OutcomeKind.RETURNED, OutcomeKind.REOPENED)


class Outcome(models.Model):
    """How a task ended: who, when, why, which parts, until when. The flow's branches read it; it never changes."""

    task = models.OneToOneField(Task, verbose_name=_("task"), on_delete=models.CASCADE, related_name="outcome")
    kind = models.CharField(_("outcome"), max_length=12, choices=OutcomeKind.choices)
    by = models.ForeignKey(
        User, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("at"), default=clock.now)
    why = models.TextField(_("why"), blank=True)
    until = models.DateTimeField(_("until"), null=True)
    parts = models.JSONField(_("parts"), default=list, blank=True)
    # Department ids that are asked again after a reopening.
    departments = models.JSONField(_("departments"), default=list, blank=True)
    submission = models.ForeignKey(Submission, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    board = models.ForeignKey("workflow.Board", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")

    def __str__(self) -> str:
        return self.kind

    @property
    def why_for_the_unit(self) -> str:
        """Why, as its unit may read it: of a return and a reinstatement; other remarks are meant for others."""
        return self.why if self.kind in (OutcomeKind.RETURNED, OutcomeKind.REINSTATED) else ""

    @property
    def parts_in_words(self) -> str:
        """The parts, as the pages call them; empty when it was about everything."""
        return say_pieces(self.parts)
