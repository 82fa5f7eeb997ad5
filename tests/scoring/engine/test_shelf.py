"""A row of a scheme by itself: lifted out of one, put into another."""

import pytest

from scoring.engine.edit import edited, node_at
from scoring.engine.scheme import SchemeRules
from scoring.engine.shelf import blank_body, kind_of_row, lifted, put_at, row_in, words_of
from tests.support.schemes import a_body


def row(*, list_name: str = "indicators", number: int = 0) -> dict:
    return node_at(a_body(), ("tracks", 0, list_name, number))


@pytest.mark.parametrize("list_name", ["indicators", "adjustments"])
def test_a_row_stands_alone_as_it_stood_in_its_scheme(list_name: str) -> None:
    held = row(list_name=list_name)
    kind = kind_of_row(held)
    body = blank_body(2026, (kind, held))
    SchemeRules.from_json(body)
    assert lifted(row_in(body, kind)) == lifted(held)


def test_points_that_were_filled_up_stand_as_if_printed() -> None:
    assert lifted(row() | {"implied": True})["implied"] is False


def test_rows_come_after_the_one_that_is_named_in_their_order() -> None:
    rows = [("indicators", row() | {"text": text}) for text in ("甲", "乙")]
    body, codes = edited(a_body(), *put_at(("tracks", 0, "indicators", 0), rows))
    indicators = body["tracks"][0]["indicators"]
    assert [indicator["text"] for indicator in indicators[1:3]] == ["甲", "乙"]
    assert [indicator["code"] for indicator in indicators] == ["1", "2", "3", "4"]
    assert codes["district"]["2.1"] == "4.1"


def test_an_item_comes_last_in_its_own_list_where_another_list_is_named() -> None:
    bonus = row(list_name="adjustments")
    body = edited(a_body(), *put_at(("tracks", 0, "indicators", 0), [(kind_of_row(bonus), bonus)]))[0]
    assert lifted(body["tracks"][0]["adjustments"][-1]) == lifted(bonus)


def test_all_words_of_a_row_are_found() -> None:
    assert words_of(row(number=1)).split() == ["2.开展学术交流活动（40分，5分/项）。", "开展学术交流活动", "项"]
