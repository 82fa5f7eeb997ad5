"""Tables with a title, a column of running numbers, or columns in another order are read as people mean them."""

import pytest

from common.tables.heads import TableRow, rows_below

HEAD = (frozenset({"类别"}), frozenset({"姓名", "fullname"}), frozenset({"电话"}))
PERSON = ["志愿者", "张三", "1"]


def table(*rows: list[str]) -> list[TableRow]:
    return [TableRow(number, tuple(cells)) for number, cells in enumerate(rows, start=1)]


def row_of(number: int, cells: list[str]) -> TableRow:
    return TableRow(number, tuple(cells))


@pytest.mark.parametrize(
    ("above", "row"),
    [
        ([], PERSON),
        ([["类别", "姓名", "电话"]], PERSON),
        ([["2026年服务对象名单", "", ""], ["类别", "姓名", "电话"]], PERSON),
        ([["2026年服务对象名单"], ["单位：甲区科协", "12月1日"], ["", "", ""], ["类别", "姓名", "电话"]], PERSON),
        ([["2026年服务对象名单"]], PERSON),
        ([["序号", "类别", "姓名", "电话"]], ["7", *PERSON]),
        ([["电话", "备注", "Full Name", " 类 别 "]], ["1", "x", "张三", "志愿者"]),
        ([["类别"]], PERSON),
    ],
)
def test_the_rows_stand_below_the_head_with_the_numbers_that_people_see(above: list[list[str]], row: list[str]) -> None:
    assert rows_below(table(*above, row), HEAD) == [row_of(len(above) + 1, PERSON)]


def test_what_stands_behind_the_columns_stays_where_they_stand_in_order() -> None:
    assert rows_below(table(["类别", "姓名", "电话"], [*PERSON, "备注"]), HEAD) == [row_of(2, [*PERSON, "备注"])]


def test_a_short_row_below_columns_in_another_order_has_empty_cells() -> None:
    assert rows_below(table(["电话", "姓名"], ["1"]), HEAD) == [row_of(2, ["", "", "1"])]


def test_a_head_below_rows_is_a_row() -> None:
    rows = table(PERSON, ["类别", "姓名", "电话"])
    assert rows_below(rows, HEAD) == rows
    titles = table(*[["题"]] * 10, ["类别", "姓名", "电话"])
    assert rows_below(titles, HEAD)[-1] == titles[-1]


def test_running_numbers_without_a_head_go_where_rows_may_be_counted() -> None:
    rows = table(["1", *PERSON], ["2.", *PERSON])
    assert rows_below(rows, HEAD, counted=True) == [row_of(1, PERSON), row_of(2, PERSON)]
    assert rows_below(rows, HEAD) == rows
    assert rows_below(table(["1", *PERSON], ["3", *PERSON]), HEAD, counted=True)[0] == row_of(1, ["1", *PERSON])


def test_single_cells_alone_are_rows() -> None:
    rows = table(["志愿者"], ["张三"])
    assert rows_below(rows, HEAD) == rows
    assert rows_below([], HEAD, counted=True) == []
