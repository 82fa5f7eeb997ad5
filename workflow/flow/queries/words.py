"""The record in words."""

from dataclasses import dataclass
from datetime import datetime

from audit.models import Event
from common.wording import spoken_instant
from scoring.models import Step

LONGEST_STATE = 32
TO = " – "  # between the two ends of a window


@dataclass(frozen=True)
class Told:
    """An event as people read it: by the name of what it is about, and from where to where it went in words."""

    event: Event
    name: str = ""

    @property
    def called(self) -> str:
        """The name, or the subject as it is recorded where that has none."""
        return self.name or self.event.subject

    @property
    def came_from(self) -> str:
        """The state before, empty where there was none."""
        return state_in_words(self.event.came_from)

    @property
    def went_to(self) -> str:
        """The state since, empty where there is none."""
        return state_in_words(self.event.went_to)


def state_in_words(state: str) -> str:
    """What an event went from or to: a step by its name on screen, instants as people say them, a digest shortened."""
    words = {str(value): str(label) for value, label in Step.choices}
    known = words.get(state) or _instants_in_words(state)
    return known or (state if len(state) <= LONGEST_STATE else f"{state[:LONGEST_STATE]}…")


def _instants_in_words(state: str) -> str:
    """An aware instant, or a window of two, with the year, since a record is read much later; empty for all else."""
    texts = state.split(TO)
    instants = [instant for text in texts if (instant := _instant(text))]
    if len(instants) < len(texts):
        return ""
    return TO.join(
        spoken_instant(instant, start=number < len(instants), year=True)
        for number, instant in enumerate(instants, start=1)
    )


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:  # most states are words
        return None
    return instant if instant.tzinfo else None
