"""QR codes as one path of a drawing: black on white wherever it is shown, without a style of its own."""

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around a code, as readers ask for


@dataclass(frozen=True)
class QrCode:
    """A code as the side of its square in modules, white border included, and the path of its black ones."""

    side: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code of a text, such as an address; a sixth of it may be dirty."""
    rows = list(segno.make(text, error="m", micro=False).matrix)
    return QrCode(side=len(rows) + 2 * QUIET, path="".join(_runs(row, place) for place, row in enumerate(rows, QUIET)))


def _runs(row: bytearray, place: int) -> str:
    """The black runs of a row, each a rectangle of one module's height."""
    drawn, start = "", None
    for column, module in enumerate([*row, 0]):
        if module and start is None:
            start = column
        elif not module and start is not None:
            drawn += f"M{start + QUIET} {place}h{column - start}v1h-{column - start}z"
            start = None
    return drawn
