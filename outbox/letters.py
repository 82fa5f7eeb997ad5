"""Letters: a template with a subject and a text, under templates/letters/, made into a message for one cause."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.template import Context, Template, loader

from outbox.models import DUE, MINTED, Message
from outbox.services import mail


def letter(
    name: str,
    /,
    *,
    cause: str,
    to: AbstractBaseUser,
    path: str = "",
    minting: str = "",
    about: str = "",
    due_at: datetime | None = None,
    true_until: datetime | None = None,
    **words: object,
) -> Message:
    """A mail to a person, not yet written, in the words of `templates/letters/<name>.txt`.

    The template's first line is the subject, the rest the text, in the language that is active: whoever queues makes
    their letters inside a generator, which `queue` reads in the house's. It knows `words`, as `due` the place where
    `due_at` will be said, and as `minted` that of what `minting` names. The others are said of
    `outbox.services.Terms`.
    """
    subject, body = said(name, due=DUE if due_at else "", minted=MINTED if minting else "", **words)
    return mail(
        cause=cause,
        to=to,
        subject=subject,
        body=body,
        path=path,
        minting=minting,
        about=about,
        due_at=due_at,
        true_until=true_until,
    )


def letters(name: str, people: Iterable[AbstractBaseUser], /, *, cause: str, **what: Any) -> Iterator[Message]:
    """The same letter to each of these people; `cause` is followed by the person's key, the rest is as in `letter`."""
    for person in people:
        yield letter(name, cause=f"{cause}:{person.pk}", to=person, **what)


def said(name: str, /, **words: object) -> tuple[str, str]:
    """Subject and text of a letter; nothing is escaped, since neither is markup."""
    template: Template = loader.get_template(f"letters/{name}.txt").template  # type: ignore[attr-defined]  # Django's own engine
    subject, _line, body = template.render(Context(words, autoescape=False)).strip().partition("\n")
    return " ".join(subject.split()), body.strip()
