"""What people and places may be called: one rule for forms, imports, services and the operator's command."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.errors import DomainError

NAME_CHARACTERS = RegexValidator(r"^[\w.@+-]+\Z", gettext_lazy("Letters, digits and . @ + - _ only."))
LONGEST_NAME = 60
LONGEST_MAIL = 254
# Unicode's categories of what can't be seen: controls, marks of format, lone surrogates, ends of lines.
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Letters and marks that are drawn as nothing, though Unicode counts them among the visible ones.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def normal(username: str) -> str:
    """A user name as it is kept and as signing in reads it: half width, nothing around it."""
    return unicodedata.normalize("NFKC", username.strip())


def key_of(username: str) -> str:
    """What two user names have in common if they are one: case and width make no difference."""
    return normal(username).casefold()


def holds_unseen(text: str) -> bool:
    """Whether a text holds a line break or another character that takes no place on a page."""
    return any(_is_unseen(letter) for letter in text)


def without_unseen(text: str) -> str:
    """The text without line breaks and other characters that take no place on a page."""
    return "".join(letter for letter in text if not _is_unseen(letter))


def _is_unseen(letter: str) -> bool:
    return letter in BLANK or unicodedata.category(letter) in UNSEEN


def require_seen(**words: str) -> None:
    """Raise DomainError at the first of these fields that holds what can't be seen: a name must read as it is kept.

    The dots of minority names (`·`) and rare characters are seen; direction marks, line breaks, joiners are not.
    """
    for field, word in words.items():
        if holds_unseen(word):
            raise DomainError(_("Here stands a line break or another character that can't be seen."), field=field)


def users_by_key() -> dict[str, User]:
    """Every account by what its user name has in common with others like it (one query)."""
    return {key_of(user.username): user for user in User.objects.all()}


def require_person(*, username: str, name: str, email: str) -> None:
    """Raise DomainError at the field of what no account can have: too long, other characters, no mail address."""
    _require_length("username", username)
    _require_characters(username)
    require_contact(name=name, email=email)


def require_contact(*, name: str, email: str) -> None:
    """Raise DomainError at the field of what no person can be called or be written to."""
    _require_length("name", name)
    if holds_unseen(name):
        raise DomainError(_("The name holds a line break or another character that can't be seen."), field="name")
    if email:
        _require_mail(email)


def _require_length(field: str, word: str) -> None:
    if not word:
        raise DomainError(_("User name and name are needed."), field=field)
    if len(word) > LONGEST_NAME:
        raise DomainError(_("“%(word)s…” is too long.") % {"word": word[:20]}, field=field)


def _require_characters(username: str) -> None:
    try:
        NAME_CHARACTERS(username)
    except ValidationError as error:
        words = _("The user name %(word)s can't be: %(why)s") % {"word": username, "why": error.message}
        raise DomainError(words, field="username") from None


def _require_mail(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise DomainError(_("“%(word)s” is no mail address.") % {"word": email[:40]}, field="email") from None
    if len(email) > LONGEST_MAIL:
        raise DomainError(_("“%(word)s…” is too long.") % {"word": email[:20]}, field="email")
