"""Ratings: a plain row each, a recipient's without rater, time or order; a leader may abstain (R9, R17)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from scoring.models.sheet import ScoreSheet


class RatingKind(models.TextChoices):
    """Whose rating: the component of the scheme that it counts for."""

    RECIPIENTS = "recipients", _("Service recipients")
    LEADERS = "leaders", _("Leaders")


class Rating(models.Model):
    """One rating, 0 to 100 (R9). A recipient's has no rater, no time, and a key that shows no order (R17)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="ratings")
    component = models.CharField(_("component"), max_length=12, choices=RatingKind.choices)
    value = models.DecimalField(_("rating"), max_digits=5, decimal_places=2)
    rater = models.ForeignKey(User, null=True, verbose_name=_("leader"), on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given at"), null=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0, value__lte=100), name="rating_range"),
            models.CheckConstraint(
                condition=Q(component="recipients", rater=None, given_at=None)
                | Q(component="leaders", rater__isnull=False),
                name="rating_recipient_untraced",
            ),
            models.UniqueConstraint(
                fields=["sheet", "component", "rater"], condition=Q(component="leaders"), name="rating_leader_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.value}"


class Abstention(models.Model):
    """A leader gives a unit no rating, on purpose: kept as such, so that it is never taken for a zero or for a gap.

    It is no `Rating`, so whatever counts those can't count it.
    """

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="abstentions")
    rater = models.ForeignKey(User, verbose_name=_("leader"), on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("abstention")
        verbose_name_plural = _("abstentions")
        constraints = [models.UniqueConstraint(fields=["sheet", "rater"], name="abstention_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.rater_id}"
