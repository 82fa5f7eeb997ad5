"""The links of ballots: each made as its message is sent, its digest kept in the place of an earlier one's (R17)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from common import clock
from common.narrow import known
from documents.models import RosterEntry
from outbox.letters import said
from outbox.minting import Minted, OutOfDateError
from outbox.models import DUE, MINTED, Channel, Message
from outbox.services import outside
from scoring.models import Ballot, Draw
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import about, open_task
from workflow.rating.services.ballots import mint


def cause_of(ballot: Ballot) -> str:
    """How the causes of all messages about a ballot begin."""
    return f"{minting_of(ballot)}:"


def minting_of(ballot: Ballot) -> str:
    """By what a message asks for a new link of a ballot as it is sent."""
    return f"ballot:{ballot.pk}"


def letters_of(draw: Draw, ballots: Iterable[Ballot], task: Task) -> Iterator[Message]:
    """A message for each of these ballots of a draw, with the link that rates; it is withdrawn with the unit's task.

    It goes by mail to whoever has an address in the roster, else as a text.
    """
    issued = list(ballots)
    mailed = with_mail(issued)
    for ballot in issued:
        yield _letter("ballot", draw, ballot, task, said_for="letter", mailed=mailed)


def reminder_of(ballot: Ballot, task: Task, mailed: Collection[str]) -> Message:
    """A message for whoever has not rated, with a new link: that of the message before it opens nothing any more.

    `mailed` is what `with_mail` says.
    """
    said_for = reminder_for(known(task.due_at))
    return _letter("ballot_reminder", ballot.draw, ballot, task, said_for=said_for, mailed=mailed)


def with_mail(ballots: Iterable[Ballot]) -> set[str]:
    """The ids of those among these people who get mail instead of a text (one query)."""
    people = RosterEntry.objects.filter(opaque_id__in=[ballot.opaque_id for ballot in ballots])
    return {opaque_id for opaque_id, mail in people.values_list("opaque_id", "mail") if mail}


def reminder_for(closes: datetime) -> str:
    """How the cause of a reminder for a close (aware) ends: one that moves is another."""
    return f"reminder:{clock.last_day(closes).isoformat()}"


def _letter(name: str, draw: Draw, ballot: Ballot, task: Task, *, said_for: str, mailed: Collection[str]) -> Message:
    subject, body = said(name, sheet=draw.sheet, minted=MINTED, due=DUE)
    return outside(
        channel=Channel.MAIL if ballot.opaque_id in mailed else Channel.TEXT,
        cause=cause_of(ballot) + said_for,
        subject=subject,
        body=body,
        minting=minting_of(ballot),
        about=about(task),
        due_at=task.due_at,
        true_until=task.due_at,
    )


def mint_link(key: str) -> Minted:
    """A new link of the ballot with that key, and the mail address or phone of its person, which no message keeps.

    Links made before open nothing any more. Raises OutOfDateError for a ballot that is used, revoked or handed out on
    paper, or once rating is over.
    """
    ballot = (
        Ballot.objects.select_for_update(of=("self",), no_key=True)
        .select_related("draw__sheet__cycle", "draw__sheet__assessment")
        .filter(pk=int(key), spent=False, revoked_at=None, on_paper=False, draw__superseded_at=None)
        .first()
    )
    if ballot is None or not _is_wanted(ballot):
        raise OutOfDateError
    person = RosterEntry.objects.get(sheet=ballot.draw.sheet_id, opaque_id=ballot.opaque_id)
    return Minted(words=address_of(mint(ballot)), address=person.mail or person.phone)


def _is_wanted(ballot: Ballot) -> bool:
    task = open_task(ballot.draw.sheet.assessment, Node.RECIPIENT_RATING)
    return task is not None and (task.due_at is None or clock.now() < task.due_at)


def address_of(token: str) -> str:
    """The whole address that a token opens: it stands behind the `#`, which no browser sends to anybody."""
    return f"{entry_address()}#{token}"


def entry_address() -> str:
    """The address at which a code is typed."""
    return f"{settings.BASE_URL}{reverse('ballot')}"
