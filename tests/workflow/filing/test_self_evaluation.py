"""A unit fills in its self-evaluation, through its pages, with the whole cast around it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Role
from audit.models import Event
from documents.models import Material, Submission
from scoring.models import Step
from tests.support.filing import returned
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, a_person
from workflow.flow.models import Assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).opened()


def first(world: World) -> Assessment:
    return world.assessments[0]


def filer_of(world: World, assessment: Assessment) -> Visitor:
    return Visitor(world, world.filers[assessment.sheet_id])


def sheet_path(assessment: Assessment, more: str = "") -> str:
    return f"/self-evaluation/{assessment.pk}/{more}"


def claimed(assessment: Assessment, code: str) -> Decimal | None:
    value: Decimal | None = assessment.sheet.lines.get(code=code).claimed
    return value


def test_the_list_leads_straight_to_the_only_running_sheet(world: World) -> None:
    answer = filer_of(world, first(world)).get("/self-evaluation/")
    assert answer.url == sheet_path(first(world))


def test_the_page_shows_every_indicator_in_the_notices_words_with_targets_and_rates(world: World) -> None:
    page = filer_of(world, first(world)).get(sheet_path(first(world))).content.decode()
    assert "1.开展系列活动3次以上（40分），开展志愿服务（20分）。" in page
    assert 'name="claimed-1.1"' in page
    assert 'name="claimed-B1.1"' in page
    assert "/ 40 " in page


def test_saving_as_one_types_keeps_the_right_fields_and_tells_the_wrong_ones(world: World) -> None:
    filer = filer_of(world, first(world))
    answer = filer.autosave(
        sheet_path(first(world), "save/"), claimed_1_1="39.5", claimed_1_2="20.5", text_1_1="做了三次"
    ).json()
    assert set(answer["errors"]) == {"claimed-1.2"}
    assert answer["saved_at"] == "09:00"
    assert "39.5" in answer["html"]["#total"]
    assert claimed(first(world), "1.1") == Decimal("39.5")
    assert claimed(first(world), "1.2") is None


@pytest.mark.parametrize("typed", ["-1", "abc", "1.234", "40.01", "1e1", "∞", "1,5"])
def test_a_number_that_is_none_is_told_at_its_field(world: World, typed: str) -> None:
    answer = filer_of(world, first(world)).autosave(sheet_path(first(world), "save/"), claimed_1_1=typed).json()
    assert "claimed-1.1" in answer["errors"]
    assert claimed(first(world), "1.1") is None


def test_full_width_digits_and_an_emptied_field_are_understood(world: World) -> None:
    filer = filer_of(world, first(world))
    filer.autosave(sheet_path(first(world), "save/"), claimed_1_1="９．５")
    assert claimed(first(world), "1.1") == Decimal("9.5")
    filer.autosave(sheet_path(first(world), "save/"), claimed_1_1=" ")
    assert claimed(first(world), "1.1") is None


@pytest.mark.parametrize("typed", ["1.5", "1000"])
def test_a_count_is_whole_and_within_reason(world: World, typed: str) -> None:
    answer = filer_of(world, first(world)).autosave(sheet_path(first(world), "save/"), claimed_B1_1=typed).json()
    assert "claimed-B1.1" in answer["errors"]


def test_the_bonus_claimed_stays_within_its_caps(world: World) -> None:
    answer = filer_of(world, first(world)).autosave(sheet_path(first(world), "save/"), claimed_B1_1="7")
    assert answer.status_code == 200
    page = filer_of(world, first(world)).get(sheet_path(first(world)))
    assert page.context["page"].bonus == 3


def test_a_plain_form_keeps_what_is_wrong_on_the_page_and_saves_the_rest(world: World) -> None:
    filer = filer_of(world, first(world))
    answer = filer.post(sheet_path(first(world)), {"claimed-1.1": "abc", "claimed-2.1": "5", "text-1.1": "三次"})
    assert answer.status_code == 200
    assert 'value="abc"' in answer.content.decode()
    assert claimed(first(world), "2.1") == 5
    assert first(world).sheet.lines.get(code="1.1").text == "三次"


def test_what_a_colleague_saved_meanwhile_is_shown_and_not_overwritten(world: World) -> None:
    assessment = first(world)
    colleague = Visitor(world, a_person(Role.FILER, unit=assessment.sheet.unit, name="同事甲"))
    version = filer_of(world, assessment).get(sheet_path(assessment)).context["version"]
    colleague.autosave(sheet_path(assessment, "save/"), claimed_1_1="30")
    answer = filer_of(world, assessment).autosave(
        sheet_path(assessment, "save/"), claimed_1_1="20", claimed_1_2="7", version=version
    )
    assert answer.status_code == 409
    body = answer.json()
    assert body["conflict"]["claimed-1.1"] == {"theirs": "30", "by": "同事甲", "at": "12月1日 周二 09:00"}
    assert (claimed(assessment, "1.1"), claimed(assessment, "1.2")) == (Decimal(30), Decimal(7))
    mine = filer_of(world, assessment).autosave(
        sheet_path(assessment, "save/"), claimed_1_1="20", version=body["version"]
    )
    assert mine.status_code == 200
    assert claimed(assessment, "1.1") == 20


def test_a_whole_form_does_not_bring_back_what_a_colleague_changed(world: World) -> None:
    assessment = first(world)
    filer = filer_of(world, assessment)
    version = filer.get(sheet_path(assessment)).context["version"]
    filer_of(world, assessment).autosave(sheet_path(assessment, "save/"), claimed_1_1="30")
    filer.post(sheet_path(assessment), {"claimed-1.1": "", "claimed-1.2": "8", "version": version})
    assert (claimed(assessment, "1.1"), claimed(assessment, "1.2")) == (Decimal(30), Decimal(8))


def test_a_burst_of_saves_is_one_event(world: World) -> None:
    filer = filer_of(world, first(world))
    for value in ("1", "2", "3"):
        filer.autosave(sheet_path(first(world), "save/"), claimed_1_1=value)
    assert Event.objects.filter(verb="assessment.claims_saved").count() == 1
    world.at += timedelta(minutes=11)
    filer.autosave(sheet_path(first(world), "save/"), claimed_1_1="4")
    assert Event.objects.filter(verb="assessment.claims_saved").count() == 2


def test_the_check_says_what_is_missing_and_nothing_is_handed_in(world: World) -> None:
    filer = filer_of(world, first(world))
    page = filer.get(sheet_path(first(world), "check/"))
    assert len(page.context["missing"]) == 3
    assert filer.post(sheet_path(first(world), "check/")).status_code == 200
    assert not Submission.objects.exists()


def test_handing_in_gives_a_receipt_and_a_second_click_the_same() -> None:
    world = a_cycle().with_units(1).filled()
    filer = filer_of(world, first(world))
    path = sheet_path(first(world), "check/")
    assert filer.get(path).context["doubts"]
    receipt = filer.post(path)
    assert filer.post(path).url == receipt.url
    page = filer.get(receipt.url).content.decode()
    submission = Submission.objects.get()
    assert submission.receipt in page
    assert submission.sha256 in page
    assert first(world).step == Step.ACCEPTANCE


def test_once_handed_in_it_is_read_only() -> None:
    world = a_cycle().with_units(1).submitted()
    filer = filer_of(world, first(world))
    page = filer.get(sheet_path(first(world)))
    assert 'name="claimed-1.1"' not in page.content.decode()
    answer = filer.autosave(sheet_path(first(world), "save/"), claimed_1_1="1")
    assert answer.status_code == 422
    assert claimed(first(world), "1.1") == 10


def test_after_the_deadline_nothing_is_saved_or_handed_in_and_the_page_says_so() -> None:
    world = a_cycle().with_units(1).filled()
    world.at = world.deadline
    filer = filer_of(world, first(world))
    assert filer.get(sheet_path(first(world), "check/")).context["late"]
    assert filer.autosave(sheet_path(first(world), "save/"), claimed_1_1="1").status_code == 422
    filer.post(sheet_path(first(world), "check/"))
    assert not Submission.objects.exists()


def test_only_what_was_returned_can_be_changed() -> None:
    world = a_cycle().with_units(1).submitted()
    assessment = first(world)
    returned(world, "1.1", "B1")
    filer = filer_of(world, assessment)
    page = filer.get(sheet_path(assessment)).content.decode()
    assert "请补正" in page
    assert 'name="claimed-1.1"' in page
    assert 'name="claimed-1.2"' not in page
    answer = filer.autosave(sheet_path(assessment, "save/"), claimed_1_1="9", claimed_1_2="9", claimed_B1_1="1").json()
    assert set(answer["errors"]) == {"claimed-1.2"}
    assert claimed(assessment, "1.1") == 9
    assert filer.post(sheet_path(assessment, "check/")).status_code == 302
    assert first(world).step == Step.ACCEPTANCE
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("more", ["", "check/", "materials/", "roster/", "roster/template.csv"])
def test_another_units_filer_finds_nothing(world: World, more: str) -> None:
    mine, other = world.assessments
    assert filer_of(world, other).get(sheet_path(mine, more)).status_code == 404


@pytest.mark.parametrize("who", ["office", "supervisor", "chief"])
def test_whoever_is_no_filer_is_refused(world: World, who: str) -> None:
    visitor = Visitor(world, getattr(world, who))
    assert visitor.get(sheet_path(first(world))).status_code == 403
    assert visitor.post(sheet_path(first(world), "check/")).status_code == 403


@pytest.mark.parametrize("files", [0, 12])
def test_the_page_takes_a_fixed_number_of_queries(files: int, django_assert_num_queries: Any) -> None:
    world = a_cycle().with_units(1).filled()
    summary = Material.objects.get()
    fields = {name: getattr(summary, name) for name in ("sheet", "file", "name", "size", "sha256", "uploaded_by")}
    Material.objects.bulk_create(Material(**fields, kind="evidence", code="1.1") for _ in range(files))
    filer, path = filer_of(world, first(world)), sheet_path(first(world))
    with django_assert_num_queries(13):
        filer.get(path)
