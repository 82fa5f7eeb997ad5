"""Scores units one after another, and writes each score as a line of JSON."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext

from scoring.engine.scheme import SchemeRules
from scoring.engine.score import UnitScore, score_unit
from scoring.engine.units import UnitReader
from scoring.management.commands._engine import located


class ScoreLine(NamedTuple):
    """A unit's score as JSON, its rank still null, and what the rank needs: the track and the total that counts."""

    unit: str
    track: str
    counts: Decimal | None
    text: str


def scores_of(scheme: SchemeRules, raw: object, path: str, *, explained: bool) -> Iterator[UnitScore]:
    """Yield the scores of a file's units as they are read, until something is wrong with one; it is said at the end."""
    tracks = {track.code: track for track in scheme.tracks}
    reader = UnitReader(scheme)
    for item in located(path, lambda: reader.listed(raw)):
        unit = reader.read(item)
        if not reader.errors:
            yield score_unit(
                tracks[unit.track], unit, grades=scheme.grades, bands=scheme.grade_bands, explained=explained
            )
    located(path, reader.finish)


def as_lines(scores: Iterable[UnitScore]) -> Iterator[ScoreLine]:
    """Yield each score as a line, explained in the system's language."""
    translate, encoder = cache(gettext), json.JSONEncoder(ensure_ascii=False)
    for score in scores:
        yield ScoreLine(score.unit, score.track, score.counts, encoder.encode(score.to_json(translate)))
