"""Who may, about drawings: everybody who takes part in one, and who may give one up once it could be known."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Action
from accounts.rules import Rule, is_office, permitted, rule
from common import clock
from scoring.engine.seed import FEWEST_SHARES
from scoring.models import Drawing

witnesses = permitted(
    Action.WITNESS_DRAW, _("Only the office, the leading group and the supervisor take part in a drawing.")
)
oversees = permitted(
    Action.OVERSEE_DRAW,
    _("Once the lottery has closed, only the supervisor or the head of the leading group gives a drawing up."),
)


def is_void(drawing: Drawing) -> bool:
    """Whether a drawing can't be drawn any more: too few took part by the time the lottery closed."""
    return clock.now() >= drawing.closes_at and drawing.shares.count() < FEWEST_SHARES


# As long as nobody can know what would be drawn, giving a drawing up chooses nothing.
_tells_nothing: Rule[Drawing] = rule(
    lambda _actor, drawing: clock.now() < drawing.closes_at or is_void(drawing),
    _("Once the lottery has closed, only the supervisor or the head of the leading group gives a drawing up."),
)
gives_up: Rule[Drawing] = oversees | (is_office & _tells_nothing)
