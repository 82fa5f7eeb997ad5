"""Ballots: the right to rate once, which can't be traced to a person (R8, R17)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.models.draws import Draw


class Ballot(models.Model):
    """A right to rate once, held by whoever has the link; it knows whether it was used, not when, how or by whom.

    A database may join a ballot to the rating of the same transaction: nothing leads from either to a person (R17).
    """

    draw = models.ForeignKey(Draw, verbose_name=_("draw"), on_delete=models.PROTECT, related_name="ballots")
    token_sha256 = models.CharField(_("SHA-256 of the link's secret"), max_length=64, unique=True)
    used = models.BooleanField(_("used"), default=False)

    class Meta:
        ordering = ["token_sha256"]
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")

    def __str__(self) -> str:
        return self.token_sha256[:8]
