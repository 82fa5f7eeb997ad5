"""What the forms of the workflow room take and refuse, without a page around them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from common import clock
from common.ui.fields import UntilField
from demo.forms import DateForm
from tests.support.world import START, World, a_cycle
from workflow.board.forms import SubmitBoardForm
from workflow.consolidation.forms import IncidentForm, ReopenForm
from workflow.filing.forms import LONGEST_TIME, MaterialForm, ReturnForm, WaiverForm, claims_in
from workflow.office.forms import ExtensionForm, FilterForm
from workflow.publicity.forms import PublishForm
from workflow.rating.forms.ballots import BallotForm
from workflow.review.forms.review import ReviewForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).with_units(1, "society").opened()


def rules(world: World, number: int = 0) -> Any:
    return world.assessments[number].sheet.rules


# ---- filing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "only_changed", "found"),
    [
        pytest.param("claimed-1.1=5&text-1.1=a", False, [("1.1", "claimed"), ("1.1", "text")], id="a whole form"),
        pytest.param("claimed-1.1=5&text-1.1=a&changed=text-1.1", True, [("1.1", "text")], id="what changed"),
        pytest.param("changed=claimed-1.1", True, [], id="named but not sent"),
        pytest.param("claimed-1.1=5", True, [], id="sent but not named"),
        pytest.param("claimed-=5&claimed=5&sum-1=5&csrf=x", False, [], id="fields of nobody"),
        pytest.param("claimed-B1.1=2", False, [("B1.1", "claimed")], id="a count"),
    ],
)
def test_fields_of_a_sheet_are_found_by_their_names(
    query: str, only_changed: bool, found: list[tuple[str, str]]
) -> None:
    claims = claims_in(QueryDict(query), only_changed=only_changed)
    assert [(claim.code, claim.field) for claim in claims] == found


@pytest.mark.parametrize(
    ("scope", "kinds"),
    [
        ([], {"summary", "score_sheet", "evidence"}),
        (["1.1"], {"evidence"}),
        (["summary"], {"summary"}),
        (["roster"], set()),
    ],
)
def test_kinds_of_files_are_those_of_the_track_within_the_return(
    world: World, scope: list[str], kinds: set[str]
) -> None:
    form = MaterialForm(rules=rules(world), scope=scope)
    assert {value for value, _label in form.fields["kind"].choices} == kinds


# ---- returning, extending, going ahead ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"why": ""}, "why"),
        ({"why": "长" * 2001}, "why"),
        ({"parts": ["9.9"]}, "parts"),
        ({"until": ""}, "until"),
        ({"until": (START + LONGEST_TIME + timedelta(days=1)).date().isoformat()}, "until"),
    ],
)
def test_a_return_that_is_wrong_is_refused_at_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    data = {"why": "缺公章", "parts": ["1.1"], "until": "2026-12-10"} | changes
    with world.clock():
        form = ReturnForm(data, rules=rules(world))
        assert list(form.errors) == [field]


def test_a_return_offers_materials_parts_and_items_of_the_track(world: World) -> None:
    district, society = (ReturnForm(rules=rules(world, number)) for number in (0, 1))
    codes = [value for value, _label in district.fields["parts"].choices]
    assert codes == ["summary", "score_sheet", "roster", "1.1", "1.2", "2.1", "B1", "D1"]
    assert "roster" not in [value for value, _label in society.fields["parts"].choices]


def test_a_last_day_counts_until_its_end(world: World) -> None:
    end = clock.midnight(date(2026, 12, 11))
    with world.clock():
        returning = ReturnForm({"why": "x", "until": "2026-12-10"}, rules=rules(world))
        assert returning.is_valid()
        assert returning.cleaned_data["until"] == end
        extending = ExtensionForm({"day": "2026-12-10", "why": "x"})
        assert extending.is_valid()
        assert extending.cleaned_data["day"] == end
        assert UntilField().clean("2026-12-10") == end
        assert UntilField(required=False).clean("") is None
    ahead = DateForm({"to": "2026-12-10"})
    assert ahead.is_valid()
    assert ahead.instant().isoformat() == "2026-12-10T09:00:00+08:00"


@pytest.mark.parametrize("reason", ["", " ", "长" * 2001])
def test_a_waiver_has_a_reason(reason: str) -> None:
    assert list(WaiverForm({"reason": reason}).errors) == ["reason"]


# ---- filters, boards, letters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", {"track": "", "step": "", "late": False, "search": ""}),
        ("track=district&late=on", {"track": "district", "step": "", "late": True, "search": ""}),
        ("track=moon&step=publicity", {"step": "publicity", "late": False, "search": ""}),
        ("step=dinner&search=区", {"track": "", "late": False, "search": "区"}),
        (f"search={'x' * 61}", {"track": "", "step": "", "late": False}),
    ],
)
def test_a_wrong_filter_filters_nothing(world: World, query: str, wanted: dict[str, Any]) -> None:
    assert FilterForm(world.cycle.tracks.all(), QueryDict(query)).wanted() == wanted


def test_a_board_with_everybody_on_it_needs_no_word_about_others() -> None:
    assert SubmitBoardForm({"x": "1"}, on_their_way=0).is_valid()
    assert list(SubmitBoardForm({"x": "1"}, on_their_way=2).errors) == ["incomplete"]
    assert SubmitBoardForm({"incomplete": "on"}, on_their_way=2).is_valid()


@pytest.mark.parametrize(("sent", "counts"), [("yes", True), ("no", False)])
def test_the_first_day_counts_only_if_it_was_chosen(sent: str, counts: bool) -> None:
    form = PublishForm({"first_day": sent}, ends={"no": "周三", "yes": "周二"})
    assert form.is_valid()
    assert form.count_first_day is counts


# ---- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "value"), [("0", "0"), ("100", "100"), ("99.99", "99.99"), (" 7 ", "7")])
def test_a_rating_lies_within_the_scale(typed: str, value: str) -> None:
    form = BallotForm({"token": "x", "value": typed})
    assert form.is_valid()
    assert form.cleaned_data["value"] == Decimal(value)


def test_a_review_takes_what_came_and_is_right(world: World) -> None:
    sheet = world.assessments[0].sheet
    data = {"note-1.1": "少一次", "value-1.2": "viel", "note-1.2": "核减", "value-2.1": ""}
    form = ReviewForm(list(sheet.lines.all()), sheet.rules, data)
    assert list(form.errors) == ["value-1.2"]
    assert {code: given.typed for code, given in form.given().items()} == {
        "1.1": {"note": "少一次"},
        "1.2": {"note": "核减"},
        "2.1": {"value": None},
    }


def test_a_reopening_offers_who_answers_and_for_what(world: World) -> None:
    form = ReopenForm(world.assessments[0].sheet)
    assert [pk for pk, _name in form.fields["departments"].choices] == [world.desks["district"].pk]
    assert [value for value, _label in form.fields["parts"].choices] == ["1.1", "1.2", "2.1", "B1", "D1"]


def test_an_incident_s_consequences_name_the_grades(world: World) -> None:
    labels = [str(label) for _value, label in IncidentForm(world.assessments[0].sheet).fields["severity"].choices]
    assert len(labels) == 3
    assert "特等" in labels[0]
    assert "特等、一等" in labels[1]
