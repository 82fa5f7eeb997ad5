"""The form by which a table comes in: a file before what was pasted, each refused at its own field."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.tables.forms import TableForm
from tests.support.workbooks import a_table


class PeopleForm(TableForm):
    """A table of names and places."""

    columns = (frozenset({"姓名"}), frozenset({"地点"}))


def a_form(rows: str = "", file: SimpleUploadedFile | None = None) -> PeopleForm:
    return PeopleForm({"rows": rows}, {"file": file} if file else None)


def test_a_file_comes_before_what_was_pasted() -> None:
    form = a_form("李四\t乙", SimpleUploadedFile("a.csv", "张三,甲".encode()))
    assert form.is_valid()
    assert [row.cells for row in form.table()] == [("张三", "甲")]


def test_an_empty_first_cell_is_a_cell() -> None:
    form = a_form("\t甲\t备注\n李四\t乙")
    assert form.is_valid()
    assert [row.cells for row in form.table()] == [("", "甲", "备注"), ("李四", "乙")]


@pytest.mark.parametrize(
    "file", [None, SimpleUploadedFile("a.xlsx", a_table([[], ["地点", "姓名"], ["甲,乙", "张三"]]))]
)
def test_the_table_comes_back_from_the_question_as_it_was_read(file: SimpleUploadedFile | None) -> None:
    first = a_form("\n地点\t姓名\n甲,乙\t张三", file)
    assert first.is_valid()
    again = a_form(first.text())
    assert again.is_valid()
    assert again.table() == first.table()
    assert [(row.number, row.cells) for row in again.table()] == [(3, ("张三", "甲,乙"))]


@pytest.mark.parametrize(
    ("form", "field"),
    [(a_form('"' + "a" * 140_000), "rows"), (a_form("张三\t甲", SimpleUploadedFile("a.xls", b"x")), "file")],
)
def test_what_is_no_table_is_told_where_it_came_in(form: PeopleForm, field: str) -> None:
    assert list(form.errors) == [field]
