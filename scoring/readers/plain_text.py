"""Reads a plain text: a word processor's, or a pasted one, with tabs or `|` between its cells, or one cell a line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from scoring.engine.errors import fail
from scoring.engine.messages import _, msg
from scoring.engine.notice import Cell, Paragraph, Source, SourceRow, Table, from_text
from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.heads import ASIDE, HEAD_CELL, POINTS_COLUMN, SERIAL
from scoring.engine.notice.rows import PLAIN_NUMBER
from scoring.engine.notice.source import AFTER_TABLE

TAB, QUOTE = "\t", '"'
PIPES = re.compile(r"(?<!\\)[|｜│┃]")
RULE = re.compile(r"[\s|｜:：+=\-—─━┄┬┴┼├┤┌┐└┘│┃]+")
LONGEST_CELL = 50  # lines of a cell that a table program puts in quotes
FEWEST = 2  # lines that make a table
BELOW = re.compile(r"\s*(附[件表]|(?:附|备?注|说明)\s*[:：])")  # a line without cells that is no row of the table above
MOST_CELLS, WIDEST = 200_000, 12
LONGEST_ASIDE = 6  # letters of a head over a column that is filled in by hand


@dataclass(frozen=True)
class _Line:
    """A line with its number; with the lines below that its quotes hold together."""

    number: int
    text: str


Row = tuple[int, list[str]]


def read_text(name: str, text: str) -> Source:
    """Read a text into paragraphs and tables; EngineErrors where nobody can tell where the rows of a table begin."""
    if text.count(TAB) + text.count("|") > MOST_CELLS:
        message = msg(_("The text has far more cells than a notice."))
        raise fail(name, message, msg(_("Give at most %(cells)d cells."), cells=MOST_CELLS))
    lines = list(_lines(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
    blocks = list(_blocks(name, lines))
    if any(isinstance(block, Paragraph) and block.text.startswith(TAB) for block in blocks):
        return from_text(name, text)  # a word processor begins each cell with a tab
    return Source(name, tuple(_stripped(block) for block in blocks))


def _stripped(block: Paragraph | Table) -> Paragraph | Table:
    return Paragraph(block.text.strip(), block.place) if isinstance(block, Paragraph) else block


def _lines(texts: Sequence[str]) -> Iterator[_Line]:
    at = 0
    while at < len(texts):
        end = at + 1
        if TAB in texts[at] and any(cell.startswith(QUOTE) for cell in texts[at].split(TAB)):
            end = next((end for end in _ends(texts, at) if _text(texts, at, end).count(QUOTE) % 2 == 0), at + 1)
        yield _Line(at + 1, _text(texts, at, end))
        at = end


def _ends(texts: Sequence[str], at: int) -> range:
    return range(at + 1, min(at + LONGEST_CELL, len(texts)) + 1)


def _text(texts: Sequence[str], begin: int, end: int) -> str:
    return "\n".join(texts[begin:end])


def _from(lines: Sequence[_Line], at: int) -> Iterator[_Line]:
    return (lines[index] for index in range(at, len(lines)))


def _blocks(name: str, lines: Sequence[_Line]) -> Iterator[Paragraph | Table]:
    at = 0
    while at < len(lines):
        rows, end = _table(name, lines, at)
        if rows:
            yield from _laid_out(name, rows)
        elif lines[at].text.strip():
            yield Paragraph(lines[at].text, f"{name}:{lines[at].number}")
        at = end


def _table(name: str, lines: Sequence[_Line], at: int) -> tuple[list[Row], int]:
    """The rows of the table that begins at a line, and where it ends; no rows where none begins there."""
    for table in (_tabbed(lines, at), _piped(lines, at), _one_a_line(name, lines, at)):
        if table[0]:
            return table
    return [], at + 1


def _laid_out(name: str, rows: list[Row]) -> Iterator[Paragraph | Table]:
    """A table; rows of one cell above its head are lines."""
    lines = list(takewhile(lambda row: sum(map(bool, row[1])) == 1, rows))
    yield from (Paragraph("".join(cells), f"{name}:{number}") for number, cells in lines)
    width = max(len(cells) for _number, cells in rows)
    yield Table(tuple(_row(name, number, cells, width) for number, cells in rows[len(lines) :]))


def _row(name: str, number: int, cells: list[str], width: int) -> SourceRow:
    spans = [1] * len(cells) if len(cells) > 1 else [width]
    return SourceRow(
        tuple(Cell(text, column, span) for column, (text, span) in enumerate(zip(cells, spans, strict=True))),
        f"{name}:{number}",
    )


# ---- tabs --------------------------------------------------------------------------------------------------------


def _tabbed(lines: Sequence[_Line], at: int) -> tuple[list[Row], int]:
    """Rows with tabs between their cells: all have those of the first row, a row in several lines has them together."""
    tabs = lines[at].text.count(TAB)
    if not tabs or lines[at].text.startswith(TAB):
        return [], at
    run = takewhile(lambda line: line.text.strip(), _from(lines, at))
    if sum(TAB in line.text and not line.text.startswith(TAB) for line in run) < FEWEST:
        return [], at
    rows: list[Row] = []
    while at < len(lines) and lines[at].text.strip():
        end = _end_of_row(lines, at, tabs)
        if end is None or (TAB not in lines[at].text and BELOW.match(lines[at].text)):
            break
        text = "\n".join(line.text for line in lines[at:end])
        rows.append((lines[at].number, [_unquoted(cell.strip()) for cell in text.split(TAB)]))
        at = end
    return rows, at


def _end_of_row(lines: Sequence[_Line], at: int, tabs: int) -> int | None:
    """Where the row ends that begins at a line; None where the table ended above it."""
    count = 0
    for end in range(at, min(at + LONGEST_CELL, len(lines))):
        own = lines[end].text.count(TAB)
        if not lines[end].text.strip() or (end > at and own >= tabs):
            break
        count += own
        if count >= tabs:
            return end + 1
    goes_on = TAB in lines[at].text or (at + 1 < len(lines) and lines[at + 1].text.count(TAB) == tabs)
    return at + 1 if goes_on else None


def _unquoted(cell: str) -> str:
    """A cell as a table program wrote it: in quotes where it has several lines."""
    if len(cell) > 1 and cell.startswith(QUOTE) and cell.endswith(QUOTE):
        return cell[1:-1].replace(QUOTE * 2, QUOTE).strip()
    return cell


# ---- pipes -------------------------------------------------------------------------------------------------------


def _piped(lines: Sequence[_Line], at: int) -> tuple[list[Row], int]:
    """Rows with `|` between their cells, and maybe rules of dashes between them."""
    if at and _is_rule(lines[at].text) and _is_rule(lines[at - 1].text):
        return [], at  # no table began at the rule above: what follows it was looked at
    run = list(takewhile(lambda line: _is_piped(line.text), _from(lines, at)))
    rows = [(line.number, _pipe_cells(line.text)) for line in run if not _is_rule(line.text)]
    return (rows, at + len(run)) if len(rows) >= FEWEST else ([], at)


def _is_piped(text: str) -> bool:
    return not text.startswith(TAB) and (PIPES.search(text) is not None or _is_rule(text))


def _is_rule(text: str) -> bool:
    return bool(text.strip()) and RULE.fullmatch(text) is not None and re.search("[-—─━=]", text) is not None


def _pipe_cells(text: str) -> list[str]:
    cells = [cell.replace("\\|", "|").strip() for cell in PIPES.split(text.strip())]
    begin = 0 if cells[0] else 1
    return cells[begin : len(cells) if cells[-1] else -1]


# ---- one cell a line ---------------------------------------------------------------------------------------------


def _one_a_line(name: str, lines: Sequence[_Line], at: int) -> tuple[list[Row], int]:
    """Rows whose cells stand one below the other: the head's words say how many; numbers say where each row begins."""
    if not _is_head(lines[at].text):
        return [], at
    filled = (line for line in _from(lines, at) if line.text.strip())
    head = list(takewhile(lambda line: _is_head(line.text), islice(filled, WIDEST)))
    words = [_bare(line.text) for line in head]
    if len(head) < FEWEST or not any(POINTS_COLUMN.fullmatch(word) for word in words):
        return [], at
    below = (line for line in _from(lines, at) if line.text.strip() and line.number > head[-1].number)
    body = list(takewhile(lambda line: not line.text.strip().startswith(AFTER_TABLE), below))
    rows = _rows(words, body)
    if rows is None:
        message = msg(_("The cells of a table stand one a line, and where its rows begin can't be told."))
        raise fail(f"{name}:{lines[at].number}", message, msg(_("Put tabs or | between the cells, or give the file.")))
    last = (body or head)[-1].number
    end = next((index for index, line in enumerate(lines) if line.number > last), len(lines))
    return [(head[0].number, words), *rows], end


def _rows(words: Sequence[str], body: Sequence[_Line]) -> list[Row] | None:
    """The rows below a head: each has all cells but those to be filled in, numbers and points in their places."""
    printed = [place for place, word in enumerate(words) if POINTS_COLUMN.fullmatch(word) or not ASIDE.search(word)]
    rows: list[Row] = []
    for begin in range(0, len(body), len(printed)):
        lines = body[begin : begin + len(printed)]
        if len(lines) < len(printed):
            return None
        cells = dict(zip(printed, (line.text.strip() for line in lines), strict=True))
        for place, text in cells.items():
            number = PLAIN_NUMBER.fullmatch(_bare(text))
            if bool(number) != bool(SERIAL.fullmatch(words[place]) or POINTS_COLUMN.fullmatch(words[place])):
                return None
        rows.append((lines[0].number, [cells.get(place, "") for place in range(len(words))]))
    return rows


def _is_head(text: str) -> bool:
    bare = _bare(text)
    words = any(words.fullmatch(bare) for words in (HEAD_CELL, SERIAL, POINTS_COLUMN))
    return TAB not in text and (words or (len(bare) <= LONGEST_ASIDE and ASIDE.search(bare) is not None))


def _bare(text: str) -> str:
    return squeeze(fold(text))
