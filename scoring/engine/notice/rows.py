"""Reads an annex's tables into rows: what each says, in which column, and what of it no column is for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.notice.fold import fold, joined, squeeze
from scoring.engine.notice.heads import Columns, read_head, same_head
from scoring.engine.notice.limits import HEADER, VETO_HEADER
from scoring.engine.notice.marks import find_marks
from scoring.engine.notice.numbering import read_number
from scoring.engine.notice.source import Cell, SourceRow, Table
from scoring.engine.numbers import plain

FORM = re.compile(
    "(?:填[表报]|审核|审批|制表|经办|联系|报送|盖章|公章|签[字名]|单位|负责|主要|自评|日期|时间|人|电话|手机|意见|部门|领导"
    "|得分|总分|合计|年|月|日|[:()_、,/\\d-])+"
)
SUM = re.compile(r"(?:合计|总计|总分|小计|满分|共计)(?:$|[\d(:为分得])")
SUBTOTAL = "小计"
NOTE = re.compile("(?:注|备注|说明)(?:[:：\\d]|$)")
PLAIN_NUMBER = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)分?")


@dataclass(frozen=True)
class Line:
    """A row as the annex's reader sees it.

    `group` is what begins here and holds several rows, with the `total` it states; `item` what is to be done, `rules`
    how it is scored; `serial` and `points` come from columns of their own. `unread` are words with a number that no
    column took: what the column of points says when it is no plain number (`10-20`, `5分/次`), and what stands where
    the table has no column for it; `remarks` are words beside the row that state points. It
    `leads` where its number is a Chinese one in the numbers' column.
    """

    place: str
    item: str = ""
    group: str = ""
    rules: str = ""
    serial: int | None = None
    points: Decimal | None = None
    kind: str = "row"
    unread: tuple[str, ...] = ()
    total: Decimal | None = None
    remarks: tuple[str, ...] = ()
    leads: bool = False

    def beside(self, other: "Line") -> "Line":
        """This row with what is to be told of another that is joined to it."""
        return replace(self, unread=self.unread + other.unread, remarks=self.remarks + other.remarks)

    @property
    def text(self) -> str:
        """The whole row as printed."""
        return joined(self.group, self.item, self.rules)

    @property
    def priced(self) -> str:
        """What the row's points are read from: the item, with its rules where only these state any."""
        if self.points is None and not _has_marks(self.item) and _has_marks(self.rules):
            return joined(self.item, self.rules)
        return self.item


def read_lines(tables: list[Table]) -> Iterator[Line]:
    """Yield the rows of an annex that say something: heads with full marks, rows, sums and notes; no empty forms."""
    columns = Columns()
    for table in tables:
        head = read_head(table.rows)
        if head:
            columns = head.columns
            yield from (Line(table.rows[0].place, words, kind="head") for words in head.words)
        yield from _continued(_lines(table, columns, head.rows if head else 0))


def _lines(table: Table, columns: Columns, begin: int) -> Iterator[Line]:
    for row in table.rows[begin:]:
        if begin and same_head(row, table.rows[begin - 1]):
            continue
        line = _line(row, columns)
        if line is not None:
            yield line


def _continued(lines: Iterator[Line]) -> Iterator[Line]:
    """Join a row that only says more about how the one above is scored to that row."""
    held: Line | None = None
    for line in lines:
        more = line.kind == "row" and not line.item and line.points is None and not line.group and not line.serial
        if more and held is not None and held.kind == "row":
            held = replace(held, rules=joined(held.rules, line.rules)).beside(line)
            continue
        if held is not None:
            yield held
        held = line if line.item or not line.rules else replace(line, item=line.rules, rules="")
    if held is not None:
        yield held


