"""Reads the head of an annex's table: what each column is for."""

import re
from dataclasses import dataclass
from itertools import pairwise

from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.marks import find_marks
from scoring.engine.notice.source import SourceRow

HEAD_WORDS = re.compile("指标|内容|项目|标准|序号|自评|得分|完成情况|分值|考核|备注|说明")
SERIAL = re.compile("序号|编号|序|编码|代码|标号|代号|项次")
POINTS_COLUMN = re.compile(
    "(?:各?项目?|各?指标|标准|基准|基本|基础|规定|额定|考核|满|应得|大类|类别|小项|单项|分项|本项|参考|所占|占|配|赋|总|设定"
    "|量化|[一二三四]级)?(?:分|分[值数](?:标准|占比|比重|设置|设定)?)(?:\\(.*\\))?"
    "|(?:考评|测评|评[价估定议分]|检查|目标|计划|最高)分值(?:\\(.*\\))?"
    "|(?:各?指标|考核|分值|所占|[一二三四]级(?:指标)?)?(?:权重|权数|权值|比重|占比|百分比|比例)(?:值|分值?|系数)?(?:\\(.*\\))?"
    "|(?:满分|最高[得限]?分|标准得分|基分)(?:值|标准|分值)?"
)
IN_PERCENT = re.compile("权|比重|占比|百分比|比例")
# A head that may stand over points where no other does: `评分标准` over `40`.
MAY_BE_POINTS = re.compile("分|权|比|标准|满")
GROUP = re.compile("(?:考核|项目|指标)?类别|一级指标|考核维度|维度|板块")
RULES = re.compile(
    "(?:(?:评分|计分|扣分|加分|赋分|得分|评价|评定|评估)(?:与|和|及)?)+(?:计分|评分|标准|办法|细则|方法|方式|规则|要求|依据|说明)+"
    "|(?:考[核评]|查验|核查|检查|测评|验收|评审)(?:要求|方法|方式|办法)|计分|评分"
)
# Of such heads those below which a rate is lost without a word: `扣分标准` over `每份2分`.
LOSSES = re.compile("(?:扣分|减分)(?:标准|办法|细则|规则|说明|依据)")
ITEMS = re.compile("[^完得]{0,4}(?:内容|指标|项目|要点|任务|事项|要求|措施)(?:$|[及和与、(])")
ASIDE = re.compile("完成|自评|得分|备注|佐证|核定|考核分|评分|审核|责任|部门|复核|评价分|情况|材料|实得|打分")
REMARK = re.compile("备注|注")
# What is lost or won by a unit, blank or printed, beside a column of points.
LOST = re.compile("[应实单每]?[次项]?[扣减加]减?分[值数]?")
# `2024年目标值`, `2023年实绩` are heads too.
OF_A_YEAR = re.compile(r"20\d\d年度?[^\d:,;。表]{0,8}$")
# A cell that can only be a head's, so that a row of such cells below the first is the head's second.
HEAD_CELL = re.compile(
    "[一二三四1-4]级(?:考核|评[价估])?(?:指标|项目)?|(?:考核|评[价估分])?(?:指标|项目|内容|要点|标准|办法|细则|要求|方法)"
    "|序号|分值|满分|自评分?|考核分|复核分|得分|备注|说明|完成情况|单位自评|评定方法"
)
# Heads of levels that a unit may reach, with the points of each below them: `优秀` over `40`, `良好` over `30`.
LEVEL = re.compile(
    "(?:优秀?|良好?|中等?|一般|较?好|较?差|(?:基本|不)?(?:合格|满意|称职|达标|完成)|[A-E]|[一二三四]等|[优良中差ABCDE]级?)(?:\\(.*\\))?"
)
# What stands below a head that is no item's: who scores, and what.
BELOW_SCORES = re.compile(
    "[^\\d:,;。()]{0,6}(?:分值?|分数|自评|复评|互评|初评|终评|考评|评定|自查|核定|审定|权重|备注|情况)"
)
# What stands before a blank that a unit fills in by hand: `单位名称：`, `填表日期`.
BLANK = re.compile(
    "(?:(?:被|受)?考核|填[表报]|报送|参评|自评|申报|所在)?(?:单位|部门|机构)(?:名称|全称)?(?:\\([^()]*\\))?(?:$|:)"
    "|填[表报]|(?:日期|时间)(?:$|:)"
)
TOTAL = re.compile(
    r"\((?:共计?|总分|满分|合计|计)?(?:为|:)?\d{1,4}(?:\.\d+)?分\)|\((?:共计?|总分|满分|合计)\d{1,4}分[,;][^()]{1,30}\)"
)
IN_BRACKETS = re.compile(r"\(\d{1,4}(?:\.\d+)?分\)")
PLAIN_POINTS = re.compile(r"-?\d{1,4}(?:\.\d{1,2})?(?:分|%)?")
DEEPEST = 3


