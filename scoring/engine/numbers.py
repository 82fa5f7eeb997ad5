"""Exact arithmetic, the one place where points are rounded (R16) and held to a limit, and how numbers are written."""

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation
from functools import lru_cache, reduce

# Room for every digit; should it ever not do, that is an error and no rounding in silence.
EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation])
ZERO = Decimal(0)
REMEMBERED = 2**14  # the same few points come again in every unit, rounded and written alike


@lru_cache(REMEMBERED)
def points(value: Decimal, count: int = 1) -> Decimal:
    """Round `value` ÷ `count` half up to 0.01 (R16): 93.575 becomes 93.58; the result always has two decimals.

    Raises ValueError or ArithmeticError for what is no number.
    """
    above, below = value.as_integer_ratio()
    below *= count
    return Decimal((200 * above + below) // (2 * below)).scaleb(-2, EXACT)


def added(values: Iterable[Decimal]) -> Decimal:
    """Add up exactly; nothing comes to 0."""
    return reduce(EXACT.add, values, ZERO)


def multiplied(value: Decimal, factors: Iterable[Decimal]) -> Decimal:
    """Multiply exactly by all of these; by none of them the value stays."""
    return reduce(EXACT.multiply, factors, value)


def capped(value: Decimal, cap: Decimal | None) -> Decimal:
    """What counts of `value`: at most `cap`, all where there is none."""
    return value if cap is None else min(value, cap)


@lru_cache(REMEMBERED)
def plain(value: Decimal) -> str:
    """Write points as a decimal string without exponent, trailing zeros or a sign at 0: 10, 9.5, 0.25."""
    text = format(value if value else ZERO, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
