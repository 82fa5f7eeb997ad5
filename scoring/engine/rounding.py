"""The one place where numbers are rounded (R16), and how exact numbers are written."""

from decimal import Decimal
from fractions import Fraction


def round_points(value: Fraction) -> Decimal:
    """Round points (0 or more) half up to 0.01 (R16): 93.575 becomes 93.58; the result always has two decimals."""
    cents = int((value * 200 + 1) // 2)
    return Decimal(f"{cents // 100}.{cents % 100:02d}")


def plain(value: Decimal) -> str:
    """Write points as a decimal string without exponent or trailing zeros: 10, 9.5, 0.25."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
