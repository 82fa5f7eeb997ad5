"""What halves a part or doubles a deduction is claimed, reviewed and scored like any other rule."""

from decimal import Decimal

import pytest

from documents.models import Submission
from scoring.models import ScoreSheet, SheetLine
from scoring.services.results import score_of
from tests.support.discretion import let_b1_1_be_given_at_discretion
from tests.support.factors import a_cycle_with_factors
from tests.support.pages import Visitor
from tests.support.world import World
from workflow.filing.services.claims import Claim, save_claims
from workflow.review.queries.lines import suggested
from workflow.review.queries.review import groups_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def world() -> World:
    return a_cycle_with_factors().with_units(1).opened()


def sheet_of(world: World) -> ScoreSheet:
    return ScoreSheet.objects.get(pk=world.assessments[0].sheet_id)


def save(world: World, code: str, field: str, value: str) -> dict[str, str]:
    sheet = sheet_of(world)
    with world.clock():
        return save_claims(
            sheet=sheet, claims=[Claim(code=code, field=field, value=value)], by=world.filers[sheet.pk]
        ).refused


def line(world: World, code: str) -> SheetLine:
    found: SheetLine = sheet_of(world).lines.get(code=code)
    return found


def test_a_part_that_is_halved_has_half_its_points(world: World) -> None:
    assert save(world, "1.1.1", "loss", "1") == {}
    assert (line(world, "1.1").claimed, line(world, "1.1").basis) == (20, {"losses": {"1.1.1": "1"}})
    assert save(world, "1.1.1", "loss", "2")
    save(world, "1.1.1", "loss", "")
    assert line(world, "1.1").basis == {}


def test_a_factor_is_claimed_once_or_not_at_all(world: World) -> None:
    assert save(world, "D1.2", "claimed", "2")
    assert save(world, "D1.2", "claimed", "1") == {}
    assert line(world, "D1.2").claimed == 1


def test_what_was_reviewed_is_multiplied_in_the_result(world: World) -> None:
    for code in ("D1.1", "D1.2"):
        SheetLine.objects.filter(pk=line(world, code).pk).update(reviewed=Decimal(1))
    score = score_of(sheet_of(world))
    assert score.deduction == 4
    assert "D1: 1 × 2 [D1.1] × 2 [D1.2] = 4" in [sentence.text() for sentence in score.explain]


def test_two_records_of_a_factor_suggest_that_it_applies(world: World) -> None:
    rules = sheet_of(world).rules
    assert [suggested(rules, line(world, code), 2) for code in ("D1.1", "D1.2", "1.2")] == [2, 1, None]
    let_b1_1_be_given_at_discretion(world)
    assert suggested(sheet_of(world).rules, line(world, "B1.1"), 2) is None


def test_the_page_asks_whether_a_factor_applies_and_says_what_follows(world: World) -> None:
    assessment = world.assessments[0]
    filer = Visitor(world, world.filers[assessment.sheet_id])
    save(world, "1.1.1", "loss", "1")
    page = " ".join(filer.get(f"/self-evaluation/{assessment.pk}/").content.decode().split())
    assert 'name="loss-1.1.1" value="1" checked' in page
    assert "逾期报送的 × 0.5；得20分" in page


def test_the_basis_is_sealed_and_shown_beside_the_review(world: World) -> None:
    save(world, "1.1.1", "loss", "1")
    world.submitted()
    lines = {line["code"]: line for line in Submission.objects.get().body["lines"]}
    assert lines["1.1"]["basis"] == {"losses": {"1.1.1": "1"}}
    assert any("× 0.5" in line.basis for group in groups_of(sheet_of(world)) for line in group.lines)
