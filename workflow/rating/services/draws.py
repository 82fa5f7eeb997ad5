"""Drawing the service recipients of districts by lot, and sending each the link of a ballot (R8)."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common.errors import DomainError
from common.many import Dealt, deal_with
from documents.models import RosterWaiver
from documents.services.public_roster import as_csv, public_rows
from documents.services.roster import same_people
from outbox.services import queue
from scoring.engine.draw import draw, seed_from_lines
from scoring.models import Draw, ScoreSheet
from scoring.queries.sheets import rules_of
from scoring.rules import none_of_own
from workflow.flow.endings import hold, require_open
from workflow.flow.models import Assessment, Node
from workflow.flow.queries.process import open_task
from workflow.rating.services.ballots import issue_ballots
from workflow.rating.services.links import letters_of


def seed_of(lines: str) -> bytes:
    """The seed that public lines give, such as a lottery's numbers; else 32 random bytes (contract 4)."""
    wanted = [line.rstrip("\r") for line in lines.strip("\n").split("\n")] if lines.strip() else []
    return seed_from_lines(wanted) if wanted else secrets.token_bytes(32)


def draw_recipients(*, assessments: Iterable[Assessment], by: User, seed: bytes) -> Dealt[Assessment]:
    """Draw for each assessment by itself, under its process lock; one that can't be drawn for is refused, the rest is.

    Refused is one's own unit, one that does not wait for recipients, and one whose roster is too small. A unit that has
    its draw is left as it is; who stands in a roster twice takes part once (R8), and the event names the rows left out.
    """
    actor, asked = actor_of(by), list(assessments)
    require(actor, is_office)
    ready = {assessment.pk: _Ready.of(assessment.sheet) for assessment in asked}
    return deal_with(asked, lambda assessment: _draw(assessment, ready[assessment.pk], actor, seed))


@dataclass(frozen=True)
class _Ready:
    """What decrypting a roster gives, made before any lock: commitments by id, and who stands there again."""

    commitments: Mapping[str, str]
    doubles: Mapping[str, int]

    @classmethod
    def of(cls, sheet: ScoreSheet) -> "_Ready":
        return cls(dict(public_rows(sheet)), same_people(sheet))


def _draw(assessment: Assessment, ready: _Ready, actor: Actor, seed: bytes) -> None:
    task = open_task(assessment, Node.RECIPIENT_RATING)
    if task is None:
        raise DomainError(_("%(unit)s does not wait for recipients.") % {"unit": assessment.sheet.unit_name})
    with hold([task]) as held:
        require_open(held.task)
        sheet: ScoreSheet = held.process.sheet
        require(actor, is_office & none_of_own, sheet)
        if sheet.draws.exists():
            return
        everybody = public_rows(sheet, ready.commitments)
        rows = [(opaque_id, digest) for opaque_id, digest in everybody if opaque_id not in ready.doubles]
        result = draw(rows, sheet.unit.code, _size(sheet, len(rows)), seed)
        drawn = Draw.objects.create(
            sheet=sheet,
            size=result.size,
            seed=seed.hex(),
            roster_sha256=result.roster_sha256,
            public_roster=as_csv(rows),
            drawn=list(result.drawn),
            reserves=list(result.reserves),
            drawn_by=actor.user,
        )
        queue(letters_of(drawn, issue_ballots(drawn, drawn.drawn), held.task))
        kept = {"size": drawn.size, "roster_sha256": drawn.roster_sha256, "seed": drawn.seed}
        log(Verb.DRAWN, sheet, by=actor.user, data=kept | {"left_out": sorted(ready.doubles.values())})


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
