"""What a person owes, most urgent first; each task's one address; an assessment's page."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Department, Role
from audit.models import Event
from documents.models import RosterWaiver
from outbox.models import Message
from tests.support.inbox import owed_on
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, a_person
from workflow.board.models import Board
from workflow.filing.services.acceptance import return_for_supplement

pytestmark = pytest.mark.django_db


def test_a_filer_sees_the_self_evaluation_with_its_steps_and_the_way_there() -> None:
    world = a_cycle().with_units(2).opened()
    mine = world.assessments[0]
    filer = Visitor(world, world.filers[mine.sheet_id])
    page = filer.get("/")
    assert [owed.about for owed in owed_on(page)] == [mine.sheet.unit_name]
    assert page.context["own"][0].steps[0].state == "now"
    assert filer.get(owed_on(page)[0].url).url == f"/self-evaluation/{mine.pk}/"


def test_overdue_comes_first_then_this_week_then_later() -> None:
    world = a_cycle().with_units(3).submitted()
    tasks = [world.task(assessment, "acceptance") for assessment in world.assessments]
    for task, due in zip(tasks, (timedelta(days=20), timedelta(days=-1), timedelta(days=2)), strict=True):
        task.due_at = world.at + due
        task.save()
    page = Visitor(world, world.reviewers["district"]).get("/")
    assert [owed.task for owed in owed_on(page)] == [tasks[1], tasks[2], tasks[0]]
    assert len(page.context["groups"]) == 3
    assert (page.context["total"], page.context["late"]) == (3, 1)


def test_a_returned_unit_reads_who_returned_it_and_why() -> None:
    world = a_cycle().with_units(1).submitted()
    assessment = world.assessments[0]
    with world.clock():
        return_for_supplement(
            task=world.task(assessment, "acceptance"),
            by=world.reviewers["district"],
            why="缺公章",
            until=world.at + timedelta(days=2),
            parts=["summary"],
        )
    filer = Visitor(world, world.filers[assessment.sheet_id])
    assert "缺公章" in owed_on(filer.get("/"))[0].detail
    told = Message.objects.filter(to=world.filers[assessment.sheet_id]).order_by("pk").last()
    assert told is not None
    assert "缺公章" in told.said_body
    assert "工作总结" in told.said_body


def test_work_of_others_is_shown_as_theirs() -> None:
    world = a_cycle().with_units(1).submitted()
    page = Visitor(world, world.filers[world.assessments[0].sheet_id]).get("/")
    assert page.context["elsewhere"] == world.assessments
    assert owed_on(page) == []


def test_claim_release_and_delegate() -> None:
    world = a_cycle().with_units(1).submitted()
    task = world.task(world.assessments[0], "acceptance")
    desk = world.desks["district"]
    colleague = a_person(Role.REVIEWER, department=desk)
    me, they = Visitor(world, world.reviewers["district"]), Visitor(world, colleague)
    me.post(f"/tasks/{task.pk}/claim/")
    assert owed_on(they.get("/")) == []
    assert they.post(f"/tasks/{task.pk}/claim/").status_code == 404
    me.post(f"/tasks/{task.pk}/release/")
    assert len(owed_on(they.get("/"))) == 1
    answer = me.post(f"/tasks/{task.pk}/delegate/", {"to": colleague.pk, "why": "出差"})
    assert answer.url == "/"
    task.refresh_from_db()
    assert task.owner == colleague
    assert owed_on(me.get("/")) == []
    assert Message.objects.filter(to=colleague, cause__startswith="delegated:").count() == 1
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"task.claimed", "task.released", "task.delegated"} <= verbs


def test_a_task_is_handed_to_nobody_outside_the_department_or_with_a_stake_in_the_unit() -> None:
    world = a_cycle().with_units(1).submitted()
    assessment = world.assessments[0]
    task = world.task(assessment, "acceptance")
    stranger = a_person(Role.REVIEWER, department=Department.objects.create(code="x", name="别的部"))
    partial = a_person(Role.REVIEWER, department=world.desks["district"])
    partial.memberships.create(role=Role.FILER, unit=assessment.sheet.unit, since=world.at - timedelta(days=9))
    me = Visitor(world, world.reviewers["district"])
    for person in (stranger, partial):
        assert me.post(f"/tasks/{task.pk}/delegate/", {"to": person.pk}).status_code == 200
    task.refresh_from_db()
    assert task.owner is None


def test_a_task_is_found_only_by_whoever_may_do_it_and_leads_to_the_assessment_once_done() -> None:
    world = a_cycle().with_units(2).submitted()
    mine, other = world.assessments
    done = mine.task_set.filter(role=Role.FILER).get()
    filer, outsider = (Visitor(world, world.filers[assessment.sheet_id]) for assessment in (mine, other))
    assert filer.get(f"/tasks/{done.pk}/").url == f"/assessments/{mine.pk}/"
    assert outsider.get(f"/tasks/{done.pk}/").status_code == 404
    waiting = world.task(mine, "acceptance")
    assert filer.get(f"/tasks/{waiting.pk}/").status_code == 404
    assert Visitor(world, world.supervisor).get(f"/tasks/{waiting.pk}/").status_code == 404
    assert Visitor(world, world.reviewers["district"]).get(f"/tasks/{waiting.pk}/").url == f"/acceptance/{mine.pk}/"


def test_leaders_see_what_they_have_not_rated_while_the_window_is_open() -> None:
    world = a_cycle().with_units(2).accepted()
    leader = Visitor(world, world.leaders[0])
    assert owed_on(leader.get("/")) == []
    assert world.cycle.ratings_open_at is not None
    world.at = world.cycle.ratings_open_at
    assert [owed.url for owed in owed_on(leader.get("/"))] == [f"/ratings/?cycle={world.cycle.pk}"]


def test_the_chief_sees_boards_to_sign() -> None:
    world = a_cycle().with_units(1).opened()
    board = Board.objects.create(track=world.assessments[0].sheet.track, version=1, submitted_by=world.office)
    assert [owed.url for owed in owed_on(Visitor(world, world.chief).get("/"))] == [f"/boards/{board.pk}/"]
    assert owed_on(Visitor(world, world.leaders[0]).get("/")) == []


@pytest.mark.parametrize(("count", "told"), [(10, 11), (100, 101), (1000, "1000+")])
def test_the_inbox_takes_a_fixed_number_of_queries(count: int, told: object, django_assert_num_queries: Any) -> None:
    world = a_cycle().with_units(1).submitted()
    task = world.task(world.assessments[0], "acceptance")
    fields = {name: getattr(task, name) for name in ("process_id", "flow_task", "role", "department_id", "token")}
    type(task).objects.bulk_create(type(task)(**fields, status=task.status) for _ in range(count))
    visitor = Visitor(world, world.reviewers["district"])
    with django_assert_num_queries(7):  # SQLite answers one question a trip
        page = visitor.get("/")
    assert page.context["total"] == told


def page_of(world: World, user: Any) -> Any:
    return Visitor(world, user).get(f"/assessments/{world.assessments[0].pk}/")


def test_the_assessments_page_shows_events_to_office_and_supervisor_only() -> None:
    world = a_cycle().with_units(2).submitted()
    mine, other = (world.filers[assessment.sheet_id] for assessment in world.assessments)
    for reader in (world.office, world.supervisor):
        assert len(page_of(world, reader).context["events"]) == 2
    own = page_of(world, mine)
    assert "events" not in own.context
    assert own.context["timeline"][0].by == mine
    assert page_of(world, other).status_code == 404


def test_the_receipt_is_for_those_who_may_read_the_assessment() -> None:
    world = a_cycle().with_units(2).submitted()
    mine, other = (world.filers[assessment.sheet_id] for assessment in world.assessments)
    receipt = world.assessments[0].sheet.submissions.get()
    assert Visitor(world, mine).get(f"/receipts/{receipt.pk}/").status_code == 200
    assert Visitor(world, other).get(f"/receipts/{receipt.pk}/").status_code == 404


def test_the_office_allows_a_smaller_roster_with_a_reason() -> None:
    world = a_cycle().with_units(1).opened()
    path = f"/assessments/{world.assessments[0].pk}/roster-waiver/"
    office = Visitor(world, world.office)
    assert office.post(path, {"reason": " "}).status_code == 200
    assert not RosterWaiver.objects.exists()
    assert office.post(path, {"reason": "辖区小"}).status_code == 302
    assert RosterWaiver.objects.get().waived_by == world.office
    assert Event.objects.get(verb="roster.waived").why == "辖区小"
    assert Visitor(world, world.supervisor).post(path, {"reason": "x"}).status_code == 403
