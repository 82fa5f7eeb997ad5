"""Reads an annex into a track's indicators and adjustments, limits and notes."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from scoring.engine.messages import Message, _, msg
from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.limits import BOTH, HEADER, Limits, kinds_of, read_limits
from scoring.engine.notice.marks import TOTAL, find_marks
from scoring.engine.notice.numbering import Numbered, Sequence, read_number
from scoring.engine.notice.pricing import price_indicator, rule_adjustment
from scoring.engine.notice.rows import Line, read_lines
from scoring.engine.notice.split import AnnexText
from scoring.engine.scheme import CONFIRM, ERROR, Finding
from scoring.engine.track import BONUS, DEDUCTION, Adjustment, Indicator

OMISSION = re.compile("未|不按|不力|违反|违规|逾期|缺席|迟报")
UNREAD = _("“%(mark)s” could not be read as points. Enter the points by hand.")


@dataclass
class AnnexReading:
    """What an annex says: rows, limits, full marks, the text of its notes, and what was found while reading."""

    track: str
    indicators: list[Indicator] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    full_marks: Decimal | None = None
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def find(self, code: str, at: str | None, message: Message, severity: str = CONFIRM) -> None:
        """Keep a finding of this track."""
        self.findings.append(Finding(code, severity, self.track, at, message))

    def unread(self, at: str | None, marks: list[str]) -> None:
        """Keep the marks that no rule took, one error for the row."""
        if marks:
            self.find("unread", at, msg(UNREAD, mark="”、“".join(dict.fromkeys(marks))), ERROR)


def read_annex(annex: AnnexText, track: str) -> AnnexReading:
    """Read an annex's tables and notes under the code of its track."""
    reader = _Reader(AnnexReading(track))
    for paragraph in annex.above:
        reader.note(paragraph.text)
    for line in read_lines(annex.tables):
        reader.take(line)
    for paragraph in annex.notes:
        reader.reading.notes.append(paragraph.text)
        reader.note(paragraph.text)
    return reader.done()


class _Reader:
    """Goes through an annex row by row: first the indicators, then the adjustments."""

    def __init__(self, reading: AnnexReading) -> None:
        self.reading = reading
        self.kinds: frozenset[str] = frozenset()
        self.sequence = Sequence()
        self.unnumbered: list[str] = []

    def take(self, line: Line) -> None:
        if line.kind == "note":
            self.reading.notes.append(line.text)
        if line.kind != "row":
            self.note(line.text)
            return
        number = read_number(line.text)
        if line.serial is not None:
            number = replace(number, number=line.serial, malformed=False)
        folded = fold(line.text)[number.begin :]
        header = HEADER.match(squeeze(folded))
        if header and not any(mark.sign for mark in find_marks(folded)):
            self.begin_adjustments(folded)
        elif self.kinds or _only_signed(folded):
            self.adjustment(line, number)
        else:
            self.indicator(line, number)

    def note(self, text: str) -> None:
        """Read a title, a sum or a note: limits and full marks; other marks are errors."""
        folded = fold(text)
        limits, left = read_limits(folded, frozenset())
        self.reading.limits.update(limits)
        for mark in left:
            if mark.kind == TOTAL:
                self.reading.full_marks = mark.value
            else:
                self.reading.unread(None, [text[mark.start : mark.end].strip()])

    def begin_adjustments(self, folded: str) -> None:
        self.kinds = kinds_of(squeeze(folded).partition("(")[0]) or BOTH
        self.sequence.restart()
        limits, left = read_limits(folded, self.kinds)
        self.reading.limits.update(limits)
        self.reading.unread(None, [folded[mark.start : mark.end].strip() for mark in left])

    def number(self, code: str, number: Numbered) -> None:
        slip = self.sequence.slip(number)
        if number.number is None:
            self.unnumbered.append(code)
        elif slip:
            self.reading.find("numbering", code, slip)

    def indicator(self, line: Line, number: Numbered) -> None:
        code = str(len(self.reading.indicators) + 1)
        self.number(code, number)
        row = price_indicator(code, line.text, number.begin, line.points)
        self.reading.indicators.append(row.indicator)
        self.reading.unread(code, [*row.unread, *filter(None, [line.unread])])

    def adjustment(self, line: Line, number: Numbered) -> None:
        """Add a row among the adjustments; one that adds and deducts becomes one of each kind."""
        row = rule_adjustment(line.text, number.begin, self.kinds)
        before = [adjustment.kind for adjustment in self.reading.adjustments]
        kinds = list(row.rules) or [_guess(line.text, self.kinds, before)]
        if DEDUCTION in kinds and DEDUCTION not in before and before:
            self.sequence.free = True
        if not before:
            self.sequence.restart()
        for kind in kinds:
            order = [adjustment.kind for adjustment in self.reading.adjustments].count(kind) + 1
            code = f"{'B' if kind == BONUS else 'D'}{order}"
            rules = tuple(
                replace(rule, code=f"{code}.{place}") for place, rule in enumerate(row.rules.get(kind, []), start=1)
            )
            self.reading.adjustments.append(Adjustment(code, kind, line.text, row.cap, rules))
            if kind == kinds[0]:
                self.number(code, number)
                self.reading.unread(code, row.unread)

    def done(self) -> AnnexReading:
        """Give the adjustments the limit of each item, and tell the rows without a number."""
        reading = self.reading
        reading.adjustments = [
            replace(item, cap=reading.limits.each.get(item.kind)) if item.cap is None else item
            for item in reading.adjustments
        ]
        rows = len(reading.indicators) + len(reading.adjustments)
        if rows > 1 and len(self.unnumbered) == rows:
            reading.find("unnumbered", None, msg(_("No row has a number. The rows are counted by their place.")))
        else:
            for code in self.unnumbered:
                reading.find("unnumbered", code, msg(_("The row has no number. It is counted by its place.")))
        return reading


def _only_signed(folded: str) -> bool:
    """Say whether a row without a header above only adds or deducts, so that it is an adjustment by itself."""
    marks = find_marks(folded)
    return bool(marks) and all(mark.sign for mark in marks)


def _guess(text: str, kinds: frozenset[str], before: list[str]) -> str:
    """Return the kind of an adjustment without a rate: by its header, by its words, else like the one before."""
    if len(kinds) == 1:
        return next(iter(kinds))
    return DEDUCTION if OMISSION.search(text) else [BONUS, *before][-1]
