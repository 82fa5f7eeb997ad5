"""Who carries messages: a mail server, one connection for a whole round, and the gateway of texts."""

import smtplib
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from outbox.models import Channel, Reason
from outbox.texts import NoGateway, send_text

PERMANENT = 500  # an answer of a mail server from here on says no for good (RFC 5321)
CLOSING = 421  # the server ends the conversation, whatever it was about


class NotTakenError(Exception):
    """A message was not taken: why, the server's answer if it gave one, and `fault`, what an operator's log names.

    None of them holds an address or words of the message.
    """

    def __init__(self, reason: Reason, *, code: int | None = None, fault: str = "") -> None:
        super().__init__(f"{reason} {fault}")
        self.reason, self.code, self.fault = reason, code, fault


class UnreachableError(NotTakenError):
    """Nobody is there to take any message now: the next one would wait just as long."""


class RefusedError(NotTakenError):
    """This one message was refused; `final` when trying again without a change is of little use."""

    def __init__(self, reason: Reason, *, final: bool, code: int | None = None, fault: str = "") -> None:
        super().__init__(reason, code=code, fault=fault)
        self.final = final


@dataclass(frozen=True)
class Parcel:
    """A message as it is handed over, whole, with what was made for it: it is in memory only as long as that takes."""

    cause: str
    address: str = field(repr=False)
    subject: str
    body: str = field(repr=False)
    path: str


class Carrier(Protocol):
    """Carries the messages of one channel for one round."""

    channel: Channel

    def carry(self, parcel: Parcel) -> None:
        """Hand the message over. Raises UnreachableError or RefusedError when it was not taken."""
        ...

    def close(self) -> None:
        """End the conversation, if there was one."""
        ...


class Mails:
    """Hands mails to the server of the settings, over one connection that the first of them opens."""

    channel = Channel.MAIL

    def __init__(self) -> None:
        self.connection = get_connection()

    def carry(self, parcel: Parcel) -> None:
        """Hand the mail over; whoever has no address is a refusal that only an address ends."""
        if not parcel.address:
            raise RefusedError(Reason.NO_ADDRESS, final=True)
        self._open()
        try:
            self._letter(parcel).send()
        except smtplib.SMTPRecipientsRefused as error:
            code, _words = next(iter(error.recipients.values()))
            raise _answered(error, code) from error
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise _answered(error, error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:  # an address in other letters than the server knows
            raise RefusedError(Reason.REFUSED, final=True, fault=_name(error)) from error
        except ValueError as error:  # what no letter can be made of: an address with a line break in it
            raise RefusedError(Reason.MALFORMED, final=True, fault=_name(error)) from error
        except OSError as error:  # smtplib's other errors are OSErrors: the connection is gone
            raise UnreachableError(Reason.UNREACHABLE, fault=_name(error)) from error

    def _open(self) -> None:
        try:
            self.connection.open()
        except OSError as error:  # no connection, no greeting, no sign-in, no TLS: so it is for every message
            raise UnreachableError(Reason.UNREACHABLE, fault=_name(error)) from error

    def close(self) -> None:
        """Say goodbye; what was taken stays taken, whether the server hears it or not."""
        self.connection.close()

    def _letter(self, parcel: Parcel) -> EmailMessage:
        link = f"\n\n{settings.BASE_URL}{parcel.path}" if parcel.path else ""
        return EmailMessage(
            subject=" ".join(parcel.subject.split()),
            body=parcel.body + link,
            to=[parcel.address],
            connection=self.connection,
            headers={"Message-ID": message_id(parcel.cause)},
        )


def message_id(cause: str) -> str:
    """The Message-ID of the mail for a cause, the same at each try: sent twice by a crash, it is one to its reader."""
    digest = sha256(f"{settings.BASE_URL}\n{cause}".encode()).hexdigest()
    return f"<{digest[:40]}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"


def _answered(error: smtplib.SMTPException, code: int) -> NotTakenError:
    if code == CLOSING:
        return UnreachableError(Reason.UNREACHABLE, code=code, fault=_name(error))
    return RefusedError(Reason.REFUSED, final=code >= PERMANENT, code=code, fault=_name(error))


def _name(error: Exception) -> str:
    return type(error).__name__


class Texts:
    """Hands texts to the gateway of the settings."""

    channel = Channel.TEXT

    def carry(self, parcel: Parcel) -> None:
        """Hand the text over; a gateway that is not there or does not answer ends the round."""
        try:
            send_text(parcel.address, parcel.body)
        except NoGateway as error:
            raise UnreachableError(Reason.NO_GATEWAY, fault=_name(error)) from error
        except (ConnectionError, TimeoutError) as error:
            raise UnreachableError(Reason.GATEWAY_UNREACHABLE, fault=_name(error)) from error
        except OSError as error:
            raise RefusedError(Reason.GATEWAY_REFUSED, final=False, fault=_name(error)) from error

    def close(self) -> None:
        """Nothing is open between two texts."""
