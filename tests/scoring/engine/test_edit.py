"""Steps of the editor on a body: codes follow the order, points follow their pieces, and every step leads on."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.edit import BLANKS, Edit, Place, backwards, edited, node_at
from scoring.engine.errors import EngineErrors
from scoring.engine.scheme import SchemeRules
from tests.support.schemes import a_body

DISTRICT = ("tracks", 0)


def codes(body: dict[str, Any], name: str) -> list[str]:
    return [row["code"] for row in body["tracks"][0][name]]


def test_a_row_that_moves_takes_the_code_of_its_place_and_says_which_it_had() -> None:
    body, moved = edited(a_body(), Edit((*DISTRICT, "indicators", 1), move=-1))
    assert body["tracks"][0]["indicators"][0]["text"].startswith("2.")
    assert codes(body, "indicators") == ["1", "2"]
    assert moved["district"] | {"2": "1", "2.1": "1.1", "1": "2", "1.1": "2.1", "1.2": "2.2"} == moved["district"]


def test_a_row_that_is_removed_leaves_its_code_to_the_next() -> None:
    body, moved = edited(a_body(), Edit((*DISTRICT, "indicators", 0), remove=True))
    assert codes(body, "indicators") == ["1"]
    assert moved["district"]["1.2"] is None
    assert moved["district"]["2.1"] == "1.1"
    assert backwards(moved)["district"]["1.1"] == "2.1"


def test_a_row_has_the_points_of_its_parts_and_a_part_those_of_its_best_level() -> None:
    part = (*DISTRICT, "indicators", 1, "parts", 0)
    body, _moved = edited(a_body(), Edit(part, add="levels"))
    body, _moved = edited(body, Edit((*part, "levels", 0), {"points": "35"}))
    indicator = body["tracks"][0]["indicators"][1]
    assert (indicator["parts"][0]["points"], indicator["points"]) == ("35", "35")
    assert indicator["parts"][0]["levels"][0]["code"] == "2.1.1"


def test_a_row_without_parts_cannot_be_priced() -> None:
    body, _moved = edited(a_body(), Edit((*DISTRICT, "indicators", 1, "parts", 0), remove=True))
    assert body["tracks"][0]["indicators"][1]["points"] is None


def test_the_text_of_a_row_changes_nothing_of_its_points() -> None:
    body, _moved = edited(a_body(), Edit((*DISTRICT, "indicators", 0), {"text": "开展活动"}))
    assert body["tracks"][0]["indicators"][0] == a_body()["tracks"][0]["indicators"][0] | {"text": "开展活动"}


def test_an_option_that_is_not_taken_is_left_out() -> None:
    item = (*DISTRICT, "adjustments", 0)
    body, _moved = edited(a_body(), Edit(item, {"highest": True}))
    assert body["tracks"][0]["adjustments"][0]["highest"] is True
    assert edited(body, Edit(item, {"highest": False}))[0] == a_body()


def test_a_new_track_has_a_code_and_an_annex_of_its_own() -> None:
    body, _moved = edited(a_body(), Edit((), add="tracks"))
    assert body["tracks"][-1]["code"] == "annex-1"
    assert body["tracks"][-1]["annex"] == max(track["annex"] for track in a_body()["tracks"]) + 1


@pytest.mark.parametrize("place", [("tracks", 9), ("tracks", "x"), ("title", 0), ("nothing",)])
def test_a_place_that_is_none_is_refused(place: Place) -> None:
    with pytest.raises(LookupError):
        node_at(a_body(), place)


PLACES: list[Place] = [
    DISTRICT,
    (*DISTRICT, "indicators", 0),
    (*DISTRICT, "indicators", 1),
    (*DISTRICT, "indicators", 0, "parts", 1),
    (*DISTRICT, "adjustments", 0),
    (*DISTRICT, "adjustments", 0, "rules", 0),
]
ADDED = {
    "tracks": ["indicators", "bonus", "deduction", "vetoes"],
    "indicators": ["parts"],
    "parts": ["levels", "losses"],
    "adjustments": ["rules"],
    "rules": [],
}


@st.composite
def steps(draw: st.DrawFn) -> Edit:
    place = draw(st.sampled_from(PLACES))
    kind = draw(st.sampled_from(["add", "remove", "move", "text"]))
    lists = ADDED[str(place[-2])]
    if kind == "add" and lists:
        return Edit(place, add=draw(st.sampled_from(lists)))
    if place != DISTRICT and kind == "remove":
        return Edit(place, remove=True)
    if place != DISTRICT and kind == "move":
        return Edit(place, move=draw(st.sampled_from([-1, 1])))
    return Edit(place, {"name" if place == DISTRICT else "text": draw(st.text("甲乙", max_size=3))})


@settings(max_examples=60, deadline=None)
@given(st.lists(steps(), max_size=12))
def test_whatever_is_edited_loads_again_and_is_written_as_it_stands(edits: list[Edit]) -> None:
    body = a_body()
    for edit in edits:
        first = deepcopy(body)
        try:
            after, _moved = edited(body, edit)
        except LookupError:
            continue
        assert body == first
        try:
            rules = SchemeRules.from_json(after)
        except EngineErrors:
            continue
        assert rules.to_json() == after
        body = after


def test_what_is_added_is_never_shared_between_rows() -> None:
    body, _moved = edited(a_body(), Edit(DISTRICT, add="indicators"))
    assert BLANKS["indicators"]["parts"][0]["code"] == ""
    assert body["tracks"][0]["indicators"][-1]["parts"][0]["code"] == "3.1"
