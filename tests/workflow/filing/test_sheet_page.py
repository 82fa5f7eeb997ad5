"""The sheet as its page shows it: the notice's words and targets, claims within their caps, files beside them."""

from decimal import Decimal
from typing import Any

import pytest

from common.saving import Saved, Theirs
from documents.models import Material, MaterialKind
from scoring.engine.track import Part
from scoring.models import ScoreSheet
from tests.support.pages import Visitor
from tests.support.schemes import a_body
from tests.support.world import World, a_cycle
from workflow.filing.queries.sheet import LineShown, SheetPage, part_hints

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).opened()


def sheet_of(world: World) -> ScoreSheet:
    sheet: ScoreSheet = world.assessments[0].sheet
    return sheet


def claim(world: World, **codes: str) -> None:
    for code, value in codes.items():
        sheet_of(world).lines.filter(code=code.replace("_", ".")).update(claimed=Decimal(value))


def a_file(world: World, kind: str, code: str = "") -> Material:
    sheet = sheet_of(world)
    return Material.objects.create(
        sheet=sheet,
        kind=kind,
        code=code,
        file="x",
        name=f"{kind}{code}.pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by=world.filers[sheet.pk],
    )


def lines(page: SheetPage) -> dict[str, LineShown]:
    shown = [line for indicator in page.indicators for line in indicator.parts]
    shown += [line for adjustment in page.adjustments for line in adjustment.rules]
    return {line.line.code: line for line in shown}


def claims(page: SheetPage) -> list[tuple[Decimal | None, bool]]:
    return [(indicator.claimed, indicator.complete) for indicator in page.indicators]


def test_an_empty_sheet_says_so(world: World) -> None:
    page = SheetPage(sheet_of(world))
    assert (page.claimed, page.bonus) == (Decimal(0), Decimal(0))
    assert (page.filled, page.parts) == (0, 3)
    assert claims(page) == [(None, False), (None, False)]


def test_an_indicator_adds_up_what_is_claimed_of_it(world: World) -> None:
    claim(world, **{"1_1": "30.5", "2_1": "0"})
    page = SheetPage(sheet_of(world))
    assert claims(page) == [(Decimal("30.5"), False), (0, True)]
    assert (page.claimed, page.filled) == (Decimal("30.5"), 2)


def test_the_printed_number_is_no_part_of_a_title(world: World) -> None:
    first = SheetPage(sheet_of(world)).indicators[0]
    assert first.indicator.text.startswith("1.开展系列活动")
    assert first.title.startswith("开展系列活动")


@pytest.mark.parametrize(
    ("count", "item", "bonus"), [("0", "0", "0"), ("2", "2", "2"), ("3", "3", "3"), ("9", "3", "3")]
)
def test_a_bonus_item_stays_within_its_cap(world: World, count: str, item: str, bonus: str) -> None:
    claim(world, B1_1=count)
    page = SheetPage(sheet_of(world))
    assert (page.adjustments[0].worth, page.bonus) == (Decimal(item), Decimal(bonus))


def test_a_deduction_is_no_bonus_and_has_no_limit_of_its_own(world: World) -> None:
    claim(world, D1_1="7")
    page = SheetPage(sheet_of(world))
    assert (page.adjustments[1].worth, page.bonus, page.claimed) == (Decimal(14), Decimal(0), Decimal(0))


def a_scheme(bonus_cap: str | None, item_cap: str | None, rule_cap: str | None) -> World:
    body = a_body()
    track = body["tracks"][0]
    track["bonus_cap"] = bonus_cap
    track["adjustments"][0]["cap"] = item_cap
    track["adjustments"][0]["rules"][0]["cap"] = rule_cap
    return a_cycle(tracks=body["tracks"]).with_units(1).opened()


@pytest.mark.parametrize(
    ("bonus_cap", "item_cap", "rule_cap", "bonus"),
    [
        ("10", "3", None, "3"),
        ("10", None, None, "10"),
        (None, None, None, "12"),
        ("10", None, "4", "4"),
        ("2", "3", "4", "2"),
        (None, "5", "4", "4"),
    ],
)
def test_every_cap_holds_where_it_is_printed(
    bonus_cap: str | None, item_cap: str | None, rule_cap: str | None, bonus: str
) -> None:
    world = a_scheme(bonus_cap, item_cap, rule_cap)
    claim(world, B1_1="12")
    assert SheetPage(sheet_of(world)).bonus == Decimal(bonus)


