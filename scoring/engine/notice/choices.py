"""What else a doubt could mean: the other readings of a finding, each as the values that it would change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from scoring.engine.messages import Message, _, msg
from scoring.engine.notice.checks import stated
from scoring.engine.notice.quotas import lower_end
from scoring.engine.numbers import multiplied, plain
from scoring.engine.quota import ABOUT, GRADES, NEAREST, ROUNDING, SCOPE, UP, Quota
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Adjustment, Indicator, Part, TrackRules

Path = tuple[str | int, ...]
SUM_OF_LEVELS = _("Count every one of them, not the highest only.")
PARTS_ADDED = _("They are parts that are added up: %(points)s points.")
FULL_MARKS = _("The full marks are %(points)s.")
SUM_OF_PARTS = _("The row has %(points)s points, what its parts come to.")
BEFORE_HOUR = _("It is due before %(hour)s of that day.")
OFFICE_ENDS = ("17:00", "17:30", "18:00")  # when offices close
ROUND_UP = _("A part of a unit is rounded up.")
ROUND_HALF_UP = _("A half unit or more is rounded up, less is rounded down.")
EACH_TRACK = _("It holds in each track.")
LOWER_END = _("The lowest number that it names counts.")
OTHERS = "其他"
GRADE_OF_OTHERS = _("The grades are %(grades)s; the last is for all other units.")
LIMIT_RAISED = _("The item counts up to %(points)s.")
OF_ITS_OWN = _("It counts by itself, once: %(points)s points.")
EACH_OF_ITS_OWN = _("Each such time counts by itself: %(points)s points each %(per)s.")


@dataclass(frozen=True)
class Change:
    """A value of the scheme: where it stands in its JSON, and what it would be."""

    path: Path
    value: object


@dataclass(frozen=True)
class Choice:
    """Another reading of a finding: its name, in words, and what it changes."""

    name: str
    words: Message
    changes: tuple[Change, ...]


WHOLE_DAY = Choice("whole-day", msg(_("The whole day counts.")), (Change(("deadline_time",), None),))


def choices(scheme: SchemeRules, code: str, track: str, at: str) -> tuple[Choice, ...]:
    """Return the other readings of a finding by its code and place; none where only a person can say."""
    if code == "deadline-hour":
        return (WHOLE_DAY,) if scheme.deadline_time else tuple(map(_of_hour, OFFICE_ENDS))
    if code == "quota":
        return tuple(_of_quota(scheme, *at.split(".")))
    for index, rules in enumerate(scheme.tracks):
        if rules.code == track:
            return tuple(_of_track(rules, ("tracks", index), code, at))
    return ()


def _of_hour(hour: str) -> Choice:
    return Choice(f"hour-{hour}", msg(BEFORE_HOUR, hour=hour), (Change(("deadline_time",), hour),))


def _of_quota(scheme: SchemeRules, code: str, name: str) -> Iterator[Choice]:
    """What else the sentence of a quota may mean; it holds for all quotas that were read from it."""
    said = next((quota.text for quota in scheme.quotas if quota.code == code), None)
    own = [quota for quota in scheme.quotas if quota.text == said]
    if name == ROUNDING:
        yield _changed(scheme, UP, ROUND_UP, {quota: [replace(quota, rounding=UP)] for quota in own})
        yield _changed(scheme, NEAREST, ROUND_HALF_UP, {quota: [replace(quota, rounding=NEAREST)] for quota in own})
    if name == SCOPE:
        codes = [track.code for track in scheme.tracks]
        each = {quota: [replace(quota, track=code) for code in codes] for quota in own}
        yield _changed(scheme, "each", EACH_TRACK, each)
    lower = {quota: [low] for quota in own if (low := lower_end(quota))}
    if name == ABOUT and lower:
        yield _changed(scheme, "lower", LOWER_END, lower)
    if name == GRADES and not scheme.grades:
        grades = [*dict.fromkeys(quota.grade for quota in scheme.quotas), OTHERS]
        yield Choice("others", msg(GRADE_OF_OTHERS, grades="、".join(grades)), (Change(("grades",), grades),))


def _changed(scheme: SchemeRules, name: str, words: str, instead: Mapping[Quota, Sequence[Quota]]) -> Choice:
    """The choice that puts other quotas in the place of some; the first of them has its code, others have new ones."""
    numbers = (quota.code.removeprefix("Q") for quota in scheme.quotas)
    new = count(1 + max((int(number) for number in numbers if number.isdecimal()), default=0))
    written = [
        replace(other, code=f"Q{next(new)}" if place else quota.code).to_json()
        for quota in scheme.quotas
        for place, other in enumerate(instead.get(quota, [quota]))
    ]
    return Choice(name, msg(words), (Change(("quotas",), written),))


def _of_track(track: TrackRules, path: Path, code: str, at: str) -> Iterator[Choice]:
    total = stated(track.indicators)
    if code == "points-mismatch" and not at and total not in (track.full_marks, 0):
        words = msg(FULL_MARKS, points=plain(total))
        yield Choice("full-marks", words, (Change((*path, "full_marks"), plain(total)),))
    for index, row in enumerate(track.indicators):
        if row.code == at:
            yield from _of_indicator(row, (*path, "indicators", index), code)
    for index, item in enumerate(track.adjustments):
        if at.split(".", maxsplit=1)[0] == item.code:
            yield from _of_adjustment(item, (*path, "adjustments", index), code, at)


def _of_indicator(row: Indicator, path: Path, code: str) -> Iterator[Choice]:
    total = sum((part.points for part in row.parts), Decimal(0))
    if code == "points-mismatch" and total:
        words = msg(SUM_OF_PARTS, points=plain(total))
        yield Choice("parts", words, (Change((*path, "points"), plain(total)),))
    if code == "alternatives" and len(row.parts) == 1 and row.parts[0].levels:
        parts = _as_parts(row.parts[0], row.code)
        total = sum((part.points for part in parts), Decimal(0))
        written = [part.to_json() for part in parts]
        changes = (Change((*path, "parts"), written), Change((*path, "points"), plain(total)))
        yield Choice("sum", msg(PARTS_ADDED, points=plain(total)), changes)


def _as_parts(part: Part, code: str) -> list[Part]:
    """The levels of a part as parts of their own."""
    return [
        replace(part, code=f"{code}.{order}", text=level.text, points=level.points, levels=(), losses=())
        for order, level in enumerate(part.levels, start=1)
    ]


def _of_adjustment(item: Adjustment, path: Path, code: str, at: str) -> Iterator[Choice]:
    if code == "alternatives" and item.highest:
        yield Choice("sum", msg(SUM_OF_LEVELS), (Change((*path, "highest"), None),))
    if code == "unclear-scope":
        yield from _of_factor(item, path, at)
    rate = next((rule.rate for rule in item.rules if rule.code == at), None)
    if code == "rate-exceeds-cap" and rate is not None and item.cap is not None and rate > item.cap:
        yield Choice("limit", msg(LIMIT_RAISED, points=plain(rate)), (Change((*path, "cap"), plain(rate)),))


def _of_factor(item: Adjustment, path: Path, at: str) -> Iterator[Choice]:
    """A factor beside a single rule: as a rule that counts by itself."""
    counted = [rule for rule in item.rules if rule.factor is None]
    for index, rule in enumerate(item.rules):
        if rule.code == at and rule.factor is not None and len(counted) == 1 and counted[0].given == "times":
            own = replace(counted[0], code=at, text=rule.text, rate=multiplied(counted[0].rate, (rule.factor,)))
            words = msg(EACH_OF_ITS_OWN if own.per else OF_ITS_OWN, points=plain(own.rate), per=own.per)
            yield Choice("own", words, (Change((*path, "rules", index), own.to_json()),))
