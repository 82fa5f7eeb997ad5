"""Draws of service recipients: rosters fixed, drawings bound to a lottery, what was drawn; anybody redoes it (R8)."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.subjects import Subject
from common import clock
from scoring.engine.lottery import DRAWN
from scoring.models.cycle import Cycle
from scoring.models.sheet import ScoreSheet


class PublicRoster(models.Model):
    """The public side of a district's roster, fixed when its materials are accepted; one of a sheet is in force."""

    sheet = models.ForeignKey(
        ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="public_rosters"
    )
    sha256 = models.CharField(_("SHA-256 of the public roster"), max_length=64)
    # As it is published: `id,commitment`, by id (contract 4).
    content = models.TextField(_("public roster"))
    # `id,category`, by id; published only where a cycle draws at least one of each (docs/draw.md).
    categories = models.TextField(_("categories"), blank=True)
    fixed_at = models.DateTimeField(_("fixed at"), default=clock.now)
    superseded_at = models.DateTimeField(_("superseded at"), null=True)
    superseded_why = models.CharField(_("superseded because"), max_length=200, blank=True)

    class Meta:
        ordering = ["sheet__track__position", "sheet__unit__code", "pk"]
        verbose_name = _("public roster")
        verbose_name_plural = _("public rosters")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(superseded_at=None), name="public_roster_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.sha256[:8]}"

    @property
    def people(self) -> int:
        """How many people stand in it."""
        return self.content.count("\n") - 1


class Drawing(Subject, models.Model):
    """One occasion of drawing in a cycle: what is fixed before a public lottery, and the lottery's numbers (R8).

    Hashes of secrets are logged and revealed before `closes_at`; what the lottery draws after it comes last, so nobody
    can choose anything once it is known what would be drawn. The rosters that it covers are fixed as it is opened.
    """

    recorded_kind = "drawing"

    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), on_delete=models.PROTECT, related_name="drawings")
    number = models.PositiveSmallIntegerField(_("number"))
    lottery_issue = models.CharField(_("issue of the lottery"), max_length=7)
    lottery_on = models.DateField(_("day of the lottery"))
    # At least one of each category is drawn: as the cycle's option stood when the drawing was opened.
    each_category = models.BooleanField(_("at least one of each category"), default=False)
    opened_by = models.ForeignKey(User, verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"), default=clock.now)
    # The numbers as they stand in the seed lines, `03 07 12 19 25 31` and `08`; they count once another confirms them.
    red = models.CharField(_("red numbers"), max_length=17, blank=True)
    blue = models.CharField(_("blue number"), max_length=2, blank=True)
    entered_by = models.ForeignKey(
        User, null=True, verbose_name=_("numbers entered by"), on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("numbers entered at"), null=True)
    confirmed_by = models.ForeignKey(
        User, null=True, verbose_name=_("numbers confirmed by"), on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("numbers confirmed at"), null=True)
    # Composed by the recipe of docs/draw.md when the numbers were confirmed, one a line.
    seed_lines = models.TextField(_("seed lines"), blank=True)
    superseded_at = models.DateTimeField(_("superseded at"), null=True)
    superseded_by = models.ForeignKey(
        User, null=True, verbose_name=_("superseded by"), on_delete=models.PROTECT, related_name="+"
    )
    superseded_why = models.TextField(_("superseded because"), blank=True)

    class Meta:
        ordering = ["cycle", "number"]
        verbose_name = _("drawing")
        verbose_name_plural = _("drawings")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="drawing_number"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")), name="drawing_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, seed_lines="") | Q(confirmed_at__isnull=False) & ~Q(seed_lines=""),
                name="drawing_seed_once_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Drawing %(number)d of %(year)s") % {"number": self.number, "year": self.cycle.slug}

    @property
    def recorded_cycle(self) -> str:
        """The name of its cycle."""
        return self.cycle.slug

    @property
    def closes_at(self) -> datetime:
        """The first instant at which no hash and no secret counts any more: before the lottery draws."""
        return _in_beijing(self.lottery_on, min(settings.LOTTERY_CLOSES, DRAWN))  # never once the numbers are known

    @property
    def lottery_at(self) -> datetime:
        """The instant at which the lottery draws its numbers."""
        return _in_beijing(self.lottery_on, DRAWN)


