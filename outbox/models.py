"""Messages: what is to be said to whom, once for its cause."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.encryption import EncryptedTextField
from common.language import in_house_language
from common.wording import NONE, spoken_instant

# Where subject and body name the instant until which something is due: it is said when the message is read or sent,
# so that a date that moved meanwhile is said as it is now. No keyboard types this character.
DUE = "\N{OBJECT REPLACEMENT CHARACTER}"
# Where its body says what is made only while it is sent (outbox/minting.py). No keyboard types this one either.
MINTED = "\N{INTERLINEAR ANNOTATION ANCHOR}"


class Channel(models.TextChoices):
    """How a message travels."""

    MAIL = "mail", _("Mail")
    TEXT = "text", _("Text message")


class Reason(models.TextChoices):
    """Why a message was not sent so far."""

    NO_ADDRESS = "no_address", _("no mail address")
    MALFORMED = "malformed", _("the address is malformed")
    REFUSED = "refused", _("refused by the mail server")
    UNREACHABLE = "unreachable", _("the mail server can't be reached")
    NO_GATEWAY = "no_gateway", _("no gateway for texts is set up")
    GATEWAY_REFUSED = "gateway_refused", _("not taken by the gateway for texts")
    GATEWAY_UNREACHABLE = "gateway_unreachable", _("the gateway for texts can't be reached")
    FAULT = "fault", _("a fault of this system")


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
    # Which secret stands in its body for `MINTED`, such as `ballot:12`: made while it is sent, and never kept (R17).
    minting = models.CharField(_("made while it is sent"), max_length=40, blank=True)
    # What it is about, such as `task:12`: when that ends, what was not sent yet is withdrawn.
    about = models.CharField(_("about"), max_length=40, blank=True)
    # The instant that `DUE` stands for in its words.
    due_at = models.DateTimeField(_("due"), null=True)
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
    # Why the last try failed, and the mail server's answer where it gave one.
    reason = models.CharField(_("why not sent"), max_length=20, choices=Reason.choices, blank=True)
    reason_code = models.PositiveSmallIntegerField(_("answer of the server"), null=True)

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
    def said_subject(self) -> str:
        """Its subject with the instant until which something is due, as that stands now."""
        return self._with_due(self.subject)

    @property
    def said_body(self) -> str:
        """Its body with the instant until which something is due, as that stands now; what is minted is not in it."""
        body = self._with_due(self.body)
        if MINTED not in body:
            return body
        with in_house_language():
            return body.replace(MINTED, gettext("(a link that only the message itself had)"))

    def body_with(self, minted: str) -> str:
        """Its body as it is sent, with what was made for it; to be kept nowhere."""
        return self._with_due(self.body).replace(MINTED, minted)

    def _with_due(self, words: str) -> str:
        if DUE not in words:
            return words
        with in_house_language():
            return words.replace(DUE, spoken_instant(self.due_at) if self.due_at else NONE)

    @property
    def why_not_sent(self) -> str:
        """Why it was not sent so far, in words, with the mail server's answer; empty when no try failed."""
        if self.reason_code is None:
            return self.get_reason_display()
        return gettext("%(why)s (%(code)d)") % {"why": self.get_reason_display(), "code": self.reason_code}

    @property
    def ended_at(self) -> datetime | None:
        """When it was withdrawn, or its words ceased to be true, before it could be sent."""
        if self.sent_at:
            return None
        over = self.true_until if self.true_until and self.true_until <= clock.now() else None
        return self.withdrawn_at or over
