"""Who carries text messages: nobody until a gateway is named (`KAOHE_TEXT_GATEWAY`).

A gateway is a function that takes the phone number and the text, and raises OSError when the text was not taken: it is
then tried again later. A TimeoutError or ConnectionError says that no text would be taken now: the others wait too.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string


class NoGateway(ConnectionError):
    """No gateway for texts is named; what is to be said waits."""


def send_text(address: str, text: str) -> None:
    """Hand a text to the gateway of the settings. Raises OSError when it was not taken."""
    carry: Callable[[str, str], None] = import_string(settings.TEXT_GATEWAY)
    carry(address, text)


def no_gateway(address: str, text: str) -> None:
    """Refuse every text: better late than lost."""
    raise NoGateway
