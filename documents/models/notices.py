"""Notices of results and who confirmed their receipt (R14)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.subjects import Subject
from common import clock
from scoring.models import Cycle, ScoreSheet


class ResultNotice(Subject, models.Model):
    """An issued notice of results, the letter that ends a cycle: its content is sealed, its file kept."""

    recorded_kind = "notice"

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="notices")
    number = models.CharField(_("document number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    issued_on = models.DateField(_("date of issue"))
    # What the page and the file show: addressees, paragraphs, results by track and grade.
    body = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file = models.FileField(_("file"), upload_to="notices-of-results/%Y/")
    issued_by = models.ForeignKey(User, verbose_name=_("issued by"), on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), default=clock.now)

    class Meta:
        db_table = "documents_notice"  # as it was first called
        ordering = ["-issued_at"]
        verbose_name = _("notice of results")
        verbose_name_plural = _("notices of results")

    def __str__(self) -> str:
        return self.number

    @property
    def recorded_year(self) -> int:
        """The year of its cycle."""
        return self.cycle.year


class NoticeReceipt(models.Model):
    """A unit that got a notice; confirmed once somebody of the unit says so."""

    notice = models.ForeignKey(
        ResultNotice, verbose_name=_("notice"), on_delete=models.CASCADE, related_name="receipts"
    )
    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="receipts")
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        ordering = ["sheet__track__position", "sheet__unit__code"]
        verbose_name = _("receipt of a notice")
        verbose_name_plural = _("receipts of a notice")
        constraints = [models.UniqueConstraint(fields=["notice", "sheet"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.sheet_id}"
