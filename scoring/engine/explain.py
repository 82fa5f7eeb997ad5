"""Explains a score: plain sentences and figures from which a reader can redo each sum by hand."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from scoring.engine.figures import Figures
from scoring.engine.messages import Message, _, msg
from scoring.engine.numbers import ZERO, added, plain, points
from scoring.engine.track import BONUS, DEDUCTION, LEADERS, RECIPIENTS, WORK, Adjustment, Quotient, TrackRules
from scoring.engine.units import Unit

RATINGS = {
    RECIPIENTS: _("Service recipients: (%(sum)s) ÷ %(count)s = %(mean)s"),
    LEADERS: _("Leaders: (%(sum)s) ÷ %(count)s = %(mean)s"),
}
RATERS = {RECIPIENTS: _("service recipients"), LEADERS: _("leaders")}


def explain(track: TrackRules, unit: Unit, figures: Figures) -> Iterator[Message]:
    """Say how the unit's figures come about, from the points given to the total."""
    yield _base(track, unit, figures)
    yield from _adjusted(track, unit, BONUS, figures.bonus)
    yield from _adjusted(track, unit, DEDUCTION, figures.deduction)
    given = {RECIPIENTS: unit.recipient_ratings, LEADERS: unit.leader_ratings}
    for component in track.components:
        if component.code == WORK:
            yield _work(figures)
        elif component.code in figures.marks:
            yield _ratings(component.code, figures.marks[component.code], given[component.code])
    yield _total(track, figures)


def _terms(values: Iterable[tuple[str, Decimal]]) -> str:
    return " + ".join(f"{plain(value)} [{code}]" for code, value in values) or "0"


def _base(track: TrackRules, unit: Unit, figures: Figures) -> Message:
    given = _terms((part.code, unit.parts.get(part.code, ZERO)) for part in track.parts())
    return msg(_("Points given: %(sum)s = %(total)s"), sum=given, total=plain(figures.base))


def _adjusted(track: TrackRules, unit: Unit, kind: str, value: Decimal) -> Iterator[Message]:
    """Say how the bonus or the deductions add up: each item, then all together within their limit (R3)."""
    applied = [item for item in track.adjustments if item.kind == kind and item.applies(unit.counts)]
    for item in applied:
        yield from _item(item, unit)
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
    """Say how an item runs: first each of its rules that has a limit of its own, then the item."""
    terms: list[str] = []
    for rule in item.rules:
        times = unit.counts.get(rule.code, 0)
        if not times:
            continue
        written = f"{times} × {plain(rule.rate)}"
        if rule.cap is not None:
            yield _limited(rule.code, written, rule.raw(times), rule.cap, rule.worth(times))
            written = plain(rule.worth(times))
        terms.append(f"{written} [{rule.code}]")
    yield _limited(item.code, " + ".join(terms), item.raw(unit.counts), item.cap, item.worth(unit.counts))


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


def _ratings(code: str, mark: Quotient, given: Iterable[Decimal]) -> Message:
    terms = " + ".join(plain(rating) for rating in given)
    return Message(RATINGS[code], {"sum": terms, "count": mark.count, "mean": _written(code, mark)})


def _written(code: str, mark: Quotient) -> str:
    """Write a mark exactly: a mean as sum ÷ count, so that redoing the total gives the same."""
    return plain(mark.value) if code == WORK else f"{plain(mark.value)} ÷ {mark.count}"


def _total(track: TrackRules, figures: Figures) -> Message:
    """Say how the components are weighed (R2), or which of them have no rating yet (R9)."""
    if figures.total is None:
        if len(figures.missing) == len(RATERS):
            return msg(_("Total: open, no rating yet from service recipients and leaders"))
        missing = Message(RATERS[figures.missing[0]])
        return msg(_("Total: open, no rating yet from %(missing)s"), missing=missing)
    weighed = " + ".join(
        f"{_written(component.code, figures.marks[component.code])} × {plain(component.weight)}%"
        for component in track.components
    )
    total = points(figures.total.value, figures.total.count)
    return msg(_("Total: %(sum)s, rounded half up to 0.01 = %(total)s"), sum=weighed, total=total)
