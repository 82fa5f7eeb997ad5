"""How a workbook shows its cells: which numbers in percent (60% stands there as 0.6), which rows and columns never."""

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from posixpath import join, normpath
from string import ascii_uppercase, digits
from xml.parsers import expat

Place = tuple[int, int]  # row and column, from 0
Element = tuple[str, Mapping[str, str]]
BOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
# The formats `0%` and `0.00%`, which no workbook spells out.
KNOWN = frozenset({"9", "10"})
# Of a format what is printed as it stands: `0"%"` shows 60 as 60%.
LITERAL = re.compile(r'"[^"]*"|\\.')


MOST_COLUMNS = 16_384


@dataclass(frozen=True)
class Hidden:
    """The rows and the columns of a sheet that are not shown, from 0."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def hidden_in(parts: Mapping[str, bytes]) -> dict[str, Hidden]:
    """What each sheet hides, by its name; LookupError or ValueError for what no table program writes."""
    return {name: _hidden(part) for name, part in _sheets(parts)}


def _hidden(part: bytes) -> Hidden:
    rows, columns, row = set(), set(), -1
    for name, each in _elements(part, "row", "col"):
        hides = each.get("hidden") in {"1", "true"}
        if name == "row":
            row = int(each["r"]) - 1 if "r" in each else row + 1
            rows |= {row} if hides else set()
        elif hides:
            columns |= set(range(int(each["min"]) - 1, min(int(each["max"]), MOST_COLUMNS)))
    return Hidden(frozenset(rows), frozenset(columns))


def shares_in(parts: Mapping[str, bytes]) -> dict[str, frozenset[Place]]:
    """The places in percent of each sheet, by its name; LookupError or ValueError for what no table program writes.

    `parts` are XML that was gone through before.
    """
    styles = _styles(parts.get(STYLES, b""))
    if not styles:
        return {}
    return {name: frozenset(_places(part, styles)) for name, part in _sheets(parts)}


def _sheets(parts: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each sheet's name and its part."""
    targets = {each["Id"]: each["Target"] for _name, each in _elements(parts.get(RELATIONS, b""), "Relationship")}
    for _name, sheet in _elements(parts[BOOK], "sheet"):
        yield sheet["name"], parts.get(_part(targets.get(_relation(sheet), "")), b"")


def _styles(part: bytes) -> set[str]:
    """The styles, by their number among those of cells, that show a number in percent."""
    elements = _elements(part, "numFmt", "cellXfs", "xf")
    spelled = [each for name, each in elements if name == "numFmt"]
    percent = KNOWN | {each["numFmtId"] for each in spelled if "%" in LITERAL.sub("", each["formatCode"])}
    begin = next((at for at, (name, _each) in enumerate(elements) if name == "cellXfs"), len(elements))
    of_cells = [each for name, each in elements[begin:] if name == "xf"]
    return {str(number) for number, each in enumerate(of_cells) if each.get("numFmtId") in percent}


def _relation(sheet: Mapping[str, str]) -> str:
    return next((value for name, value in sheet.items() if name.endswith(":id")), "")


def _part(target: str) -> str:
    """The name of a part, as a relation of the workbook says it: from the root, or from beside it."""
    return normpath(join("/xl", target)).lstrip("/")


def _places(part: bytes, styles: AbstractSet[str]) -> set[Place]:
    places: set[Place] = set()
    row = column = -1

    def started(name: str, each: Mapping[str, str]) -> None:
        nonlocal row, column
        place = each.get("r", "")
        letters = place.rstrip(digits)
        if name == "row":
            row, column = int(place) - 1 if place else row + 1, -1
        elif name == "c":
            column = _column(letters) if letters else column + 1
            if each.get("s") in styles:
                places.add((int(place[len(letters) :]) - 1 if letters else row, column))

    _go_through(part, started)
    return places


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * len(ascii_uppercase) + ascii_uppercase.index(letter) + 1
    return number - 1


def _elements(part: bytes, *names: str) -> list[Element]:
    """The elements of these names in their order, each with its attributes."""
    elements: list[Element] = []

    def started(name: str, each: Mapping[str, str]) -> None:
        if name in names:
            elements.append((name, each))

    _go_through(part, started)
    return elements


def _go_through(part: bytes, started: Callable[[str, Mapping[str, str]], None]) -> None:
    if part:
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda name, each: started(name.rpartition(":")[2], each)
        parser.Parse(part, True)
