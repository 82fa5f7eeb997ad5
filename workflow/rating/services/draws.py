"""Drawing the service recipients of districts by lot, and sending each the link of a ballot (R8)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common.errors import DomainError
from common.many import Dealt, deal_with
from outbox.services import queue
from scoring.engine.draw import draw, parse_roster, seed_from_lines, split_lines
from scoring.models import CoveredRoster, Draw, Drawing, PublicRoster, ScoreSheet
from scoring.rules import none_of_own
from workflow.flow.endings import Held, hold, require_open
from workflow.flow.models import Node
from workflow.flow.queries.process import open_task
from workflow.rating.queries.drawings import categories_of
from workflow.rating.services.ballots import issue_ballots
from workflow.rating.services.links import letters_of


@contextmanager
def held_for_recipients(sheet: ScoreSheet) -> Iterator[Held]:
    """Hold the task of a unit that waits for its recipients' ratings; DomainError where it does not wait for them."""
    task = open_task(sheet.assessment, Node.RECIPIENT_RATING)
    if task is None:
        raise DomainError(_("%(unit)s does not wait for recipients.") % {"unit": sheet.unit_name})
    with hold([task]) as held:
        require_open(held.task)
        yield held


def draw_recipients(*, drawing: Drawing, by: User) -> Dealt[CoveredRoster]:
    """Draw from every roster that a drawing covers, each under its process lock; what can't be drawn is refused.

    Nothing is chosen here: seed, rosters and sizes were fixed before. Refused is one's own unit, one that does not wait
    for recipients any more, and a roster that was superseded; a unit that has its draw is left as it is. Raises
    DomainError until the lottery's numbers are confirmed, and for a drawing that was given up.
    """
    actor = actor_of(by)
    require(actor, is_office)
    if drawing.superseded_at is not None or drawing.confirmed_at is None:
        raise DomainError(_("Draw once the numbers of the lottery are confirmed."))
    covered = drawing.covered.select_related("roster__sheet__assessment", "roster__sheet__unit")
    undrawn = covered.exclude(roster__sheet__in=drawing.draws.filter(superseded_at=None).values("sheet"))
    seed = seed_from_lines(split_lines(drawing.seed_lines))
    return deal_with(undrawn, lambda covered: _draw(covered, drawing, actor, seed))


def _draw(covered: CoveredRoster, drawing: Drawing, actor: Actor, seed: bytes) -> None:
    roster = covered.roster
    with held_for_recipients(roster.sheet) as held:
        sheet: ScoreSheet = held.process.sheet
        require(actor, is_office & none_of_own, sheet)
        _require_in_force(drawing, roster)
        if sheet.draws.filter(superseded_at=None).exists():
            return
        categories = categories_of(roster) if drawing.each_category else None
        result = draw(parse_roster(roster.content), sheet.unit.code, covered.size, seed, categories)
        drawn = Draw.objects.create(
            sheet=sheet,
            drawing=drawing,
            size=result.size,
            seed=result.seed,
            roster_sha256=result.roster_sha256,
            public_roster=roster.content,
            drawn=list(result.drawn),
            reserves=list(result.reserves),
            drawn_by=actor.user,
        )
        queue(letters_of(drawn, issue_ballots(drawn, drawn.drawn), held.task))
        kept = {"size": drawn.size, "roster_sha256": drawn.roster_sha256, "seed": drawn.seed}
        log(Verb.DRAWN, sheet, by=actor.user, data=kept | {"drawing": drawing.number})


def _require_in_force(drawing: Drawing, roster: PublicRoster) -> None:
    """Raise DomainError if the drawing was given up meanwhile, or the roster has another in its place."""
    if Drawing.objects.select_for_update(of=("self",), no_key=True).get(pk=drawing.pk).superseded_at is not None:
        raise DomainError(_("This drawing was given up: a later one takes its place."))
    if PublicRoster.objects.get(pk=roster.pk).superseded_at is not None:
        raise DomainError(_("Another roster has taken its place: it goes to a later drawing."))
