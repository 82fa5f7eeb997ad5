"""The inbox and a task's address under odd requests: tabs, pages, hands that are full, and the demands of others."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Department, Role
from audit.models import Event
from documents.models import RosterWaiver
from scoring.models import Step
from tests.support.clients import messages_on
from tests.support.inbox import owed_on
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, a_person
from workflow.filing.services.acceptance import accept
from workflow.flow.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).submitted()


def colleague(world: World) -> Any:
    return a_person(Role.REVIEWER, department=world.desks["district"])


def desk_task(world: World, number: int = 0) -> Task:
    return world.task(world.assessments[number], "acceptance")


# ---- the list ----------------------------------------------------------------------------------------------------


def test_tabs_part_the_steps_when_there_is_more_than_one(world: World) -> None:
    with world.clock():
        accept(task=desk_task(world), by=world.reviewers["district"])
    desk = Visitor(world, world.reviewers["district"])
    page = desk.get("/")
    assert [(tab.count, tab.current) for tab in page.context["tabs"]] == [(2, True), (1, False), (1, False)]
    narrowed = desk.get("/", data={"step": "acceptance"})
    assert [owed.task for owed in owed_on(narrowed)] == [desk_task(world, 1)]
    assert [tab.current for tab in narrowed.context["tabs"]].count(True) == 1


def test_one_step_alone_needs_no_tabs(world: World) -> None:
    assert Visitor(world, world.reviewers["district"]).get("/").context["tabs"] == []


@pytest.mark.parametrize("query", [{"step": "nothing"}, {"page": "99"}, {"page": "x"}, {"page": "-1"}])
def test_a_strange_question_gets_a_page(world: World, query: dict[str, str]) -> None:
    assert Visitor(world, world.reviewers["district"]).get("/", data=query).status_code == 200


def test_somebody_who_owes_nothing_reads_so(world: World) -> None:
    page = Visitor(world, world.supervisor).get("/")
    assert (owed_on(page), page.context["total"], page.context["late"]) == ([], 0, 0)
    assert not page.context["own"]


def test_a_filer_sees_the_last_three_of_their_assessments() -> None:
    worlds = [
        a_cycle(year=year, issued=f"{year}-12-01", deadline=f"{year}-12-31").with_units(1)
        for year in (2024, 2025, 2026, 2027)
    ]
    filer = worlds[-1].filers[worlds[-1].cycle.sheets.get().pk]
    for world in worlds[:-1]:
        unit, long_ago = world.cycle.sheets.get().unit, world.at - timedelta(days=99)
        filer.memberships.create(role=Role.FILER, unit=unit, since=long_ago)
    for world in worlds:
        world.opened()
    own = Visitor(worlds[-1], filer).get("/").context["own"]
    assert [way.assessment.sheet.cycle.year for way in own] == [2027, 2026, 2025]
    assert all(len(way.steps) > 4 for way in own)


@pytest.mark.parametrize("path", ["/", "/tasks/1/"])
def test_lists_are_read_only(world: World, path: str) -> None:
    assert Visitor(world, world.office).post(path).status_code == 405


# ---- a task's address --------------------------------------------------------------------------------------------


def test_a_task_leads_to_where_it_is_done(world: World) -> None:
    first, second = world.assessments
    with world.clock():
        accept(task=desk_task(world), by=world.reviewers["district"])
    desk = Visitor(world, world.reviewers["district"])
    review = world.task(first, "department_review")
    assert desk.get(f"/tasks/{review.pk}/").url == f"/review/{review.pk}/"
    assert desk.get(f"/tasks/{desk_task(world, 1).pk}/").url == f"/acceptance/{second.pk}/"


def test_the_office_s_task_leads_to_consolidation() -> None:
    world = a_cycle().with_units(1).rated()
    (assessment,) = world.assessments
    task = world.task(assessment, "consolidation")
    assert Visitor(world, world.office).get(f"/tasks/{task.pk}/").url == f"/consolidation/{assessment.pk}/"


def test_a_task_of_nobody_is_not_found(world: World) -> None:
    for path in ("/tasks/0/", "/tasks/999999/", "/tasks/999999/claim/", "/tasks/999999/delegate/"):
        ask = Visitor(world, world.office).post if path.endswith("claim/") else Visitor(world, world.office).get
        assert ask(path).status_code == 404


# ---- claimed, released, handed on --------------------------------------------------------------------------------


def test_claiming_twice_and_releasing_twice_change_nothing(world: World) -> None:
    task, desk = desk_task(world), Visitor(world, world.reviewers["district"])
    for way in ("claim", "claim", "release", "release"):
        answer = desk.post(f"/tasks/{task.pk}/{way}/")
        assert answer.url == "/"
        assert messages_on(answer)
    verbs = Event.objects.filter(verb__startswith="task.").values_list("verb", flat=True)
    assert sorted(verbs) == ["task.claimed", "task.released"]


def test_a_page_to_hand_on_offers_colleagues_and_shows_the_steps(world: World) -> None:
    other = colleague(world)
    stranger = a_person(Role.REVIEWER, department=Department.objects.create(code="x", name="别的部"))
    page = Visitor(world, world.reviewers["district"]).get(f"/tasks/{desk_task(world).pk}/delegate/")
    offered = set(page.context["form"].fields["to"].queryset)
    assert other in offered
    assert not {stranger, world.reviewers["district"]} & offered
    assert page.context["steps"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        pytest.param({}, "to", id="to nobody"),
        pytest.param({"to": "0"}, "to", id="to somebody unknown"),
        pytest.param({"to": "x"}, "to", id="no key"),
        pytest.param({"why": "长" * 501}, "why", id="a remark too long"),
    ],
)
def test_handing_on_wrongly_keeps_what_was_typed(world: World, data: dict[str, str], field: str) -> None:
    to = colleague(world)
    sent = {"to": str(to.pk)} | data if field == "why" else {"why": "出差"} | data
    page = Visitor(world, world.reviewers["district"]).post(f"/tasks/{desk_task(world).pk}/delegate/", sent)
    form = page.context["form"]
    assert list(form.errors) == [field]
    assert form["why"].value() == sent["why"]
    assert desk_task(world).owner is None


def test_a_task_in_a_colleague_s_hands_is_not_found(world: World) -> None:
    task, other = desk_task(world), colleague(world)
    Visitor(world, other).post(f"/tasks/{task.pk}/claim/")
    me = Visitor(world, world.reviewers["district"])
    for way in ("claim", "release", "delegate"):
        assert me.post(f"/tasks/{task.pk}/{way}/", {"to": other.pk}).status_code == 404
    assert desk_task(world).owner == other


# ---- an assessment's page ----------------------------------------------------------------------------------------


def test_a_receipt_and_an_assessment_of_others_do_not_exist(world: World) -> None:
    mine, other = world.assessments
    outsider = Visitor(world, world.filers[other.sheet_id])
    receipt = mine.sheet.submissions.get()
    for path in (f"/assessments/{mine.pk}/", f"/receipts/{receipt.pk}/", "/assessments/0/", "/receipts/0/"):
        assert outsider.get(path).status_code == 404


def test_who_oversees_reads_the_whole_sheet_and_units_do_not(world: World) -> None:
    path = f"/assessments/{world.assessments[0].pk}/sheet/"
    for user in (world.office, world.supervisor, world.chief, world.leaders[0]):
        page = Visitor(world, user).get(path)
        assert page.context["groups"]
        assert page.context["steps"]
    for user in (*world.filers.values(), world.reviewers["district"], world.heads["district"]):
        assert Visitor(world, user).get(path).status_code == 403
    assert Visitor(world, world.office).post(path).status_code == 405


def test_events_are_paged_and_their_states_are_words(world: World) -> None:
    assessment = world.assessments[0]
    page = Visitor(world, world.supervisor).get(f"/assessments/{assessment.pk}/", data={"page": "99"})
    labels = {told.went_to for told in page.context["events"]}
    assert str(Step.ACCEPTANCE.label) in labels
    assert str(Step.ACCEPTANCE) not in labels


def test_a_smaller_roster_is_allowed_once_with_a_reason() -> None:
    world = a_cycle().with_units(1).opened()
    path, office = f"/assessments/{world.assessments[0].pk}/roster-waiver/", Visitor(world, world.office)
    page = office.post(path, {"reason": "长" * 2001})
    assert list(page.context["form"].errors) == ["reason"]
    for reason in ("辖区小", "第二次"):
        assert office.post(path, {"reason": reason}).url == f"/assessments/{world.assessments[0].pk}/"
    assert RosterWaiver.objects.get().reason == "辖区小"


def test_a_smaller_roster_is_neither_offered_nor_allowed_once_the_work_is_assessed() -> None:
    world = a_cycle().with_units(1).rated()
    pk, office = world.assessments[0].pk, Visitor(world, world.office)
    assert "roster-waiver" not in office.get(f"/assessments/{pk}/").content.decode()
    assert messages_on(office.post(f"/assessments/{pk}/roster-waiver/", {"reason": "辖区小"}))
    assert not RosterWaiver.objects.exists()


def test_a_smaller_roster_may_be_allowed_until_the_draw() -> None:
    world = a_cycle().with_units(1).accepted()
    office = Visitor(world, world.office)
    assert (
        office.post(f"/assessments/{world.assessments[0].pk}/roster-waiver/", {"reason": "辖区小"}).status_code == 302
    )
    assert RosterWaiver.objects.exists()


def test_a_track_without_recipients_has_no_roster_to_waive() -> None:
    world = a_cycle().with_units(1, "society").opened()
    assessment = world.assessments[0]
    office = Visitor(world, world.office)
    assert "has_roster" not in office.get(f"/assessments/{assessment.pk}/").context
    answer = office.post(f"/assessments/{assessment.pk}/roster-waiver/", {"reason": "无"})
    assert messages_on(answer)
    assert not RosterWaiver.objects.exists()
