"""How points are said to people: rounded by the engine (R16)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from common.wording import NONE
from scoring.engine.numbers import plain, points


def say_points(value: object) -> str:
    """Says points or a count, trimmed, with up to two decimals rounded half up; a dash for none."""
    number = _rounded(value)
    return NONE if number is None else plain(number)


def say_score(value: object) -> str:
    """Says a score with always two decimals, rounded half up (R16); a dash for none."""
    number = _rounded(value)
    return NONE if number is None else str(number)


def say_rate(rate: Decimal, per: str | None) -> str:
    """Says what a rule or part gives: so many points for each piece, or once."""
    return _("%(rate)s points each %(per)s") % {"rate": say_points(rate), "per": per or _("once")}


def _rounded(value: object) -> Decimal | None:
    """The points, None where there are none; what is no number is a fault of ours and raises, never a dash."""
    return None if value is None or value == "" else points(Decimal(str(value)))
