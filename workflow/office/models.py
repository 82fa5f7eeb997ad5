"""Whether the house is awake: when the sweep last did all that was due."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FinishedSweep(models.Model):
    """The last sweep that came to its end, by the machine's own clock: one row."""

    finished_at = models.DateTimeField(_("finished at"))

    class Meta:
        verbose_name = _("finished sweep")
        verbose_name_plural = _("finished sweeps")

    def __str__(self) -> str:
        return f"{self.finished_at}"