@dataclass(frozen=True)
class Columns:
    """Where each thing stands, by column: the item's text, its group, how it is scored, its number, its points.

    `aside` is what units and departments fill in, `remarks` what is printed beside a row. Points may be
    printed as `shares` in percent; `totals` are points of groups in columns of their own, `levels` those of levels,
    each under its name. `losses` are those of the rules' columns below which a rate is lost, without a word for it.
    """

    text: tuple[int, ...] = (0,)
    group: tuple[int, ...] = ()
    rules: tuple[int, ...] = ()
    aside: tuple[int, ...] = ()
    remarks: tuple[int, ...] = ()
    serial: int | None = None
    points: int | None = None
    shares: bool = False
    totals: tuple[int, ...] = ()
    levels: tuple[tuple[int, str], ...] = ()
    losses: tuple[int, ...] = ()


@dataclass(frozen=True)
class Head:
    """A table's columns, how many rows the head takes, and what it says itself: lines above it, full marks in it."""

    columns: Columns
    rows: int
    words: tuple[str, ...] = ()


def read_head(rows: tuple[SourceRow, ...]) -> Head | None:
    """Read the head of a table, under a title or lines to fill in inside the table or not; None when it has none."""
    for index, row in enumerate(rows[:DEEPEST]):
        heads = _heads(row)
        if _fills_in(heads):
            continue
        if _is_head(heads):
            words = [cell.text for above in rows[:index] for cell in above.cells if cell.text.strip()]
            words += [total for text in _texts(row).values() for total in TOTAL.findall(text)]
            taken = index + 1
            while taken < len(rows) and _goes_on(rows[taken], heads):
                heads = _joined(heads, _heads(rows[taken]), rows[taken])
                taken += 1
            return Head(_columns(heads, rows[taken:]), taken, tuple(words))
        said = [head for head in _texts(row).values() if head]
        if len(said) != 1 and not (said and all(":" in head for head in said)):
            return None
    return None


def _fills_in(heads: dict[int, str]) -> bool:
    """Say whether a row is there to be filled in by hand: each word stands before a blank, or behind a colon."""
    words = [head for head in heads.values() if head]
    return (
        bool(words)
        and not find_marks("".join(words))
        and all(BLANK.match(word) or before.endswith(":") for before, word in pairwise(["", *words]))
    )


def same_head(row: SourceRow, heads: SourceRow) -> bool:
    """Say whether a row repeats the head, as on a new page."""
    words = [squeeze(cell.text) for cell in row.cells]
    return any(words) and words == [squeeze(cell.text) for cell in heads.cells]


def _texts(row: SourceRow) -> dict[int, str]:
    return {cell.column: squeeze(fold(cell.text)) for cell in row.cells}


def _heads(row: SourceRow) -> dict[int, str]:
    """The head's words by column, full marks taken off; words over several columns are each one's, but for numbers."""
    heads = {column: TOTAL.sub("", text) for column, text in _texts(row).items()}
    for cell in row.cells:
        if not SERIAL.fullmatch(heads[cell.column]) and not POINTS_COLUMN.fullmatch(heads[cell.column]):
            heads |= dict.fromkeys(range(cell.column, cell.column + cell.span), heads[cell.column])
    return heads


def _is_head(heads: dict[int, str]) -> bool:
    joined = "".join(heads.values())
    if find_marks(joined) or not HEAD_WORDS.search(joined):
        return False
    return not any(head[:1].isdigit() and not OF_A_YEAR.match(head) for head in heads.values())


def _goes_on(row: SourceRow, upper: dict[int, str]) -> bool:
    """Say whether a row below the head's first is head still: every word in it is a head's.

    Below a head of scores stands who gives them; below any other only what can be nothing but a head.
    """
    words = {
        cell.column: text
        for cell in row.cells
        if not cell.continued and (text := TOTAL.sub("", squeeze(fold(cell.text))))
    }
    return bool(words) and all(
        HEAD_CELL.fullmatch(word)
        or (_is_score(upper, column) and (BELOW_SCORES.fullmatch(word) or LEVEL.fullmatch(word)))
        for column, word in words.items()
    )


def _is_score(upper: dict[int, str], column: int) -> bool:
    """Say whether a column lies under a head of scores, itself or as one of those that the head spans."""
    head = next((upper[left] for left in range(column, -1, -1) if upper.get(left)), "")
    return bool(POINTS_COLUMN.fullmatch(head) or RULES.fullmatch(head) or _is_aside(head))


def _is_aside(head: str) -> bool:
    return not RULES.fullmatch(head) and not ITEMS.match(head) and bool(ASIDE.search(head))