def _in_beijing(day: date, at: time) -> datetime:
    return clock.midnight(day) + timedelta(hours=at.hour, minutes=at.minute)


class CoveredRoster(models.Model):
    """A roster that a drawing draws from, and how many; fixed when the drawing is opened."""

    drawing = models.ForeignKey(Drawing, on_delete=models.PROTECT, related_name="covered")
    roster = models.ForeignKey(PublicRoster, on_delete=models.PROTECT, related_name="covered")
    size = models.PositiveSmallIntegerField(_("size"))

    class Meta:
        ordering = ["roster__sheet__track__position", "roster__sheet__unit__code"]
        verbose_name = _("roster of a drawing")
        verbose_name_plural = _("rosters of a drawing")
        constraints = [models.UniqueConstraint(fields=["drawing", "roster"], name="covered_once")]

    def __str__(self) -> str:
        return f"{self.drawing_id} {self.roster_id}"


class SeedShare(models.Model):
    """A person's part in the seed of a drawing: the hash of a secret, later the secret, empty while it is not revealed.

    A secret that is not revealed in time stands in the seed lines as missing.
    """

    drawing = models.ForeignKey(Drawing, verbose_name=_("drawing"), on_delete=models.PROTECT, related_name="shares")
    number = models.PositiveSmallIntegerField(_("number"))
    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(_("SHA-256 of the secret"), max_length=64)
    logged_at = models.DateTimeField(_("logged at"))
    secret = models.CharField(_("secret"), max_length=128, blank=True)
    revealed_at = models.DateTimeField(_("revealed at"), null=True)

    class Meta:
        ordering = ["drawing", "number"]
        verbose_name = _("share of a seed")
        verbose_name_plural = _("shares of a seed")
        constraints = [
            models.UniqueConstraint(fields=["drawing", "number"], name="share_number"),
            models.UniqueConstraint(fields=["drawing", "person"], name="share_once_a_person"),
            models.UniqueConstraint(fields=["drawing", "sha256"], name="share_of_its_own"),
            models.CheckConstraint(
                condition=Q(secret="", revealed_at=None) | ~Q(secret="") & Q(revealed_at__isnull=False),
                name="share_revealed_with_its_secret",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drawing_id} {self.number}"


class Draw(models.Model):
    """A verifiable draw of recipients from a district's roster (contract 4); one of a district is in force.

    Draws from before there were drawings have none.
    """

    sheet = models.ForeignKey(ScoreSheet, verbose_name=_("sheet"), on_delete=models.PROTECT, related_name="draws")
    drawing = models.ForeignKey(
        Drawing, null=True, verbose_name=_("drawing"), on_delete=models.PROTECT, related_name="draws"
    )
    size = models.PositiveSmallIntegerField(_("size"))
    seed = models.CharField(_("seed"), max_length=64)
    roster_sha256 = models.CharField(_("SHA-256 of the public roster"), max_length=64)
    public_roster = models.TextField(_("public roster"))
    drawn = models.JSONField(_("drawn"))
    reserves = models.JSONField(_("reserves"))
    drawn_by = models.ForeignKey(User, verbose_name=_("drawn by"), on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("drawn at"), default=clock.now)
    superseded_at = models.DateTimeField(_("superseded at"), null=True)
    superseded_why = models.TextField(_("superseded because"), blank=True)

    class Meta:
        ordering = ["-drawn_at"]
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [
            models.UniqueConstraint(fields=["sheet"], condition=Q(superseded_at=None), name="draw_one_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.roster_sha256[:8]}"


class Replacement(models.Model):
    """Somebody drawn could not be reached: the next of the same order of reserves came in, with the reason (R8)."""

    draw = models.ForeignKey(Draw, verbose_name=_("draw"), on_delete=models.PROTECT, related_name="replacements")
    out_id = models.CharField(_("who went out"), max_length=64)
    in_id = models.CharField(_("who came in"), max_length=64)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        ordering = ["draw", "pk"]
        verbose_name = _("replacement")
        verbose_name_plural = _("replacements")
        constraints = [
            models.UniqueConstraint(fields=["draw", "out_id"], name="replaced_once"),
            models.UniqueConstraint(fields=["draw", "in_id"], name="replacing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.out_id} → {self.in_id}"
