"""What the points of a part come from: a level, a number measured or losses are kept, and the points follow."""

from decimal import Decimal

import pytest

from documents.models import Submission
from scoring.models import ScoreSheet, SheetLine
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle
from workflow.filing.services.claims import Claim, save_claims

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world() -> World:
    world = a_cycle().with_units(1).opened()
    let_parts_be_of_every_kind(world)
    return world


def sheet_of(world: World) -> ScoreSheet:
    return ScoreSheet.objects.get(pk=world.assessments[0].sheet_id)


def save(world: World, *typed: tuple[str, str]) -> dict[str, str]:
    sheet = sheet_of(world)
    claims = [Claim(field=name.partition("-")[0], code=name.partition("-")[2], value=value) for name, value in typed]
    with world.clock():
        return save_claims(sheet=sheet, claims=claims, by=world.filers[sheet.pk]).refused


def line(world: World, code: str) -> SheetLine:
    found: SheetLine = sheet_of(world).lines.get(code=code)
    return found


@pytest.mark.parametrize(
    ("typed", "code", "claimed", "basis"),
    [
        ([("level-1.1", "1.1.2")], "1.1", "25", {"level": "1.1.2"}),
        ([("measured-2.1", "1.9")], "2.1", "20", {"measured": "1.9"}),
        ([("measured-2.1", "２")], "2.1", "40", {"measured": "2"}),
        ([("measured-2.1", "1.4")], "2.1", None, {"measured": "1.4"}),
        ([("loss-1.2.1", "3")], "1.2", "14", {"losses": {"1.2.1": "3"}}),
        ([("loss-1.2.1", "99")], "1.2", "0", {"losses": {"1.2.1": "99"}}),
        ([("loss-1.2.1", "1"), ("loss-1.2.2", "1.5")], "1.2", "16.5", {"losses": {"1.2.1": "1", "1.2.2": "1.5"}}),
        ([("loss-1.2.1", "0")], "1.2", "20", {"losses": {"1.2.1": "0"}}),
        ([("level-1.1", "1.1.1"), ("claimed-1.1", "30")], "1.1", "30", {"level": "1.1.1"}),
        ([("claimed-1.1", "30"), ("level-1.1", "")], "1.1", "30", {}),
    ],
)
def test_the_points_follow_unless_others_are_typed(
    world: World, typed: list[tuple[str, str]], code: str, claimed: str | None, basis: dict[str, object]
) -> None:
    assert save(world, *typed) == {}
    assert line(world, code).claimed == (None if claimed is None else Decimal(claimed))
    assert line(world, code).basis == basis


def test_a_whole_form_that_brings_the_old_points_with_a_new_level_gets_the_levels_points(world: World) -> None:
    save(world, ("level-1.1", "1.1.1"))
    save(world, ("claimed-1.1", "40"), ("level-1.1", "1.1.2"))
    assert line(world, "1.1").claimed == 25


def test_a_loss_that_is_emptied_is_taken_back(world: World) -> None:
    save(world, ("loss-1.2.1", "3"), ("loss-1.2.2", "1"))
    save(world, ("loss-1.2.1", ""))
    assert line(world, "1.2").basis == {"losses": {"1.2.2": "1"}}
    assert line(world, "1.2").claimed == 19


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("level-1.1", "9.9.9"),
        ("measured-2.1", "两倍"),
        ("measured-2.1", "-1"),
        ("loss-1.2.1", "1.5"),
        ("loss-1.2.1", "x"),
        ("loss-1.2.2", "x"),
        ("loss-1.2.2", "0.1"),
        ("loss-1.2.2", "3.5"),
    ],
)
def test_what_is_no_level_number_or_count_is_refused_at_its_field(world: World, name: str, typed: str) -> None:
    assert list(save(world, (name, typed))) == [name]


def test_a_field_that_the_part_has_not_is_left_alone(world: World) -> None:
    save(world, ("level-2.1", "2.1.1"), ("measured-1.1", "1"), ("loss-1.1.1", "1"))
    assert not sheet_of(world).lines.exclude(basis={}).exists()


def test_the_page_shows_each_input_and_after_a_save_what_follows(world: World) -> None:
    assessment = world.assessments[0]
    filer = Visitor(world, world.filers[assessment.sheet_id])
    path = f"/self-evaluation/{assessment.pk}/"
    page = filer.get(path).content.decode()
    for name in ("level-1.1", "measured-2.1", "loss-1.2.1", "loss-1.2.2"):
        assert f'name="{name}"' in page
    answer = filer.autosave(f"{path}save/", **{"level-1.1": "1.1.2"}).json()
    assert answer["values"]["claimed-1.1"] == "25"
    assert "省级" in answer["html"]["#follows-1-1"]


def test_what_the_points_come_from_is_sealed_and_shown_beside_the_review(world: World) -> None:
    save(world, ("level-1.1", "1.1.2"), ("measured-2.1", "1.9"), ("loss-1.2.1", "3"))
    world.submitted()
    lines = {line["code"]: line for line in Submission.objects.get().body["lines"]}
    assert lines["2.1"]["basis"] == {"measured": "1.9"}
    assert "basis" not in lines["B1.1"]
