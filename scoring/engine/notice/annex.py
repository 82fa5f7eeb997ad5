"""Reads an annex into a track's indicators and adjustments, limits and notes."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from scoring.engine.messages import Message, _, msg
from scoring.engine.notice.factors import told_factors
from scoring.engine.notice.fold import fold, squeeze
from scoring.engine.notice.grades import NAMES
from scoring.engine.notice.groups import Group, grouped
from scoring.engine.notice.ladders import HIGHEST, NOT_TWICE, ONCE, counted_once, from_one_on, is_ladder
from scoring.engine.notice.limits import ADJUSTING, BOTH, HEADER, VETO_HEADER, Limits, kinds_of, read_limits
from scoring.engine.notice.losing import TOGETHER, Item, doubts, lessened, only_deducts
from scoring.engine.notice.marks import TOTAL, find_marks, only_points
from scoring.engine.notice.numbering import Numbered, Sequence, read_number
from scoring.engine.notice.pricing import is_discretion, price_indicator, ruled
from scoring.engine.notice.rows import SIGNED_NUMBER, Line, heads_rules, read_lines
from scoring.engine.notice.sections import HUNDRED, OUT_OF_HUNDRED
from scoring.engine.notice.split import AnnexText
from scoring.engine.numbers import plain
from scoring.engine.scheme import CONFIRM, ERROR, Finding
from scoring.engine.track import BARS, BONUS, DEDUCTION, NOT_ASSESSED, TO_ZERO, Adjustment, Indicator, Rule, Veto

# What a row says that no rule computes: a person reads it, and is told where it stands.
VETO = re.compile("一票否决|不予考核|取消[^,;。]{0,10}资格")
# That a row's losses go on below its points: no row counts less than 0.
BELOW_NOTHING = re.compile("(?<!不)(?<!不得)(?<!不能)(?<!不再)(?<!不予)(?:倒扣(?!分制)分?|扣[至到为]负分?)[^,;。]{0,4}")
WORDS_ONLY = re.compile(VETO.pattern + "|不得评[优先为]|酌情|视情况?")
# Of a bonus or a deduction also what ends it: in an indicator these are its points not reached.
ADJUSTED_ONLY = re.compile(
    WORDS_ONLY.pattern + "|(?:不|不予|不再)[加得计扣]分|(?:扣除|取消)[^,;。]{0,8}(?:得分|加分|全部分)"
)
# Other rows than the one at hand.
OTHER_ROWS = re.compile("[与和同跟][^,;。]{0,6}(?:其[他它余]|别的|上述|以上|前[述款项])|各项|各类|不同项")
# One matter, of which there may be several in a row: `同一事项就高不重复`.
OF_ONE_MATTER = re.compile("同一|同类|同项|相同")
# A limit that a head states as a share: `不超过总分的10%`.
SHARE_OF = re.compile(r"[^,;。()]*\d%[^,;。()]*")
EFFECTS = {
    TO_ZERO: re.compile(
        "(?<![该本此单]项)(?:总分|得分|成绩|考核|直接)(?:按|记|计|为)*(?:0|零)(?:分|(?=[,;。]|$))|(?:总分|年度|考核)不得分"
    ),
    NOT_ASSESSED: re.compile(
        "不予考核|不参加考核|不予参加考核|不再?(?:参加|纳入|列入|参与)[^,;。]{0,6}考核|取消[^,;。]{0,6}考核资格"
    ),
    BARS: re.compile(
        "(?:不得|不能|不予|不可|取消)[^,;。]{0,6}?(?:评[为定选]?|(?:确定|认定|列|定)为)"
        "|(?P<rest>不得?(?:高于|超过)|(?:评|确定|认定|评定|判定|定|降级?|下降|列|一律)为)"
    ),
}
# What names all from one grade up.
AND_ABOVE = re.compile("(?:等次|等级)?(?:\\(含\\)|含)?(?:及其?|或)?以上")
# Which total makes which grade, said below a table: `90分以上为优秀`.
GRADED = re.compile(
    '[^,;。()]*\\d\\s*分[^,;。()]*(?:为|是)[“"]?'
    "(?:特?优|良|中|差|(?:基本|不)?(?:合格|称职|达标)|[特一二三]等|[一二三四五]星|先进|后进)[^,;。()]*"
)
FULL = "(?:[基总满标][准本础]?分值?|共计?|合计)"
ALONE = re.compile(rf"(?:^|\()\s*{FULL}?\s*[:为]?\s*[\d零一二三四五六七八九十百.]+\s*分\s*\)?$")
OMISSION = re.compile("未|不按|不力|违反|违规|逾期|缺席|迟报")
COLUMN_DIFFERS = _("The row's words state %(text)s points, their column %(column)s. The column counts.")
GROUP_DIFFERS = _("“%(group)s” states %(total)s points, its rows come to %(sum)s. The rows count.")
ONE_LEVEL = _("One of several levels applies: %(levels)s. The highest that applies counts, never their sum.")
JUDGED = _("“%(words)s” is not computed. Whoever decides reads the row's words.")
COUNTED_ONCE = _(
    "“%(words)s”: of one matter count only what comes to most, and leave the rest out. Nothing computes it."
)
OF_ALL = _(
    "“%(words)s” multiplies all that the other rules of the item come to by %(factor)s. Where it counts by itself, or "
    "for some of the times only, it needs a rule of its own."
)
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
    as_levels: dict[str, Indicator] = field(default_factory=dict)
    vetoes: list[Veto] = field(default_factory=list)
    # The rows' codes in the order printed, and whether a head says which of them add or deduct.
    order: list[str] = field(default_factory=list)
    headed: bool = False

    def find(self, code: str, at: str | None, message: Message, severity: str = CONFIRM) -> None:
        """Keep a finding of this track."""
        self.findings.append(Finding(code, severity, self.track, at, message))

    def unread(self, at: str | None, marks: list[str]) -> None:
        """Keep the marks that no rule took, one error for the row."""
        if marks:
            self.find("unread", at, msg(UNREAD, mark="”、“".join(dict.fromkeys(marks))), ERROR)

    def from_full(self, full_marks: Decimal) -> bool:
        """Take the deductions from the full marks, as one row of these points, where no row has points of its own.

        Returns whether that was so.
        """
        rows: dict[str, Item] = {row.code: row for row in self.indicators}
        rows |= {row.code: row for row in self.adjustments}
        losing = [rows[code] for code in self.order if not code.startswith("B")]
        priced = [row for row in self.indicators if row.points is not None]
        if priced or len(losing) < 2 * len(self.indicators) or not losing or (self.indicators and self.headed):
            return False
        code = "1"
        self.findings = doubts(code, self.track, losing, self.findings)
        self.indicators = [lessened(code, full_marks, losing, implied=True)]
        self.adjustments = [item for item in self.adjustments if item.kind == BONUS]
        return True


def read_annex(annex: AnnexText, track: str) -> AnnexReading:
    """Read an annex's tables and notes under the code of its track."""
    reader = _Reader(AnnexReading(track))
    reader.kinds = reader.titled = _kinds_in(annex.title)
    for paragraph in annex.above:
        reader.title(paragraph.text)
    for line in grouped(read_lines(annex.parts())):
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
        # What the annex's title makes of its rows, and what the table's own title or head does.
        self.titled: frozenset[str] = frozenset()
        self.named: frozenset[str] = frozenset()
        self.sequence = Sequence()
        self.rows = 0
        self.unnumbered: list[str] = []
        self.subtotals: list[Line] = []
        self.groups: list[Group] = []
        self.vetoes = False
        # The column of the group whose name made the rows adjustments or vetoes.
        self.headed: int | None = None

    def table(self, words: str, title: str) -> None:
        """Begin a table: its title and its head may say what its rows do, and with a head numbers may begin anew.

        What the annex's title makes of its rows holds for a table without a title of its own.
        """
        named = _kinds_in(words)
        if named or (self.named and words):
            self.kinds = named or (frozenset() if title else self.titled)
            self.named = named
        if words:
            self.sequence.restart()

    def take(self, line: Line) -> None:
        if line.kind == "table":
            self.table(line.item, line.group)
            return
        if line.kind == "note":
            self.reading.notes.append(line.text)
        if line.kind != "row":
            self.beside(line)
            return
        number = line.number
        folded = fold(line.priced)[number.begin :]
        if line.rules and heads_rules(line.item):
            line = replace(line, heading=line.item, item=line.rules, rules="")
            number = line.number
            folded = fold(line.item)[number.begin :]
        self.group(line)
        if VETO_HEADER.match(squeeze(folded)) or self.vetoes:
            self.veto(line)
            return
        if line.losing:
            self.section(line)
            return
        header = HEADER.match(squeeze(folded))
        if header and not line.pointed and not any(mark.sign for mark in find_marks(folded)):
            self.begin_adjustments(folded)
            self.reading.unread(self.last(), list(line.unread))
            if line.points is not None:
                self.limit(line.points)
        elif self.kinds or _adjusts(line, folded):
            self.adjustment(line, number)
        else:
            self.indicator(line, number)

    def group(self, line: Line) -> None:
        """Begin what a group's name says of its rows (`加分项` merged over them), and end it where another begins."""
        if self.headed is not None and line.counted and line.opens <= self.headed:
            self.kinds, self.vetoes, self.headed = frozenset(), False, None
        if not line.heading:
            return
        self.headed = line.opens
        folded = fold(line.heading)[read_number(line.heading).begin :]
        if VETO_HEADER.match(squeeze(folded)):
            self.vetoes = True
        else:
            self.begin_adjustments(folded)
            for total in line.totals:
                self.limit(total.points)

    def beside(self, line: Line) -> None:
        """Take what is no row: a head, a sum, a note; what stands there with a number and is none of them is told."""
        if line.kind == "subtotal":
            self.subtotals.append(line)
        elif line.kind == "head":
            self.title(line.item)
        elif line.kind != "stray":
            self.note(line.item)
        self.reading.unread(self.last(), list(line.unread))

    def last(self) -> str | None:
        """The code of the row read last, None before the first."""
        rows = self.reading.adjustments or self.reading.indicators
        return rows[-1].code if rows else None

    def title(self, text: str) -> None:
        """Read a line above the rows: points that it states alone or at its end, in brackets, are the full marks."""
        folded = fold(text).strip(" —–-_")
        points = only_points(folded)
        if points is not None and ALONE.search(folded):
            self.reading.full_marks = points
        else:
            self.note(text)

    def note(self, text: str) -> None:
        """Read a title, a sum or a note: limits and full marks; other marks are errors."""
        folded = fold(text)
        limits, left = read_limits(folded, frozenset())
        self.reading.limits.update(limits)
        if self.reading.full_marks is None and OUT_OF_HUNDRED.search(folded):
            self.reading.full_marks = HUNDRED
        self.said_of_all(folded)
        grades = list(GRADED.finditer(folded))
        if grades:
            words = "”、“".join(text[grade.start() : grade.end()].strip() for grade in grades)
            self.reading.find("judgement", None, msg(JUDGED, words=words))
        for mark in left:
            if any(grade.start() <= mark.start < grade.end() for grade in grades):
                continue
            if mark.kind == TOTAL:
                self.reading.full_marks = mark.value
            else:
                self.reading.unread(None, [text[mark.start : mark.end].strip()])

    def begin_adjustments(self, folded: str) -> None:
        self.kinds = kinds_of(squeeze(folded).partition("(")[0]) or BOTH
        self.reading.headed = True
        self.sequence.restart()
        limits, left = read_limits(folded, self.kinds)
        self.reading.limits.update(limits)
        self.said_of_all(folded)
        self.reading.unread(None, [folded[mark.start : mark.end].strip() for mark in left])
        self.words_only(None, [*ADJUSTED_ONLY.findall(folded), *SHARE_OF.findall(folded)])

    def limit(self, points: Decimal) -> None:
        """Take the points beside the head of one kind of adjustments for what they come to at most."""
        if len(self.kinds) == 1:
            self.reading.limits.together.update(dict.fromkeys(self.kinds, points))
        else:
            self.reading.unread(self.last(), [plain(points)])

    def veto(self, line: Line) -> None:
        """Take a row under 一票否决: no points, but a rule about incidents that the office decides (R10)."""
        if self.vetoes:
            self.decided(squeeze(line.item or line.text))
        self.vetoes = True
        if line.number.number == self.sequence.last + 1:
            self.sequence.slip(line.number)
        self.reading.notes.append(line.text)
        self.reading.find("judgement", self.last(), msg(JUDGED, words=squeeze(line.text)))

    def decided(self, text: str) -> None:
        """Keep a veto whose words say what follows; which grades it bars is known once the letter is read."""
        effect = next((effect for effect, words in EFFECTS.items() if words.search(fold(text))), None)
        if effect is not None:
            self.reading.vetoes.append(Veto(f"V{len(self.reading.vetoes) + 1}", text, effect))

    def number(self, code: str, line: Line, number: Numbered) -> None:
        if not line.counted:
            return
        self.rows += 1
        if line.totals or line.group:
            self.sequence.restart()
        slip = self.sequence.slip(number)
        if number.number is None:
            self.unnumbered.append(code)
        elif slip:
            self.reading.find("numbering", code, slip)

    def indicator(self, line: Line, number: Numbered) -> None:
        code = str(len(self.reading.indicators) + 1)
        self.number(code, line, number)
        row = price_indicator(code, line, number.begin)
        self.reading.indicators.append(row.indicator)
        self.reading.order.append(code)
        self.reading.unread(code, [*row.unread, *filter(None, [line.pointed]), *line.unread])
        if row.as_levels:
            self.reading.as_levels[code] = row.as_levels
        if row.stated is not None and line.points is not None:
            figures = {"text": plain(row.stated), "column": plain(line.points)}
            self.reading.find("conflict", code, Message(COLUMN_DIFFERS, figures))
        self.groups += [Group(code, total.name, total.points, total.rows) for total in line.totals]
        folded = fold(line.text)
        told = [*VETO.findall(folded), *BELOW_NOTHING.findall(folded), *told_factors(folded, row.factors)]
        self.words_only(code, [*told, *row.beyond, *line.remarks])
        for part in row.indicator.parts:
            losses = [loss for loss in part.losses if loss.factor is None]
            if is_ladder(losses) or (losses and from_one_on(losses, folded)):
                words = "”、“".join(loss.text.rpartition("\n")[2] for loss in losses)
                self.reading.find("judgement", code, msg(TOGETHER, words=words))
        if not any(part.levels for part in row.indicator.parts):
            self.words_only(code, NOT_TWICE.findall(folded), COUNTED_ONCE)

    def section(self, line: Line) -> None:
        """Take a group with its points, over rows that only deduct from them: what adjusts by its head stays so."""
        if self.kinds not in (frozenset(), self.titled, self.named):
            for row in line.losing:
                self.adjustment(row, row.number)
            return
        code, inner = str(len(self.reading.indicators) + 1), _Reader(AnnexReading(self.reading.track))
        inner.kinds = frozenset({DEDUCTION})
        for row in line.losing:
            self.number(code, row, row.number)
            inner.adjustment(replace(row, counted=False), row.number)
        indicator = lessened(code, line.points or Decimal(0), inner.reading.adjustments)
        self.reading.indicators.append(indicator)
        self.reading.findings += doubts(code, self.reading.track, inner.reading.adjustments, inner.reading.findings)
        self.groups += [Group(code, total.name, total.points, total.rows) for total in line.totals]

    def adjustment(self, line: Line, number: Numbered) -> None:
        """Add a row among the adjustments; one that adds and deducts becomes one of each kind."""
        row, folded = ruled(line, number.begin, self.kinds), fold(line.text)
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
            counted = [rule for rule in rules if rule.factor is None]
            said = list(dict.fromkeys(ONCE.findall(folded)))
            levels = len(counted) > 1 and (row.levels or (counted_once(counted) and HIGHEST.search(folded) is not None))
            self.reading.adjustments.append(Adjustment(code, kind, row.text, row.cap, rules, highest=levels))
            self.reading.order.append(code)
            if levels and (not said or OF_ONE_MATTER.search(folded)):
                printed = "、".join(plain(rule.rate) for rule in counted)
                self.reading.find("alternatives", code, msg(ONE_LEVEL, levels=printed))
            if said and (not levels or OTHER_ROWS.search(folded)):
                self.words_only(code, said, COUNTED_ONCE)
            self.multiplies(rules)
            if kind == kinds[0]:
                self.number(code, line, number)
                self.reading.unread(code, [*row.unread, *line.unread])
                told = [*ADJUSTED_ONLY.findall(folded), *told_factors(folded, row.factors, mentioned=True)]
                self.words_only(code, [*told, *row.judged, *line.remarks])

    def said_of_all(self, folded: str) -> None:
        """Tell what a head or a note says that multiplies points, or counts them once, over several rows."""
        self.words_only(None, told_factors(folded, ()))
        self.words_only(None, ONCE.findall(folded), COUNTED_ONCE)

    def multiplies(self, rules: tuple[Rule, ...]) -> None:
        """Tell each factor of an item: perhaps it counts by itself, or holds for some of the times only."""
        for rule in rules:
            if rule.factor is not None:
                message = msg(OF_ALL, words=rule.text, factor=plain(rule.factor))
                self.reading.find("unclear-scope", rule.code, message)

    def words_only(self, code: str | None, words: list[str], text: str = JUDGED) -> None:
        """Tell what a row says that nothing computes."""
        if words:
            self.reading.find("judgement", code, msg(text, words="”、“".join(dict.fromkeys(words))))

    def check_groups(self) -> None:
        """Tell each group whose rows do not come to what it states."""
        rows = {indicator.code: indicator.points or Decimal(0) for indicator in self.reading.indicators}
        for group in self.groups:
            members = range(int(group.code), int(group.code) + group.rows)
            come_to = sum((rows.get(str(member), Decimal(0)) for member in members), Decimal(0))
            if come_to != group.total:
                figures = {"group": group.name, "total": plain(group.total), "sum": plain(come_to)}
                self.reading.find("conflict", group.code, Message(GROUP_DIFFERS, figures))

    def done(self) -> AnnexReading:
        """Give the adjustments the limit of each item, and tell the rows without a number."""
        reading = self.reading
        if reading.full_marks is None and len(self.subtotals) == 1:
            self.note(self.subtotals[0].item)
        self.check_groups()
        reading.adjustments = [
            replace(item, cap=reading.limits.each.get(item.kind)) if item.cap is None else item
            for item in reading.adjustments
        ]
        if self.rows > 1 and len(self.unnumbered) == self.rows:
            reading.find("unnumbered", None, msg(_("No row has a number. The rows are counted by their place.")))
        else:
            for code in dict.fromkeys(self.unnumbered):
                reading.find("unnumbered", code, msg(_("The row has no number. It is counted by its place.")))
        return reading


def barred_by(text: str, grades: tuple[str, ...]) -> tuple[str, ...]:
    """Return which grades (all, the highest first) a veto's words bar.

    Those behind `不得评为`, all from one up behind `不得评为良好以上`, all above the one behind `定为` or `不得高于`.
    """
    folded = fold(text)
    barred: set[str] = set()
    longest_first = "|".join(sorted({*map(re.escape, grades), *NAMES.split("|")}, key=len, reverse=True))
    for bars in EFFECTS[BARS].finditer(folded) if grades else ():
        stretch = re.split("[,;。且并]", folded[bars.end() :])[0]
        for named in (named for named in re.finditer(longest_first, stretch) if named[0] in grades):
            place = grades.index(named[0])
            if bars["rest"]:
                barred.update(grades[:place])
            else:
                barred.update(grades[0 if AND_ABOVE.match(stretch, named.end()) else place : place + 1])
    return tuple(grade for grade in grades if grade in barred)


def _kinds_in(words: str) -> frozenset[str]:
    """Return what rows do, where a title or a head says so: `扣分表`, `负面清单`, `扣分情形`."""
    titles = squeeze(fold(words))
    return frozenset(kind for kind, says in ADJUSTING.items() if says.search(titles))


def _adjusts(line: Line, folded: str) -> bool:
    """Say whether a row adds or deducts by itself: a sign in its column, or nothing there and only such words."""
    if line.pointed:
        return bool(SIGNED_NUMBER.fullmatch(squeeze(fold(line.pointed))))
    return line.points is None and (_only_signed(folded) or is_discretion(folded))


def _only_signed(folded: str) -> bool:
    """Say whether a row without a header above only adds or deducts, so that it is an adjustment by itself."""
    marks = find_marks(folded)
    return bool(marks) and (all(mark.sign for mark in marks) or only_deducts(folded))


def _guess(text: str, kinds: frozenset[str], before: list[str]) -> str:
    """Return the kind of an adjustment without a rate: by its header, by its words, else like the one before."""
    if len(kinds) == 1:
        return next(iter(kinds))
    return DEDUCTION if OMISSION.search(text) else [BONUS, *before][-1]