def a_part(**changes: Any) -> Part:
    plain: dict[str, Any] = {"code": "1.1", "text": "活动", "points": Decimal(20), "at_least": None, "rate": None}
    return Part(**(plain | {"per": None} | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"at_least": 3}, [["3"]]),
        ({"rate": Decimal(5), "per": "项"}, [["5", "项", "20", "4"]]),
        ({"rate": Decimal("0.5"), "per": "次"}, [["0.5", "次", "20", "40"]]),
        ({"rate": Decimal(7)}, [["7", "20", "3"]]),
        ({"at_least": 2, "rate": Decimal(10), "per": "场"}, [["2"], ["10", "场", "20"]]),
    ],
)
def test_hints_say_what_the_notice_demands_and_suggests(changes: dict[str, Any], words: list[list[str]]) -> None:
    hints = part_hints(a_part(**changes))
    assert len(hints) == len(words)
    for hint, wanted in zip(hints, words, strict=True):
        assert all(word in hint for word in wanted)


def test_evidence_stands_beside_its_part_and_what_was_removed_nowhere(world: World) -> None:
    kept, gone = a_file(world, "evidence", "1.1"), a_file(world, "evidence", "1.2")
    gone.removed_at = world.at
    gone.save()
    shown = lines(SheetPage(sheet_of(world)))
    assert shown["1.1"].files == [kept]
    assert shown["1.2"].files == []


def test_materials_of_the_whole_are_those_that_the_track_wants(world: World) -> None:
    summary = a_file(world, MaterialKind.SUMMARY)
    whole = SheetPage(sheet_of(world)).whole
    wanted = [(material.kind, material.required, material.files) for material in whole]
    assert wanted == [("summary", True, [summary]), ("score_sheet", False, [])]


@pytest.mark.parametrize(
    ("scope", "editable"),
    [
        ([], {"1.1", "1.2", "2.1", "B1.1", "D1.1", "summary", "score_sheet"}),
        (["1.1", "B1"], {"1.1", "B1.1"}),
        (["summary"], {"summary"}),
        (["roster"], set()),
    ],
)
def test_only_what_a_return_names_can_be_changed(world: World, scope: list[str], editable: set[str]) -> None:
    page = SheetPage(sheet_of(world), scope=scope)
    open_lines = {code for code, line in lines(page).items() if line.editable}
    assert open_lines | {str(material.kind) for material in page.whole if material.editable} == editable


def test_what_is_wrong_or_in_conflict_is_shown_as_it_was_typed(world: World) -> None:
    claim(world, **{"1_1": "5"})
    theirs = Theirs(value="两次", by="同事", at="10:28")
    saved = Saved(refused={"claimed-1.1": "不是数字"}, collided={"text-1.2": theirs})
    page = SheetPage(sheet_of(world), typed={"claimed-1.1": "abc", "text-1.2": "三次"}, saved=saved)
    shown = lines(page)
    assert (shown["1.1"].points_value, shown["1.1"].points_error) == ("abc", "不是数字")
    assert (shown["1.2"].text_value, shown["1.2"].text_theirs) == ("三次", theirs)
    assert (shown["2.1"].points_value, shown["2.1"].points_error, shown["2.1"].points_theirs) == ("", "", None)


def test_everything_is_read_with_a_question_for_each_kind_at_most(
    world: World, django_assert_max_num_queries: Any
) -> None:
    sheet = sheet_of(world)
    with django_assert_max_num_queries(4):  # PostgreSQL answers them all in one trip
        page = SheetPage(sheet)
        assert len([*page.indicators, *page.adjustments, *page.whole]) == 6


def test_words_of_people_never_become_markup(world: World) -> None:
    sheet_of(world).lines.filter(code="1.1").update(text="<script>alert(1)</script>")
    visitor = Visitor(world, world.filers[sheet_of(world).pk])
    shown = visitor.get(f"/self-evaluation/{world.assessments[0].pk}/").content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown
