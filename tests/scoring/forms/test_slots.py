"""The values of a draft that can be corrected: where each stands in the body and how it is written back."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from scoring.engine.scheme import SchemeRules
from scoring.forms.schemes import CorrectionForm
from scoring.forms.slots import Slot, component_label, item_slots, letter_slots, track_slots
from tests.support.schemes import a_body

DISTRICT, SOCIETY = 0, 1


def named(slots: Any) -> dict[str, Slot]:
    return {slot.name: slot for slot in slots}


def put(body: dict[str, Any], slot: Slot, value: Any) -> dict[str, Any]:
    """The body with the slot's value written at each of its paths."""
    changed = deepcopy(body)
    for path in slot.paths:
        holder: Any = changed
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = slot.write(value)
    return changed


def test_the_letter_has_what_it_states() -> None:
    slots = named(letter_slots(a_body()))
    assert {name: slot.old for name, slot in slots.items()} == {
        "title": "2026年度科协工作考核",
        "issuer": "测试市科学技术协会",
        "deadline": "2026-12-31",
        "deadline_time": None,
        "grades": ["特等", "一等", "二等"],
        "publicity": 5,
    }


@pytest.mark.parametrize(
    "typed", ["优秀、良好", "优秀,良好", "优秀，良好", "优秀\n良好", " 优秀 、 良好 、", "、优秀、、良好"]
)
def test_grades_are_divided_by_any_usual_mark(typed: str) -> None:
    assert named(letter_slots(a_body()))["grades"].write(typed) == ["优秀", "良好"]


def test_a_track_without_recipients_has_no_sample() -> None:
    assert "sample" in named(track_slots(a_body(), DISTRICT))
    assert "sample" not in named(track_slots(a_body(), SOCIETY))


def test_each_component_has_its_weight() -> None:
    district, society = (named(track_slots(a_body(), index)) for index in (DISTRICT, SOCIETY))
    assert [slot.old for name, slot in district.items() if name.startswith("weight-")] == ["70", "20", "10"]
    assert [slot.old for name, slot in society.items() if name.startswith("weight-")] == ["100"]
    assert all(component_label(code) for code in ("work", "recipients", "leaders"))


def test_an_indicator_of_one_part_has_one_number_for_both() -> None:
    slot = named(item_slots(a_body(), DISTRICT, "2"))["points"]
    body = put(a_body(), slot, Decimal("35.50"))
    indicator = body["tracks"][DISTRICT]["indicators"][1]
    assert indicator["points"] == indicator["parts"][0]["points"] == "35.5"


def test_an_indicator_of_two_parts_has_a_number_for_each() -> None:
    slots = named(item_slots(a_body(), DISTRICT, "1"))
    assert {"points", "points-0", "points-1"} <= set(slots)
    assert len(slots["points"].paths) == 1


def test_an_indicator_that_was_not_read_gets_one_part_with_its_whole_text() -> None:
    body = a_body()
    body["tracks"][DISTRICT]["indicators"][1] |= {"points": None, "parts": []}
    slots = named(item_slots(body, DISTRICT, "2"))
    assert list(slots) == ["points"]
    written = put(body, slots["points"], Decimal(40))["tracks"][DISTRICT]["indicators"][1]
    assert written["points"] == "40"
    assert [(part["code"], part["points"], part["text"]) for part in written["parts"]] == [
        ("2.1", "40", "2.开展学术交流活动（40分，5分/项）。")
    ]
    assert slots["points"].write(None) is None


def test_an_item_without_rules_gets_one_with_its_whole_text() -> None:
    body = a_body()
    body["tracks"][DISTRICT]["adjustments"][0]["rules"] = []
    slots = named(item_slots(body, DISTRICT, "B1"))
    written = put(body, slots["rate"], Decimal(2))["tracks"][DISTRICT]["adjustments"][0]["rules"]
    assert [(rule["code"], rule["rate"], rule["text"]) for rule in written] == [
        ("B1.1", "2", "1.获得市科协表彰（加1分/次）")
    ]
    assert slots["rate"].write(None) == []


