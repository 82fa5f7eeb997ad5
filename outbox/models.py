"""Messages: what is to be said to whom, once for its cause."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import clock
from common.encryption import EncryptedTextField

# Why a message was not sent that no server was asked to take.
NO_ADDRESS = "no address"


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
    # What it is about, such as `task:12`: when that ends, what was not sent yet is withdrawn.
    about = models.CharField(_("about"), max_length=40, blank=True)
    # From then on its words are no longer true, and it is not sent any more.
    true_until = models.DateTimeField(_("true until"), null=True)
    path = models.CharField(_("page"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    next_attempt_at = models.DateTimeField(_("next attempt at"), default=clock.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    # How often it was refused for good; then nobody tries any more until the office says so.
    refusals = models.PositiveSmallIntegerField(_("refusals"), default=0)
    given_up_at = models.DateTimeField(_("given up at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="message_waiting",
                condition=models.Q(sent_at=None, withdrawn_at=None, given_up_at=None),
            ),
            models.Index(fields=["about"], name="message_about", condition=~models.Q(about="")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.cause}"

    @property
    def ended_at(self) -> datetime | None:
        """When it was withdrawn, or its words ceased to be true, before it could be sent."""
        if self.sent_at:
            return None
        over = self.true_until if self.true_until and self.true_until <= clock.now() else None
        return self.withdrawn_at or over
