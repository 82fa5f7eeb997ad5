"""Says that something optional is there because a rule of the house makes it so."""

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None) -> T:
    """The value itself; LookupError, a fault of ours, where the rule that promises it does not hold."""
    if value is None:
        raise LookupError("a value that the rules of the house promise is not there")
    return value
