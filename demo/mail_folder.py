"""A demo's mails and texts lie in a folder: each a file, whole or not at all, so that none is lost by a full disk.

They hold the links that a real house makes as it sends and keeps nowhere: whoever tries the demo follows them here.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from common import clock
from common.files import write_whole


class EmailBackend(BaseEmailBackend):
    """Writes each mail into a file of its own: a demo never reaches a real mailbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails; returns how many. Raises OSError when one can't be written."""
        for message in email_messages:
            written = message.message()
            _keep(f"{_stamp()}-{_mark(written['Message-ID'])}.log", written.as_bytes())
        return len(email_messages)


def carry_text(address: str, text: str) -> None:
    """Write the text into a file of its own: a demo never reaches a real phone. Raises OSError when it can't."""
    _keep(f"text-{_stamp()}.txt", f"{address}\n{text}\n".encode())


@dataclass(frozen=True)
class Text:
    """A text as it lies in the folder."""

    name: str
    address: str
    body: str


def texts_written(words: str = "") -> list[Text]:
    """The texts in the folder that contain `words`, newest first."""
    files = sorted(Path(settings.MAIL_DIR).glob("text-*.txt"), reverse=True)
    return [text for text in map(_read, files) if words in text.body or words in text.address]


def mail_written(message_id: str) -> str:
    """What the latest mail of this Message-ID says, as it was sent; empty if there is none."""
    for file in sorted(Path(settings.MAIL_DIR).glob(f"*-{_mark(message_id)}.log"), reverse=True):
        return str(message_from_bytes(file.read_bytes(), policy=policy.default).get_content())
    return ""


def _mark(message_id: str) -> str:
    """By what a file's name tells of which message it is."""
    return sha256(message_id.encode()).hexdigest()[:16]


def _keep(name: str, content: bytes) -> None:
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / name, content)


def _stamp() -> str:
    return f"{clock.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"


def _read(file: Path) -> Text:
    address, _newline, body = file.read_text(encoding="utf-8").partition("\n")
    return Text(name=file.stem, address=address, body=body.strip())
