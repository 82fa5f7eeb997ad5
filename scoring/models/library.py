"""The indicator library (指标库): rows of schemes that the office keeps to build others from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.subjects import Subject
from common import clock
from scoring.engine.scheme import SchemeRules
from scoring.engine.shelf import blank_body
from scoring.engine.track import Adjustment, Body, Indicator
from scoring.models.cycle import Cycle


class ItemKind(models.TextChoices):
    """What a row of the library becomes in a track."""

    INDICATOR = "indicators", _("Indicator")
    BONUS = "bonus", _("Bonus item")
    DEDUCTION = "deduction", _("Deduction item")


class LibraryItem(Subject, models.Model):
    """An indicator with its parts, or a bonus or deduction item with its rules; `row` is its JSON as in a track.

    `desk` is the department that answers for it, by its name; `came_from` says in words where it was taken from.
    """

    recorded_kind, recorded_cycle = "library", ""

    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices)
    row = models.JSONField(_("row of a scheme"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    words = models.TextField(_("words that are searched"))
    desk = models.CharField(_("department that answers for it"), max_length=120, blank=True)
    cycle = models.ForeignKey(Cycle, null=True, on_delete=models.SET_NULL, related_name="+")
    came_from = models.CharField(_("taken from"), max_length=300)
    put_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField(_("put into the library at"), default=clock.now)
    retired_at = models.DateTimeField(_("retired at"), null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("item of the indicator library")
        verbose_name_plural = _("items of the indicator library")

    def __str__(self) -> str:
        return str(self.row["text"])[:80]

    @property
    def body(self) -> Body:
        """A scheme of this row alone, as which it is edited."""
        return blank_body(None, (self.kind, self.row))

    @property
    def rules(self) -> Indicator | Adjustment:
        """The row as the engine reads it."""
        (track,) = SchemeRules.from_json(self.body).tracks
        return track.indicators[0] if track.indicators else track.adjustments[0]
