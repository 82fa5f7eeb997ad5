"""Exported cells are text: no spreadsheet runs them."""

import csv
import io
import re
import sys
from unicodedata import category

import pytest

from common.tables.written import csv_lines, guarded
from tests.support.source import code

WRITER = re.compile(r"csv\.(Dict)?[wW]riter|xlsxwriter|openpyxl")


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tx",
        "\nx",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹢1",
        "﹣1",
        "﹦1",
        "﹫a",
        " =1",
        "　=1",
        "\xa0=1",
        "\ufeff=1",
        "\u200b=1",
        "\u202d＝1",
        "\0=1",
        " \u200b \ufe0f=1",
    ],
)
def test_what_looks_like_a_formula_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (3, "3"), ("张三", "张三"), ("1=1", "1=1"), (" 张三", " 张三"), ("", ""), ("—", "—"), ("·", "·")],
)
def test_other_cells_stay_as_they_are(cell: object, text: str) -> None:
    assert guarded(cell) == text


def test_lines_are_readable_csv_with_a_mark_for_spreadsheets() -> None:
    written = "".join(csv_lines([["名称", "为什么"], ["甲，乙", '说"好"\n再说']]))
    assert written.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(written[1:]))) == [["名称", "为什么"], ["甲，乙", '说"好"\n再说']]


def test_whatever_hides_a_sign_in_front_of_it_is_seen_through() -> None:
    hidden = [
        chr(number) for number in range(sys.maxunicode + 1) if category(chr(number)) in {"Cf", "Zs", "Zl", "Zp", "Cc"}
    ]
    assert all(guarded(f"{before}=1") == f"'{before}=1" for before in hidden)


def test_no_table_is_written_by_any_other_way() -> None:
    writers = {module.name for module in code() if WRITER.search(module.text)}
    assert writers == {"common/tables/written.py"}
