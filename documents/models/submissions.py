"""Submissions: sealed states of a sheet, superseded by later ones, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from scoring.models import ScoreSheet


class Submission(models.Model):
    """What a unit handed in: the sealed body, its SHA-256, and the number of the receipt."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("number"))
    receipt = models.CharField(_("receipt"), max_length=40, unique=True)
    body = models.JSONField(_("sealed content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    submitted_by = models.ForeignKey(User, verbose_name=_("submitted by"), on_delete=models.PROTECT, related_name="+")
    # The instant at which the request arrived: the one that the deadline is compared with (R6).
    arrived_at = models.DateTimeField(_("arrived at"))

    class Meta:
        ordering = ["-number"]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="submission_number")]

    def __str__(self) -> str:
        return self.receipt
