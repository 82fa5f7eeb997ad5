"""Sentences of the engine, kept apart from any language until somebody prints them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Translate = Callable[[str], str]


def _(msgid: str) -> str:
    """Mark a sentence for the message catalogue; the translation happens when it is printed."""
    return msgid


def identity(msgid: str) -> str:
    """Translate nothing: the English sentence stands for itself."""
    return msgid


@dataclass(frozen=True)
class Message:
    """An English sentence with named gaps, and what fills them (a gap may be filled by another message)."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Translate = identity) -> str:
        """Return the sentence in the language of `translate`, gaps filled; without gaps it is never formatted."""
        if not self.params:
            return translate(self.msgid)
        filled = {
            name: value.text(translate) if isinstance(value, Message) else value for name, value in self.params.items()
        }
        return translate(self.msgid) % filled


def msg(msgid: str, **params: object) -> Message:
    """Shorthand for a message with its gaps."""
    return Message(msgid, params)
