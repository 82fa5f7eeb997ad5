"""Links by which a person sets a password that nobody else has seen: signed, for one use, for a few days."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User
from common import clock


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens by the clock of the house; a new password or mail address makes a link worthless."""

    key_salt = "accounts.links.LinkTokens"

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)


tokens = LinkTokens()


def password_link(user: User) -> str:
    """The whole address at which `user` sets a password."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.BASE_URL + reverse("password-new", args=[key, tokens.make_token(user)])


def days_valid() -> int:
    """For how many days such a link can be used."""
    return int(settings.PASSWORD_RESET_TIMEOUT) // (24 * 3600)
