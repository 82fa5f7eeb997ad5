"""The numbers printed before rows: read in all their shapes, and checked for gaps, doubles and slips."""

import re
from dataclasses import dataclass

from scoring.engine.messages import Message, _, msg
from scoring.engine.notice.fold import CHINESE, fold, number_of

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
PRINTED = re.compile(
    rf"""\s*(?:
      第?(?P<plain>\d{{1,2}})\s*(?P<mark>[.、):,]+|条)(?!\d*\s*分)
    | (?P<open>\()\s*(?P<inner>\d{{1,2}}|{CHINESE}{{1,3}})\s*\)(?P<after>[.、]*)
    | (?P<chinese>{CHINESE}{{1,3}})\s*(?P<chinese_mark>[.、]+)
    | 第(?P<article>{CHINESE}{{1,3}})条
    | (?P<circled>[{CIRCLED}])
    | (?P<loose>\d{{1,2}})\s+(?=\D)
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Numbered:
    """A row's printed number (None when it has none), whether it is malformed, and where its text begins."""

    number: int | None
    malformed: bool
    begin: int
    printed: str = ""


def read_number(text: str) -> Numbered:
    """Read the number at the start of a row, whatever its shape: `1.` `1、` `（一）` `一、` `①`."""
    match = PRINTED.match(fold(text))
    if not match:
        return Numbered(None, False, 0)
    printed = text[: match.end()].strip()
    if match["circled"]:
        return Numbered(CIRCLED.index(match["circled"]) + 1, False, match.end(), printed)
    digits = match["plain"] or match["inner"] or match["chinese"] or match["article"] or match["loose"]
    mark = match["mark"] or match["chinese_mark"] or match["after"] or ""
    malformed = bool(match["loose"]) or (len(mark) > 1 and mark != "条")
    return Numbered(number_of(digits), malformed, match.end(), printed)


@dataclass
class Sequence:
    """Follows printed numbers row by row; a section may start anew where `restart` is told."""

    last: int = 0
    seen: frozenset[int] = frozenset()
    free: bool = False

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
