"""The links of ballots: each made as its message is sent, its digest kept in the place of an earlier one's (R17)."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse

from common import clock
from documents.models import RosterEntry
from outbox.letters import said
from outbox.minting import Minted, OutOfDateError
from outbox.models import DUE, MINTED, Message
from outbox.services import text
from scoring.models import Ballot, Draw
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import about, open_task
from workflow.rating.services.ballots import mint


def letters_of(draw: Draw, ballots: Iterable[Ballot], task: Task) -> Iterator[Message]:
    """A text for each of these ballots of a draw, with the link that rates; it is withdrawn with the unit's task."""
    sheet, closes = draw.sheet, task.due_at
    subject, body = said("ballot", sheet=sheet, minted=MINTED, due=DUE)
    for ballot in ballots:
        yield text(
            cause=f"ballot:{ballot.pk}",
            subject=subject,
            body=body,
            minting=f"ballot:{ballot.pk}",
            about=about(task),
            due_at=closes,
            true_until=closes,
        )


def mint_link(key: str) -> Minted:
    """A new link of the ballot with that key, and the phone of its person, which no message keeps.

    Links made before open nothing any more. Raises OutOfDateError for a ballot that is used or revoked, or once rating
    is over.
    """
    ballot = (
        Ballot.objects.select_for_update(of=("self",), no_key=True)
        .select_related("draw__sheet__cycle", "draw__sheet__assessment")
        .filter(pk=int(key), spent=False, revoked_at=None)
        .first()
    )
    if ballot is None or not _is_wanted(ballot):
        raise OutOfDateError
    person = RosterEntry.objects.get(sheet=ballot.draw.sheet_id, opaque_id=ballot.opaque_id)
    return Minted(words=address_of(mint(ballot)), address=person.phone)


def _is_wanted(ballot: Ballot) -> bool:
    task = open_task(ballot.draw.sheet.assessment, Node.RECIPIENT_RATING)
    return task is not None and (task.due_at is None or clock.now() < task.due_at)


def address_of(token: str) -> str:
    """The whole address that a token opens: it stands behind the `#`, which no browser sends to anybody."""
    return f"{settings.BASE_URL}{reverse('ballot')}#{token}"
