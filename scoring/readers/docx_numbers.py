"""Works out the automatic numbers of a Word document, which are not in its text."""

from collections import defaultdict
from typing import Any

from scoring.engine.notice.numbering import CIRCLED

Element = Any  # an lxml element; python-docx and lxml carry no types
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHINESE_DIGITS = "〇一二三四五六七八九"
CHINESE_FORMATS = {"chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting"}
SILENT = {"none", "bullet"}
LEVELS = 9
TEN = 10
HUNDRED = 100
# What a word processor takes: longer templates and greater numbers would grow with every paragraph.
LONGEST_TEMPLATE, GREATEST = 255, 32_767


class Numbers:
    """Counts on through a document, level by level, as a word processor does."""

    def __init__(self, document: Any) -> None:
        root = _numbering(document)
        self.styles = {style.get(f"{W}styleId"): style for style in document.styles.element.iter(f"{W}style")}
        self.abstract = (
            {item.get(f"{W}abstractNumId"): item for item in root.iter(f"{W}abstractNum")} if len(root) else {}
        )
        self.numbers = {item.get(f"{W}numId"): item for item in root.iter(f"{W}num")} if len(root) else {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)

    def prefix(self, paragraph: Element) -> str:
        """Return the number that a word processor prints before this paragraph, counting it."""
        number, level = self._reference(paragraph)
        item = self.numbers.get(number or "")
        if item is None:
            return ""
        abstract_id = _val(item.find(f"{W}abstractNumId")) or ""
        levels = self._levels(item, abstract_id)
        if level not in levels:
            return ""
        counts = self.counts[str(number) if item.find(f"{W}lvlOverride") is not None else abstract_id]
        counts[level] = counts.get(level, self._start(item, levels[level], level) - 1) + 1
        for deeper in [depth for depth in counts if depth > level]:
            del counts[deeper]
        return self._printed(item, levels, counts, level)

    def _reference(self, paragraph: Element) -> tuple[str | None, int]:
        """Return the list and level of a paragraph: its own, else its style's."""
        properties = paragraph.find(f"{W}pPr")
        number: str | None = None
        level: str | None = None
        style = None if properties is None else _val(properties.find(f"{W}pStyle"))
        seen: set[str] = set()
        while properties is not None:
            numbering = properties.find(f"{W}numPr")
            if numbering is not None:
                number = number or _val(numbering.find(f"{W}numId"))
                level = level or _val(numbering.find(f"{W}ilvl"))
            if number is not None or style is None or style in seen or style not in self.styles:
                break
            seen.add(style)
            properties = self.styles[style].find(f"{W}pPr")
            properties = properties if properties is not None else self.styles[style]
            style = _val(self.styles[style].find(f"{W}basedOn"))
        return number, int(level) if level and level.isdecimal() else 0

    def _levels(self, item: Element, abstract_id: str) -> dict[int, Element]:
        abstract = self.abstract.get(abstract_id)
        own = [] if abstract is None else list(abstract.findall(f"{W}lvl"))
        own += item.findall(f"{W}lvlOverride/{W}lvl")
        return {int(level.get(f"{W}ilvl", "0")): level for level in own}

    def _start(self, item: Element, shape: Element, level: int) -> int:
        for override in item.findall(f"{W}lvlOverride"):
            start = _val(override.find(f"{W}startOverride"))
            if override.get(f"{W}ilvl") == str(level) and start:
                return _number(start)
        return _number(_val(shape.find(f"{W}start")) or "1")

    def _printed(self, item: Element, levels: dict[int, Element], counts: dict[int, int], level: int) -> str:
        if _val(levels[level].find(f"{W}numFmt")) in SILENT:
            return ""
        text = _val(levels[level].find(f"{W}lvlText")) or ""
        if len(text) > LONGEST_TEMPLATE:
            raise ValueError("a number's template is too long")
        for depth in range(min(LEVELS, level + 1)):
            if depth in levels:
                count = counts.get(depth, self._start(item, levels[depth], depth))
                text = text.replace(f"%{depth + 1}", _written(count, _val(levels[depth].find(f"{W}numFmt"))))
        return text


def _numbering(document: Any) -> Any:
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/numbering.xml":
            return part.element
    return ()


def _number(text: str) -> int:
    number = int(text)
    if number > GREATEST:
        raise ValueError("a list starts at a number that no list has")
    return number


def _val(element: Element | None) -> str | None:
    return None if element is None else element.get(f"{W}val")


def _written(count: int, shape: str | None) -> str:
    if shape in CHINESE_FORMATS and 0 < count < HUNDRED:
        tens, ones = divmod(count, TEN)
        ten = "" if not tens else ("" if tens == 1 else CHINESE_DIGITS[tens]) + "十"
        return ten + (CHINESE_DIGITS[ones] if ones else "")
    if shape == "decimalEnclosedCircle" and 0 < count <= len(CIRCLED):
        return CIRCLED[count - 1]
    return str(count)
