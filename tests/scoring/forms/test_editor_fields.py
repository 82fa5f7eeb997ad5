"""The editor asks for every value of a scheme, each under a name of its own."""

from dataclasses import fields

import pytest

from scoring.engine.quota import Quota
from scoring.engine.scheme import GradeBand, SchemeRules
from scoring.engine.track import (
    Adjustment,
    Component,
    Indicator,
    Level,
    Part,
    Recipients,
    Rule,
    TrackRules,
    Veto,
    Written,
)
from scoring.forms.editor import ASKED, LETTER, EditorForm
from scoring.views.places import ADDS, INSIDE
from tests.support.schemes import a_body

KINDS = {
    LETTER: SchemeRules,
    "grade_bands": GradeBand,
    "quotas": Quota,
    "tracks": TrackRules,
    "components": Component,
    "indicators": Indicator,
    "parts": Part,
    "levels": Level,
    "losses": Rule,
    "adjustments": Adjustment,
    "rules": Rule,
    "vetoes": Veto,
}
# What the order or other values give, and what only another step changes.
GIVEN = {"code", "implied", "year", "findings", "kind"}
GIVEN_BY_PIECES = {("indicators", "points"), ("tracks", "unlimited")}  # a limit left blank is none


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_has_a_field_or_is_a_list_whose_rows_have_pages(kind: str) -> None:
    asked = {asked.name for asked in ASKED[kind]}
    asked |= {name.partition(".")[0] for name in asked}
    held = {field.name for field in fields(KINDS[kind])} - GIVEN - {name for at, name in GIVEN_BY_PIECES if at == kind}
    assert held <= asked | set(INSIDE)


def test_the_recipients_are_asked_for_piece_by_piece() -> None:
    asked = {asked.name for asked in ASKED["tracks"]}
    assert {f"recipients.{field.name}" for field in fields(Recipients)} <= asked


def test_rows_of_every_list_can_be_added() -> None:
    added = {kind for kinds in ADDS.values() for kind in kinds}
    assert set(INSIDE) - {"adjustments"} | {"bonus", "deduction"} == added


def test_every_piece_of_a_scheme_is_known_here() -> None:
    assert set(Written.__subclasses__()) - {Recipients} - set(KINDS.values()) == {findings()}


def findings() -> type[Written]:
    """What the checks say, which nobody edits."""
    return next(piece for piece in Written.__subclasses__() if piece.__name__ == "Finding")


def test_whoever_comes_to_a_row_types_at_once() -> None:
    form = EditorForm(a_body(), ("tracks", 0, "indicators", 0), version="")
    assert form["text"].field.widget.attrs["autofocus"]
