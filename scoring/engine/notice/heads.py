"""Reads the head of an annex's table: what each column is for."""

import re
from dataclasses import dataclass
from itertools import pairwise

from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.marks import find_marks
from scoring.engine.notice.source import SourceRow

HEAD_WORDS = re.compile("指标|内容|项目|标准|序号|自评|得分|完成情况|分值|考核|备注|说明")
SERIAL = re.compile("序号|编号|序")
POINTS_COLUMN = re.compile(
    "(?:各?项|标准|基准|基本|基础|规定|额定|指标|考核|满|应得)?分[值数]?(?:标准)?(?:\\(.*\\))?|权重(?:\\(.*\\))?|满分"
)
GROUP = re.compile("(?:考核|项目|指标)?类别|一级指标|考核维度|维度|板块")
RULES = re.compile(
    "(?:(?:评分|计分|扣分|加分|赋分|得分|评价|评定|评估)(?:与|和|及)?)+(?:计分|评分|标准|办法|细则|方法|方式|规则|要求|依据|说明)+"
    "|考核(?:要求|方法|方式|办法)|计分|评分"
)
ASIDE = re.compile("完成|自评|得分|备注|佐证|核定|考核分|评分|审核|责任|部门|复核|评价分|情况|材料|实得|打分")
REMARK = re.compile("备注|注")
# A cell that can only be a head's, so that a row of such cells below the first is the head's second.
HEAD_CELL = re.compile(
    "[一二三四1-4]级(?:考核)?指标|(?:考核|评[价估分])?(?:指标|项目|内容|要点|标准|办法|细则|要求|方法)|序号|分值|满分|自评分?|考核分|复核分"
    "|得分|备注|说明|完成情况|单位自评|评定方法"
)
# What stands before a blank that a unit fills in by hand: `单位名称：`, `填表日期`.
BLANK = re.compile(
    "(?:(?:被|受)?考核|填[表报]|报送|参评|自评|申报|所在)?(?:单位|部门|机构)(?:名称|全称)?(?:\\([^()]*\\))?(?:$|:)"
    "|填[表报]|(?:日期|时间)(?:$|:)"
)
TOTAL = re.compile(r"\((?:共计?|总分|满分|合计|计)?(?:为|:)?\d{1,4}(?:\.\d+)?分\)")
DEEPEST = 3


@dataclass(frozen=True)
class Columns:
    """Where each thing stands, by column: the item's text, its group, how it is scored, its number, its points.

    `aside` is what units and departments fill in, `remarks` what is printed beside a row. Points may be
    printed as `shares` in percent.
    """

    text: tuple[int, ...] = (0,)
    group: tuple[int, ...] = ()
    rules: tuple[int, ...] = ()
    aside: tuple[int, ...] = ()
    remarks: tuple[int, ...] = ()
    serial: int | None = None
    points: int | None = None
    shares: bool = False


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
            while taken < len(rows) and _goes_on(rows[taken]):
                heads = _joined(heads, _heads(rows[taken]), rows[taken])
                taken += 1
            return Head(_columns(heads), taken, tuple(words))
        if sum(bool(squeeze(cell.text)) for cell in row.cells) != 1:
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
    return not any(head[:1].isdigit() for head in heads.values())


def _goes_on(row: SourceRow) -> bool:
    """Say whether a row below the head's first is head still: every word in it is a head's."""
    words = [text for cell in row.cells if not cell.continued and (text := TOTAL.sub("", squeeze(fold(cell.text))))]
    return bool(words) and all(HEAD_CELL.fullmatch(word) for word in words)


def _joined(upper: dict[int, str], lower: dict[int, str], row: SourceRow) -> dict[int, str]:
    """The heads of two rows: the lower word where there is one, else the upper one's, or that of the cell over it."""
    joined: dict[int, str] = {}
    covering = ""
    for column in sorted(upper.keys() | lower.keys()):
        covering = upper.get(column) or covering
        cell = row.at(column)
        joined[column] = (lower.get(column) if cell and not cell.continued else "") or covering
    return joined


def _columns(heads: dict[int, str]) -> Columns:
    """Say what each column is for; one whose head says nothing of the kind holds text, one without a head does not."""
    serial = next((column for column, head in heads.items() if SERIAL.fullmatch(head)), None)
    points = next((column for column, head in heads.items() if POINTS_COLUMN.fullmatch(head)), None)
    left = {column: head for column, head in heads.items() if column not in (serial, points)}
    rules = tuple(column for column, head in left.items() if RULES.fullmatch(head))
    group = tuple(column for column, head in left.items() if GROUP.fullmatch(head))
    aside = tuple(column for column, head in left.items() if column not in rules and ASIDE.search(head))
    text = tuple(column for column, head in left.items() if head and column not in {*rules, *group, *aside})
    if not text and not rules:
        text, group = group or tuple(left)[:1] or (0,), ()
    remarks = tuple(column for column in aside if REMARK.fullmatch(left[column]))
    shares = points is not None and "权重" in heads[points]
    return Columns(text, group, rules, aside, remarks, serial, points, shares)
