"""The numbers printed before rows: read in all their shapes, and checked for gaps, doubles and slips."""

import re
from dataclasses import dataclass

from scoring.engine.messages import Message, _, msg
from scoring.engine.notice.fold import CHINESE, fold, number_of
from scoring.engine.notice.marks import STEP

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
DEEPEST = 7
CODE = re.compile(r"[0-9]{1,2}(?:-[0-9]{1,2}){1,3}|[A-Z](?:[0-9]{1,2}(?:[.-][0-9]{1,2}){0,2})?")
PRINTED = re.compile(
    rf"""\s*(?:
      (?P<above>(?:\d{{1,2}}\.){{1,3}})(?P<below>\d{{1,2}})(?![\d.])[.、]?\s*(?=[一-鿿“"《]|$)(?!{STEP}|分|米|度|版)
    | 第?(?P<plain>\d{{1,2}})\s*(?P<mark>[.、):,]+|条)(?!\d*\s*分)
    | (?P<open>\()\s*(?P<inner>\d{{1,2}}|{CHINESE}{{1,3}})\s*\)(?P<after>[.、]*)
    | (?P<chinese>{CHINESE}{{1,3}})\s*(?P<chinese_mark>[.、]+)
    | 第(?P<article>{CHINESE}{{1,3}})(?:条|(?:部分|章|篇|板块|大项)[、:.]*)
    | (?P<circled>[{CIRCLED}])
    | (?P<loose>\d{{1,2}})\s+(?=\D)
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Numbered:
    """A row's printed number (None when it has none), whether it is malformed, and where its text begins.

    `above` are the numbers before the last in `2.1`; `depth` says how deep such a number stands: `一、` above
    `（一）` above `1.` above `1.1` above `（1）`.
    """

    number: int | None
    malformed: bool
    begin: int
    printed: str = ""
    above: str = ""
    depth: int | None = None


def read_number(text: str) -> Numbered:
    """Read the number at the start of a row, whatever its shape: `1.` `1、` `（一）` `一、` `①`."""
    match = PRINTED.match(fold(text))
    if not match:
        return Numbered(None, False, 0)
    printed = text[: match.end()].strip()
    if match["circled"]:
        return Numbered(CIRCLED.index(match["circled"]) + 1, False, match.end(), printed, depth=DEEPEST)
    if match["below"]:
        return Numbered(int(match["below"]), False, match.end(), printed, match["above"], 2 + match["above"].count("."))
    digits = match["plain"] or match["inner"] or match["chinese"] or match["article"] or match["loose"]
    mark = match["mark"] or match["chinese_mark"] or match["after"] or ""
    malformed = bool(match["loose"]) or (len(mark) > 1 and mark != "条")
    return Numbered(number_of(digits), malformed, match.end(), printed, depth=_depth(match))


def coded(text: str) -> Numbered | None:
    """Read a code in a column of its own: `A` over `A1`, `1` over `1-1`; None where it is none."""
    match = CODE.fullmatch(fold(text))
    if match is None:
        return None
    parts = re.findall("[A-Z]|[0-9]+", match[0])
    number = int(parts[-1]) if parts[-1].isdecimal() else ord(parts[-1]) - ord("A") + 1
    return Numbered(
        number, False, 0, text, "".join(f"{part}." for part in parts[:-1]), len(parts) + parts[0].isdecimal()
    )


def _depth(match: re.Match[str]) -> int:
    if match["chinese"] or match["article"]:
        return 0
    if match["inner"]:
        return DEEPEST - 1 if match["inner"].isdecimal() else 1
    return 2


def unnumbered(name: str) -> str:
    """A name without the number before it: `1.街道考核表`, but not `2024年街道考核表`."""
    return name[read_number(name).begin :]


@dataclass
class Sequence:
    """Follows printed numbers row by row; a section may start anew where `restart` is told."""

    last: int = 0
    seen: frozenset[int] = frozenset()
    free: bool = False
    above: str = ""

    def restart(self) -> None:
        """Let the next number begin at 1 or go on."""
        self.free = True
        self.seen = frozenset()

    def slip(self, row: Numbered) -> Message | None:
        """Return what is wrong with a row's number, or None; unnumbered rows count on silently."""
        number = row.number
        if number is None:
            self.last += 1
            return None
        if row.above != self.above:
            left = self.above.removeprefix(row.above).partition(".")[0] if self.above.startswith(row.above) else ""
            self.above = row.above
            self.restart()
            self.last = int(left) if left.isdecimal() else self.last  # behind 1.1.2 comes 1.2
        expected = {self.last + 1} | ({1} if self.free else set())
        double = number in self.seen
        self.last, self.free, self.seen = number, False, self.seen | {number}
        if row.malformed:
            return msg(_("The number is printed as “%(printed)s”. It is counted by its place."), printed=row.printed)
        if double:
            return msg(_("The number %(number)s stands twice. The row is counted by its place."), number=number)
        if number not in expected:
            return msg(
                _("The number %(number)s is out of order: %(expected)s was due. The row is counted by its place."),
                number=number,
                expected=max(expected),
            )
        return None
