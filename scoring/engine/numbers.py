"""The one place where points are rounded (R16) and held to a limit (R3, R5), and how exact numbers are written."""

from decimal import Context, Decimal
from fractions import Fraction

EXACT = Context(prec=1000)


def points(value: Fraction | Decimal) -> Decimal:
    """Round half up to 0.01 (R16): 93.575 becomes 93.58; the result always has two decimals.

    Raises ValueError or ArithmeticError for what is no number.
    """
    above, below = value.as_integer_ratio()
    return Decimal((200 * above + below) // (2 * below)).scaleb(-2, EXACT)


def capped(value: Fraction, cap: Decimal | None) -> Fraction:
    """What counts of `value`: at most `cap`, all where there is none."""
    return value if cap is None else min(value, Fraction(cap))


def plain(value: Decimal) -> str:
    """Write points as a decimal string without exponent or trailing zeros: 10, 9.5, 0.25."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
