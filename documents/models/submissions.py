"""Submissions: sealed states of a sheet, superseded by later ones, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
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


class UnsubmittedDraft(models.Model):
    """What a unit had changed after a return and did not hand in by the date: it does not count, but is not lost."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="drafts")
    # What the sheet went back to, and what the draft differs from.
    submission = models.ForeignKey(
        Submission, verbose_name=_("submission"), on_delete=models.PROTECT, related_name="drafts"
    )
    # As in a submission: points, texts, files by their SHA-256, people by opaque ids only.
    body = models.JSONField(_("content"))
    kept_at = models.DateTimeField(_("kept at"), default=clock.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("draft not handed in")
        verbose_name_plural = _("drafts not handed in")

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.kept_at:%Y-%m-%d}"
