"""Reads an annex's tables into rows of text: which column holds the indicators, and what is no row of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.limits import HEADER
from scoring.engine.notice.marks import find_marks
from scoring.engine.notice.numbering import read_number
from scoring.engine.notice.source import SourceRow, Table

HEAD_WORDS = re.compile("指标|内容|项目|标准|序号|自评|得分|完成情况|分值|考核|备注|说明")
SERIAL = re.compile("序号|编号")
POINTS_COLUMN = re.compile("(?:标准|基准|基本|满)?分值?数?(?:\\(.*\\))?|权重|满分")
ASIDE = re.compile("类别|一级指标|完成|自评|得分|备注|佐证|核定|考核分|评分|审核|责任|部门|复核|评价分|情况|材料")
FORM = re.compile("(?:填表|填报|审核|审批|负责人|联系|报送|盖章|单位意见|单位负责人|单位盖章|自评(?:得分|总分|合计))")
SUM = re.compile("(?:合计|总计|总分|小计|满分)")
NOTE = re.compile("(?:注|备注|说明)[:：\\d]?")
PLAIN_NUMBER = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)分?")


@dataclass(frozen=True)
class Columns:
    """Where the indicators, their printed numbers and their points stand."""

    text: tuple[int, ...] = (0,)
    serial: int | None = None
    points: int | None = None


@dataclass(frozen=True)
class Line:
    """A row as the annex's reader sees it: its text, a number and points from columns of their own, its kind.

    `unread` is what the column of points says with a number that is no plain one: `10-20`, `5分/次`.
    """

    text: str
    place: str
    serial: int | None = None
    points: Decimal | None = None
    kind: str = "row"
    unread: str = ""


def read_lines(tables: list[Table]) -> Iterator[Line]:
    """Yield the rows of an annex that say something: rows, sums and notes; headers and forms are left out."""
    for table in tables:
        columns = Columns()
        for index, row in enumerate(table.rows):
            if index == 0 and (headed := _columns(row)):
                columns = headed
                continue
            line = _line(row, columns)
            if line is not None:
                yield line


def _columns(row: SourceRow) -> Columns | None:
    """Read a header row, None when the row is none (it holds marks or no word of a header)."""
    heads = {cell.column: squeeze(fold(cell.text)) for cell in row.cells}
    joined = "".join(heads.values())
    if find_marks(joined) or not HEAD_WORDS.search(joined) or any(head[:1].isdigit() for head in heads.values()):
        return None
    serial = next((column for column, head in heads.items() if SERIAL.fullmatch(head)), None)
    points = next((column for column, head in heads.items() if POINTS_COLUMN.fullmatch(head)), None)
    text = [
        column for column, head in heads.items() if head and column not in (serial, points) and not ASIDE.search(head)
    ]
    first = next((column for column in heads if column not in (serial, points)), 0)
    return Columns(tuple(text) or (first,), serial, points)


def _line(row: SourceRow, columns: Columns) -> Line | None:
    text = _text(row, columns)
    bare = squeeze(fold(text))
    if not bare:
        return None
    printed = _said_points(row, columns)
    plain = PLAIN_NUMBER.fullmatch(squeeze(fold(printed)))
    own = Decimal(plain[1]) if plain else None
    if NOTE.match(bare):
        return Line(text, row.place, kind="note")
    if SUM.match(bare):
        stated = own is None or find_marks(fold(text))
        return Line(text if stated else f"满分{own}分", row.place, kind="sum")
    if FORM.match(bare) and not find_marks(fold(text)):
        return None
    unread = printed if own is None and re.search(r"\d", printed) else ""
    return Line(text, row.place, _serial(row, columns), own, unread=unread)


def _serial(row: SourceRow, columns: Columns) -> int | None:
    """Return the number in a column of its own: `1` `120` `1.` `（一）` `三`."""
    cell = row.at(columns.serial) if columns.serial is not None else None
    text = squeeze(cell.text) if cell and cell.span == 1 and not cell.continued else ""
    if re.fullmatch(r"[0-9]{1,4}", fold(text)):
        return int(fold(text))
    numbers = [number for number in (read_number(text), read_number(f"{text}、")) if number.begin >= len(text)]
    return numbers[0].number if numbers else None


def _text(row: SourceRow, columns: Columns) -> str:
    """Return the text of the indicator's columns; a row that lacks them is read from its first cell."""
    cells = [cell for column in columns.text if (cell := row.at(column)) is not None]
    if not cells and row.cells and len(row.cells) <= max(columns.text):
        cells = [row.cells[0]]
    texts = [cell.text.strip() for cell in dict.fromkeys(cells) if not cell.continued]
    return "\n".join(text for text in texts if text) or _heading(row, columns)


def _heading(row: SourceRow, columns: Columns) -> str:
    """Return what a row without a text says in the numbers' column, where cells are not merged: `加分项`, `合计`."""
    cell = row.at(columns.serial) if columns.serial is not None else None
    bare = squeeze(fold(cell.text)) if cell else ""
    return cell.text.strip() if cell and any(words.match(bare) for words in (HEADER, SUM, NOTE)) else ""


def _said_points(row: SourceRow, columns: Columns) -> str:
    cell = row.at(columns.points) if columns.points is not None else None
    return "" if cell is None or cell.continued else cell.text.strip()