def _line(row: SourceRow, columns: Columns) -> Line | None:
    cells = _cells(row, columns.text)
    texts = _said(cells) or _only(row, columns)
    group, rules = (
        _said([cell for cell in _cells(row, others) if cell not in cells]) for others in (columns.group, columns.rules)
    )
    if not texts and not rules and group:
        texts, group = group, []
    own, unread = _points(row, columns)
    strays = _strays(row, columns)
    bare = squeeze(fold("".join(texts)))
    serial = _serial(row, columns)
    if (not bare and not rules) or (own is None and serial is None and is_form(bare)):
        moved = [text for text in _said(_cells(row, columns.aside)) if _has_marks(text)]
        lost = (*unread, *strays, *moved, *([] if own is None else [plain(own)]))
        return Line(row.place, kind="stray", unread=lost) if lost else None
    if NOTE.match(bare):
        return Line(row.place, "\n".join(texts), kind="note", unread=strays)
    if SUM.match(bare) and serial is None:
        stated = own is None or _has_marks("\n".join(texts))
        kind = "subtotal" if bare.startswith(SUBTOTAL) else "sum"
        return Line(row.place, "\n".join(texts) if stated else f"满分{own}分", points=own, kind=kind, unread=strays)
    item, above = _parted(texts, own)
    remarks = tuple(text for text in _said(_cells(row, columns.remarks)) if _has_marks(text))
    above = [*group, *above]
    return Line(
        row.place,
        item,
        "\n".join(above),
        "\n".join(rules),
        serial,
        own,
        unread=(*unread, *strays),
        remarks=remarks,
        leads=serial is not None and _is_chinese(row, columns),
    )


def is_form(bare: str) -> bool:
    """Say whether a row is there to be filled in by hand: its words are a form's, and it states nothing."""
    return bool(FORM.fullmatch(bare)) and any(not char.isdigit() for char in bare) and not find_marks(bare)


def _parted(texts: list[str], own: Decimal | None) -> tuple[str, list[str]]:
    """Part a row's cells into the item and the group above it: where both state points, the group's are a total."""
    above, last = texts[:-1], texts[-1:]
    if above and _has_marks("\n".join(above)) and (own is not None or _has_marks("".join(last))):
        return "".join(last), above
    return "\n".join(texts), []


def _has_marks(text: str) -> bool:
    return bool(find_marks(fold(text)))


def _serial(row: SourceRow, columns: Columns) -> int | None:
    """Return the number in a column of its own: `1` `120` `1.` `（一）` `三`."""
    cell = row.at(columns.serial) if columns.serial is not None else None
    text = squeeze(cell.text) if cell and cell.span == 1 and not cell.continued else ""
    if re.fullmatch(r"[0-9]{1,4}", fold(text)):
        return int(fold(text))
    numbers = [number for number in (read_number(text), read_number(f"{text}、")) if number.begin >= len(text)]
    return numbers[0].number if numbers else None


def _is_chinese(row: SourceRow, columns: Columns) -> bool:
    cell = row.at(columns.serial) if columns.serial is not None else None
    return cell is not None and not any(char.isdigit() and char.isascii() for char in fold(cell.text))


def _cells(row: SourceRow, columns: tuple[int, ...]) -> list[Cell]:
    """Return the cells of these columns, each once, without those merged from above."""
    cells = [cell for column in columns if (cell := row.at(column)) is not None]
    return [cell for cell in dict.fromkeys(cells) if not cell.continued]


def _said(cells: list[Cell]) -> list[str]:
    return [text for cell in cells if (text := cell.text.strip())]


def _only(row: SourceRow, columns: Columns) -> list[str]:
    """Return what a row without a text says elsewhere: in its only cell, or a heading in the numbers' column."""
    if columns.text and row.cells and row.at(max(columns.text)) is None:
        return _said([row.cells[0]])
    cell = row.at(columns.serial) if columns.serial is not None else None
    bare = squeeze(fold(cell.text)) if cell else ""
    heading = any(words.match(bare) for words in (HEADER, VETO_HEADER, SUM, NOTE))
    return [cell.text.strip()] if cell and heading else []


def _points(row: SourceRow, columns: Columns) -> tuple[Decimal | None, tuple[str, ...]]:
    """Return the plain number of the points' column, else what it says with a number that is none."""
    cell = row.at(columns.points) if columns.points is not None else None
    text = "" if cell is None or cell.continued or cell.column != columns.points else cell.text.strip()
    number = PLAIN_NUMBER.fullmatch(squeeze(fold(text)).removesuffix("%" if columns.shares else ""))
    if number:
        return Decimal(number[1]), ()
    return None, (text,) if re.search(r"\d", text) else ()


def _strays(row: SourceRow, columns: Columns) -> tuple[str, ...]:
    """Return what stands with a number where the head has no column for it."""
    named = {*columns.text, *columns.group, *columns.rules, *columns.aside, columns.serial, columns.points}
    covered = {cell for column in named if column is not None and (cell := row.at(column)) is not None}
    left = (cell for cell in row.cells if cell not in covered and not cell.continued)
    return tuple(cell.text.strip() for cell in left if re.search(r"\d", cell.text))
