"""The rules of a cycle: a scheme frozen when it opens, its findings, tracks and who answers for which part."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, User
from common import clock
from common.narrow import known
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import TrackRules
from scoring.models.cycle import Cycle

MOST_READ = 100
_READ: dict[str, SchemeRules] = {}  # by SHA-256


class FindingSeverity(models.TextChoices):
    """How heavy a finding weighs."""

    CONFIRM = "confirm", _("To confirm")
    ERROR = "error", _("Error")


class Scheme(models.Model):
    """What a notice says, as data (contract 1). Frozen when its cycle opens; then it never changes.

    A correction afterwards is another version: `version` is None while it is proposed, and `in_force` is of the one
    version of a cycle by which is counted.
    """

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="versions")
    in_force = models.OneToOneField(
        Cycle, verbose_name=_("in force for"), null=True, on_delete=models.PROTECT, related_name="scheme"
    )
    version = models.PositiveSmallIntegerField(_("version"), null=True, default=1)
    body = models.JSONField(_("scheme"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    source_name = models.CharField(_("file"), max_length=200)
    source = models.FileField(_("notice"), upload_to="notices/%Y/")
    loaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(_("imported at"), default=clock.now)
    frozen_at = models.DateTimeField(_("frozen at"), null=True)

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "version"], name="scheme_version_once"),
            models.CheckConstraint(condition=Q(in_force=None) | Q(in_force=F("cycle")), name="scheme_of_its_cycle"),
            models.CheckConstraint(condition=Q(in_force=None) | Q(version__isnull=False), name="scheme_counts_by"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.sha256[:8]}"

    @property
    def is_proposed(self) -> bool:
        """Whether it is a version that corrects one in force and has not been signed."""
        return self.version is None

    @property
    def as_sealed(self) -> dict[str, str | int]:
        """How sealed things name the version by which they count; the first goes without its number."""
        named: dict[str, str | int] = {"scheme_sha256": self.sha256}
        return named | {"scheme_version": self.version} if self.version and self.version > 1 else named

    @property
    def rules(self) -> SchemeRules:
        """The scheme as the engine reads it; read once in a process, since what has this SHA-256 never changes.

        A list that asks it of many rows may leave their `body` in the database.
        """
        rules = _READ.get(self.sha256)
        if rules is None:
            if len(_READ) >= MOST_READ:
                _READ.clear()
            rules = _READ[self.sha256] = SchemeRules.from_json(self.body)
        return rules


class Finding(models.Model):
    """A reading that the office confirms or corrects before the cycle opens."""

    scheme = models.ForeignKey(Scheme, verbose_name=_("scheme"), on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(_("code"), max_length=40)
    severity = models.CharField(_("severity"), max_length=8, choices=FindingSeverity.choices)
    track = models.CharField(_("track"), max_length=20, blank=True)
    at = models.CharField(_("place"), max_length=20, blank=True)
    message = models.TextField(_("message"))
    settled_at = models.DateTimeField(_("settled at"), null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["severity", "track", "at", "pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self) -> str:
        return f"{self.code} {self.track} {self.at}"

    @property
    def place(self) -> str:
        """Its place as people know it: of a quota the code, without what of it is left open."""
        return self.at.partition(".")[0] if self.code == "quota" else self.at


class Track(models.Model):
    """A group of units ranked together (R1)."""

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="tracks")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"))
    desk = models.ForeignKey(
        Department, verbose_name=_("receiving desk"), null=True, on_delete=models.PROTECT, related_name="tracks"
    )

    class Meta:
        ordering = ["position"]
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        constraints = [models.UniqueConstraint(fields=["cycle", "code"], name="track_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def rules(self) -> TrackRules:
        """What the scheme says of it, as the engine reads it."""
        return known(self.cycle.scheme.rules.track(self.code))


class Responsibility(models.Model):
    """Which department answers for a part or an adjustment of a track."""

    track = models.ForeignKey(Track, verbose_name=_("track"), on_delete=models.CASCADE, related_name="responsibilities")
    code = models.CharField(_("part or adjustment"), max_length=20)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="responsibilities"
    )

    class Meta:
        ordering = ["track", "code"]
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [
            models.UniqueConstraint(fields=["track", "code"], name="responsibility_once"),
            models.CheckConstraint(condition=~Q(code=""), name="responsibility_code"),
        ]

    def __str__(self) -> str:
        return f"{self.track_id} {self.code} {self.department}"
