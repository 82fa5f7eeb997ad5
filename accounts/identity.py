"""What a person's account may be called: one rule for forms, imports and the operator's command."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.errors import DomainError

NAME_CHARACTERS = RegexValidator(r"^[\w.@+-]+\Z", gettext_lazy("Letters, digits and . @ + - _ only."))
LONGEST_NAME = 60
LONGEST_MAIL = 254
# Unicode's categories of what can't be seen: controls, marks of format, lone surrogates, ends of lines.
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def normal(username: str) -> str:
    """A user name as it is kept and as signing in reads it: half width, nothing around it."""
    return unicodedata.normalize("NFKC", username.strip())


def key_of(username: str) -> str:
    """What two user names have in common if they are one: case and width make no difference."""
    return normal(username).casefold()


def holds_unseen(text: str) -> bool:
    """Whether a text holds a line break or another character that takes no place on a page."""
    return any(unicodedata.category(letter) in UNSEEN for letter in text)


def users_by_key() -> dict[str, User]:
    """Every account by what its user name has in common with others like it (one query)."""
    return {key_of(user.username): user for user in User.objects.all()}


def require_person(*, username: str, name: str, email: str) -> None:
    """Raise DomainError at the field of what no account can have: too long, other characters, no mail address."""
    for field, value in (("username", username), ("name", name)):
        if not value:
            raise DomainError(_("User name and name are needed."), field=field)
        if len(value) > LONGEST_NAME:
            raise DomainError(_("“%(word)s…” is too long.") % {"word": value[:20]}, field=field)
    _require_characters(username)
    if holds_unseen(name):
        raise DomainError(_("The name holds a line break or another character that can't be seen."), field="name")
    if email:
        _require_mail(email)


def _require_characters(username: str) -> None:
    try:
        NAME_CHARACTERS(username)
    except ValidationError as error:
        said = _("The user name %(word)s can't be: %(why)s") % {"word": username, "why": error.message}
        raise DomainError(said, field="username") from None


def _require_mail(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise DomainError(_("“%(word)s” is no mail address.") % {"word": email[:40]}, field="email") from None
    if len(email) > LONGEST_MAIL:
        raise DomainError(_("“%(word)s…” is too long.") % {"word": email[:20]}, field="email")
