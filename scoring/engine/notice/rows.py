"""Reads an annex's tables into rows: what each says, in which column, and what of it no column is for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from scoring.engine.notice.factors import told_factors
from scoring.engine.notice.fold import fold, joined, squeeze
from scoring.engine.notice.heads import Columns, read_head, same_head
from scoring.engine.notice.ladders import ONCE
from scoring.engine.notice.limits import HEADER, VETO_HEADER
from scoring.engine.notice.losing import only_deducts
from scoring.engine.notice.marks import LIMIT, POINTS, TOTAL, find_marks, only_points
from scoring.engine.notice.numbering import DEEPEST, Numbered, coded, read_number
from scoring.engine.notice.source import Cell, SourceRow, Table
from scoring.engine.numbers import plain

FORM = re.compile(
    "(?:填[表报]|审核|审批|制表|经办|联系|报送|盖章|公章|签[字名章]|单位|负责|主要|自评|日期|时间|人|电话|手机|意见|部门|领导|考核|考评|评[价估定]"
    "|小?组|组长|成员|人?员|评委|被|分管|主管|综合|最终|结果|等次|等级|实际|确认|名称|全称"
    "|得分|总分|合计|年|月|日|[:()_、,/\\d-])+"
)
TO_SIGN = re.compile("(?:签[字名章]|盖章|公章|填[表报]人)\\)?:?$")
SUM = re.compile(
    r"(?:合计|总计|总分|小计|满分|共计)(?:$|[\d(:为分得])|(?:总|最[后终]|考核|综合|实际|评定?)*(?:总得|得)分(?:合计|总计)?$"
    r"|(?:[^,;。:()\d]{1,14}小计|(?:[本该此]|以上)[^,;。:()\d]{0,4}(?:合计|总分))(?:\d{1,4}(?:\.\d+)?分?)?$"
)
SUBTOTAL = re.compile("小计|(?:[本该此]|以上)[^,;。:()\\d]{0,4}(?:合计|总分)")
NOTE = re.compile("(?:注|备注|说明)(?:[:：\\d]|$)|(?:考核|评定|评价)?(?:结果|等次|等级)[:：]")
BLANK = re.compile(r"[/\\—–_*-]*")  # a cell struck out says nothing
PLAIN_NUMBER = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)分?")
SIGNED_NUMBER = re.compile(r"([+-])(\d{1,4}(?:\.\d{1,2})?)分?")
FROM_NONE = re.compile(r"0分?[-—–~至到](\d{1,4}(?:\.\d{1,2})?)分?")
DATE = re.compile(r"(?:20\d\d|_*)年_*\d*月_*\d*日")


@dataclass(frozen=True)
class Total:
    """What a group of rows states in the column or at the `depth` where its name stands, and over how many rows."""

    name: str
    points: Decimal
    depth: int = 0
    rows: int = 1


@dataclass(frozen=True)
class Line:
    """A row as the annex's reader sees it.

    `group` is what begins here and holds several rows, with the `totals` that it states; `item` what is to be done,
    `rules` how it is scored; `serial` and `points` come from columns of their own, `pointed` is what the column of
    points says besides a plain number. `unread` are words with a number that no column took, where the table has no
    column for them; `remarks` are words beside the row that state points.

    `opens` is the leftmost column in which words begin here; `heading` the group's name where it says that rows add,
    deduct or veto. A row `shares` the points above where the column of points is blank, as it is where its cell is
    `merged` with the one above; it is not `counted` where the column of numbers is, and stands `alone` where it has one
    cell over several columns. `levels` are what columns of their own give for each. The rows of a group that only
    deduct from the points it states are joined to one row, which has them as `losing`. It `loses` what its rules state
    without a word for it, where they stand in a column of losses. Its points may be `shared` out over its item's last
    lines, a number for each; it is `wide` where it has its points and no words but at the left of several columns.
    """

    place: str
    item: str = ""
    group: str = ""
    rules: str = ""
    serial: Numbered | None = None
    points: Decimal | None = None
    kind: str = "row"
    unread: tuple[str, ...] = ()
    pointed: str = ""
    totals: tuple[Total, ...] = ()
    remarks: tuple[str, ...] = ()
    opens: int = 0
    heading: str = ""
    shares: bool = False
    merged: bool = False
    counted: bool = True
    alone: bool = False
    levels: tuple[tuple[str, Decimal], ...] = ()
    losing: tuple["Line", ...] = ()
    loses: bool = False
    shared: tuple[Decimal, ...] = ()
    wide: bool = False

    def beside(self, other: "Line") -> "Line":
        """This row with what is to be told of another that is joined to it."""
        return replace(self, unread=self.unread + other.unread, remarks=self.remarks + other.remarks)

    @property
    def number(self) -> Numbered:
        """The row's number: that of its own column, else the one before its words."""
        number = read_number(self.priced)
        if self.serial is None:
            return number
        return replace(self.serial, begin=number.begin)

    @property
    def text(self) -> str:
        """The whole row as printed."""
        return joined(self.group, self.item, self.rules)

    @property
    def priced(self) -> str:
        """What the row's points are read from: the item, with its rules where only these state any."""
        if self.points is None and not has_marks(self.item) and has_marks(self.rules):
            return joined(self.item, self.rules)
        return self.item


