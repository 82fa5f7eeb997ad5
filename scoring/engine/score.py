"""Scores units by a scheme with exact arithmetic, and explains each sum so that it can be redone by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scoring.engine.messages import Message, Translate, _, identity, msg
from scoring.engine.numbers import plain, points
from scoring.engine.rank import rank_totals
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import BONUS, DEDUCTION, LEADERS, RECIPIENTS, WORK, Adjustment, Body, TrackRules
from scoring.engine.units import Unit


@dataclass(frozen=True)
class UnitScore:
    """A unit's result: points rounded to 0.01 (R16), null where a rating is missing (R9), with the explanation."""

    unit: str
    track: str
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    components: tuple[tuple[str, Decimal | None], ...]
    total: Decimal | None
    missing: tuple[str, ...]
    barred: tuple[str, ...]
    not_assessed: bool
    explain: tuple[Message, ...]
    rank: int | None = None

    def to_json(self, translate: Translate = identity) -> Body:
        """Return the score in the shape of contract 2, the explanation in the language of `translate`."""
        return {
            "unit": self.unit,
            "track": self.track,
            "base": str(self.base),
            "bonus": str(self.bonus),
            "deduction": str(self.deduction),
            "components": {code: None if mark is None else str(mark) for code, mark in self.components},
            "total": None if self.total is None else str(self.total),
            "missing": list(self.missing),
            "barred": list(self.barred),
            "not_assessed": self.not_assessed,
            "rank": self.rank,
            "explain": [sentence.text(translate) for sentence in self.explain],
        }


@dataclass(frozen=True)
class _Sum:
    """An exact number, how it is written in the explanation, and the sentences that lead to it."""

    value: Fraction
    written: str
    sentences: tuple[Message, ...]


def score_units(scheme: SchemeRules, units: Iterable[Unit]) -> list[UnitScore]:
    """Score units in the order given and rank them within their tracks (R1, R16)."""
    tracks = {track.code: track for track in scheme.tracks}
    return rank([score_unit(tracks[unit.track], unit, grades=scheme.grades) for unit in units])


def rank(scores: Iterable[UnitScore]) -> list[UnitScore]:
    """Give each score its rank within its track, by the rounded total; ties share a rank (R16)."""
    scores = list(scores)
    ranks = rank_totals([(score.track, None if score.not_assessed else score.total) for score in scores])
    return [replace(score, rank=place) for score, place in zip(scores, ranks, strict=True)]


def score_unit(track: TrackRules, unit: Unit, *, grades: Iterable[str] = ()) -> UnitScore:
    """Score one unit, without a rank (R2, R3, R9, R10, R11); `grades` is the order in which barred ones are told."""
    base = _base(track, unit)
    bonus = _adjusted(track, unit, BONUS)
    deduction = _adjusted(track, unit, DEDUCTION)
    work = _work(base.value, bonus.value, deduction.value)
    marks = {WORK: work}
    marks |= _ratings(track, unit)
    total = _total(track, marks)
    barred = _barred(track, unit, tuple(grades))
    not_assessed = any(incident.not_assessed for incident in unit.incidents)
    components = [(component.code, marks.get(component.code)) for component in track.components]
    sums = [base, bonus, deduction, *(mark for _code, mark in components if mark), total]
    return UnitScore(
        unit=unit.unit,
        track=track.code,
        base=points(base.value),
        bonus=points(bonus.value),
        deduction=points(deduction.value),
        components=tuple((code, points(mark.value) if mark else None) for code, mark in components),
        total=points(total.value) if isinstance(total, _Sum) else None,
        missing=tuple(code for code, mark in components if mark is None),
        barred=barred,
        not_assessed=not_assessed,
        explain=tuple(_sentences(sums)) + _decisions(barred, not_assessed),
    )


def _figure(value: Fraction) -> str:
    """Write a sum of decimals exactly: its denominator divides a power of ten."""
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    return plain(Decimal(f"{int(value * 10**digits)}E-{digits}"))


def _base(track: TrackRules, unit: Unit) -> _Sum:
    given = [(part.code, unit.parts.get(part.code, Decimal(0))) for part in track.parts()]
    total = sum((Fraction(mark) for _code, mark in given), Fraction(0))
    written = " + ".join(f"{plain(mark)} [{code}]" for code, mark in given) or "0"
    sentence = msg(_("Points given: %(sum)s = %(total)s"), sum=written, total=_figure(total))
    return _Sum(total, _figure(total), (sentence,))


def _limited(label: str, written: str, raw: Fraction, cap: Decimal | None, counts: Fraction) -> Message:
    """Say how a sum runs, and where there is a limit, what counts."""
    figures = {"label": label, "sum": written, "raw": _figure(raw), "counts": _figure(counts)}
    if cap is None:
        return msg(_("%(label)s: %(sum)s = %(raw)s"), **figures)
    return msg(_("%(label)s: %(sum)s = %(raw)s, at most %(cap)s, counts %(counts)s"), cap=plain(cap), **figures)


