"""Puts a notice together: the letter and its annexes become a scheme, with all that was found."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from scoring.engine.errors import fail
from scoring.engine.messages import Message, _, msg
from scoring.engine.notice import letter as letters
from scoring.engine.notice.account import account, coded, left_over
from scoring.engine.notice.annex import JUDGED, UNREAD, AnnexReading, barred_by, read_annex
from scoring.engine.notice.checks import check, imply, only_read, stated
from scoring.engine.notice.desks import desk_for
from scoring.engine.notice.desks import desks as sent_to
from scoring.engine.notice.due import Due, due
from scoring.engine.notice.factors import told_factors
from scoring.engine.notice.fold import fold
from scoring.engine.notice.grade_bands import read_grade_bands
from scoring.engine.notice.grades import grades as read_grades
from scoring.engine.notice.ladders import ONCE
from scoring.engine.notice.limits import Limits
from scoring.engine.notice.marks import Mark
from scoring.engine.notice.names import track_name
from scoring.engine.notice.quotas import Sentence, read_quotas, rows_of, speaks_of
from scoring.engine.notice.sections import Section, read_section, references, section_for
from scoring.engine.notice.source import Source
from scoring.engine.notice.split import AssessmentNotice, split
from scoring.engine.notice.weights import composed_in
from scoring.engine.numbers import plain
from scoring.engine.quota import ABOUT, GRADES, MORE, ROUNDING, SCOPE, Quota
from scoring.engine.scheme import CONFIRM, ERROR, PUBLICITY_DAYS, Finding, GradeBand, SchemeRules
from scoring.engine.track import BARS as BARRED
from scoring.engine.track import (
    BONUS,
    DEDUCTION,
    LEADERS,
    RECIPIENTS,
    WORK,
    Component,
    Indicator,
    Recipients,
    TrackRules,
    Veto,
)

SAMPLE = 20
INCIDENTS = re.compile("有事法则|一票否决|不予考核")
BARS = re.compile("[扣减]分.*?(?:不能|不得|不予|取消|不可)(.*)")
LIMITS_DIFFER = {
    BONUS: _("Limit of the bonus: the letter says %(letter)s, the annex %(annex)s. The annex counts."),
    DEDUCTION: _("Limit of the deductions: the letter says %(letter)s, the annex %(annex)s. The annex counts."),
}
WEIGHTS_UNREAD = _("“%(printed)s” gives weights that no component is known for. Say what the table is a share of.")
LEFT_OVER = _("“%(words)s” was read into nothing. Correct the row, or confirm that it rules nothing.")
QUOTA = _("“%(printed)s” says how many may get a grade. Enter the quotas with the cycle's plan.")
QUOTA_MORE = _("“%(printed)s” says more of how many may get a grade than was read as a quota. Look at it again.")
QUOTA_ABOUT = _("“%(printed)s” is no sharp limit. The highest number that it names is taken.")
QUOTA_ROUNDED = _("“%(printed)s” does not say how a part of a unit is rounded. It is rounded down.")
QUOTA_SCOPE = _("“%(printed)s” does not say whether for each track or for all. It is taken for all together.")
QUOTA_GRADES = _("“%(printed)s” names %(grades)s, and the notice no grades besides. Say which grades there are.")
BANDS_APART = _("“%(printed)s” leave totals without a grade, or give two. Say from which total on each grade begins.")
BARRED_BY_LOSS = _("Any deduction bars from %(grades)s; of what is taken from the full marks whoever decides minds it.")
HOUR_TAKEN = _("“%(printed)s”: what comes at %(hour)s or later of that day is too late.")
HOUR_UNCLEAR = _("“%(printed)s” does not say before which hour. The day's end is taken: enter the hour.")
YEARS_DIFFER = _("The title names several years: %(years)s. %(year)s is taken.")
YEAR_ASSUMED = _("Which year is assessed is not stated. %(year)s is assumed, the year of the issue.")
DAY_ASSUMED = _("“%(printed)s” has no year, and the notice no day of issue. %(day)s is assumed.")
DEADLINES_DIFFER = _("Deadline: the letter says %(letter)s, the annex %(annex)s. The annex counts.")


def read_notice(source: Source) -> SchemeRules:
    """Read a notice into a scheme with its findings; EngineErrors when it has no annex table or no indicator."""
    notice = split(source)
    if not notice.annexes:
        message = msg(_("No annex with an assessment table was found."))
        raise fail(
            source.name, message, msg(_("Give the notice with its annex tables, as .docx, .xlsx, .pdf or .txt."))
        )
    return _Reader(source, notice).scheme()


class _Reader:
    """Reads one notice; keeps what it finds on the way."""

    def __init__(self, source: Source, notice: AssessmentNotice) -> None:
        self.source = source
        self.notice = notice
        self.letter = notice.letter
        self.findings: list[Finding] = []
        self.in_sections: set[str] = set()
        self.general = Section()
        self.grades: tuple[str, ...] = ()

    def find(
        self, code: str, track: str | None, message: Message, severity: str = CONFIRM, *, at: str | None = None
    ) -> None:
        self.findings.append(Finding(code, severity, track, at, message))

    def unread(self, text: str, marks: list[Mark]) -> None:
        spans = read_grade_bands(text, self.grades).spans
        marks = [mark for mark in marks if not any(begin <= mark.start and mark.end <= end for begin, end in spans)]
        if marks:
            printed = "”、“".join(text[mark.start : mark.end].strip() for mark in marks)
            self.find("unread", None, msg(UNREAD, mark=printed), ERROR)

    def scheme(self) -> SchemeRules:
        issuer, issued = letters.signed(self.letter)
        title = letters.title(self.letter)
        year = self.year(title, issued)
        self.grades = grades = read_grades(line.text for line in self.letter)
        sections = self.sections()
        tracks = self.tracks(sections, grades)
        self.multiplied()
        deadline = self.deadline(issued, year)
        self.names(sections)
        self.absent_annexes()
        scheme = SchemeRules(
            year=year,
            title=title,
            number=letters.number(self.letter),
            issuer=issuer,
            issued=issued,
            deadline=deadline.day if deadline else None,
            deadline_time=deadline.hour if deadline else None,
            publicity_working_days=self.publicity(),
            grades=grades,
            tracks=tracks,
            grade_bands=self.grade_bands(),
            quotas=self.quotas(tracks),
        )
        scheme = self.accounted(scheme)
        return replace(scheme, findings=_merged(scheme, tuple(self.findings)))

    def year(self, title: str | None, issued: date | None) -> int | None:
        """Return the year assessed; that others are named, or that none is, is told."""
        named = letters.year([title, *(annex.title for annex in self.notice.annexes)], self.letter, issued)
        if named.printed:
            self.find("conflict", None, msg(YEARS_DIFFER, years=named.printed, year=named.year))
        elif named.is_assumed:
            self.find("missing", None, msg(YEAR_ASSUMED, year=named.year))
        return named.year

    def accounted(self, scheme: SchemeRules) -> SchemeRules:
        """Tell what was read into nothing; only in a track without such words are points implied."""
        for track, at, words in left_over(account(self.source, replace(scheme, findings=tuple(self.findings)))):
            self.find("unread", track, msg(LEFT_OVER, words="”、“".join(words)), ERROR, at=at)
        unread = {finding.track for finding in self.findings if finding.code == "unread"}
        tracks = tuple(track if track.code in unread else imply(track) for track in scheme.tracks)
        return replace(scheme, tracks=tracks)

    def sections(self) -> dict[int, Section]:
        """Read the section of each annex, and everything else as said for all."""
        by_annex: dict[int, Section] = {}
        told: set[tuple[str, int]] = set()
        for annex in self.notice.annexes:
            paragraphs = section_for(self.letter, annex.number, track_name(annex.title))
            section, left = read_section(paragraphs, annex.number)
            by_annex[annex.number] = section
            for paragraph in paragraphs:
                key = paragraph.place + paragraph.text
                self.in_sections.add(key)
                self.unread(paragraph.text, [mark for mark in left[key] if (key, mark.start) not in told])
                told.update((key, mark.start) for mark in left[key])
        titles = {line.place for annex in self.notice.annexes for line in annex.above}
        told_elsewhere = self.in_sections | {line.place + line.text for line in self.letter if line.place in titles}
        rest = [line for line in self.letter if line.place + line.text not in told_elsewhere]
        self.general, unused = read_section(rest, 0)
        for paragraph in rest:
            self.unread(paragraph.text, unused[paragraph.place + paragraph.text])
        return by_annex

    def tracks(self, sections: dict[int, Section], grades: tuple[str, ...]) -> tuple[TrackRules, ...]:
        desks = sent_to(self.letter)
        tracks = []
        for annex, name, code in coded(self.notice):
            reading = read_annex(annex, code)
            section = sections[annex.number]
            if reading.indicators or reading.adjustments:
                desk = desk_for(desks, name, section.title)
                tracks.append(self.track(TrackRules(code, name, annex.number, desk), reading, section, grades))
        if not tracks:
            message = msg(_("No annex table has an indicator."))
            raise fail(self.source.name, message, msg(_("Give the tables with their rows of indicators.")))
        return tuple(tracks)

    def track(self, track: TrackRules, reading: AnnexReading, section: Section, grades: tuple[str, ...]) -> TrackRules:
        limits = self.limits(track.code, reading.limits, section.limits)
        reading.adjustments = [
            replace(item, cap=limits.each.get(item.kind)) if item.cap is None else item for item in reading.adjustments
        ]
        full_marks = self.full_marks(track.code, reading, section)
        lost = False
        if full_marks is not None and limits.together.get(DEDUCTION, full_marks) >= full_marks:
            lost = reading.from_full(full_marks)
        components = self.components(track.code, section)
        words = "\n".join([*reading.notes, section.text, self.general.text])
        rated = any(component.code == RECIPIENTS for component in components)
        filled = replace(
            track,
            indicators=tuple(reading.indicators),
            adjustments=tuple(reading.adjustments),
            components=components,
            recipients=self.recipients(track.code, section) if rated else None,
            materials=self.materials(rated),
            full_marks=full_marks or Decimal(100),
            bonus_cap=limits.together.get(BONUS),
            deduction_cap=limits.together.get(DEDUCTION),
            unlimited=tuple(sorted(limits.unlimited - set(limits.together))),
            deduction_bars=_bars(words, grades),
            incident_rule=bool(INCIDENTS.search(words)),
            vetoes=_vetoes(reading.vetoes, grades),
        )
        self.findings += reading.findings
        if lost and filled.deduction_bars:
            barred = msg(BARRED_BY_LOSS, grades="、".join(filled.deduction_bars))
            self.find("judgement", track.code, barred, at=filled.indicators[0].code)
        return replace(filled, indicators=self.levels(filled, reading.as_levels))

    def levels(self, track: TrackRules, as_levels: dict[str, Indicator]) -> tuple[Indicator, ...]:
        """Settle the rows whose points may be parts or levels: what comes to the full marks counts, else they are told.

        `得4分；…得2分；…得1分` is worth 4 as levels, 7 as parts.
        """
        if not as_levels or stated(track.indicators) == track.full_marks:
            return track.indicators
        settled = tuple(as_levels.get(row.code, row) for row in track.indicators)
        if stated(settled) != track.full_marks:
            for code, row in as_levels.items():
                text = _("These points are taken as levels of which one applies: %(points)s at most.")
                self.find("alternatives", track.code, msg(text, points=plain(row.points or Decimal(0))), at=code)
        return settled

    def limits(self, track: str, annex: Limits, section: Limits) -> Limits:
        """Return the limits: the annex's, else the section's, else the letter's; differences are told."""
        limits = Limits()
        limits.update(self.general.limits)
        limits.update(section)
        for letter, own in ((limits.together, annex.together), (limits.each, annex.each)):
            for kind, value in own.items():
                if kind in letter and letter[kind] != value:
                    values = {"letter": plain(letter[kind]), "annex": plain(value)}
                    self.find("conflict", track, Message(LIMITS_DIFFER[kind], values))
        limits.update(annex)
        return limits

    def components(self, track: str, section: Section) -> tuple[Component, ...]:
        for strange in dict.fromkeys([*section.strange, *self.general.strange]):
            self.find("unread", track, msg(WEIGHTS_UNREAD, printed=strange), ERROR)
        for code, share in section.shares.items():
            if share != section.weights[code]:
                values = {"first": plain(section.weights[code]), "second": plain(share)}
                text = _("The letter gives the weight as %(first)s and as %(second)s. The first counts.")
                self.find("conflict", track, Message(text, values))
        weights = section.weights or self.general.weights
        order = [code for code in (WORK, RECIPIENTS, LEADERS) if code in weights]
        return tuple(Component(code, weights[code]) for code in order) or (Component(WORK, Decimal(100)),)

    def recipients(self, track: str, section: Section) -> Recipients:
        if section.recipients is None:
            message = msg(
                _("The number of service recipients to draw is not stated. %(count)s are assumed."), count=SAMPLE
            )
            self.find("missing", track, message)
            return self.general.recipients or Recipients(SAMPLE, ())
        return section.recipients

    def materials(self, rated: bool) -> tuple[str, ...]:
        """Return what must be sent: the summary where the letter asks for it, the sheet, the roster to draw from."""
        asked = any("总结" in line.text for line in self.letter)
        return (*(["summary"] if asked else []), "score_sheet", *(["roster"] if rated else []))

    def full_marks(self, track: str, reading: AnnexReading, section: Section) -> Decimal | None:
        """Return the full marks that the annex states, else the letter; None, which is told, where neither does."""
        letter = section.full_marks or self.general.full_marks
        annex = reading.full_marks
        if annex is not None and letter is not None and annex != letter:
            text = _("Full marks: the letter says %(letter)s, the annex %(annex)s. The annex counts.")
            self.find("conflict", track, msg(text, letter=plain(letter), annex=plain(annex)))
        if annex is None and letter is None:
            self.find("missing", track, msg(_("The full marks are not stated. 100 are assumed.")))
        return annex or letter

    def deadline(self, issued: date | None, year: int | None) -> Due | None:
        """Return until when material is due; that others are named, or that an hour is not clear, is told (R6)."""
        letter = due([line.text for line in self.letter], issued, year)
        annex = due([note.text for annex in self.notice.annexes for note in annex.notes], issued, year)
        if letter and annex and annex[0].instant != letter[0].instant:
            self.find("conflict", None, Message(DEADLINES_DIFFER, {"letter": letter[0].said, "annex": annex[0].said}))
        elif len(letter) > 1:
            text = _("The letter names several deadlines: %(days)s. The first counts.")
            self.find("conflict", None, msg(text, days="、".join(each.said for each in letter)))
        for named in (*letter, *annex):
            if named.is_assumed:
                self.find("missing", None, msg(DAY_ASSUMED, printed=named.printed, day=named.day.isoformat()))
            if named.is_unclear:
                self.find("deadline-hour", None, msg(HOUR_UNCLEAR, printed=named.printed))
            elif named.hour:
                self.find("deadline-hour", None, msg(HOUR_TAKEN, printed=named.printed, hour=f"{named.hour:%H:%M}"))
        return next(iter(annex or letter), None)

    def grade_bands(self) -> tuple[GradeBand, ...]:
        """Read the totals that make the grades; where they leave totals out they are told, and none is taken."""
        text = "\n".join(line.text for line in self.letter)
        read = read_grade_bands(text, self.grades)
        if read.spans and not read.whole:
            printed = "”、“".join(text[begin:end].strip() for begin, end in sorted(read.spans))
            self.find("judgement", None, msg(BANDS_APART, printed=printed))
            return ()
        return read.bands

    def quotas(self, tracks: Sequence[TrackRules]) -> tuple[Quota, ...]:
        """Read how many units may get a grade (R12); what a sentence leaves open is told at its first quota."""
        codes = {annex.number: code for annex, _name, code in coded(self.notice)}
        names = {track.code: track.name for track in tracks}
        owners: dict[str, list[str]] = {}
        for annex in self.notice.annexes:
            if (code := codes[annex.number]) in names:
                section = section_for(self.letter, annex.number, track_name(annex.title))
                for place in {paragraph.place + paragraph.text for paragraph in (*section, *annex.notes)}:
                    owners.setdefault(place, []).append(code)
        lines = [*self.letter, *(note for annex in self.notice.annexes for note in annex.notes)]
        said: list[tuple[str, Sequence[str]]] = [(line.text, owners.get(line.place + line.text, ())) for line in lines]
        said += self.tabled(names)
        all_codes = tuple(names)
        read = read_quotas(((text, () if tuple(own) == all_codes else own) for text, own in said), self.grades, names)
        for sentence in read:
            self.doubts(sentence)
        return tuple(quota for sentence in read for quota in sentence.quotas)

    def tabled(self, tracks: Mapping[str, str]) -> list[tuple[str, Sequence[str]]]:
        """Return what tables of quotas say in words, each with its track; a row that names none of them is told."""
        lines: list[tuple[str, Sequence[str]]] = []
        for name, text in (row for table in self.notice.others for row in rows_of(table, self.grades)):
            codes = tuple(code for code, track in tracks.items() if speaks_of(track, name))
            if len(codes) == 1:
                lines.append((text, codes))
            else:
                self.find("judgement", None, msg(QUOTA, printed=text))
        return lines

    def doubts(self, sentence: Sentence) -> None:
        """Tell what a sentence about quotas leaves open."""
        printed = sentence.text
        if not sentence.quotas:
            self.find("judgement", None, msg(QUOTA, printed=printed))
            return
        at = sentence.quotas[0].code
        if not self.grades:
            grades = "、".join(dict.fromkeys(quota.grade for quota in sentence.quotas))
            self.find("quota", None, msg(QUOTA_GRADES, printed=printed, grades=grades), at=f"{at}.{GRADES}")
        for leaves_open, text, name in (
            (sentence.is_more, QUOTA_MORE, MORE),
            (sentence.is_about, QUOTA_ABOUT, ABOUT),
            (sentence.opens_rounding, QUOTA_ROUNDED, ROUNDING),
            (sentence.opens_scope, QUOTA_SCOPE, SCOPE),
        ):
            if leaves_open:
                self.find("quota", None, msg(text, printed=printed), at=f"{at}.{name}")

    def publicity(self) -> int:
        printed = letters.publicity_days(self.letter)
        if printed is None:
            text = _("How long results are publicised is not stated. %(days)s working days are assumed.")
            self.find("missing", None, msg(text, days=PUBLICITY_DAYS))
            return PUBLICITY_DAYS
        days, working = printed
        if not working:
            text = _("The letter does not say working days of publicity. %(days)s working days are assumed.")
            self.find("missing", None, msg(text, days=days))
        return days

    def multiplied(self) -> None:
        """Tell what the letter says that multiplies points, or counts one matter once; shares are its weights."""
        for line in self.letter:
            folded = fold(line.text)
            for share in composed_in(folded):
                folded = folded[: share.begin] + " " * (share.end - share.begin) + folded[share.end :]
            words = [word for word in told_factors(folded, ()) if "%" not in word]
            if words := [*words, *ONCE.findall(folded)]:
                self.find("judgement", None, msg(JUDGED, words="”、“".join(dict.fromkeys(words))))

    def names(self, sections: dict[int, Section]) -> None:
        titles = [
            re.sub(r"^\s*(?:[一二三四五六七八九十]+、|[（(].{1,3}[）)]|\d+[.、])", "", section.title)
            for section in sections.values()
        ]
        known = [re.sub("(?:工作)?考核$", "", title.strip()) for title in titles if len(title) < SAMPLE]
        known += [track_name(annex.title) for annex in self.notice.annexes]
        for stretch in letters.unclear_names(self.letter, known):
            text = _("“%(names)s” may be two names run together. Say which units are meant.")
            self.find("unclear-scope", None, msg(text, names=stretch))

    def absent_annexes(self) -> None:
        wanted = frozenset().union(*(references(line.text) for line in self.letter))
        for number in sorted(wanted - self.notice.numbers):
            text = _("The letter refers to annex %(number)s, which is not in the file. Nothing is read for it.")
            self.find("missing", None, msg(text, number=number))


