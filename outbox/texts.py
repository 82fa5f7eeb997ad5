"""Who carries text messages: files in a demo; elsewhere nobody until a gateway is named (`KAOHE_TEXT_GATEWAY`).

A gateway is a function that takes the phone number and the text, and raises OSError when the text was not taken: it is
then tried again later. A TimeoutError or ConnectionError says that no text would be taken now: the others wait too.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from common import clock
from common.files import write_whole


class NoGateway(ConnectionError):
    """No gateway for texts is named; what is to be said waits."""


def send_text(address: str, text: str) -> None:
    """Hand a text to the gateway of the settings. Raises OSError when it was not taken."""
    carry: Callable[[str, str], None] = import_string(settings.TEXT_GATEWAY)
    carry(address, text)


def to_file(address: str, text: str) -> None:
    """Write the text into a file of its own in the mail folder: a demo never reaches a real phone."""
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"text-{clock.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.txt"
    write_whole(folder / name, f"{address}\n{text}\n".encode())


def no_gateway(address: str, text: str) -> None:
    """Refuse every text: better late than lost."""
    raise NoGateway
