"""A unit's numbers in a cycle: claimed by the unit, reviewed by the departments, final by the engine."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from audit.subjects import Subject
from common.narrow import known
from scoring.engine.track import Body, TrackRules
from scoring.models.cycle import Cycle
from scoring.models.scheme import Track


class ScoreSheet(Subject, models.Model):
    """One unit in one cycle, with its result once it is consolidated."""

    recorded_kind = "sheet"

    # Without an index of its own: `sheet_once` begins with it.
    cycle = models.ForeignKey(
        Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="sheets", db_index=False
    )
    track = models.ForeignKey(Track, verbose_name=_("track"), on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="sheets")
    unit_name = models.CharField(_("name in that year"), max_length=120)
    base = models.DecimalField(_("base"), max_digits=8, decimal_places=2, null=True)
    bonus = models.DecimalField(_("bonus"), max_digits=8, decimal_places=2, null=True)
    deduction = models.DecimalField(_("deduction"), max_digits=8, decimal_places=2, null=True)
    total = models.DecimalField(_("total"), max_digits=8, decimal_places=2, null=True)
    # Component code → mark before weighting as a decimal string, null where missing.
    components = models.JSONField(_("components"), default=dict, blank=True)
    barred = models.JSONField(_("barred grades"), default=list, blank=True)
    explain = models.JSONField(_("explanation"), default=list, blank=True)
    not_assessed = models.BooleanField(_("not assessed"), default=False)
    computed_at = models.DateTimeField(_("computed at"), null=True)
    # By which version of the scheme the result was counted.
    counted_by = models.PositiveSmallIntegerField(_("version of the scheme"), default=1)

    class Meta:
        ordering = ["track__position", "unit__code"]
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "unit"], name="sheet_once"),
            models.CheckConstraint(condition=Q(total=None) | Q(total__gte=0), name="sheet_total_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.cycle_id}"

    @property
    def rules(self) -> TrackRules:
        """The rules of its track, as the engine reads them."""
        return known(self.cycle.scheme.rules.track(self.track.code))


class LineKind(models.TextChoices):
    """What a line of a sheet holds."""

    PART = "part", _("Points of a part")
    RULE = "rule", _("Times that a bonus or deduction rule applies")


class SheetLine(models.Model):
    """One part (points) or one adjustment rule (a count) of a sheet; empty until somebody fills it."""

    # Without indexes of their own: `line_once` begins with the sheet, and nobody looks for what a person gave.
    sheet = models.ForeignKey(
        ScoreSheet, verbose_name=_("sheet"), on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    code = models.CharField(_("code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=4, choices=LineKind.choices)
    position = models.PositiveSmallIntegerField(_("position"))
    claimed = models.DecimalField(_("claimed"), max_digits=7, decimal_places=2, null=True)
    # What the points claimed come from, as `Basis.to_json` writes it: a level, a number measured, losses.
    basis = models.JSONField(_("what the points come from"), default=dict, blank=True)
    text = models.TextField(_("what was done"), blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reviewed = models.DecimalField(_("reviewed"), max_digits=7, decimal_places=2, null=True)
    # What the points reviewed come from where the department finds otherwise than the unit says; else None.
    reviewed_basis = models.JSONField(_("what the points reviewed come from"), null=True)
    review_note = models.TextField(_("reviewer's reason"), blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["position"]
        verbose_name = _("line of a sheet")
        verbose_name_plural = _("lines of a sheet")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "code"], name="line_once"),
            models.CheckConstraint(
                condition=(Q(claimed=None) | Q(claimed__gte=0)) & (Q(reviewed=None) | Q(reviewed__gte=0)),
                name="line_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.code}"

    @property
    def counted_basis(self) -> Body:
        """What the points reviewed come from: as the department found, else as the unit says."""
        found: Body = self.basis if self.reviewed_basis is None else self.reviewed_basis
        return found
