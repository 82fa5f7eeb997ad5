"""Many at once: each is dealt with by itself; what is refused is named with its reason, and the rest goes on."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import transaction

from common.errors import DomainError

Item = TypeVar("Item")


@dataclass
class Dealt(Generic[Item]):
    """What became of many: those done, and those refused with the reason."""

    done: list[Item] = field(default_factory=list)
    refused: list[tuple[Item, DomainError]] = field(default_factory=list)

    @contextmanager
    def refusing(self, item: Item) -> Iterator[None]:
        """Whatever a rule refuses inside refuses this one, and the others go on."""
        try:
            yield
        except DomainError as error:
            self.refused.append((item, error))


def deal_with(items: Iterable[Item], act: Callable[[Item], object]) -> Dealt[Item]:
    """Let `act` deal with each of `items`, a transaction each: a DomainError refuses that one only."""
    dealt = Dealt[Item]()
    for item in items:
        with dealt.refusing(item):
            with transaction.atomic():
                act(item)
            dealt.done.append(item)
    return dealt
