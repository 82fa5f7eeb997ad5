"""What became of what a person typed: right fields are saved, whatever stands beside them."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from common.errors import DomainError

Field = TypeVar("Field", bound=Hashable)


@dataclass(frozen=True)
class Theirs:
    """What a colleague saved in the meantime, who (empty if unknown) and when (Beijing, `10:28`)."""

    value: str
    by: str
    at: str


@dataclass
class Saved(Generic[Field]):
    """What became of a save, by field: those at fault or in conflict were not saved, all others were."""

    saved: set[Field] = field(default_factory=set)
    refused: dict[Field, str] = field(default_factory=dict)
    collided: dict[Field, Theirs] = field(default_factory=dict)

    @contextmanager
    def refusing(self, at: Field) -> Iterator[None]:
        """Whatever a rule refuses inside is refused at this field, and the save goes on with the next one."""
        try:
            yield
        except DomainError as error:
            self.refused[at] = str(error.message)
