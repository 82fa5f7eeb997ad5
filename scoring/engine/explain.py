"""Explains a score: plain sentences and figures from which a reader can redo each sum by hand."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from scoring.engine.basis import Basis
from scoring.engine.explain_parts import part_explained
from scoring.engine.figures import Figures
from scoring.engine.messages import Message, _, msg
from scoring.engine.numbers import ZERO, added, plain, points
from scoring.engine.track import (
    BONUS,
    DEDUCTION,
    LEADERS,
    RECIPIENTS,
    WORK,
    Adjustment,
    Component,
    Quotient,
    TrackRules,
)
from scoring.engine.units import Unit

RATINGS = {
    RECIPIENTS: _("Service recipients: (%(sum)s) ÷ %(count)s = %(mean)s"),
    LEADERS: _("Leaders: (%(sum)s) ÷ %(count)s = %(mean)s"),
}
MEANS = {
    RECIPIENTS: _("Service recipients: mean of %(count)s ratings = %(mean)s"),
    LEADERS: _("Leaders: mean of %(count)s ratings = %(mean)s"),
}
RATERS = {RECIPIENTS: _("service recipients"), LEADERS: _("leaders")}
LABELS = {RECIPIENTS: _("Service recipients"), LEADERS: _("Leaders")}


def explain(track: TrackRules, unit: Unit, figures: Figures, *, singly: bool = True) -> Iterator[Message]:
    """Say how the unit's figures come about, from the points given to the total.

    Unless `singly`, of the ratings only sum and count are said: who reads it must not find anybody's own (R17).
    """
    for part in track.parts():
        if part.levels or part.losses:
            yield from part_explained(part, unit.parts.get(part.code, ZERO), unit.bases.get(part.code, Basis()))
    yield _base(track, unit, figures)
    yield from _adjusted(track, unit, BONUS, figures.bonus)
    yield from _adjusted(track, unit, DEDUCTION, figures.deduction)
    for component in track.components:
        given = unit.ratings(component.code)
        if component.code == WORK:
            yield _work(figures)
        elif given:
            yield from _ratings(component, figures.marks.get(component.code), given, singly=singly)
    yield _total(track, unit, figures)


def _terms(values: Iterable[tuple[str, Decimal]]) -> str:
    return " + ".join(f"{plain(value)} [{code}]" for code, value in values) or "0"


def _base(track: TrackRules, unit: Unit, figures: Figures) -> Message:
    given = _terms((part.code, unit.parts.get(part.code, ZERO)) for part in track.parts())
    return msg(_("Points given: %(sum)s = %(total)s"), sum=given, total=plain(figures.base))


def _adjusted(track: TrackRules, unit: Unit, kind: str, value: Decimal) -> Iterator[Message]:
    """Say how the bonus or the deductions add up: each item, then all together within their limit (R3)."""
    for item in track.of_kind[kind]:
        if item.applies(unit.counts) or item.factors(unit.counts):
            yield from _item(item, unit)
    applied = [item for item in track.of_kind[kind] if item.applies(unit.counts)]
    worth = [(item.code, item.worth(unit.counts)) for item in applied]
    figures = {"sum": _terms(worth), "raw": plain(added(points for _code, points in worth))}
    cap = track.cap_of(kind)
    if cap is None:
        yield Message(_("Bonus: %(sum)s = %(raw)s") if kind == BONUS else _("Deductions: %(sum)s = %(raw)s"), figures)
        return
    bonus = _("Bonus: %(sum)s = %(raw)s, at most %(cap)s, counts %(counts)s")
    deductions = _("Deductions: %(sum)s = %(raw)s, at most %(cap)s, counts %(counts)s")
    yield Message(bonus if kind == BONUS else deductions, figures | {"cap": plain(cap), "counts": plain(value)})


def _item(item: Adjustment, unit: Unit) -> Iterator[Message]:
    """Say how an item runs: first each of its rules that has a limit of its own, then the item with its factors."""
    terms: list[str] = []
    for rule in item.rules:
        times = unit.counts.get(rule.code, 0)
        if not times or rule.factor is not None:
            continue
        written = f"{times} × {plain(rule.rate)}" if rule.rate_from is None else plain(Decimal(times))
        if rule.rate_from is not None:
            granted = _("%(label)s: %(points)s points at discretion, of %(least)s to %(most)s each %(per)s")
            once = _("%(label)s: %(points)s points at discretion, of %(least)s to %(most)s")
            yield msg(
                granted if rule.per else once,
                label=rule.code,
                points=written,
                least=plain(rule.rate_from),
                most=plain(rule.rate),
                per=rule.per,
            )
        if rule.cap is not None:
            yield _limited(rule.code, written, rule.raw(times), rule.cap, rule.worth(times))
            written = plain(rule.worth(times))
        terms.append(f"{written} [{rule.code}]")
    factors = [f"{plain(factor)} [{code}]" for code, factor in item.factors(unit.counts)]
    written = f"max({', '.join(terms)})" if item.highest and len(terms) > 1 else " + ".join(terms) or "0"
    if factors and len(terms) > 1 and not item.highest:
        written = f"({written})"
    written = " × ".join([written, *factors])
    yield _limited(item.code, written, item.raw(unit.counts), item.cap, item.worth(unit.counts))


def _limited(label: str, written: str, raw: Decimal, cap: Decimal | None, counts: Decimal) -> Message:
    """Say how a sum runs, and where there is a limit, what counts."""
    figures = {"label": label, "sum": written, "raw": plain(raw)}
    if cap is None:
        return msg(_("%(label)s: %(sum)s = %(raw)s"), **figures)
    limited = _("%(label)s: %(sum)s = %(raw)s, at most %(cap)s, counts %(counts)s")
    return msg(limited, **figures, cap=plain(cap), counts=plain(counts))


def _work(figures: Figures) -> Message:
    template = _("Work assessment: %(base)s + %(bonus)s − %(deduction)s = %(work)s")
    if figures.work < 0:
        template = _("Work assessment: %(base)s + %(bonus)s − %(deduction)s is below 0, counts %(work)s")
    terms = {"base": plain(figures.base), "bonus": plain(figures.bonus), "deduction": plain(figures.deduction)}
    return Message(template, terms | {"work": plain(figures.marks[WORK].value)})


def _ratings(
    component: Component, mark: Quotient | None, given: Sequence[Decimal], *, singly: bool
) -> Iterator[Message]:
    """Say which ratings are left out, if any, and the mean of the rest; or that there are too few for one."""
    label = Message(LABELS[component.code])
    if mark is None:
        too_few = _("%(raters)s: %(given)s ratings, at least %(needed)s are needed")
        yield msg(too_few, raters=label, given=len(given), needed=component.needed)
        return
    out = component.left_out(len(given))
    if out and singly:
        ends = sorted(given)[:out], sorted(given)[-out:]
        lowest, highest = (", ".join(plain(rating) for rating in end) for end in ends)
        yield msg(_("%(raters)s, left out: %(lowest)s; %(highest)s"), raters=label, lowest=lowest, highest=highest)
    elif out:
        left_out = _("%(raters)s: of %(given)s ratings the %(out)s highest and the %(out)s lowest are left out")
        yield msg(left_out, raters=label, given=len(given), out=out)
    terms = " + ".join(plain(rating) for rating in component.counting(given)) if singly else ""
    figures = {"sum": terms, "count": mark.count, "mean": _written(component.code, mark)}
    yield Message((RATINGS if singly else MEANS)[component.code], figures)


def _written(code: str, mark: Quotient) -> str:
    """Write a mark exactly: a mean as sum ÷ count, so that redoing the total gives the same."""
    return plain(mark.value) if code == WORK else f"{plain(mark.value)} ÷ {mark.count}"


def _total(track: TrackRules, unit: Unit, figures: Figures) -> Message:
    """Say how the components are weighed (R2), or which of them have no rating yet, or too few (R9)."""
    if figures.total is None:
        too_few = any(unit.ratings(code) for code in figures.missing)
        if len(figures.missing) == len(RATERS):
            none = _("Total: open, no rating yet from service recipients and leaders")
            few = _("Total: open, too few ratings yet from service recipients and leaders")
            return msg(few if too_few else none)
        missing = Message(RATERS[figures.missing[0]])
        none, few = _("Total: open, no rating yet from %(missing)s"), _("Total: open, too few ratings from %(missing)s")
        return msg(few if too_few else none, missing=missing)
    weighed = " + ".join(
        f"{_written(component.code, figures.marks[component.code])} × {plain(component.weight)}%"
        for component in track.components
    )
    total = points(figures.total.value, figures.total.count)
    return msg(_("Total: %(sum)s, rounded half up to 0.01 = %(total)s"), sum=weighed, total=total)