def read_lines(parts: Iterable[tuple[str, tuple[SourceRow, ...], Table]]) -> Iterator[Line]:
    """Yield the rows of an annex that say something: heads with full marks, rows, sums and notes; no empty forms.

    Each table comes with its title and with rows that head it; a line of the kind `table` tells what both say, and the
    title by itself as its `group`.
    """
    columns = Columns()
    for title, above, table in parts:
        head = read_head(table.rows)
        heads = [cell.text for row in table.rows[: head.rows if head else 0] for cell in row.cells]
        yield Line(table.rows[0].place, " ".join([title, *heads]).strip(), title, kind="table")
        if head:
            columns = head.columns
            yield from (Line(table.rows[0].place, words, kind="head") for words in head.words)
        rows = [line for row in above if (line := _line(row, columns)) is not None]
        yield from _continued(chain(rows, _lines(table, columns, head.rows if head else 0)))


def _lines(table: Table, columns: Columns, begin: int) -> Iterator[Line]:
    rules = ""
    for row in table.rows[begin:]:
        if begin and same_head(row, table.rows[begin - 1]):
            continue
        line = _line(row, columns)
        if line is None:
            continue
        merged = any(cell.continued for column in columns.rules if (cell := row.at(column)) is not None)
        if merged and line.points is not None and not line.rules:
            line = replace(line, rules=rules)
        rules = line.rules
        yield line


def _continued(lines: Iterator[Line]) -> Iterator[Line]:
    """Join a row that only says more about the one above, or how it is scored, to that row."""
    held: Line | None = None
    for line in lines:
        if held is not None and held.kind == "row" and _says_more(line, held):
            more = joined(held.item, line.item)
            held = replace(held, item=more, rules=joined(held.rules, line.rules)).beside(line)
            continue
        if held is not None:
            yield held
        held = line if line.item or not line.rules else replace(line, item=line.rules, rules="")
    if held is not None:
        yield held


def _says_more(line: Line, held: Line) -> bool:
    """Say whether a row has no points of its own and goes on about those of the row above."""
    if line.kind != "row" or line.points is not None or line.pointed or line.group or line.heading:
        return False
    if not line.item:
        return line.serial is None
    if not line.shares or held.points is None or has_marks(line.item) or heads_rules(line.item):
        return False
    blank = line.merged or (line.serial is None and line.number.number is None and has_marks(line.rules))
    return blank or not line.counted or (line.number.depth or 0) > (held.number.depth or DEEPEST)


