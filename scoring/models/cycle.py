"""An assessment of a year, its planned steps, and the holidays that its working days skip."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.subjects import Subject
from common import clock

LONGEST_SLUG = 30


class Step(models.TextChoices):
    """The steps of an assessment as people see them (design.md section 5), in their order."""

    SELF_EVALUATION = "self_evaluation", _("Self-evaluation")
    ACCEPTANCE = "acceptance", _("Acceptance of materials")
    DEPARTMENT_REVIEW = "department_review", _("Work assessment")
    CONSOLIDATION = "consolidation", _("Consolidation")
    APPROVAL = "approval", _("Approval by the leading group")
    PUBLICITY = "publicity", _("Publicity")
    CIRCULATION = "circulation", _("Circulation")
    CIRCULATED = "circulated", _("Circulated")
    EXCLUDED = "excluded", _("Excluded")
    NOT_ASSESSED = "not_assessed", _("Not assessed")


class Cycle(Subject, models.Model):
    """One assessment of a year. Draft until `opened_at`, finished at `closed_at`.

    `slug` is its name in addresses, events and names of files: the year (`2020`), or with a word where the year has
    more than one (`2020-2`, `2020-青年`); given as it begins, never changed.
    """

    recorded_kind, recorded_by = "cycle", "slug"

    slug = models.CharField(_("name in addresses"), max_length=LONGEST_SLUG, unique=True)
    year = models.PositiveSmallIntegerField(_("year"), db_index=True)
    title = models.CharField(_("title"), max_length=200)
    issuer = models.CharField(_("issuer"), max_length=120)
    # The first instant that is too late for a self-evaluation (R6).
    deadline_at = models.DateTimeField(_("deadline"), null=True)
    ratings_open_at = models.DateTimeField(_("ratings open"), null=True)
    ratings_close_at = models.DateTimeField(_("ratings close"), null=True)
    publicity_working_days = models.PositiveSmallIntegerField(_("working days of publicity"), default=5)
    count_first_day = models.BooleanField(_("the day of publication counts"), default=False)
    # Whom units may ask, as people write it: a name, a phone; shown where something went wrong for them.
    contact = models.CharField(_("whom units may ask"), max_length=200, blank=True)
    # At least one recipient of each category is drawn (R8): an option of the office, chosen before the cycle opens.
    draw_each_category = models.BooleanField(_("at least one of each category is drawn"), default=False)
    # Track → grade → greatest number of units, an option of the office (R12); empty means no quota.
    quotas = models.JSONField(_("quotas"), default=dict, blank=True)
    # What the notice's own quotas came to when the office confirmed or changed them, by track ("" for all together)
    # and grade; and why its quotas are others.
    quotas_came_to = models.JSONField(_("quotas of the notice"), default=dict, blank=True)
    quotas_why = models.TextField(_("why the quotas are others than the notice's"), blank=True)
    # The cycle from which its units were taken over; a unit's history goes back along it.
    follows = models.ForeignKey(
        "self", verbose_name=_("follows"), null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by"
    )
    opened_at = models.DateTimeField(_("opened at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")

    def __str__(self) -> str:
        return self.title

    @property
    def short_title(self) -> str:
        """How it is called where its title is too long, such as on a tab or in a row: `2026年度`, `2026年度（2）`."""
        if self.word:
            return gettext("Year %(year)d (%(word)s)") % {"year": self.year, "word": self.word}
        return gettext("Year %(year)d") % {"year": self.year}

    @property
    def word(self) -> str:
        """What tells it from the others of its year; empty for the one that bears the year alone."""
        return self.slug.removeprefix(str(self.year)).removeprefix("-")

    @property
    def is_open(self) -> bool:
        """Whether assessments of this cycle are running."""
        return self.opened_at is not None and self.closed_at is None


class PlannedStep(models.Model):
    """When a step of the cycle is planned, for people to see; deadlines that act are on tasks."""

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="planned_steps")
    step = models.CharField(_("step"), max_length=20, choices=Step.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        ordering = ["starts_on", "ends_on"]
        verbose_name = _("planned step")
        verbose_name_plural = _("planned steps")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "step"], name="planned_step_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="planned_step_order"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.step}"


class HolidayOrder(Subject, models.Model):
    """A year's holiday order as the office entered it; it comes before the library's calendar (R13)."""

    recorded_kind, recorded_by = "holidays", "year"

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    order = models.CharField(_("number of the order"), max_length=120)
    off = models.JSONField(_("days off"), default=list)
    work = models.JSONField(_("make-up workdays"), default=list)
    entered_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("entered at"), default=clock.now)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("holiday order")
        verbose_name_plural = _("holiday orders")

    def __str__(self) -> str:
        return f"{self.year} {self.order}"
