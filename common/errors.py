"""Errors that a person may cause: each says what is wrong and, where it can, at which field."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class DomainError(Exception):
    """A rule of the house forbids what was asked; `message` is translated and meant for the person."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class NotAllowed(DomainError):
    """Who asks may not do this, whatever the state of things; a page that catches nothing answers it with 403."""


def require_reason(why: str, *, field: str = "why") -> None:
    """Raise DomainError at `field` where nothing is said in it."""
    if not why.strip():
        raise DomainError(_("Please give the reason."), field=field)
