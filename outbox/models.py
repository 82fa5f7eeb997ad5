"""Messages: what is to be said to whom, once for its cause."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import clock
from audit.encryption import EncryptedTextField


class Channel(models.TextChoices):
    """How a message travels."""

    MAIL = "mail", _("Mail")
    TEXT = "text", _("Text message")


class Message(models.Model):
    """One mail or text; `cause` is unique, so that nothing is said twice."""

    cause = models.CharField(_("cause"), max_length=200, unique=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.MAIL)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("to"), null=True, on_delete=models.CASCADE, related_name="messages"
    )
    address = EncryptedTextField(_("address"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = EncryptedTextField(_("body"))
    # A ballot's link must not outlive its sending: address and body are emptied once sent (R17).
    secret = models.BooleanField(_("secret"), default=False)
    path = models.CharField(_("page"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    next_attempt_at = models.DateTimeField(_("next attempt at"), default=clock.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["next_attempt_at"], name="message_due", condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.channel} {self.cause}"
