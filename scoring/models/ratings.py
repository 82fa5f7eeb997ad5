"""Draws, ballots and ratings: a ballot can't be traced to a person, a rating is a plain row (R8, R9, R17)."""

import uuid

from django.db import models
from django.db.models import Q
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
