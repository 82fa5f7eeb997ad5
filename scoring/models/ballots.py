"""Ballots: the right to rate, what was given with it sealed to the key of the cycle's box, and what came out (R8, R17).

Beside a person's spent ballot stands a sealed value that nothing here can open; what was opened stands in rows of its
own, without time, order or anything that leads back to a ballot (docs/ballots.md).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.encryption import EncryptedTextField
from scoring.models.cycle import Cycle
from scoring.models.draws import Draw
from scoring.models.sheet import ScoreSheet


class KeyHolding(models.TextChoices):
    """Who holds the private key of a ballot box."""

    SHARES = "shares", _("Three people: any two of them open it")
    SYSTEM = "system", _("The system, which opens it by itself")


class TallyKey(models.Model):
    """The key of a cycle's ballot box: ballots are sealed to its public part; its private part opens the box.

    The private part is nowhere here, but where the system holds it: then `kept`, until it is destroyed. A key counts
    once it is `proved_at`: its shares were written down. One that is destroyed may be followed by another.
    """

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="tally_keys")
    holding = models.CharField(_("who holds the private key"), max_length=6, choices=KeyHolding.choices)
    algorithm = models.CharField(_("algorithm"), max_length=60)
    # Lower-case hex.
    public_key = models.CharField(_("public key"), max_length=200)
    kept = EncryptedTextField(_("private key, where the system holds it"), blank=True)
    made_by = models.ForeignKey(User, verbose_name=_("made by"), null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"), default=clock.now)
    proved_at = models.DateTimeField(_("shares written down at"), null=True)
    destroyed_at = models.DateTimeField(_("destroyed at"), null=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("key of the ballot box")
        verbose_name_plural = _("keys of ballot boxes")
        constraints = [
            models.UniqueConstraint(fields=["cycle"], condition=Q(destroyed_at=None), name="tally_key_one_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.public_key[:8]}"


class Ballot(models.Model):
    """A drawn person's right to rate, whoever has its link; it knows that it was used, not what was given.

    `sealed` is what was given, sealed to the key of the box: of the same length whatever it says, and empty again once
    the box is open.
    """

    draw = models.ForeignKey(Draw, verbose_name=_("draw"), on_delete=models.PROTECT, related_name="ballots")
    # Of the drawn person in the roster.
    opaque_id = models.CharField(_("id"), max_length=64)
    token_sha256 = models.CharField(  # noqa: DJ001  unique, so that no link is yet none
        _("SHA-256 of the link's secret"), max_length=64, null=True, unique=True
    )
    # Handed out on paper: no message may make a new link, which would end the slip.
    on_paper = models.BooleanField(_("on paper"), default=False)
    spent = models.BooleanField(_("used"), default=False)
    sealed = models.BinaryField(_("what was given, sealed"), null=True)
    sealed_with = models.CharField(_("algorithm"), max_length=60, blank=True)
    receipt_sha256 = models.CharField(_("SHA-256 of the receipt"), max_length=64, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    # A keyed digest of the device that used it: several of one device are told to the office as a count.
    device_sha256 = models.CharField(_("digest of the device"), max_length=64, blank=True)

    class Meta:
        ordering = ["draw", "opaque_id"]
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "opaque_id"], condition=Q(revoked_at=None), name="ballot_one_in_force"
            ),
            models.CheckConstraint(condition=Q(sealed=None) | Q(spent=True), name="ballot_sealed_is_spent"),
            models.CheckConstraint(condition=Q(revoked_at=None) | Q(spent=False), name="ballot_revoked_is_unspent"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.opaque_id}"


class TallyDecision(models.TextChoices):
    """What the office decides about a unit that fewer people rated than a mean may be shown of."""

    EXTEND = "extend", _("More time")
    DRAW_MORE = "draw_more", _("More people of the reserves")
    TAKE = "take", _("What is there counts")


class Tally(models.Model):
    """What came out of a unit's ballots once its box is open, and what was decided while there were too few.

    `receipts` are the SHA-256 of the receipts of all that was counted, sorted: whoever kept theirs finds it there.
    """

    sheet = models.OneToOneField(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="tally")
    decision = models.CharField(_("decision"), max_length=10, choices=TallyDecision.choices, blank=True)
    why = models.TextField(_("why"), blank=True)
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened at"), null=True)
    ballots = models.PositiveSmallIntegerField(_("ballots"), default=0)
    spent = models.PositiveSmallIntegerField(_("used"), default=0)
    receipts = models.JSONField(_("receipts"), default=list, blank=True)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.spent}"


class Comment(models.Model):
    """What a recipient wrote beside a rating: of nobody, at no time, and apart from the rating (R17).

    Nobody but who screens it reads it before `is_visible` says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="comments")
    text = EncryptedTextField(_("comment"))
    # None until somebody has screened it.
    is_visible = models.BooleanField(_("may be read"), null=True)
    screened_by = models.ForeignKey(
        User, verbose_name=_("screened by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    withheld_why = models.CharField(_("why withheld"), max_length=200, blank=True)

    class Meta:
        ordering = ["sheet", "id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.id}"
