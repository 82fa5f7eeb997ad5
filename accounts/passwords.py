"""One-time passwords: random, easy to read aloud, quick to keep by the thousand; and one that nobody may choose."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

# Without the letters and digits that are taken for each other: 0 O 1 l I.
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# A random password of 80 bits needs no slow digest; Django makes it a slow one when it is first used.
QUICK = 20_000


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An account with its one-time password, which is shown this once."""

    user: User
    password: str


def new_password() -> str:
    """A random password in groups of digits and letters: `k7Rmq-x3vTb-…`."""
    groups = ("".join(secrets.choice(LETTERS) for _place in range(5)) for _group in range(3))
    return "-".join(groups)


def quick_hash(password: str) -> str:
    """The digest of a random password, made quickly: only for what `new_password` made."""
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=QUICK)
    return make_password(password)


def one_time_digest(password: str) -> str:
    """The digest of a one-time password; of an empty one that of no password at all, which nothing opens."""
    return quick_hash(password) if password else make_password(None)


class NotTheDemosValidator:
    """Refuses the demo's password, which everybody knows: in a real house it opens nothing (`accounts.backends`)."""

    def validate(self, password: str, _user: User | None = None) -> None:
        """Raise ValidationError for it, outside a demo."""
        if password == settings.DEMO_PASSWORD and not settings.DEMO:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """What the person reads beside the field."""
        return _("It can't be the password of the demo, which everybody knows.")
