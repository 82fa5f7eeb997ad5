"""The steps of an editor on a draft, kept so that each can be taken back and taken again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from scoring.models.scheme import Scheme


class SchemeStep(models.Model):
    """A change of a draft: what turns its body and turns it back, how codes moved, and whether it is taken back.

    `why` is the reason of the sitting in which it was taken, or of the correction; empty until somebody gives it.
    `departments` says who answered for the rows that it took out last, by track and code, as it was taken or taken
    back: they do so again with the rows.
    """

    scheme = models.ForeignKey(Scheme, verbose_name=_("scheme"), on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField(_("number"))
    what = models.CharField(_("what was changed"), max_length=200)
    change = models.JSONField(_("what it changes"))
    codes = models.JSONField(_("codes that moved"), default=dict)
    departments = models.JSONField(_("departments of rows taken out"), default=dict)
    why = models.TextField(_("reason"), blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    is_undone = models.BooleanField(_("taken back"), default=False)

    class Meta:
        ordering = ["number"]
        verbose_name = _("step of the editor")
        verbose_name_plural = _("steps of the editor")
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="scheme_step_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"
