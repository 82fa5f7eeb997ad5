"""What the engine objects to, said as a refusal of the house."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.utils.translation import gettext

from common.errors import DomainError
from scoring.engine.errors import EngineErrors


@contextmanager
def engine_refusals() -> Iterator[None]:
    """Whatever the engine objects to inside refuses what was asked, at the field that it names as the place."""
    try:
        yield
    except EngineErrors as errors:
        first = errors.errors[0]
        raise DomainError(replace(first, place="").text(gettext), field=first.place or None) from errors
