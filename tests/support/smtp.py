"""A mail server on a free loopback port that keeps what it gets and refuses what a test tells it to refuse."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """The server's handler: `messages` that came in, `answer` given to each (empty: accepted)."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = ""
        self.port = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Takes a message, or refuses it with the answer that was set."""
        if self.answer:
            return self.answer
        content = cast(bytes, envelope.content)
        self.messages.append(cast(EmailMessage, message_from_bytes(content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def silent_smtp(settings: Any) -> Iterator[list[socket.socket]]:
    """A server that accepts every connection and never says a word; the connections that it took."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):  # the server was closed
                while True:
                    taken.append(server.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 0.1
        yield taken
        server.shutdown(socket.SHUT_RDWR)
    for connection in taken:
        connection.close()


@pytest.fixture
def smtp(settings: Any) -> Iterator[Mailbox]:
    """A running server; Django's mail goes to it during the test."""
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        mailbox.port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield mailbox
    controller.stop()
