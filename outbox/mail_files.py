"""Mail of a demo, written into files: each whole or not at all, so that after a full disk it is sent again."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from common import clock
from common.files import write_whole


class EmailBackend(BaseEmailBackend):
    """Writes each mail into a file of its own in the folder of the settings."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails; returns how many. Raises OSError when one can't be written."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{clock.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.log"
            write_whole(folder / name, message.message().as_bytes())
        return len(email_messages)
