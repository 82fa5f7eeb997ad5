"""A text column that is encrypted at rest with keys that can be rotated (R17)."""

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def _keys() -> list[bytes]:
    keys: list[str] = settings.FIELD_KEYS
    if keys:
        return [key.encode() for key in keys]
    derived = hashlib.sha256(b"kaohe/field/v1\n" + settings.SECRET_KEY.encode()).digest()
    return [base64.urlsafe_b64encode(derived)]


@lru_cache(maxsize=1)
def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def fingerprint(text: str) -> str:
    """A keyed digest by which equal texts are found without being readable."""
    return hmac.new(_keys()[-1], text.encode(), hashlib.sha256).hexdigest()


if TYPE_CHECKING:
    TextColumn = models.TextField[str, str]
else:  # Django's fields take no type arguments when they run
    TextColumn = models.TextField


class EncryptedTextField(TextColumn):
    """Stores ciphertext; Python sees the plain text. It can't be searched."""

    def get_prep_value(self, value: Any) -> str | None:
        """Encrypt on the way to the database."""
        return None if value is None else _cipher().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Decrypt on the way out."""
        return None if value is None else _cipher().decrypt(value.encode()).decode()
