"""What departments note through the year (R15) and what the office decides on incidents (R10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Unit, User
from common import clock
from scoring.models.cycle import Cycle
from scoring.models.sheet import ScoreSheet


class RecordKind(models.TextChoices):
    """What kind of fact was noted."""

    BONUS = "bonus", _("Bonus")
    DEDUCTION = "deduction", _("Deduction")
    INCIDENT = "incident", _("Incident")
    NOTE = "note", _("Note")


class Record(models.Model):
    """A fact that a department logged; it stands ready beside the self-evaluation at review."""

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="records")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="records")
    department = models.ForeignKey(Department, null=True, verbose_name=_("department"), on_delete=models.PROTECT)
    kind = models.CharField(_("kind"), max_length=10, choices=RecordKind.choices)
    # The rule that a bonus or deduction belongs to, such as `D1.1`; empty for a note or incident.
    code = models.CharField(_("rule"), max_length=20, blank=True)
    times = models.PositiveSmallIntegerField(_("times"), default=1)
    text = models.TextField(_("what happened"))
    happened_on = models.DateField(_("on"))
    logged_by = models.ForeignKey(User, verbose_name=_("logged by"), on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(_("logged at"), default=clock.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_why = models.TextField(_("why withdrawn"), blank=True)

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name = _("record")
        verbose_name_plural = _("records")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.code}"


class IncidentKind(models.TextChoices):
    """The kinds of incident that the notice names."""

    DISCIPLINE = "discipline", _("Party conduct and clean government")
    SAFETY = "safety", _("Major safety accident")
    SUPERSTITION = "superstition", _("Superstition case with bad influence")


class Incident(models.Model):
    """The office's decision on an incident, with its document: grades barred, not assessed (R10), or a veto."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="incidents")
    kind = models.CharField(_("kind"), max_length=12, choices=IncidentKind.choices)
    bars = models.JSONField(_("barred grades"), default=list, blank=True)
    not_assessed = models.BooleanField(_("not assessed"), default=False)
    # The scheme's veto that was decided, such as `V1`; empty for an incident under the general rule.
    veto = models.CharField(_("veto"), max_length=20, blank=True)
    reason = models.TextField(_("reason"))
    document = models.FileField(_("document"), upload_to="incidents/%Y/")
    document_name = models.CharField(_("file"), max_length=200)
    decided_by = models.ForeignKey(User, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), default=clock.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_why = models.TextField(_("why withdrawn"), blank=True)

    class Meta:
        ordering = ["-decided_at"]
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.kind}"
