"""Which units of a cycle go on from which of the cycle before, where they are not simply the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from scoring.models.cycle import Cycle


class Succession(models.Model):
    """A unit of `cycle` goes on from a unit of the cycle that it follows, under another code, after a merger or split.

    A unit without such a row goes on from itself. Of a merger or a split every pair has its row, itself included.
    """

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="successions")
    predecessor = models.ForeignKey(
        Unit, verbose_name=_("unit before"), on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Unit, verbose_name=_("unit after"), on_delete=models.PROTECT, related_name="predecessions"
    )
    # Keys of the memberships that the successor got of the predecessor's people, so that they can be taken back.
    memberships = models.JSONField(_("memberships given"), default=list, blank=True)

    class Meta:
        ordering = ["cycle", "successor", "predecessor"]
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "predecessor", "successor"], name="succession_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.predecessor_id} → {self.successor_id}"
