"""Events: who did what, when, to what, from which state to which, and why."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.verbs import Verb
from common import clock


class Event(models.Model):
    """One thing that was done; never changed, never deleted."""

    at = models.DateTimeField(_("at"), default=clock.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(_("what"), max_length=40, choices=Verb.choices)
    subject = models.CharField(_("subject"), max_length=40, db_index=True)
    cycle = models.CharField(_("cycle"), max_length=30, blank=True, db_index=True)  # its name in addresses
    came_from = models.CharField(_("from"), max_length=200, blank=True)
    went_to = models.CharField(_("to"), max_length=200, blank=True)
    why = models.TextField(_("why"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject}"


class DemoMark(models.Model):
    """Says that this database is a demo's: written with the demo's people, never taken away; at most one row."""

    number = models.PositiveSmallIntegerField(primary_key=True, default=1)

    class Meta:
        verbose_name = _("mark of a demo")
        verbose_name_plural = _("marks of a demo")
        constraints = [models.CheckConstraint(condition=models.Q(number=1), name="one_mark_of_a_demo")]

    def __str__(self) -> str:
        return str(_("Demo"))


class ClockShift(models.Model):
    """How far a demo's clock runs ahead of real time; at most one row, written only in a demo."""

    ahead = models.DurationField(_("ahead"), default=timedelta(0))

    class Meta:
        verbose_name = _("clock shift")
        verbose_name_plural = _("clock shifts")

    def __str__(self) -> str:
        return str(self.ahead)


class Attempt(models.Model):
    """Something that a place may do only so often was done; the place is a keyed digest, the row is soon deleted."""

    kind = models.CharField(max_length=20)
    place = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [models.Index(fields=["kind", "place"]), models.Index(fields=["kind", "at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
