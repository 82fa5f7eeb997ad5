"""Exported cells are text: no spreadsheet runs them."""

import csv
import io

import pytest

from audit.export import csv_lines, guarded


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_looks_like_a_formula_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize(("cell", "text"), [(None, ""), (3, "3"), ("张三", "张三"), ("1=1", "1=1")])
def test_other_cells_stay_as_they_are(cell: object, text: str) -> None:
    assert guarded(cell) == text


def test_lines_are_readable_csv_with_a_mark_for_spreadsheets() -> None:
    written = "".join(csv_lines([["名称", "为什么"], ["甲，乙", '说"好"\n再说']]))
    assert written.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(written[1:]))) == [["名称", "为什么"], ["甲，乙", '说"好"\n再说']]
