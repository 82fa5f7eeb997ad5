"""Corrections of a frozen scheme: proposed by the office as another version, signed by the leading group's head."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from scoring.models.cycle import Cycle
from scoring.models.scheme import Scheme
from scoring.models.sheet import LineKind, ScoreSheet


class SchemeProposal(models.Model):
    """Another version of a cycle's scheme: why, who proposed it, and what became of it.

    Begun, it is edited; submitted, it waits for the head, who signs it or returns it with words; the office may give
    it up until it is signed. `submitted_at` is empty again once it was returned.
    """

    scheme = models.OneToOneField(Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="proposal")
    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="proposals")
    # The version that it corrects, which counts until this one is signed.
    instead_of = models.ForeignKey(Scheme, verbose_name=_("corrects"), on_delete=models.PROTECT, related_name="+")
    why = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=clock.now)
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    returned_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(_("returned at"), null=True)
    returned_why = models.TextField(_("why returned"), blank=True)
    signed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed at"), null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("given up at"), null=True)
    # What it did to units, as it was computed under the locks of the signature (`workflow.versions.queries.told`).
    effect = models.JSONField(_("effect"), null=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("proposed version")
        verbose_name_plural = _("proposed versions")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"], condition=Q(signed_at=None, withdrawn_at=None), name="proposal_one_open"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="proposal_why"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(submitted_at__isnull=False, signed_by__isnull=False, withdrawn_at=None),
                name="proposal_signed_once_submitted",
            ),
            # Nobody signs what they proposed or submitted.
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("proposed_by")) & ~Q(signed_by=F("submitted_by")),
                name="proposal_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.proposed_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether it is neither signed nor given up."""
        return self.signed_at is None and self.withdrawn_at is None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for the head's signature."""
        return self.is_open and self.submitted_at is not None


class FormerLine(models.Model):
    """What a line of a sheet held before a version of the scheme took it away or changed what it holds."""

    proposal = models.ForeignKey(
        SchemeProposal, verbose_name=_("version"), on_delete=models.PROTECT, related_name="former_lines"
    )
    # Without an index of its own: `former_line_once` begins with it.
    sheet = models.ForeignKey(
        ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="former_lines", db_index=False
    )
    code = models.CharField(_("code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=4, choices=LineKind.choices)
    claimed = models.DecimalField(_("claimed"), max_digits=7, decimal_places=2, null=True)
    basis = models.JSONField(_("what the points come from"), default=dict, blank=True)
    text = models.TextField(_("what was done"), blank=True)
    reviewed = models.DecimalField(_("reviewed"), max_digits=7, decimal_places=2, null=True)
    reviewed_basis = models.JSONField(_("what the points reviewed come from"), null=True)
    review_note = models.TextField(_("reviewer's reason"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("former line of a sheet")
        verbose_name_plural = _("former lines of a sheet")
        constraints = [models.UniqueConstraint(fields=["sheet", "proposal", "code"], name="former_line_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.code}"
