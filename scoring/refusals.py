"""What the engine objects to, said as a refusal of the house."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from common.errors import DomainError
from scoring.engine.errors import EngineErrors
from scoring.engine.track import Rule
from scoring.wording import say_points


@contextmanager
def engine_refusals() -> Iterator[None]:
    """Whatever the engine objects to inside refuses what was asked, at the field that it names as the place."""
    try:
        yield
    except EngineErrors as errors:
        first = errors.errors[0]
        raise DomainError(replace(first, place="").text(gettext), field=first.place or None) from errors


def require_admitted(rule: Rule, points: Decimal) -> None:
    """Raise DomainError where points given at discretion are out of the rule's range."""
    if not rule.admits(points):
        figures = {"least": say_points(rule.rate_from), "most": say_points(rule.rate)}
        text = _("Give 0, or %(least)s points or more.") if rule.per else _("Give 0, or %(least)s to %(most)s points.")
        raise DomainError(text % figures)
