"""The roster of service recipients: personal data, encrypted at rest, masked on screen (R7, R8, R17)."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.encryption import EncryptedTextField
from scoring.models import ScoreSheet


def opaque_id() -> str:
    """An id that names nobody, for the public roster."""
    return secrets.token_urlsafe(9)


def new_salt() -> str:
    """A secret salt of 32 bytes, in hex, for one person's commitment (contract 4)."""
    return secrets.token_hex(32)


class CurrentRoster(models.Manager["RosterEntry"]):
    """The people of the rosters as they stand, without those of a roster that was replaced."""

    def get_queryset(self) -> models.QuerySet["RosterEntry"]:
        """Leave out what was replaced."""
        return super().get_queryset().filter(replaced_at=None)


class RosterEntry(models.Model):
    """One person of a district's roster; a replaced roster is kept only until the next submission is sealed."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.CASCADE, related_name="roster")
    opaque_id = models.CharField(_("opaque id"), max_length=64, unique=True, default=opaque_id)
    category = models.CharField(_("category"), max_length=60)
    name = EncryptedTextField(_("name"))
    phone = EncryptedTextField(_("phone"))
    salt = EncryptedTextField(_("salt"), default=new_salt)
    # Keyed digest of name and phone: the same person twice is found without reading anybody.
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    position = models.PositiveIntegerField(_("row"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True)
    # Since then name, phone and salt are empty and the fingerprint is the id: nobody is named any more.
    forgotten_at = models.DateTimeField(_("names deleted at"), null=True)

    objects = CurrentRoster()
    every = models.Manager()

    class Meta:
        ordering = ["position"]
        verbose_name = _("person of the roster")
        verbose_name_plural = _("roster")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "fingerprint"], name="roster_distinct", condition=models.Q(replaced_at=None)
            )
        ]
        # Each minute the sweep asks whom it still has to forget.
        indexes = [models.Index(fields=["sheet"], condition=models.Q(forgotten_at=None), name="roster_remembered")]

    def __str__(self) -> str:
        return self.opaque_id


class RosterWaiver(models.Model):
    """The office lets a roster pass that is smaller than the sample, with a reason (R8)."""

    sheet = models.OneToOneField(ScoreSheet, on_delete=models.CASCADE, related_name="roster_waiver")
    reason = models.TextField(_("reason"))
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField(_("waived at"), default=clock.now)

    class Meta:
        verbose_name = _("roster waiver")
        verbose_name_plural = _("roster waivers")

    def __str__(self) -> str:
        return f"{self.sheet_id}"
