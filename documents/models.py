"""The facts of the documents room: files, rosters, submissions, notices of results."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.subjects import Subject
from common import clock
from common.encryption import EncryptedTextField
from scoring.models import Cycle, ScoreSheet


class MaterialKind(models.TextChoices):
    """What a file is (R7)."""

    SUMMARY = "summary", _("Work summary")
    SCORE_SHEET = "score_sheet", _("Score sheet (signed copy)")
    EVIDENCE = "evidence", _("Evidence")


class Material(models.Model):
    """One uploaded file; removing it hides it, what was submitted stays."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="materials")
    kind = models.CharField(_("kind"), max_length=12, choices=MaterialKind.choices)
    # The part that evidence belongs to, such as `2.1`; empty for a whole-sheet material.
    code = models.CharField(_("part"), max_length=20, blank=True)
    file = models.FileField(_("file"), upload_to="materials/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(User, verbose_name=_("uploaded by"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), default=clock.now)
    removed_at = models.DateTimeField(_("removed at"), null=True)

    class Meta:
        ordering = ["kind", "code", "pk"]
        verbose_name = _("material")
        verbose_name_plural = _("materials")

    def __str__(self) -> str:
        return self.name

    @property
    def sealed_as(self) -> dict[str, str]:
        """The file as a sealed submission names it."""
        return {"kind": self.kind, "code": self.code, "name": self.name, "sha256": self.sha256}


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
    # Where the link of a ballot goes instead of the phone, if the roster names one.
    mail = EncryptedTextField(_("mail"), blank=True, default="")
    salt = EncryptedTextField(_("salt"), default=new_salt)
    # What binds to the person without naming them (contract 4): made once, so that no submission reads anybody.
    commitment = models.CharField(_("commitment"), max_length=64)
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
            ),
            models.CheckConstraint(condition=~models.Q(commitment=""), name="roster_committed"),
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


class Submission(models.Model):
    """What a unit handed in: the sealed body, its SHA-256, and the number of the receipt."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("number"))
    receipt = models.CharField(_("receipt"), max_length=40, unique=True)
    body = models.JSONField(_("sealed content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    submitted_by = models.ForeignKey(User, verbose_name=_("submitted by"), on_delete=models.PROTECT, related_name="+")
    # The instant at which the request arrived: the one that the deadline is compared with (R6).
    arrived_at = models.DateTimeField(_("arrived at"))

    class Meta:
        ordering = ["-number"]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="submission_number")]

    def __str__(self) -> str:
        return self.receipt


class UnsubmittedDraft(models.Model):
    """What a unit had changed after a return and did not hand in by the date: it does not count, but is not lost."""

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="drafts")
    # What the sheet went back to, and what the draft differs from.
    submission = models.ForeignKey(
        Submission, verbose_name=_("submission"), on_delete=models.PROTECT, related_name="drafts"
    )
    # As in a submission: points, texts, files by their SHA-256, people by opaque ids only.
    body = models.JSONField(_("content"))
    kept_at = models.DateTimeField(_("kept at"), default=clock.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("draft not handed in")
        verbose_name_plural = _("drafts not handed in")

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.kept_at:%Y-%m-%d}"


class ResultNotice(Subject, models.Model):
    """An issued notice of results, the letter that ends a cycle: its content is sealed, its file kept."""

    recorded_kind = "notice"

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="notices")
    number = models.CharField(_("document number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    issued_on = models.DateField(_("date of issue"))
    # What the page and the file show: addressees, paragraphs, results by track and grade.
    body = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file = models.FileField(_("file"), upload_to="notices-of-results/%Y/")
    issued_by = models.ForeignKey(User, verbose_name=_("issued by"), on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), default=clock.now)

    class Meta:
        db_table = "documents_notice"  # as it was first called
        ordering = ["-issued_at"]
        verbose_name = _("notice of results")
        verbose_name_plural = _("notices of results")

    def __str__(self) -> str:
        return self.number


class NoticeReceipt(models.Model):
    """A unit that got a notice; confirmed once somebody of the unit says so."""

    notice = models.ForeignKey(
        ResultNotice, verbose_name=_("notice"), on_delete=models.CASCADE, related_name="receipts"
    )
    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="receipts")
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        ordering = ["sheet__track__position", "sheet__unit__code"]
        verbose_name = _("receipt of a notice")
        verbose_name_plural = _("receipts of a notice")
        constraints = [models.UniqueConstraint(fields=["notice", "sheet"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.sheet_id}"