def _vetoes(read: Iterable[Veto], grades: tuple[str, ...]) -> tuple[Veto, ...]:
    """Return the vetoes, each with the grades that it bars; one that bars none of the known grades stays a remark."""
    vetoes = []
    for veto in read:
        barred = barred_by(veto.text, grades) if veto.effect == BARRED else ()
        if veto.effect != BARRED or barred:
            vetoes.append(replace(veto, grades=barred))
    return tuple(vetoes)


def _bars(words: str, grades: tuple[str, ...]) -> tuple[str, ...]:
    """Return the grades that a unit with any deduction can't be given (R11)."""
    barred = {
        grade
        for sentence in re.split("[。;\n]", fold(words))
        if (match := BARS.search(sentence))
        for grade in grades
        if grade in match[1]
    }
    return tuple(grade for grade in grades if grade in barred)


def _merged(scheme: SchemeRules, read: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return all findings, the letter's first, then track by track; of two about the same thing the check's stays.

    But words that were not read stay, beside which a check only says that a rate is missing.
    """
    quoted = {(finding.track, finding.at) for finding in read if finding.code == "unread" and finding.at}
    checked = tuple(
        finding for finding in check(scheme) if finding.code != "unread" or (finding.track, finding.at) not in quoted
    )
    order = [None, *(track.code for track in scheme.tracks)]
    return tuple(sorted([*only_read(read, checked), *checked], key=lambda finding: order.index(finding.track)))
