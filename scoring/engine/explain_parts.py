"""Explains the points of a part by its level, by the number measured and by what was lost."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from scoring.engine.basis import Basis
from scoring.engine.messages import Message, _, msg
from scoring.engine.numbers import plain, points
from scoring.engine.track import Level, Part

LEVEL = _("%(part)s: level %(code)s “%(text)s” = %(points)s")
MEASURED = _("%(part)s: %(number)s%(measure)s measured, level %(code)s “%(text)s” = %(points)s")


def part_explained(part: Part, given: Decimal, basis: Basis) -> Iterator[Message]:
    """Say how the points given to a part with levels or losses come about.

    Without a basis the level that gives as many points is named, where one does; points that are not what follows are
    said to be judged.
    """
    level, follows = basis.reached(part), basis.points(part)
    if level is None and follows is None:
        level = next((level for level in part.levels if level.points == given), None)
    if level is not None:
        yield _level(part, level, basis)
    elif basis.measured is not None:
        outside = _("%(part)s: %(number)s%(measure)s measured, in no band: judged, %(given)s given")
        figures = {"number": plain(basis.measured), "measure": part.measure or ""}
        yield msg(outside, part=part.code, given=plain(given), **figures)
    if basis.losses and follows is not None:
        factors = basis.factors(part)
        if basis.lost(part) or not factors:
            yield _losses(part, part.points if level is None else level.points, basis)
        if factors:
            yield _factors(part, basis.left(part), factors, follows)
    if follows is not None and follows != given:
        judged = _("%(part)s: %(follows)s would follow, %(given)s were given by judgement")
        rounded = _("%(part)s: %(follows)s follow, rounded half up to 0.01 %(given)s are given")
        told = rounded if points(follows) == given else judged
        yield msg(told, part=part.code, follows=plain(follows), given=plain(given))


def _level(part: Part, level: Level, basis: Basis) -> Message:
    figures = {"part": part.code, "code": level.code, "text": level.text, "points": plain(level.points)}
    if basis.measured is None:
        return Message(LEVEL, figures)
    return Message(MEASURED, figures | {"number": plain(basis.measured), "measure": part.measure or ""})


def _losses(part: Part, reached: Decimal, basis: Basis) -> Message:
    """Say what is taken from the points, loss by loss, and what is left of them, not below 0."""
    lost = []
    for loss, times in basis.lost(part):
        written = plain(times) if loss.rate_from is not None else f"{plain(times)} × {plain(loss.rate)}"
        limit = "" if loss.cap is None else f" ≤ {plain(loss.cap)}"
        lost.append(f"{written}{limit} [{loss.code}]")
    text = _("%(part)s: %(points)s − (%(lost)s), not below 0 = %(left)s")
    left = plain(basis.left(part))
    return msg(text, part=part.code, points=plain(reached), lost=" + ".join(lost) or "0", left=left)


def _factors(part: Part, left: Decimal, factors: Sequence[tuple[str, Decimal]], follows: Decimal) -> Message:
    """Say by which factors what is left is multiplied, and what follows, not above the part's points."""
    product = " × ".join([plain(left), *(f"{plain(factor)} [{code}]" for code, factor in factors)])
    text = _("%(part)s: %(product)s, not above %(most)s = %(follows)s")
    return msg(text, part=part.code, product=product, most=plain(part.points), follows=plain(follows))
