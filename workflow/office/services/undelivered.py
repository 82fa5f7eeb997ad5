"""Messages that were given up are sent once more, once the office has seen to the address."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from accounts.permissions import Action
from accounts.rules import permitted, require
from audit.services import log
from audit.verbs import Verb
from outbox.services import try_again


@transaction.atomic
def send_again(*, by: User, to: Collection[User] | None = None) -> int:
    """Send what was given up and is still true once more, to these people or to everybody; returns how many wait again.

    What is out of date meanwhile stays as it is. An event says how many; where nothing waits there is none.
    """
    require(by, permitted(Action.MANAGE_ACCOUNTS))
    count = try_again(to=to)
    if count:
        people = sorted(person.username for person in to) if to is not None else []
        log(Verb.SENT_AGAIN, "messages", by=by, data={"messages": count, "people": people})
    return count