def _adjusted(track: TrackRules, unit: Unit, kind: str) -> _Sum:
    """Add up the bonus or the deductions: each rule, item and all together within their limits (R3)."""
    items: list[tuple[str, Fraction]] = []
    sentences: list[Message] = []
    for adjustment in track.adjustments:
        if adjustment.kind == kind and any(unit.counts.get(rule.code) for rule in adjustment.rules):
            items.append((adjustment.code, adjustment.worth(unit.counts)))
            sentences += _item(adjustment, unit)
    raw = sum((worth for _code, worth in items), Fraction(0))
    written = " + ".join(f"{_figure(worth)} [{code}]" for code, worth in items) or "0"
    cap, value = track.cap_of(kind), track.adjusted(kind, unit.counts)
    together = _("Bonus: %(sum)s = %(raw)s") if kind == BONUS else _("Deductions: %(sum)s = %(raw)s")
    if cap is not None:
        bonus = _("Bonus: %(sum)s = %(raw)s, at most %(cap)s, counts %(counts)s")
        deductions = _("Deductions: %(sum)s = %(raw)s, at most %(cap)s, counts %(counts)s")
        together = bonus if kind == BONUS else deductions
    figures = {"sum": written, "raw": _figure(raw), "cap": "" if cap is None else plain(cap), "counts": _figure(value)}
    return _Sum(value, _figure(value), (*sentences, Message(together, figures)))


def _item(adjustment: Adjustment, unit: Unit) -> list[Message]:
    """Say how an item runs: first each of its rules that has a limit of its own, then the item."""
    terms: list[str] = []
    sentences: list[Message] = []
    raw = Fraction(0)
    for rule in adjustment.rules:
        times = unit.counts.get(rule.code, 0)
        if not times:
            continue
        worth, written = rule.worth(times), f"{times} × {plain(rule.rate)}"
        if rule.cap is not None:
            sentences.append(_limited(rule.code, written, times * Fraction(rule.rate), rule.cap, worth))
            written = _figure(worth)
        terms.append(f"{written} [{rule.code}]")
        raw += worth
    counts = adjustment.worth(unit.counts)
    sentences.append(_limited(adjustment.code, " + ".join(terms), raw, adjustment.cap, counts))
    return sentences


def _work(base: Fraction, bonus: Fraction, deduction: Fraction) -> _Sum:
    raw = base + bonus - deduction
    value = max(raw, Fraction(0))
    template = _("Work assessment: %(base)s + %(bonus)s − %(deduction)s = %(work)s")
    if raw < 0:
        template = _("Work assessment: %(base)s + %(bonus)s − %(deduction)s is below 0, counts %(work)s")
    figures = {"base": _figure(base), "bonus": _figure(bonus), "deduction": _figure(deduction), "work": _figure(value)}
    return _Sum(value, _figure(value), (Message(template, figures),))


def _ratings(track: TrackRules, unit: Unit) -> dict[str, _Sum]:
    """Return the means of the ratings received (R9); a component without any is left out."""
    means = {}
    titles = {RECIPIENTS: _("Service recipients: (%(sum)s) ÷ %(count)s = %(mean)s")}
    titles[LEADERS] = _("Leaders: (%(sum)s) ÷ %(count)s = %(mean)s")
    for code, given in ((RECIPIENTS, unit.recipient_ratings), (LEADERS, unit.leader_ratings)):
        if given:
            total = sum((Fraction(rating) for rating in given), Fraction(0))
            written = f"{_figure(total)} ÷ {len(given)}"
            terms = " + ".join(plain(rating) for rating in given)
            sentence = Message(titles[code], {"sum": terms, "count": len(given), "mean": written})
            means[code] = _Sum(total / len(given), written, (sentence,))
    return means


def _total(track: TrackRules, marks: dict[str, _Sum]) -> _Sum | Message:
    """Weigh the components (R2); while one is missing there is no total, and the sentence says so (R9)."""
    missing = [component.code for component in track.components if component.code not in marks]
    if missing:
        names = {RECIPIENTS: _("service recipients"), LEADERS: _("leaders")}
        if len(missing) == len(names):
            return msg(_("Total: open, no rating yet from service recipients and leaders"))
        return msg(_("Total: open, no rating yet from %(missing)s"), missing=Message(names[missing[0]]))
    value = sum((component.weighed(marks[component.code].value) for component in track.components), Fraction(0))
    written = " + ".join(f"{marks[each.code].written} × {plain(each.weight)}%" for each in track.components)
    total = str(points(value))
    sentence = msg(_("Total: %(sum)s, rounded half up to 0.01 = %(total)s"), sum=written, total=total)
    return _Sum(value, total, (sentence,))


def _sentences(sums: Iterable[_Sum | Message]) -> list[Message]:
    return [told for each in sums for told in (each.sentences if isinstance(each, _Sum) else (each,))]


def _barred(track: TrackRules, unit: Unit, grades: tuple[str, ...]) -> tuple[str, ...]:
    """Return the grades that the unit can't be given: by incidents (R10), by any deduction (R11)."""
    barred = {grade for incident in unit.incidents for grade in incident.bars}
    if any(unit.counts.get(rule.code) for item in track.adjustments if item.kind == DEDUCTION for rule in item.rules):
        barred |= set(track.deduction_bars)
    known = tuple(grade for grade in grades if grade in barred)
    return known + tuple(sorted(barred - set(known)))


def _decisions(barred: tuple[str, ...], not_assessed: bool) -> tuple[Message, ...]:
    told = []
    if barred:
        told.append(msg(_("Can't be graded: %(grades)s"), grades="、".join(barred)))
    if not_assessed:
        told.append(msg(_("Not assessed, by decision on an incident")))
    return tuple(told)