def _line(row: SourceRow, columns: Columns) -> Line | None:
    cells = _cells(row, columns.text)
    texts = _said(cells) or _only(row, columns)
    group_cells = [cell for cell in _cells(row, columns.group) if cell not in cells]
    group, rules = _said(group_cells), _said([cell for cell in _cells(row, columns.rules) if cell not in cells])
    if not texts and not rules and group:
        texts, group = group, []
    own, pointed = _points(row, columns)
    strays = _strays(row, columns)
    bare = squeeze(fold("".join(texts)))
    serial = _serial(row, columns)
    first = next((text for cell in row.cells if (text := cell.text.strip())), "")
    if serial is None and (SUM.match(bare) or SUM.match(squeeze(fold(first)))):
        return _sum(row, texts if SUM.match(bare) else [first, *texts], own, (*strays, *filter(None, [pointed])))
    if (not bare and not rules) or (own is None and serial is None and is_form(bare)):
        moved = [text for text in _said(_cells(row, columns.aside)) if has_marks(text)]
        said = [] if DATE.search(squeeze(fold(pointed))) else [pointed]
        lost = (*filter(None, said), *strays, *moved, *([] if own is None else [plain(own)]))
        return Line(row.place, kind="stray", unread=lost) if lost else None
    if NOTE.match(bare) or (own is None and NOTE.fullmatch(squeeze(fold(first)))):
        return Line(row.place, "\n".join(texts), kind="note", unread=strays)
    named = [cell for cell in (*group_cells, *cells) if cell.text.strip()]
    before = [text for text in _named(row, columns) if text not in texts and re.search("分|否决", text)]
    heading = next((text for text in (*before, *group, *texts[:-1]) if heads_rules(text)), "")
    texts, group = [text for text in texts if text != heading], [text for text in group if text != heading]
    deducts = only_deducts(fold("\n".join(rules)))
    item, above = _parted(texts, states=own is not None or deducts)
    remarks = tuple(text for text in _said(_cells(row, columns.remarks)) if _rules(text))
    cell = row.at(columns.points) if columns.points is not None else None
    shared = numbers_by_line(pointed) if pointed else []
    if shared and len(shared) == len([line for line in texts[-1].split("\n") if line.strip()]):
        own, pointed = sum(shared, Decimal(0)), ""
    if cell is not None and VETO_HEADER.match(squeeze(fold(cell.text))):
        heading = heading or cell.text.strip()
    return Line(
        row.place,
        item,
        "\n".join([*group, *above]),
        "\n".join(rules),
        serial,
        own,
        unread=strays,
        pointed=pointed,
        totals=_totals(row, columns, named, states=own is not None or deducts),
        remarks=remarks,
        opens=min((cell.column for cell in named), default=0),
        heading=heading,
        shares=cell is not None and not cell.text.strip(),
        merged=cell is not None and cell.continued,
        counted=not _goes_on(row, columns, named),
        levels=_levels(row, columns),
        alone=columns.points is not None and _stands_alone(row),
        loses=bool(columns.losses) and columns.rules == columns.losses,
        shared=tuple(shared) if own is not None else (),
        wide=own is not None and _is_wide(row, columns, named),
    )


def _is_wide(row: SourceRow, columns: Columns, named: list[Cell]) -> bool:
    """Say whether a row's words begin at the left, and the other columns of words are theirs too, or blank."""
    holding = sorted({*columns.text, *columns.group})
    others = [row.at(column) for column in holding[1:]]
    alone = all(cell is None or cell in named or not (cell.text.strip() or cell.continued) for cell in others)
    return len(holding) > 1 and len(named) == 1 and named[0].column == holding[0] and alone


def _stands_alone(row: SourceRow) -> bool:
    said = [cell for cell in row.cells if cell.text.strip()]
    return len(said) == 1 and (said[0].span > 1 or len(row.cells) == 1)


