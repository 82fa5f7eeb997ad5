"""The result of a sheet: what the engine is given, what is kept, and that a missing rating is never a zero."""

from decimal import Decimal
from typing import Any

import pytest

from scoring.models import Incident, Rating, ScoreSheet
from scoring.queries.counted import counted_of
from scoring.services.results import compute_result, score_of, unit_of
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db


def a_sheet(world: World, **reviewed: str) -> ScoreSheet:
    """The first sheet, its lines reviewed as told (`p1_1="40"` is the part 1.1, `D1_1="2"` the rule D1.1)."""
    sheet = world.assessments[0].sheet
    for name, value in reviewed.items():
        sheet.lines.filter(code=name.removeprefix("p").replace("_", ".")).update(reviewed=Decimal(value))
    return sheet


def rate(sheet: ScoreSheet, world: World, *, recipients: list[str], leaders: list[str]) -> None:
    for value in recipients:
        Rating.objects.create(sheet=sheet, component="recipients", value=Decimal(value))
    for leader, value in zip(world.leaders, leaders, strict=False):
        Rating.objects.create(sheet=sheet, component="leaders", rater=leader, value=Decimal(value))


def an_incident(sheet: ScoreSheet, world: World, **decision: object) -> Incident:
    return Incident.objects.create(
        sheet=sheet,
        kind="safety",
        reason="事故",
        document="incidents/x.pdf",
        document_name="x.pdf",
        decided_by=world.office,
        **decision,
    )


def test_the_engine_is_given_what_counts() -> None:
    world = a_cycle().with_units(1).opened()
    sheet = a_sheet(world, p1_1="39.5", D1_1="2")
    rate(sheet, world, recipients=["88", "90"], leaders=["70"])
    an_incident(sheet, world, bars=["特等"])
    unit = unit_of(sheet, counted_of([sheet])[sheet.pk])
    assert (unit.parts, unit.counts) == ({"1.1": Decimal("39.50")}, {"D1.1": 2})
    assert (unit.recipient_ratings, unit.leader_ratings) == ((Decimal(88), Decimal(90)), (Decimal(70),))
    assert unit.incidents[0].bars == ("特等",)


def test_the_result_is_weighed_rounded_once_and_kept() -> None:
    world = a_cycle().with_units(1).opened()
    sheet = a_sheet(world, p1_1="40", p1_2="20", p2_1="35.55", B1_1="2", D1_1="1")
    rate(sheet, world, recipients=["88", "89", "89"], leaders=["90", "91"])
    compute_result(sheet)
    sheet.refresh_from_db()
    assert (sheet.base, sheet.bonus, sheet.deduction) == (Decimal("95.55"), Decimal("2.00"), Decimal("2.00"))
    # 95.55 × 70 % + 266/3 × 20 % + 90.5 × 10 % = 66.885 + 17.7333… + 9.05
    assert sheet.total == Decimal("93.67")
    assert sheet.components == {"work": "95.55", "recipients": "88.67", "leaders": "90.50"}
    assert (sheet.barred, sheet.not_assessed) == (["特等"], False)
    assert sheet.computed_at is not None
    assert any("266 ÷ 3" in sentence for sentence in sheet.explain)


def test_what_is_kept_says_sum_and_count_of_ratings_and_nobodys_own() -> None:
    world = a_cycle().with_units(1).opened()
    sheet = a_sheet(world, p1_1="40")
    rate(sheet, world, recipients=["61", "97"], leaders=["83", "94"])
    compute_result(sheet)
    told = " ".join(sheet.explain)
    assert "158 ÷ 2" in told and "177 ÷ 2" in told
    assert not [number for number in ("61", "97", "83", "94") if number in told]


@pytest.mark.parametrize(
    ("recipients", "leaders", "missing"),
    [([], ["90"], ("recipients",)), (["90"], [], ("leaders",)), ([], [], ("recipients", "leaders"))],
)
def test_a_missing_rating_keeps_the_total_open(
    recipients: list[str], leaders: list[str], missing: tuple[str, ...]
) -> None:
    world = a_cycle().with_units(1).opened()
    sheet = a_sheet(world, p1_1="40")
    rate(sheet, world, recipients=recipients, leaders=leaders)
    assert compute_result(sheet).missing == missing
    sheet.refresh_from_db()
    assert sheet.total is None
    assert [sheet.components[code] for code in missing] == [None] * len(missing)


def test_a_track_of_the_work_assessment_alone_needs_no_rating() -> None:
    world = a_cycle().with_units(1, "society").opened()
    sheet = a_sheet(world, p1_1="40", D1_1="1")
    assert compute_result(sheet).total == Decimal("38.00")
    assert sheet.barred == []


def test_a_total_is_never_below_zero() -> None:
    world = a_cycle().with_units(1, "society").opened()
    sheet = a_sheet(world, p1_1="1", D1_1="9")
    assert compute_result(sheet).total == Decimal("0.00")


def test_a_withdrawn_incident_counts_no_more() -> None:
    world = a_cycle().with_units(1).opened()
    sheet = a_sheet(world, p1_1="40")
    incident = an_incident(sheet, world, not_assessed=True)
    assert score_of(sheet).not_assessed is True
    incident.withdrawn_at = world.at
    incident.save()
    assert score_of(ScoreSheet.objects.get(pk=sheet.pk)).not_assessed is False


def test_to_score_keeps_nothing_and_to_compute_twice_changes_nothing() -> None:
    world = a_cycle().with_units(1, "society").opened()
    sheet = a_sheet(world, p1_1="40")
    score_of(sheet)
    sheet.refresh_from_db()
    assert sheet.total is None
    assert compute_result(sheet) == compute_result(sheet)


def test_results_of_many_are_read_together(django_assert_max_num_queries: Any) -> None:
    world = a_cycle().with_units(3).opened()
    sheets = list(ScoreSheet.objects.filter(cycle=world.cycle).select_related("unit", "track", "cycle__scheme"))
    rate(sheets[0], world, recipients=["88"], leaders=["90"])
    an_incident(sheets[1], world, not_assessed=True)
    with django_assert_max_num_queries(3):
        counted = counted_of(sheets)
    assert [score_of(sheet, counted[sheet.pk]) for sheet in sheets] == [score_of(sheet) for sheet in sheets]
