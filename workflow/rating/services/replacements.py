"""Somebody drawn who can't be reached is replaced by the next of the same order, with a reason (R8)."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.services import queue
from scoring.engine.categories import next_reserve
from scoring.models import Draw, Replacement, ScoreSheet
from scoring.rules import none_of_own
from workflow.rating.queries.draws import categories_of_draw, standing_in
from workflow.rating.services.ballots import issue_ballots
from workflow.rating.services.draws import held_for_recipients
from workflow.rating.services.links import letters_of


def replace_recipient(*, draw: Draw, out_id: str, reason: str, by: User) -> Replacement:
    """Let the next reserve come in for `out_id`, whose ballot is revoked; under the process lock.

    Who comes in follows from the draw: the first that waits (of the same category, where nobody else of it stands and
    one of each is drawn at least). Raises DomainError without a reason, for somebody who has used the ballot or does
    not stand, and where no reserve is left.
    """
    if not reason.strip():
        raise DomainError(_("Please give the reason."), field="reason")
    with held_for_recipients(draw.sheet) as held:
        sheet: ScoreSheet = held.process.sheet
        require(by, is_office & none_of_own, sheet)
        in_force = Draw.objects.select_related("drawing").get(pk=draw.pk)
        if in_force.superseded_at is not None:
            raise DomainError(_("This draw was superseded."))
        in_id = _next(in_force, out_id)
        _revoke(in_force, out_id)
        replacement = Replacement.objects.create(
            draw=in_force, out_id=out_id, in_id=in_id, reason=reason.strip(), by=by
        )
        in_force.sheet = sheet
        queue(letters_of(in_force, issue_ballots(in_force, [in_id]), held.task))
        log(Verb.RECIPIENT_REPLACED, sheet, by=by, why=reason.strip(), came_from=out_id, went_to=in_id)
    return replacement


def _next(draw: Draw, out_id: str) -> str:
    order = standing_in(draw)
    if out_id not in order.standing:
        raise DomainError(_("This person is not among those who are drawn now."))
    in_id = next_reserve(order.standing, order.waiting, out_id, categories_of_draw(draw))
    if in_id is None:
        raise DomainError(_("No reserve is left."))
    return in_id


def _revoke(draw: Draw, out_id: str) -> None:
    ballot = draw.ballots.filter(opaque_id=out_id, revoked_at=None)
    if ballot.filter(spent=True).exists():
        raise DomainError(_("This person has rated already: nobody takes their place."))
    ballot.update(revoked_at=clock.now())
