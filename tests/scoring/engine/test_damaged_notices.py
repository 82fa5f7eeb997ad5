"""A damaged notice is read right or told, never wrong without a word: five notices, two hundred damages."""

import random
from functools import cache
from pathlib import Path

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Source, read_notice
from scoring.engine.scheme import SchemeRules
from scoring.readers.sources import read_source
from tests.scoring.engine.damages import DAMAGES, Damage, a_cell_emptied, a_digit_changed, a_row_cut, points
from tests.scoring.engine.paths import CITY, FIXTURES, NOTICE

PROVINCE = FIXTURES / "notice-2025-province.txt"
GROUPS = FIXTURES / "small" / "group-points.txt"
VILLAGE = FIXTURES / "notice-2024-village.txt"
NOTICES = [NOTICE, CITY, PROVINCE, GROUPS, VILLAGE]
SEEDS = range(8)


@cache
def whole(notice: Path) -> tuple[Source, SchemeRules]:
    source = read_source(notice.name, notice.read_bytes())
    return source, read_notice(source)


@pytest.mark.parametrize("notice", NOTICES, ids=lambda path: path.stem)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damage_is_told_or_changes_nothing(notice: Path, damage: Damage) -> None:
    source, read = whole(notice)
    known = {finding.to_json()["message"] for finding in read.findings}
    for seed in SEEDS:
        damaged = damage(source, random.Random(seed))
        try:
            scheme = read_notice(damaged)
        except EngineErrors:
            continue
        if points(scheme) == points(read):
            continue
        told = {finding.to_json()["message"] for finding in scheme.findings} - known
        nothing_left_to_see = damage in (a_digit_changed, a_cell_emptied, a_row_cut) and _only_rules_differ(
            read, scheme
        )
        assert told or nothing_left_to_see, f"seed {seed}: {points(scheme)}"


def _only_rules_differ(before: SchemeRules, after: SchemeRules) -> bool:
    """Whether the rows' points are the same: another rate, or the last rule gone, is read as it is printed."""
    return [[row.points for row in track.indicators] for track in before.tracks] == [
        [row.points for row in track.indicators] for track in after.tracks
    ]
