"""A cycle whose notice only deducts from full marks opens, and is claimed loss by loss."""

from decimal import Decimal

import pytest

from scoring.engine.notice import read_notice
from scoring.readers.sources import read_source
from tests.scoring.engine.paths import annex
from tests.support.pages import Visitor
from tests.support.schemes import a_body
from tests.support.world import World, a_cycle
from workflow.filing.services.claims import Claim, save_claims

pytestmark = pytest.mark.django_db
ROWS = ("1.脱岗一次扣2分", "2.垃圾每处扣1分，最多扣6分")


@pytest.fixture
def world() -> World:
    text = annex(*ROWS, title="2026年度区县科协考核表（100分）")
    (read,) = read_notice(read_source("n.txt", text.encode())).tracks
    track = a_body()["tracks"][0] | {"indicators": [row.to_json() for row in read.indicators], "adjustments": []}
    return a_cycle(tracks=[track]).with_units(1).opened()


def test_a_unit_says_how_often_each_applies_and_the_points_follow(world: World) -> None:
    (assessment,) = world.assessments
    claims = [Claim(field="loss", code="1.1.1", value="3"), Claim(field="loss", code="1.1.2", value="9")]
    with world.clock():
        assert save_claims(sheet=assessment.sheet, claims=claims, by=world.filers[assessment.sheet_id]).refused == {}
    assert assessment.sheet.lines.get(code="1.1").claimed == Decimal(88)


def test_the_pages_say_what_is_taken_from_the_full_marks(world: World) -> None:
    (assessment,) = world.assessments
    filer = Visitor(world, world.filers[assessment.sheet_id])
    pages = [filer.get(f"/self-evaluation/{assessment.pk}/"), Visitor(world, world.office).get("/schemes/2026/")]
    assert all("脱岗" in page.content.decode() and "垃圾" in page.content.decode() for page in pages)
