"""What is wrong with an input: the place, the problem and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scoring.engine.messages import Message, Translate, identity


@dataclass(frozen=True)
class EngineError:
    """One problem at one place (file and line, unit and code), with the remedy where one can be named.

    `field` is the name of the value at that place that is wrong, where it is one.
    """

    place: str
    message: Message
    remedy: Message | None = None
    field: str = ""

    def text(self, translate: Translate = identity) -> str:
        """Return the problem as one line: place, problem, remedy."""
        sentences = [self.message.text(translate)]
        if self.remedy is not None:
            sentences.append(self.remedy.text(translate))
        line = " ".join(sentences)
        return f"{self.place}: {line}" if self.place else line


class EngineErrors(Exception):
    """All problems of one input together, so that a person can mend them in one go."""

    def __init__(self, errors: Iterable[EngineError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(error.text() for error in self.errors))

    def __iter__(self) -> Iterator[EngineError]:
        return iter(self.errors)

    def at(self, place: str) -> EngineErrors:
        """Return the same problems with `place` (a file's name) put before each place."""
        return EngineErrors(
            replace(error, place=f"{place}: {error.place}" if error.place else place) for error in self.errors
        )


def fail(place: str, message: Message, remedy: Message | None = None) -> EngineErrors:
    """Return an exception that carries a single problem."""
    return EngineErrors([EngineError(place, message, remedy)])
