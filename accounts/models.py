"""People, where they belong, and from when to when."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.subjects import Subject
from common import clock


class Role(models.TextChoices):
    """What a person is to the assessment (design.md section 1)."""

    FILER = "filer", _("Unit filer")
    REVIEWER = "reviewer", _("Department reviewer")
    HEAD = "head", _("Department head")
    OFFICE = "office", _("Office of the leading group")
    LEADER = "leader", _("Leader")
    CHIEF = "chief", _("Head of the leading group")
    SUPERVISOR = "supervisor", _("Supervisor")


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user with a hashed password."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(Subject, AbstractBaseUser):
    """A person who signs in."""

    recorded_kind = "user"

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("mail address"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    # Somebody else has read the password: whoever signs in with it chooses another before anything else.
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    created_at = models.DateTimeField(_("created at"), default=clock.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name


class Unit(Subject, models.Model):
    """A member organisation; its name of a year is kept on that year's score sheet."""

    recorded_kind = "unit"

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["code"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name


class Department(Subject, models.Model):
    """A department of the body that assesses."""

    recorded_kind = "department"

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person is, where, from when (inclusive) to when (exclusive)."""

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    since = models.DateTimeField(_("since"), default=clock.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["user", "role"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                name="membership_place",
                condition=(Q(role="filer", unit__isnull=False, department=None))
                | (Q(role__in=["reviewer", "head"], department__isnull=False, unit=None))
                | (Q(role__in=["office", "leader", "chief", "supervisor"], unit=None, department=None)),
            ),
            models.UniqueConstraint(
                name="membership_once_unit",
                fields=["user", "role", "unit"],
                condition=Q(until=None, unit__isnull=False),
            ),
            models.UniqueConstraint(
                name="membership_once_department",
                fields=["user", "role", "department"],
                condition=Q(until=None, department__isnull=False),
            ),
            models.UniqueConstraint(
                name="membership_once_body",
                fields=["user", "role"],
                condition=Q(until=None, unit=None, department=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.unit or self.department or ''}".strip()


class ChangeKind(models.TextChoices):
    """What two people decide about somebody who runs, signs or oversees the assessment."""

    ROLE = "role", _("Give a role")
    PASSWORD = "password", _("Set a new password")
    CONTACT = "contact", _("Change name or mail address")
    REOPEN = "reopen", _("Open a closed account again")


class ChangeDecision(models.TextChoices):
    """What became of it."""

    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class GuardedChange(models.Model):
    """A change that one person asked for and that takes effect when another has confirmed it."""

    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind.choices)
    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="guarded_changes")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, blank=True)
    since = models.DateTimeField(_("since"), null=True)
    until = models.DateTimeField(_("until"), null=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    asked_by = models.ForeignKey(User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(_("asked as"), max_length=12, choices=Role.choices)
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    expires_at = models.DateTimeField(_("expires at"))
    decision = models.CharField(_("decision"), max_length=12, choices=ChangeDecision.choices, blank=True)
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    why = models.TextField(_("why"), blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("guarded change")
        verbose_name_plural = _("guarded changes")
        constraints = [
            models.CheckConstraint(
                name="guarded_change_decided",
                condition=Q(decision="", decided_by=None, decided_at=None)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="guarded_change_by_two",
                condition=~Q(decision="confirmed") | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user"))),
            ),
            models.CheckConstraint(
                name="guarded_change_role",
                condition=Q(kind="role", role__in=["office", "chief", "supervisor"]) | (~Q(kind="role") & Q(role="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.role}".strip()
