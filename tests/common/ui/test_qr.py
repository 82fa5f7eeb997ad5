"""A QR code is drawn as the library made it: read back from its path, module by module."""

import re

import segno

from common.ui.qr import QUIET, qr_code

ADDRESS = "https://kaohe.example.org/ballot/#K7QM2XRDVB3N9P4WTYHA"


def modules(path: str, side: int) -> list[list[int]]:
    """The modules that a path paints black, row by row, with the white border."""
    rows = [[0] * side for _row in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        for column in range(int(x), int(x) + int(width)):
            rows[int(y)][column] = 1
    return rows


def test_every_module_is_where_it_was() -> None:
    code = qr_code(ADDRESS)
    wanted = [list(row) for row in segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=QUIET)]
    assert [[int(bool(module)) for module in row] for row in wanted] == modules(code.path, code.side)


def test_texts_differ_in_their_codes() -> None:
    assert qr_code(ADDRESS).path != qr_code(ADDRESS[:-1] + "B").path
