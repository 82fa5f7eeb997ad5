"""Scores units by a scheme: rounded once, at the end (R16), explained, and ranked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.explain import explain
from scoring.engine.figures import figures_of
from scoring.engine.messages import Message, Translate, _, identity, msg
from scoring.engine.numbers import ZERO, plain, points
from scoring.engine.rank import rank_totals
from scoring.engine.scheme import GradeBand
from scoring.engine.track import BARS, DEDUCTION, NOT_ASSESSED, TO_ZERO, Body, Quotient, TrackRules, Veto
from scoring.engine.units import Unit

VETOED = {
    TO_ZERO: _("Veto %(code)s “%(text)s”: the total counts 0"),
    NOT_ASSESSED: _("Veto %(code)s “%(text)s”: not assessed"),
    BARS: _("Veto %(code)s “%(text)s”: bars %(grades)s"),
}


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
    # The grade that the total makes; None where no band holds it, or the scheme has none.
    grade: str | None = None

    @property
    def counts(self) -> Decimal | None:
        """The total by which the unit is ranked; None where it has none or is not assessed."""
        return None if self.not_assessed else self.total

    def to_json(self, translate: Translate = identity) -> Body:
        """Return the score in the shape of contract 2; its explanation, if there is one, as `translate` says it."""
        body: Body = {
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
        }
        if self.grade is not None:
            body["grade"] = self.grade
        if self.explain:
            body["explain"] = [sentence.text(translate) for sentence in self.explain]
        return body


def rank(scores: Iterable[UnitScore]) -> list[UnitScore]:
    """Give each score its rank within its track, by the rounded total; ties share a rank (R16)."""
    scores = list(scores)
    ranks = rank_totals([(score.track, score.counts) for score in scores])
    return [replace(score, rank=place) for score, place in zip(scores, ranks, strict=True)]


def score_unit(
    track: TrackRules,
    unit: Unit,
    *,
    grades: Sequence[str] = (),
    bands: Sequence[GradeBand] = (),
    explained: bool = True,
    singly: bool = True,
) -> UnitScore:
    """Score one unit, without a rank (R2, R3, R9, R10, R11).

    `grades` is the order in which barred ones are told, `bands` the totals that make a grade; the explanation is left
    out unless `explained`, and says of ratings only sum and count unless `singly`.
    """
    figures = figures_of(track, unit)
    vetoes = tuple(veto for veto in track.vetoes if veto.code in unit.vetoes) if unit.vetoes else ()
    barred = _barred(track, unit, vetoes, grades)
    by_incident = any(incident.not_assessed for incident in unit.incidents)
    not_assessed = by_incident or any(veto.not_assessed for veto in vetoes)
    total = points(ZERO) if any(veto.to_zero for veto in vetoes) else _rounded(figures.total)
    band = None if total is None or not_assessed or not bands else _band(bands, total, barred)
    told: tuple[Message, ...] = ()
    if explained:
        decided = (*map(vetoed, vetoes), *_decisions(barred, by_incident), *_graded(band, total))
        told = (*explain(track, unit, figures, singly=singly), *decided)
    return UnitScore(
        unit=unit.unit,
        track=track.code,
        base=points(figures.base),
        bonus=points(figures.bonus),
        deduction=points(figures.deduction),
        components=tuple((code, _rounded(figures.marks.get(code))) for code in track.component_codes),
        total=total,
        missing=figures.missing,
        barred=barred,
        not_assessed=not_assessed,
        explain=told,
        grade=None if band is None else band.grade,
    )


def _rounded(mark: Quotient | None) -> Decimal | None:
    return None if mark is None else points(mark.value, mark.count)


def _barred(track: TrackRules, unit: Unit, vetoes: Sequence[Veto], grades: Sequence[str]) -> tuple[str, ...]:
    """Return the grades that the unit can't be given: by incidents (R10), by vetoes, by any deduction (R11)."""
    barred = {grade for incident in unit.incidents for grade in incident.bars}
    barred.update(grade for veto in vetoes for grade in veto.grades)
    if any(item.applies(unit.counts) for item in track.of_kind[DEDUCTION]):
        barred |= set(track.deduction_bars)
    known = tuple(grade for grade in grades if grade in barred)
    return known + tuple(sorted(barred - set(known)))


def grade_for(bands: Sequence[GradeBand], total: Decimal, barred: Sequence[str]) -> str | None:
    """Return the grade that a total makes; where it is barred, the next below that is not; None without one."""
    band = _band(bands, total, barred)
    return None if band is None else band.grade


def _band(bands: Sequence[GradeBand], total: Decimal, barred: Sequence[str]) -> GradeBand | None:
    """Return the band that holds a total; where its grade is barred, the next below whose grade is not."""
    if not any(band.holds(total) for band in bands):
        return None
    begun = [band for band in bands if band.least is None or band.least <= total]
    begun.sort(key=lambda band: ZERO if band.least is None else band.least, reverse=True)
    return next((band for band in begun if band.grade not in barred), None)


def vetoed(veto: Veto) -> Message:
    """Say which veto applies, and what it does."""
    return msg(VETOED[veto.effect], code=veto.code, text=veto.text, grades="、".join(veto.grades))


def _decisions(barred: tuple[str, ...], not_assessed: bool) -> Iterator[Message]:
    if barred:
        yield msg(_("Can't be graded: %(grades)s"), grades="、".join(barred))
    if not_assessed:
        yield msg(_("Not assessed, by decision on an incident"))


def _graded(band: GradeBand | None, total: Decimal | None) -> Iterator[Message]:
    if band is None:
        return
    figures = {"total": str(total), "grade": band.grade, "least": plain(band.least or ZERO)}
    if band.below is None:
        yield Message(_("Grade by the total of %(total)s: %(grade)s, from %(least)s on"), figures)
        return
    text = _("Grade by the total of %(total)s: %(grade)s, from %(least)s to below %(below)s")
    yield Message(text, figures | {"below": plain(band.below)})
