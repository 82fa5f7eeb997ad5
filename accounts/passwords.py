"""One-time passwords: random, easy to read aloud, quick to keep by the thousand."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password

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
