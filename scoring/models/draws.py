"""Draws of service recipients: verifiable by anybody (R8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from scoring.models.sheet import ScoreSheet


class Draw(models.Model):
    """A verifiable draw of recipients from a district's roster (contract 4): once for each district."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="draws")
    size = models.PositiveSmallIntegerField(_("size"))
    seed = models.CharField(_("seed"), max_length=64)
    roster_sha256 = models.CharField(_("SHA-256 of the public roster"), max_length=64)
    public_roster = models.TextField(_("public roster"))
    drawn = models.JSONField(_("drawn"))
    reserves = models.JSONField(_("reserves"))
    drawn_by = models.ForeignKey(User, verbose_name=_("drawn by"), on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("drawn at"), default=clock.now)

    class Meta:
        ordering = ["-drawn_at"]
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [models.UniqueConstraint(fields=["sheet"], name="draw_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.roster_sha256[:8]}"