def test_a_code_of_nothing_has_no_values() -> None:
    assert named(item_slots(a_body(), DISTRICT, "9")) == {}


def every_slot() -> list[Slot]:
    slots = list(letter_slots(a_body()))
    for index in (DISTRICT, SOCIETY):
        slots += track_slots(a_body(), index)
        for code in ("1", "2", "B1", "D1"):
            slots += item_slots(a_body(), index, code)
    return slots


@pytest.mark.parametrize("slot", every_slot(), ids=lambda slot: "/".join(str(key) for key in slot.paths[0]))
def test_what_is_shown_and_sent_back_changes_nothing(slot: Slot) -> None:
    blank = CorrectionForm([slot], seen="0" * 64)
    shown = blank[slot.name].value()
    data = {slot.name: shown, "why": "x", "seen": "0" * 64}
    form = CorrectionForm([slot], {key: value for key, value in data.items() if value not in (None, False)}, seen="")
    assert form.is_valid(), form.errors
    assert form.corrections() == []


@pytest.mark.parametrize("slot", every_slot(), ids=lambda slot: "/".join(str(key) for key in slot.paths[0]))
def test_every_path_leads_to_a_value_of_the_body(slot: Slot) -> None:
    for path in slot.paths:
        holder: Any = a_body()
        for key in path[:-1]:
            holder = holder[key]
        assert (holder.get(path[-1]) if slot.optional else holder[path[-1]]) == slot.old
    assert SchemeRules.from_json(a_body())


def test_a_factor_is_corrected_without_points_of_its_own() -> None:
    body = a_body()
    body["tracks"][DISTRICT]["adjustments"][1]["rules"][0] |= {"rate": "0", "per": None, "factor": "2"}
    assert named(item_slots(body, DISTRICT, "D1")).keys() == {"cap", "factor-0"}


def test_points_corrected_by_hand_are_no_longer_implied() -> None:
    slots = list(item_slots(a_body(), DISTRICT, "1"))
    data = {"points": "50", "points-0": "30", "points-1": "20", "at_least-0": "3", "why": "核对", "seen": "x"}
    form = CorrectionForm(slots, data, seen="x")
    assert form.is_valid(), form.errors
    corrected = {correction.path: correction.value for correction in form.corrections()}
    at = ("tracks", DISTRICT, "indicators", 0)
    assert corrected[(*at, "points")] == "50"
    assert corrected[(*at, "implied")] is False
    assert corrected[(*at, "parts", 0, "points")] == "30"


def test_only_ratings_have_options_and_none_are_taken() -> None:
    slots = [slot for slot in track_slots(a_body(), DISTRICT) if slot.optional]
    assert {slot.paths[0][:-1] for slot in slots} == {("tracks", DISTRICT, "components", place) for place in (1, 2)}
    assert [slot.old for slot in slots] == [None] * 6
    assert not any(slot.optional for slot in track_slots(a_body(), SOCIETY))


def test_two_barred_grades_are_both_ticked_and_stay_when_another_value_changes() -> None:
    body = a_body()
    body["tracks"][DISTRICT]["deduction_bars"] = ["特等", "一等"]
    slots = list(track_slots(body, DISTRICT))
    blank = CorrectionForm(slots, seen="x")
    ticked = [box.data["value"] for box in blank["bars"] if box.data["selected"]]
    assert ticked == ["特等", "一等"]
    shown = {name: blank[name].value() for name in blank.fields}
    data = {name: value for name, value in shown.items() if value not in (None, False)}
    form = CorrectionForm(slots, data | {"bonus_cap": "12", "why": "x"}, seen="x")
    assert form.is_valid(), form.errors
    assert [correction.path[-1] for correction in form.corrections()] == ["bonus_cap"]
