"""Drawing the service recipients of districts by lot, and sending each the link of a ballot (R8)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import is_office, require
from audit.services import Entry, record
from audit.verbs import Verb
from common.errors import DomainError
from documents.models import RosterWaiver
from documents.services.public_roster import as_csv, public_rows
from documents.services.roster import same_people
from outbox.models import DUE
from outbox.services import queue, text
from scoring.engine.draw import draw, seed_from_lines
from scoring.models import Draw, ScoreSheet
from scoring.queries.sheets import rules_of
from scoring.rules import none_of_own
from workflow.flow.endings import locked, require_open, subject_of
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import about, open_task
from workflow.rating.services.ballots import issue_ballots

ASKED = gettext_noop(
    "%(issuer)s asks you to rate the work of %(unit)s in %(year)s, once and anonymously, until %(until)s: %(link)s"
)


def seed_of(lines: str) -> bytes:
    """The seed that public lines give, such as a lottery's numbers; else 32 random bytes (contract 4)."""
    wanted = [line.rstrip("\r") for line in lines.strip("\n").split("\n")] if lines.strip() else []
    return seed_from_lines(wanted) if wanted else secrets.token_bytes(32)


def draw_recipients(*, assessments: Iterable[Assessment], by: User, seed: bytes) -> list[Draw]:
    """Draw for each assessment under its process lock, in the order of keys, all or none.

    A unit that has its draw is left as it is; who stands in a roster twice takes part once (R8), and the event names
    the rows left out. Raises DomainError naming the unit whose roster is too small.
    """
    wanted = sorted(assessments, key=lambda assessment: assessment.pk)
    ready = {assessment.pk: _Ready.of(assessment.sheet) for assessment in wanted}
    return _draw_all(wanted, ready, by, seed)


@dataclass(frozen=True)
class _Ready:
    """What decrypting a roster gives, made before any lock: commitments by id, and who stands there again."""

    commitments: Mapping[str, str]
    doubles: Mapping[str, int]

    @classmethod
    def of(cls, sheet: ScoreSheet) -> "_Ready":
        return cls(dict(public_rows(sheet)), same_people(sheet))


@transaction.atomic
def _draw_all(assessments: Sequence[Assessment], ready: Mapping[int, _Ready], by: User, seed: bytes) -> list[Draw]:
    made, actor = [], actor_of(by)
    for assessment in assessments:
        task = open_task(assessment, "recipient_rating")
        if task is None:
            raise DomainError(_("%(unit)s does not wait for recipients.") % {"unit": assessment.sheet.unit_name})
        drawn = _draw_one(task, ready[assessment.pk], actor, seed)
        if drawn is not None:
            made.append(drawn)
    return made


def _draw_one(task: Task, ready: _Ready, actor: Actor, seed: bytes) -> Draw | None:
    with locked(task) as activation:
        require_open(activation)
        sheet = activation.process.sheet
        require(actor, is_office & none_of_own, sheet)
        if sheet.draws.exists():
            return None
        everybody = public_rows(sheet, ready.commitments)
        rows = [(opaque_id, digest) for opaque_id, digest in everybody if opaque_id not in ready.doubles]
        result = draw(rows, sheet.unit.code, _size(sheet, len(rows)), seed)
        row = Draw.objects.create(
            sheet=sheet,
            size=result.size,
            seed=seed.hex(),
            roster_sha256=result.roster_sha256,
            public_roster=as_csv(rows),
            drawn=list(result.drawn),
            reserves=list(result.reserves),
            drawn_by=actor.user,
        )
        _send_ballots(row, activation.task)
        record(
            Entry(
                verb=Verb.DRAWN,
                subject=subject_of(sheet),
                by=actor.user,
                cycle_year=sheet.cycle.year,
                data={
                    "size": result.size,
                    "roster_sha256": result.roster_sha256,
                    "seed": seed.hex(),
                    "left_out": sorted(ready.doubles.values()),
                },
            )
        )
        return row


def _size(sheet: ScoreSheet, have: int) -> int:
    recipients = rules_of(sheet).recipients
    size = recipients.sample if recipients else have
    if have >= size:
        return size
    if have and RosterWaiver.objects.filter(sheet=sheet).exists():
        return have
    raise DomainError(
        _("The roster of %(unit)s has %(have)d people, %(size)d are to be drawn.")
        % {"unit": sheet.unit_name, "have": have, "size": size}
    )


def _send_ballots(row: Draw, task: Task) -> None:
    sheet = row.sheet
    phones = {person.opaque_id: person.phone for person in sheet.roster.filter(opaque_id__in=row.drawn)}
    closes = sheet.cycle.ratings_close_at
    queue(
        text(
            cause=f"ballot:{row.pk}:{opaque_id}",
            address=phones[opaque_id],
            subject=_("Rating of %(unit)s") % {"unit": sheet.unit_name},
            body=_(ASKED)
            % {
                "issuer": sheet.cycle.issuer,
                "unit": sheet.unit_name,
                "year": sheet.cycle.year,
                "until": DUE,
                "link": f"{settings.BASE_URL}{reverse('ballot', args=[token])}",
            },
            secret=True,
            about=about(task),
            due_at=closes,
            true_until=closes,
        )
        for opaque_id, token in issue_ballots(row).items()
    )
