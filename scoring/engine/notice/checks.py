"""The checks of a scheme: all that can be seen in its numbers, pure, so that they run again after a correction."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from scoring.engine.messages import Message, Translate, _, identity, msg
from scoring.engine.notice.clauses import at_least
from scoring.engine.notice.fold import fold
from scoring.engine.numbers import plain
from scoring.engine.scheme import CONFIRM, ERROR, Finding, SchemeRules
from scoring.engine.track import BONUS, DEDUCTION, Indicator, Part, TrackRules

FULL_WEIGHT = Decimal(100)


def imply(track: TrackRules) -> TrackRules:
    """Fill up the one indicator without points to the track's full marks (R4); otherwise return the track as it is."""
    open_ones = [indicator for indicator in track.indicators if indicator.points is None]
    left = track.full_marks - stated(track.indicators)
    if len(open_ones) != 1 or len(track.indicators) == 1 or left <= 0:
        return track
    indicator = open_ones[0]
    part = Part(f"{indicator.code}.1", indicator.text, left, at_least(fold(indicator.text)))
    filled = replace(indicator, points=left, implied=True, parts=(part,))
    return replace(track, indicators=tuple(filled if row is indicator else row for row in track.indicators))


def check(scheme: SchemeRules) -> tuple[Finding, ...]:
    """Return every finding that the scheme's own values give; it raises nothing about what is right by now."""
    return (*_notice(scheme), *(finding for track in scheme.tracks for finding in _track(track)))


def read_findings(scheme: SchemeRules, translate: Translate = identity) -> tuple[Finding, ...]:
    """Return the findings of a scheme as read that no check gives: what only the reader of the notice saw.

    `translate` is the language in which the scheme's findings were written to JSON, if they were.
    """
    return only_read(scheme.findings, check(scheme), translate)


def only_read(
    findings: tuple[Finding, ...], checked: tuple[Finding, ...], translate: Translate = identity
) -> tuple[Finding, ...]:
    """Return the findings that are not among those checked: by code and place, for a whole track by their text."""
    places = {(finding.code, finding.track, finding.at) for finding in checked if finding.at is not None}
    whole = [finding for finding in checked if finding.at is None]
    texts = {(finding.code, finding.track, finding.message.text(translate)) for finding in whole}
    return tuple(
        finding
        for finding in findings
        if (finding.code, finding.track, finding.at) not in places
        and (finding.at is not None or (finding.code, finding.track, finding.message.text(translate)) not in texts)
    )


def stated(indicators: Iterable[Indicator]) -> Decimal:
    """Return what the points of these rows come to; one that can't be priced counts nothing."""
    return sum((indicator.points or Decimal(0) for indicator in indicators), Decimal(0))


def _notice(scheme: SchemeRules) -> Iterator[Finding]:
    if scheme.year is None:
        message = msg(_("The year is not stated. Enter it."))
        yield Finding("missing", ERROR, None, None, message)
    if scheme.deadline is None:
        message = msg(_("The deadline is not stated. None is assumed: enter it before the cycle opens."))
        yield Finding("missing", CONFIRM, None, None, message)
    if not scheme.grades:
        message = msg(_("The grades are not stated. None is assumed: no grade can be given until they are entered."))
        yield Finding("missing", CONFIRM, None, None, message)


def _track(track: TrackRules) -> Iterator[Finding]:
    def found(code: str, at: str | None, message: Message, severity: str = CONFIRM) -> Finding:
        return Finding(code, severity, track.code, at, message)

    for at, message in _points(track):
        yield found("points-mismatch", at, message, ERROR)
    for indicator in track.indicators:
        if indicator.implied and indicator.points is not None:
            message = msg(
                _("No points are printed here: %(points)s are taken, what is missing to the full marks of %(full)s."),
                points=plain(indicator.points),
                full=plain(track.full_marks),
            )
            yield found("implied-points", indicator.code, message)
    for at, message in _missing(track):
        yield found("missing", at, message)
    for adjustment in track.adjustments:
        if all(rule.factor is not None for rule in adjustment.rules):  # what there is none of, nothing multiplies
            yield found("unread", adjustment.code, msg(_("This item states no rate. Enter its points.")), ERROR)
    for at, message in _rates(track):
        yield found("rate-exceeds-cap", at, message)


def _points(track: TrackRules) -> Iterator[tuple[str | None, Message]]:
    total = stated(track.indicators)
    open_ones = [indicator.code for indicator in track.indicators if indicator.points is None]
    figures = {"sum": plain(total), "full": plain(track.full_marks), "codes": "、".join(open_ones)}
    if total != track.full_marks and open_ones:
        text = _("The points come to %(sum)s, the full marks are %(full)s; without points: %(codes)s. Enter them.")
        yield None, Message(text, figures)
    elif total != track.full_marks:
        text = _("The points come to %(sum)s, the full marks are %(full)s. Correct the points or the full marks.")
        yield None, Message(text, figures)
    elif open_ones:
        text = _("Without points: %(codes)s, though the points come to the full marks of %(full)s. Enter them.")
        yield None, Message(text, figures)
    for indicator in track.indicators:
        parts = sum((part.points for part in indicator.parts), Decimal(0))
        if indicator.points is not None and parts != indicator.points:
            text = _("The parts come to %(sum)s, the indicator has %(full)s points. Correct one of them.")
            yield indicator.code, msg(text, sum=plain(parts), full=plain(indicator.points))
    weight = sum((component.weight for component in track.components), Decimal(0))
    if weight != FULL_WEIGHT:
        yield None, msg(_("The weights come to %(sum)s, not to 100. Correct them."), sum=plain(weight))


def _caps(track: TrackRules) -> Iterator[Message]:
    kinds = {adjustment.kind for adjustment in track.adjustments}
    kinds -= set(track.unlimited)
    if BONUS in kinds and track.bonus_cap is None:
        yield msg(_("No limit of the bonus is stated. It is assumed to have none."))
    if DEDUCTION in kinds and track.deduction_cap is None:
        yield msg(_("No limit of the deductions is stated. They are assumed to have none."))


def _missing(track: TrackRules) -> Iterator[tuple[str | None, Message]]:
    if track.desk is None:
        text = _("No desk is named for this track. The office of the leading group is assumed to receive it.")
        yield None, msg(text)
    for message in _caps(track):
        yield None, message
    losses = (loss for part in track.parts() for loss in part.losses)
    for rule in (*losses, *track.rules()):
        if not rule.rate and rule.factor is None:
            yield rule.code, msg(_("This rule is worth 0 points: it changes nothing. Enter its points."))


def _rates(track: TrackRules) -> Iterator[tuple[str, Message]]:
    text = _("One item gives %(rate)s, more than the limit of %(cap)s. The limit stands.")
    for part in track.parts():
        if part.rate is not None and part.rate > part.points:
            yield part.code, msg(text, rate=plain(part.rate), cap=plain(part.points))
    for adjustment in track.adjustments:
        together = track.bonus_cap if adjustment.kind == BONUS else track.deduction_cap
        for rule in adjustment.rules:
            cap = min((cap for cap in (adjustment.cap, rule.cap, together) if cap is not None), default=None)
            if cap is not None and rule.rate > cap:
                yield rule.code, msg(text, rate=plain(rule.rate), cap=plain(cap))