def _named(row: SourceRow, columns: Columns) -> list[str]:
    """What stands in the column of numbers, beside words of the row: perhaps what its group is."""
    return _said(_cells(row, () if columns.serial is None else (columns.serial,)))


def _sum(row: SourceRow, texts: list[str], own: Decimal | None, unread: tuple[str, ...]) -> Line:
    """Read a sum; where the row lacks cells its number stands in another column."""
    numbers = {match[1] for cell in row.cells if (match := PLAIN_NUMBER.fullmatch(squeeze(fold(cell.text))))}
    words = "\n".join(text for text in texts if not PLAIN_NUMBER.fullmatch(squeeze(fold(text))))
    if own is None and len(numbers) == 1 and not has_marks(words):
        own = Decimal(numbers.pop())
        unread = tuple(text for text in unread if squeeze(fold(text)).rstrip("分") != plain(own))
    kind = "subtotal" if SUBTOTAL.search(squeeze(words)) else "sum"
    stated = own is None or has_marks(words)
    return Line(row.place, words if stated else f"满分{own}分", words, points=own, kind=kind, unread=unread)


def _levels(row: SourceRow, columns: Columns) -> tuple[tuple[str, Decimal], ...]:
    """The points of each level that a row gives in a column of the level's own."""
    cells = ((row.at(column), name) for column, name in columns.levels)
    numbers = ((name, PLAIN_NUMBER.fullmatch(squeeze(fold(cell.text)))) for cell, name in cells if cell is not None)
    return tuple((name, Decimal(number[1])) for name, number in numbers if number)


def heads_rules(text: str) -> bool:
    """Say whether a group's name says that its rows add, deduct or veto."""
    bare = squeeze(fold(text)[read_number(text).begin :])
    return bool(HEADER.match(bare) or VETO_HEADER.match(bare))


def _totals(row: SourceRow, columns: Columns, named: list[Cell], *, states: bool) -> tuple[Total, ...]:
    """What the groups that begin in a row state: in their names, or in columns of their own."""
    above, last = named[:-1], named[-1:]
    totals = [
        Total(squeeze(cell.text), points, cell.column)
        for cell in above
        if (points := only_points(fold(cell.text))) is not None and (states or has_marks(last[0].text))
    ]
    for column in columns.totals:
        cell = row.at(column)
        number = PLAIN_NUMBER.fullmatch(squeeze(fold(cell.text)).removesuffix("%")) if cell else None
        before = [cell for cell in named if cell.column < column] or named[:1]
        if number and before:
            totals.append(Total(squeeze(before[-1].text), Decimal(number[1]), before[-1].column))
    return tuple(totals)


def _goes_on(row: SourceRow, columns: Columns, named: list[Cell]) -> bool:
    """Say whether a row lies under a number that stands at a row above: its group goes on, its number is blank."""
    cell = row.at(columns.serial) if columns.serial is not None else None
    if cell is None or (cell.text.strip() and not cell.continued):
        return False
    holding = sorted({*columns.text, *columns.group})
    return cell.continued or (len(holding) > 1 and min((cell.column for cell in named), default=0) > holding[0])


def is_form(bare: str) -> bool:
    """Say whether a row is there to be filled in by hand: its words are a form's, and it states nothing."""
    words = FORM.fullmatch(bare) or TO_SIGN.search(bare)
    return bool(words) and any(not char.isdigit() for char in bare) and not find_marks(bare)


def _parted(texts: list[str], *, states: bool) -> tuple[str, list[str]]:
    """Part a row's cells into the item and the group above it: where both state points, the group's are a total.

    The item is the last cell; where no column has its points, the last that states any, with those behind it. `states`
    says that a column of points, or of what is deducted, does so for the row.
    """
    stating = [place for place, text in enumerate(texts) if not states and has_marks(text)]
    last = max(stating, default=len(texts) - 1)
    above, item = texts[:last], texts[last:]
    if above and has_marks("\n".join(above)) and (states or stating):
        return joined(*item), above
    return "\n".join(texts), []


