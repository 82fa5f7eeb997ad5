"""What a unit claims: read as people write numbers, kept field by field, never over what a colleague saved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role, User
from audit.models import Event
from common import clock
from common.errors import DomainError
from common.saving import Saved
from scoring.models import LineKind, ScoreSheet, SheetLine
from tests.support.discretion import let_b1_1_be_given_at_discretion
from tests.support.world import START, World, a_cycle, a_person
from workflow.filing.queries.claims import covers, version_of
from workflow.filing.services.claims import LONGEST_TEXT, Claim, read_claim, read_text, save_claims

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(1).opened()


def sheet_of(world: World) -> ScoreSheet:
    sheet: ScoreSheet = world.assessments[0].sheet
    return sheet


def filer_of(world: World) -> User:
    return world.filers[sheet_of(world).pk]


def save(world: World, *typed: tuple[str, str, str], scope: Sequence[str] = (), version: str = "") -> Saved[str]:
    with world.clock():
        return save_claims(
            sheet=sheet_of(world),
            claims=[Claim(code=code, field=field, value=value) for code, field, value in typed],
            by=filer_of(world),
            scope=scope,
            version=version,
        )


def version(world: World) -> str:
    sheet = sheet_of(world)
    return version_of(sheet.lines.order_by("position"), sheet.rules)


@pytest.mark.parametrize(
    ("code", "typed", "expected"),
    [
        ("1.1", "40", "40"),
        ("1.1", "0", "0"),
        ("1.1", "39.99", "39.99"),
        ("1.1", " 9.5 ", "9.5"),
        ("1.1", "９．５", "9.5"),
        ("1.1", "", None),
        ("1.1", "　", None),
        ("B1.1", "999", "999"),
        ("B1.1", "2.0", "2"),
        ("D1.1", "0", "0"),
    ],
)
def test_numbers_are_read_as_people_write_them(world: World, code: str, typed: str, expected: str | None) -> None:
    line = sheet_of(world).lines.get(code=code)
    assert read_claim(line, typed, line.sheet.rules) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("1.1", "40.01"),
        ("1.1", "-1"),
        ("1.1", "9.555"),
        ("1.1", "1e1"),
        ("1.1", "NaN"),
        ("1.1", "100000"),
        ("1.1", "九分"),
        ("1.1", "9,5"),
        ("B1.1", "1.5"),
        ("B1.1", "1000"),
        ("B1.1", "两次"),
    ],
)
def test_what_is_no_claim_is_said_and_the_old_value_stays(world: World, code: str, typed: str) -> None:
    save(world, (code, "claimed", "1"))
    saved = save(world, (code, "claimed", typed))
    assert list(saved.refused) == [f"claimed-{code}"]
    assert sheet_of(world).lines.get(code=code).claimed == 1


def test_a_rule_that_counts_once_is_claimed_once(world: World) -> None:
    line, rules = sheet_of(world).lines.get(code="B1.1"), sheet_of(world).rules
    once = replace(rules.adjustments[0], rules=(replace(rules.adjustments[0].rules[0], per=None),))
    rules = replace(rules, adjustments=(once,))
    assert read_claim(line, "1", rules) == 1
    with pytest.raises(DomainError, match="1"):
        read_claim(line, "2", rules)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=st.text(max_size=12) | st.decimals(places=2, min_value=-50, max_value=60).map(str))
def test_whatever_is_typed_a_claim_lies_within_the_part_or_is_refused(world: World, typed: str) -> None:
    line = SheetLine(kind=LineKind.PART, code="1.1")
    try:
        points = read_claim(line, typed, sheet_of(world).rules)
    except DomainError as problem:
        assert str(problem.message)
        return
    assert points is None or 0 <= points <= 40
    assert points is None or points == round(points, 2)


def test_words_are_kept_whole_or_refused_never_cut(world: World) -> None:
    assert read_text(" 一\r\n二\x00 ") == "一\n二"
    saved = save(world, ("1.1", "text", "长" * LONGEST_TEXT), ("1.2", "text", "长" * (LONGEST_TEXT + 1)))
    assert saved.saved == {"text-1.1"}
    assert str(LONGEST_TEXT) in saved.refused["text-1.2"]
    assert len(sheet_of(world).lines.get(code="1.1").text) == LONGEST_TEXT
    assert sheet_of(world).lines.get(code="1.2").text == ""


@pytest.mark.parametrize("claim", [("9.9", "claimed", "1"), ("1.1", "final", "1"), ("B1", "claimed", "1")])
def test_a_field_that_the_sheet_has_not_is_passed_over(world: World, claim: tuple[str, str, str]) -> None:
    saved = save(world, claim)
    assert (saved.saved, saved.refused, saved.collided) == (set(), {}, {})
    assert not sheet_of(world).lines.exclude(claimed=None).exists()


@pytest.mark.parametrize(
    ("scope", "code", "covered"),
    [
        ([], "1.1", True),
        (["1.1"], "1.1", True),
        (["1.1"], "1.10", False),
        (["B1"], "B1.1", True),
        (["B1"], "B10.1", False),
        (["summary"], "1.1", False),
        (["1.1", "roster"], "roster", True),
    ],
)
def test_a_return_covers_what_it_names_and_what_hangs_on_that(scope: list[str], code: str, covered: bool) -> None:
    assert covers(scope, code) is covered


def test_only_what_was_returned_is_saved(world: World) -> None:
    saved = save(world, ("1.1", "claimed", "3"), ("1.2", "claimed", "3"), ("B1.1", "claimed", "1"), scope=["1.1", "B1"])
    assert saved.saved == {"claimed-1.1", "claimed-B1.1"}
    assert list(saved.refused) == ["claimed-1.2"]


def test_the_same_value_again_is_saved_without_an_event(world: World) -> None:
    save(world, ("1.1", "claimed", "3"))
    Event.objects.filter(verb="assessment.claims_saved").delete()
    assert save(world, ("1.1", "claimed", "3.00")).saved == {"claimed-1.1"}
    assert not Event.objects.filter(verb="assessment.claims_saved").exists()


def test_another_person_s_saves_are_an_event_of_their_own(world: World) -> None:
    save(world, ("1.1", "claimed", "3"))
    colleague = a_person(Role.FILER, unit=sheet_of(world).unit)
    with clock.travel(START + timedelta(minutes=1)):
        claim = Claim(code="1.1", field="claimed", value="4")
        save_claims(sheet=sheet_of(world), claims=[claim], by=colleague)
    actors = Event.objects.filter(verb="assessment.claims_saved").order_by("pk").values_list("actor", flat=True)
    assert list(actors) == [filer_of(world).pk, colleague.pk]


def test_who_claimed_and_when_is_kept_with_the_line(world: World) -> None:
    save(world, ("1.1", "text", "三次"))
    line = sheet_of(world).lines.get(code="1.1")
    assert (line.claimed_by, line.claimed_at) == (filer_of(world), world.at)


def test_a_version_that_was_seen_keeps_two_people_apart(world: World) -> None:
    seen = version(world)
    save(world, ("1.1", "claimed", "30"))
    saved = save(world, ("1.1", "claimed", "20"), ("1.2", "claimed", "7"), version=seen)
    assert saved.collided["claimed-1.1"].value == "30"
    assert saved.collided["claimed-1.1"].at == "12月1日 周二 09:00"
    assert saved.saved == {"claimed-1.2"}


def test_two_people_who_type_the_same_do_not_collide(world: World) -> None:
    seen = version(world)
    save(world, ("1.1", "claimed", "30"))
    assert not save(world, ("1.1", "claimed", "30"), version=seen).collided


def test_a_form_that_brings_back_what_it_showed_changes_nothing(world: World) -> None:
    seen = version(world)
    save(world, ("1.1", "claimed", "30"))
    saved = save(world, ("1.1", "claimed", ""), version=seen)
    assert not saved.saved
    assert sheet_of(world).lines.get(code="1.1").claimed == 30


def test_a_value_of_nobody_known_collides_without_a_name(world: World) -> None:
    seen = version(world)
    sheet_of(world).lines.filter(code="1.1").update(claimed=Decimal(5))
    theirs = save(world, ("1.1", "claimed", "6"), version=seen).collided["claimed-1.1"]
    assert (theirs.value, theirs.by, theirs.at) == ("5", "", "")


@pytest.mark.parametrize("seen", ["", "x", "0" * 7])
def test_a_version_of_another_shape_is_none(world: World, seen: str) -> None:
    save(world, ("1.1", "claimed", "30"))
    assert save(world, ("1.1", "claimed", "20"), version=seen).saved == {"claimed-1.1"}


@pytest.mark.parametrize(("points", "kept"), [("1.5", True), ("0", True), ("0.25", False), ("2.5", False)])
def test_points_at_discretion_are_claimed_within_their_range(world: World, points: str, kept: bool) -> None:
    let_b1_1_be_given_at_discretion(world)
    assert bool(save(world, ("B1.1", "claimed", points)).refused) is not kept
