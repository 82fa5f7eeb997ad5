"""What was asked of many units at once, by whom, and how far it is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from scoring.models import Cycle


class BulkKind(models.TextChoices):
    """What can be asked of many units at once."""

    OPEN = "open", _("Opening")
    ACCEPT = "accept", _("Accepting materials")
    HAND_OVER = "hand_over", _("Handing over reviews")
    APPROVE_REVIEWS = "approve_reviews", _("Approving reviews")
    CONSOLIDATE = "consolidate", _("Confirming results")
    SIGN_OFF = "sign_off", _("Approving what was signed")
    PUBLISH = "publish", _("Making results public")
    CIRCULATE = "circulate", _("Circulating results")
    SEND_NOTICE = "send_notice", _("Sending the notice of results")
    NEW_VERSION = "new_version", _("Counting under a new version of the scheme")
    NUDGE = "nudge", _("Reminding")


class BulkRun(models.Model):
    """One request about many: finished at `finished_at`, when nothing of it is left. Its words are for its kind."""

    kind = models.CharField(_("what"), max_length=20, choices=BulkKind.choices)
    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    words = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("request about many")
        verbose_name_plural = _("requests about many")
        indexes = [models.Index(fields=["asked_at"], name="bulk_unfinished", condition=Q(finished_at=None))]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class BulkState(models.TextChoices):
    """How one of the many stands."""

    LEFT = "left", _("still to do")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class BulkItem(models.Model):
    """One of the many: `key` is of a task, sheet or assessment, as its kind wants; `why` says what kept it back."""

    run = models.ForeignKey(BulkRun, verbose_name=_("request"), on_delete=models.CASCADE, related_name="items")
    key = models.BigIntegerField(_("key"))
    label = models.CharField(_("unit"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=BulkState.choices, default=BulkState.LEFT)
    why = models.TextField(_("why not"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("unit of a request")
        verbose_name_plural = _("units of a request")
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="bulk_key_once")]
        indexes = [models.Index(fields=["run", "id"], name="bulk_left", condition=Q(state="left"))]

    def __str__(self) -> str:
        return self.label
