"""Publicity of a signed board, and the objections that it brings (R13)."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.encryption import EncryptedTextField
from scoring.models import ScoreSheet
from workflow.board.models import Board


def new_slug() -> str:
    """The part of a public address that names a publicity."""
    return secrets.token_urlsafe(6)


class Publicity(models.Model):
    """A signed board shown to the public from `starts_on` until `ends_at` (24:00 of the last working day)."""

    board = models.OneToOneField(Board, verbose_name=_("board"), on_delete=models.PROTECT, related_name="publicity")
    slug = models.CharField(_("address"), max_length=20, unique=True, default=new_slug)
    published_by = models.ForeignKey(User, verbose_name=_("published by"), on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published at"), default=clock.now)
    count_first_day = models.BooleanField(_("the day of publication counts"), default=False)
    counted = models.JSONField(_("working days counted"), default=list)
    ends_at = models.DateTimeField(_("ends at"))
    # The sheets that this publicity is about: those that came from sign-off with this board.
    sheets = models.ManyToManyField(ScoreSheet, verbose_name=_("sheets"), related_name="publicities")

    class Meta:
        ordering = ["-published_at"]
        verbose_name = _("publicity")
        verbose_name_plural = _("publicities")

    def __str__(self) -> str:
        return f"{self.board}"


class ObjectorKind(models.TextChoices):
    """Who objects."""

    PERSON = "person", _("A person")
    UNIT = "unit", _("A unit")


class ObjectionDecision(models.TextChoices):
    """What became of an objection."""

    REFUSED = "refused", _("Not admitted")
    DISMISSED = "dismissed", _("Not upheld")
    UPHELD = "upheld", _("Upheld")


class Objection(models.Model):
    """A signed objection to a unit's result; while it is open, that unit's circulation waits."""

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="objections")
    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="objections")
    kind = models.CharField(_("who objects"), max_length=6, choices=ObjectorKind.choices)
    name = EncryptedTextField(_("name"))
    workplace = EncryptedTextField(_("workplace"), blank=True)
    contact = EncryptedTextField(_("contact"))
    text = models.TextField(_("objection"))
    receipt = models.CharField(_("receipt"), max_length=40, unique=True)
    filed_at = models.DateTimeField(_("filed at"), default=clock.now)
    decision = models.CharField(_("decision"), max_length=10, choices=ObjectionDecision.choices, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    # Since then name, workplace and contact are empty.
    forgotten_at = models.DateTimeField(_("names deleted at"), null=True)

    class Meta:
        ordering = ["-filed_at"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def __str__(self) -> str:
        return self.receipt
