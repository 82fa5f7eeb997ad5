"""A department finds another level, number or loss than the unit says: the points follow, and the result says so."""

from decimal import Decimal

import pytest

from scoring.models import ScoreSheet, SheetLine
from scoring.services.results import score_of
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.reviewing import at_department, line
from tests.support.world import World, a_cycle
from workflow.filing.services.claims import Claim
from workflow.review.services.points import Given, save_reviews

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world() -> World:
    """A unit that says what its points come from, before its department."""
    made = a_cycle().with_units(1).accepted()
    let_parts_be_of_every_kind(made)
    said = {"1.1": {"level": "1.1.1"}, "1.2": {"losses": {"1.2.1": "1"}}, "2.1": {"measured": "2"}}
    for code, basis in said.items():
        SheetLine.objects.filter(code=code).update(basis=basis)
    return made


def find(world: World, part: str, *typed: tuple[str, str], value: str | None = None) -> dict[tuple[int, str], str]:
    """Let the department type inputs of a part, and points beside them; what was refused."""
    claims = [Claim(field=name.partition("-")[0], code=name.partition("-")[2], value=words) for name, words in typed]
    given = Given(basis=claims) if value is None else Given(basis=claims, value=Decimal(value))
    with world.clock():
        saved = save_reviews(given={at_department(world): {part: given}}, by=world.reviewers["district"])
    return saved.refused


@pytest.mark.parametrize(
    ("part", "typed", "reviewed", "found"),
    [
        ("1.1", ("level-1.1", "1.1.2"), "25", {"level": "1.1.2"}),
        ("1.1", ("level-1.1", ""), None, {}),
        ("1.1", ("level-1.1", "1.1.1"), None, None),
        ("2.1", ("measured-2.1", "1.9"), "20", {"measured": "1.9"}),
        ("2.1", ("measured-2.1", "1.4"), None, {"measured": "1.4"}),
        ("1.2", ("loss-1.2.1", "3"), "14", {"losses": {"1.2.1": "3"}}),
        ("1.2", ("loss-1.2.2", "1.5"), "16.5", {"losses": {"1.2.1": "1", "1.2.2": "1.5"}}),
    ],
)
def test_the_points_follow_from_what_is_found(
    world: World, part: str, typed: tuple[str, str], reviewed: str | None, found: dict[str, object] | None
) -> None:
    assert find(world, part, typed) == {}
    kept = line(world, part)
    assert (kept.reviewed, kept.reviewed_basis) == (None if reviewed is None else Decimal(reviewed), found)


def test_other_points_that_are_typed_beside_it_stand(world: World) -> None:
    find(world, "1.1", ("level-1.1", "1.1.2"), value="30")
    assert (line(world, "1.1").reviewed, line(world, "1.1").reviewed_basis) == (30, {"level": "1.1.2"})


def test_what_the_unit_says_again_is_no_finding_of_the_departments(world: World) -> None:
    find(world, "1.2", ("loss-1.2.1", "3"))
    find(world, "1.2", ("loss-1.2.1", "1"))
    assert (line(world, "1.2").reviewed, line(world, "1.2").reviewed_basis) == (18, None)


def test_what_is_no_level_is_refused_at_its_field(world: World) -> None:
    assert list(find(world, "1.1", ("level-1.1", "9"))) == [(at_department(world).pk, "level-1.1")]
    assert line(world, "1.1").reviewed_by is None


def test_what_is_with_the_head_is_refused_at_every_field(world: World) -> None:
    task = at_department(world)
    task.role = "head"
    task.save(update_fields=["role"])
    refused = find(world, "1.1", ("level-1.1", "1.1.2"), value="25")
    assert set(refused) == {(task.pk, "level-1.1"), (task.pk, "value-1.1")}


def test_the_result_is_explained_by_what_was_found(world: World) -> None:
    find(world, "1.1", ("level-1.1", "1.1.2"))
    find(world, "2.1", value="40")
    sheet = ScoreSheet.objects.get(pk=world.assessments[0].sheet_id)
    told = " ".join(sentence.text() for sentence in score_of(sheet).explain)
    assert "1.1: level 1.1.2 “省级” = 25" in told
    assert "2.1: 2倍 measured, level 2.1.2 “2倍以上” = 40" in told
