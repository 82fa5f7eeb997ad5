"""Puts the letters of a PDF's page together into lines and cells."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from scoring.engine.notice.numbering import read_number

Char = dict[str, Any]
Box = tuple[float, float, float, float]
# In widths of a letter: what parts two words, how wide a Latin letter is, what a full line may leave at its end.
GAP, LATIN_GAP, LATIN, LEFT_FREE = 0.9, 0.25, 0.55, 1.2
PAGE_NUMBER = re.compile(r"[—–―_\-·•~\s]*(?:第\s*)?\d{1,4}\s*(?:页|/\s*\d{1,4})?[—–―_\-·•~\s]*|第\s*\d+\s*页.{0,12}")
EDGE = 0.12  # how much of a page's height is its edge, where its number and its running head stand
# In points: between two places that are one, and between two columns.
SAME, APART = 2.0, 4.0
ENDS = "。；;：:）)！？"
# What a line never breaks inside: brackets stay with their words, signs with the word before.
WORD = re.compile(r"[（(“‘《〔【]*(?:[!-~]+|.)[，。；、：）)”’》〕】！？]*")
# A font may give a letter out as the radical that looks like it. Of these Unicode folds the Kangxi ones by itself.
RADICALS = dict(
    zip(
        map(ord, "⺁⺈⺌⺍⺕⺗⺘⺝⺠⺣⺫⺮⺶⻁⻄⻅⻆⻉⻋⻌⻓⻔⻖⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻨⻩⻬⻮⻰⻳"),
        "厂刀小小彐心手月民火目竹羊虎西见角贝车辶长门阝青韦页风飞食马鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
# One letter for two, as a font may draw a dash.
LETTERS = RADICALS | KANGXI | {0x2E3A: "——"}


@dataclass(frozen=True)
class Line:
    """Letters beside each other, in points from the page's upper left corner; `size` is the height of a letter."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass(frozen=True)
class PageCell:
    """A cell, from its left to its right side; `continued` where it began in a row above."""

    text: str
    left: float
    right: float
    continued: bool


@dataclass(frozen=True)
class PageTable:
    """A table, row by row."""

    rows: tuple[tuple[PageCell, ...], ...]
    top: float


@dataclass(frozen=True)
class Page:
    """What is printed on a page, from its top to its bottom."""

    width: float
    height: float
    blocks: tuple[Line | PageTable, ...]


def inside(char: Char, box: Box) -> bool:
    """Whether a letter stands in a box by its middle."""
    return box[0] <= centre(char) < box[2] and box[1] <= middle(char) < box[3]


def cell_text(chars: list[Char], right: float) -> str:
    """The text of a cell: a line that fills it goes on in the next one."""
    text, above = "", None
    for line in lines_of(chars):
        begins = text.endswith(tuple(ENDS)) and read_number(line.text).number is not None
        text += line.text if above is None or (is_full(above, line, right) and not begins) else f"\n{line.text}"
        above = line
    return text


def is_full(line: Line, below: Line, right: float) -> bool:
    """Whether a line has no room, up to its right end, for the first word of the line below."""
    word = WORD.match(below.text)
    widths = sum(LATIN if letter.isascii() else 1 for letter in word[0]) if word else 0
    return right - line.right < (widths + LEFT_FREE) * line.size


def lines_of(chars: list[Char]) -> list[Line]:
    """Letters put together into lines, from top to bottom."""
    return list(map(line_of, letters_of_lines(chars)))


def letters_of_lines(chars: list[Char]) -> list[list[Char]]:
    """The letters of each line from left to right, the lines from top to bottom."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: (char["top"] + char["bottom"], char["x0"])):
        if lines and middle(char) - middle(lines[-1][0]) < min(char["size"], lines[-1][0]["size"]) / 2:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda char: float(char["x0"])) for line in lines]


def centre(char: Char) -> float:
    """The middle of a letter between its left and its right."""
    return float(char["x0"] + char["x1"]) / 2


def middle(char: Char) -> float:
    """The middle of a letter between its top and its bottom."""
    return float(char["top"] + char["bottom"]) / 2


def line_of(chars: list[Char]) -> Line:
    """Letters beside each other as a line, with a blank where they stand apart."""
    text = ""
    for index, char in enumerate(chars):
        gap = char["x0"] - chars[index - 1]["x1"] if index else 0
        latin = text[-1:].isascii() and char["text"].isascii()
        if gap > (LATIN_GAP if latin else GAP) * char["size"]:
            text += " " if latin else "\u3000"
        text += char["text"].translate(LETTERS)
    edges = {side: float(edge(char[key] for char in chars)) for side, key, edge in EDGES}
    return Line(text, **edges, size=float(max(char["size"] for char in chars)))


EDGES = (("left", "x0", min), ("right", "x1", max), ("top", "top", min), ("bottom", "bottom", max))