def _rules(text: str) -> bool:
    """Say whether a remark states points, what multiplies them, or that they count once."""
    return has_marks(text) or bool(told_factors(fold(text), ()) or ONCE.search(fold(text)))


def has_marks(text: str) -> bool:
    """Say whether a text as printed states points anywhere."""
    return bool(find_marks(fold(text)))


def _serial(row: SourceRow, columns: Columns) -> Numbered | None:
    """Return the number in a column of its own: `1` `120` `1.` `1.2` `（一）` `三`."""
    cell = row.at(columns.serial) if columns.serial is not None else None
    text = squeeze(cell.text) if cell and cell.span == 1 and not cell.continued else ""
    if (code := coded(text)) is not None:
        return code
    if re.fullmatch(r"[0-9]{1,4}", fold(text)):
        return Numbered(int(fold(text)), False, 0, text, depth=2)
    numbers = [number for number in (read_number(text), read_number(f"{text}、")) if number.begin >= len(text)]
    read = numbers[0] if numbers else Numbered(None, False, 0)
    return None if read.number is None else replace(read, malformed=False)


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
    if cell is None or cell.continued:
        return []
    text, bare = cell.text.strip(), squeeze(fold(cell.text))
    begin = read_number(text).begin
    heading = any(words.match(bare) for words in (HEADER, VETO_HEADER, SUM, NOTE))
    return [text] if heading or cell.span > 1 or 0 < begin < len(text) or has_marks(text) else []


def _points(row: SourceRow, columns: Columns) -> tuple[Decimal | None, str]:
    """Return the plain number of the points' column, below 0 where it deducts, else what it says with a number."""
    cell = row.at(columns.points) if columns.points is not None else None
    text = "" if cell is None or cell.continued or cell.column != columns.points else cell.text.strip()
    folded = squeeze(fold(text)).removesuffix("%" if columns.shares else "")
    if BLANK.fullmatch(folded):
        return None, ""
    number = PLAIN_NUMBER.fullmatch(folded)
    if number and not numbers_by_line(text):
        return Decimal(number[1]), ""
    if (points := most(folded)) is not None:
        return points, ""
    return None, text if re.search(r"\d", text) or has_marks(text) else ""


def numbers_by_line(text: str) -> list[Decimal]:
    """Return the numbers of a cell that has one on each of several lines, else nothing."""
    lines = [PLAIN_NUMBER.fullmatch(squeeze(line)) for line in fold(text).split("\n") if line.strip()]
    numbers = [Decimal(line[1]) for line in lines if line]
    return numbers if len(numbers) == len(lines) > 1 else []


def most(folded: str) -> Decimal | None:
    """Return the points that a column states in words, and nothing else: `四十分` `(40分)` `满分40分` `0-40`."""
    folded = re.sub("^[占为]", "", folded)
    marks = find_marks(folded.strip("()"))
    if (
        len(marks) == 1
        and marks[0].kind in (POINTS, TOTAL, LIMIT)
        and not marks[0].sign
        and marks[0].verb in (None, "计")
    ):
        return marks[0].value if marks[0].end - marks[0].start == len(folded.strip("()")) else None
    from_none = FROM_NONE.fullmatch(folded)
    return Decimal(from_none[1]) if from_none else None


def _strays(row: SourceRow, columns: Columns) -> tuple[str, ...]:
    """Return what stands with a number where the head has no column for it."""
    named = {*columns.text, *columns.group, *columns.rules, *columns.aside, *columns.totals}
    named |= {column for column, _name in columns.levels}
    named |= {column for column in (columns.serial, columns.points) if column is not None}
    covered = {cell for column in named if (cell := row.at(column)) is not None}
    left = (cell for cell in row.cells if cell not in covered and not cell.continued)
    return tuple(cell.text.strip() for cell in left if re.search(r"\d", cell.text))