def _joined(upper: dict[int, str], lower: dict[int, str], row: SourceRow) -> dict[int, str]:
    """The heads of two rows: the lower word where there is one, else the upper one's, or that of the cell over it."""
    joined: dict[int, str] = {}
    covering = ""
    for column in sorted(upper.keys() | lower.keys()):
        covering = upper.get(column) or covering
        cell = row.at(column)
        joined[column] = (lower.get(column) if cell and not cell.continued else "") or covering
    return joined


def _columns(heads: dict[int, str], below: tuple[SourceRow, ...]) -> Columns:
    """Say what each column is for; one whose head says nothing of the kind holds text.

    One without a head holds nothing, but for numbers of rows before the first head, and words beside words.
    """
    columns = sorted(heads)
    serial = next((column for column in columns if SERIAL.fullmatch(heads[column])), None)
    if serial is None and columns and not heads[columns[0]] and _counts(below, columns[0]):
        serial = columns[0]
    points = _points_column(heads, below, serial)
    totals = tuple(column for column in _valued(heads, below) if points is not None and column < points)
    levels = tuple(column for column in columns if LEVEL.fullmatch(heads[column]) and _mostly_numbers(below, column))
    left = {column: heads[column] for column in columns if column not in (serial, points, *totals, *levels)}
    rules = tuple(
        column
        for column, head in left.items()
        if RULES.fullmatch(head) and not (points is None and _priced(below, column))
    )
    group = tuple(column for column, head in left.items() if GROUP.fullmatch(head))
    aside = tuple(
        column
        for column, head in left.items()
        if column not in rules and (_is_aside(head) or (points is not None and LOST.fullmatch(head)))
    )
    text = [column for column, head in left.items() if head and column not in {*rules, *group, *aside}]
    for column, head in left.items():
        if not head and column - 1 in {*text, *group} and _worded(below, column):
            text.append(column)
    if not text and not rules:
        text, group = list(group or tuple(left)[:1] or (0,)), ()
    remarks = tuple(column for column in aside if REMARK.fullmatch(left[column]))
    shares = points is not None and bool(IN_PERCENT.search(heads[points]))
    named = tuple((column, heads[column]) for column in levels)
    losses = tuple(column for column in rules if LOSSES.fullmatch(left[column]))
    return Columns(tuple(text), group, rules, aside, remarks, serial, points, shares, totals, named, losses)


def _points_column(heads: dict[int, str], below: tuple[SourceRow, ...], serial: int | None) -> int | None:
    """The column of the rows' points: of several that hold numbers the fullest, the right one of equals."""
    named = [column for column, head in heads.items() if POINTS_COLUMN.fullmatch(head)]
    valued = _valued(heads, below)
    if valued:
        return max(valued, key=lambda column: (_numbers(below, column), _filled(below, column), column))
    if named:
        return min(named)
    others = (
        column
        for column, head in heads.items()
        if column != serial and (REMARK.fullmatch(head) or (MAY_BE_POINTS.search(head) and not _is_aside(head)))
    )
    return next(
        (column for column in others if not ITEMS.match(heads[column]) and _mostly_numbers(below, column)), None
    )


def _valued(heads: dict[int, str], below: tuple[SourceRow, ...]) -> list[int]:
    """The columns with a head of points that hold any."""
    return [column for column, head in heads.items() if POINTS_COLUMN.fullmatch(head) and _filled(below, column)]


def _said_in(below: tuple[SourceRow, ...], column: int) -> list[str]:
    """What stands in a column, cells of their own only."""
    cells = (cell for row in below for cell in row.cells if cell.column == column and not cell.continued)
    return [text for cell in cells if (text := squeeze(fold(cell.text)))]


def _filled(below: tuple[SourceRow, ...], column: int) -> int:
    return sum(any(char.isdigit() for char in text) for text in _said_in(below, column))


def _numbers(below: tuple[SourceRow, ...], column: int) -> int:
    return sum(bool(PLAIN_POINTS.fullmatch(text)) for text in _said_in(below, column))


def _mostly_numbers(below: tuple[SourceRow, ...], column: int) -> bool:
    return 2 * _numbers(below, column) > len(_said_in(below, column))


def _priced(below: tuple[SourceRow, ...], column: int) -> bool:
    """Say whether each cell of a column states points of its own, in brackets: `1.有制度（20分）。未建立扣10分。`"""
    said = _said_in(below, column)
    return len(said) > 1 and all(IN_BRACKETS.search(text) for text in said)


def _counts(below: tuple[SourceRow, ...], column: int) -> bool:
    """Say whether a column counts rows: its plain numbers go up by one from 1."""
    numbers = [int(text) for text in _said_in(below, column) if text.isdecimal()]
    return bool(numbers) and numbers == list(range(1, len(numbers) + 1))


def _worded(below: tuple[SourceRow, ...], column: int) -> bool:
    """Say whether a column holds words and no plain numbers."""
    said = _said_in(below, column)
    return bool(said) and not any(PLAIN_POINTS.fullmatch(text) for text in said)
