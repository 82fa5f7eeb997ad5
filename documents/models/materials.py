"""Files that a unit hands in with its self-evaluation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from scoring.models import ScoreSheet


class MaterialKind(models.TextChoices):
    """What a file is (R7)."""

    SUMMARY = "summary", _("Work summary")
    SCORE_SHEET = "score_sheet", _("Score sheet (signed copy)")
    EVIDENCE = "evidence", _("Evidence")


class Material(models.Model):
    """One uploaded file; removing it hides it, what was submitted stays."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="materials")
    kind = models.CharField(_("kind"), max_length=12, choices=MaterialKind.choices)
    # The part that evidence belongs to, such as `2.1`; empty for a whole-sheet material.
    code = models.CharField(_("part"), max_length=20, blank=True)
    file = models.FileField(_("file"), upload_to="materials/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(User, verbose_name=_("uploaded by"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), default=clock.now)
    removed_at = models.DateTimeField(_("removed at"), null=True)

    class Meta:
        ordering = ["kind", "code", "pk"]
        verbose_name = _("material")
        verbose_name_plural = _("materials")

    def __str__(self) -> str:
        return self.name

    @property
    def sealed_as(self) -> dict[str, str]:
        """The file as a sealed submission names it."""
        return {"kind": self.kind, "code": self.code, "name": self.name, "sha256": self.sha256}
