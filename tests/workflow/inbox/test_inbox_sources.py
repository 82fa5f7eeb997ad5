"""Each thing that a person may owe, where it leads, and each way of handing a task on that is refused."""

from datetime import timedelta

import pytest

from accounts.models import Role
from audit.models import Event
from outbox.models import Message
from tests.support.clients import messages_on
from tests.support.inbox import owed_on
from tests.support.pages import Visitor
from tests.support.single import exclude_overdue
from tests.support.world import World, a_cycle, a_person
from workflow.flow.models import Task
from workflow.inbox.services import claim
from workflow.review.services.review import propose_review

pytestmark = pytest.mark.django_db


def waiting(world: World, node: str) -> Task:
    return world.task(world.assessments[0], node)


@pytest.mark.parametrize(
    ("stage", "node", "who", "address"),
    [
        ("opened", "self_evaluation", "filer", "/self-evaluation/{assessment}/"),
        ("submitted", "acceptance", "reviewer", "/acceptance/{assessment}/"),
        ("accepted", "department_review", "reviewer", "/review/{task}/"),
        ("rated", "consolidation", "office", "/consolidation/{assessment}/"),
    ],
)
def test_a_task_s_one_address_leads_to_where_its_work_is_done(stage: str, node: str, who: str, address: str) -> None:
    world: World = getattr(a_cycle().with_units(1), stage)()
    assessment, task = world.assessments[0], waiting(world, node)
    people = {"filer": world.filers[assessment.sheet_id], "reviewer": world.reviewers["district"]}
    visitor = Visitor(world, people.get(who, world.office))
    assert [owed.url for owed in owed_on(visitor.get("/"))] == [f"/tasks/{task.pk}/"]
    to = visitor.get(f"/tasks/{task.pk}/").url
    assert to == address.format(assessment=assessment.pk, task=task.pk)
    assert visitor.get(to).status_code == 200


def test_the_head_owes_what_the_reviewer_proposed() -> None:
    world = a_cycle().with_units(1).accepted()
    task = waiting(world, "department_review")
    head = Visitor(world, world.heads["district"])
    with world.clock():
        for line in world.assessments[0].sheet.lines.all():
            line.reviewed = line.claimed or 0
            line.save()
        propose_review(task=task, by=world.reviewers["district"])
    assert [owed.task for owed in owed_on(head.get("/"))] == [task]
    assert owed_on(Visitor(world, world.reviewers["district"]).get("/")) == []


def test_a_unit_owes_the_receipt_of_the_notice_until_it_confirms() -> None:
    world = a_cycle().with_units(2).circulated()
    filer = Visitor(world, world.filers[world.assessments[0].sheet_id])
    (owed,) = owed_on(filer.get("/"))
    unit_name = world.assessments[0].sheet.unit_name
    assert (owed.url, owed.about, owed.detail) == ("/results/", "测科协发〔2027〕8号", unit_name)
    assert unit_name not in [owed.detail for owed in owed_on(Visitor(world, world.office).get("/"))]


def test_a_leader_who_files_for_a_district_does_not_owe_its_rating() -> None:
    world = a_cycle().with_units(1).accepted()
    unit = world.assessments[0].sheet.unit
    partial = world.leaders[0]
    partial.memberships.create(role=Role.FILER, unit=unit, since=world.at - timedelta(days=9))
    assert world.cycle.ratings_open_at is not None
    world.at = world.cycle.ratings_open_at
    assert "/ratings/" not in [owed.url for owed in owed_on(Visitor(world, partial).get("/"))]
    (owed,) = owed_on(Visitor(world, world.leaders[1]).get("/"))
    assert (owed.url, owed.due_at) == (f"/ratings/?cycle={world.cycle.pk}", world.cycle.ratings_close_at)
    world.at = owed.due_at
    assert owed_on(Visitor(world, world.leaders[1]).get("/")) == []


def test_two_kinds_of_tasks_have_a_tab_each_and_a_wrong_one_shows_all() -> None:
    world = a_cycle().with_units(2).submitted()
    both = Visitor(world, world.reviewers["district"])
    both.post(f"/acceptance/{world.assessments[0].pk}/")
    page = both.get("/")
    assert [tab.count for tab in page.context["tabs"]] == [2, 1, 1]
    for node, assessment in zip(("department_review", "acceptance"), world.assessments, strict=True):
        assert [owed.task for owed in owed_on(both.get(f"/?step={node}"))] == [world.task(assessment, node)]
    for wrong in ("nothing", "publicity"):
        assert len(owed_on(both.get("/", data={"step": wrong}))) == 2


def test_a_person_who_owes_nothing_is_told_so() -> None:
    world = a_cycle().with_units(1).opened()
    page = Visitor(world, world.supervisor).get("/")
    assert (page.status_code, owed_on(page), page.context["total"], page.context["late"]) == (200, [], 0, 0)


def test_an_excluded_unit_owes_nothing_but_sees_how_it_stands() -> None:
    world = a_cycle().with_units(1).opened()
    world.at = world.deadline
    with world.clock():
        exclude_overdue(task=waiting(world, "self_evaluation"))
    page = Visitor(world, world.filers[world.assessments[0].sheet_id]).get("/")
    assert owed_on(page) == []
    assert page.context["own"][0].steps[-1].state == "now"
    assert page.context["elsewhere"] == []


def test_what_was_due_at_this_instant_is_overdue() -> None:
    world = a_cycle().with_units(1).opened()
    filer = Visitor(world, world.filers[world.assessments[0].sheet_id])
    world.at = world.deadline - timedelta(seconds=1)
    assert filer.get("/").context["late"] == 0
    world.at = world.deadline
    assert filer.get("/").context["late"] == 1


def test_a_second_page_holds_the_rest_and_only_tasks() -> None:
    world = a_cycle().with_units(1).submitted()
    task = waiting(world, "acceptance")
    fields = {name: getattr(task, name) for name in ("process_id", "flow_task", "role", "department_id", "token")}
    Task.objects.bulk_create(Task(**fields, status=task.status) for _ in range(60))
    visitor = Visitor(world, world.reviewers["district"])
    first, second = (owed_on(visitor.get("/", data={"page": page})) for page in (1, 2))
    assert (len(first), len(second)) == (50, 11)
    assert not {owed.task for owed in first} & {owed.task for owed in second}


def test_a_claim_that_a_colleague_won_is_told_and_changes_nothing() -> None:
    world = a_cycle().with_units(1).submitted()
    task = waiting(world, "acceptance")
    mine, theirs = (Visitor(world, person["district"]) for person in (world.reviewers, world.heads))
    for answer in (mine.post(f"/tasks/{task.pk}/claim/"), mine.post(f"/tasks/{task.pk}/claim/")):
        assert answer.url == "/"
    assert theirs.post(f"/tasks/{task.pk}/release/").status_code == 404
    assert Event.objects.filter(verb="task.claimed").count() == 1


@pytest.mark.parametrize("more", ["claim", "release"])
def test_a_task_changes_hands_by_a_form_only_and_only_for_those_who_may(more: str) -> None:
    world = a_cycle().with_units(1).submitted()
    path = f"/tasks/{waiting(world, 'acceptance').pk}/{more}/"
    task_page = path.removesuffix(f"{more}/")
    assert Visitor(world, world.reviewers["district"]).get(path).url == task_page
    for outsider in (world.reviewers["society"], world.office, world.supervisor, *world.filers.values()):
        assert Visitor(world, outsider).post(path).status_code == 404


def test_a_filer_s_task_stays_everybody_s_even_when_held() -> None:
    world = a_cycle().with_units(1).opened()
    task = waiting(world, "self_evaluation")
    mine = world.filers[world.assessments[0].sheet_id]
    colleague = a_person(Role.FILER, unit=world.assessments[0].sheet.unit)
    with world.clock():
        claim(task=task, by=mine)
    answer = Visitor(world, colleague).post(f"/tasks/{task.pk}/claim/")
    assert mine.name in messages_on(answer)[0]
    assert [owed.task for owed in owed_on(Visitor(world, colleague).get("/"))] == [task]
    handed = Visitor(world, colleague).post(f"/tasks/{task.pk}/delegate/", {"to": mine.pk, "why": "请你填"})
    assert handed.url == "/"
    assert not Message.objects.filter(cause__startswith="delegated:").exists()


def test_the_page_to_hand_a_task_on_offers_colleagues_without_a_stake_and_not_oneself() -> None:
    world = a_cycle().with_units(1).submitted()
    task = waiting(world, "acceptance")
    partial = a_person(Role.REVIEWER, department=world.desks["district"])
    partial.memberships.create(
        role=Role.FILER, unit=world.assessments[0].sheet.unit, since=world.at - timedelta(days=9)
    )
    page = Visitor(world, world.reviewers["district"]).get(f"/tasks/{task.pk}/delegate/")
    assert list(page.context["form"].fields["to"].queryset) == [world.heads["district"]]
    assert Visitor(world, world.reviewers["society"]).get(f"/tasks/{task.pk}/delegate/").status_code == 404


@pytest.mark.parametrize("to", ["", "x", "999999", "9" * 30])
def test_a_task_is_handed_to_nobody_who_is_none(to: str) -> None:
    world = a_cycle().with_units(1).submitted()
    task = waiting(world, "acceptance")
    page = Visitor(world, world.reviewers["district"]).post(f"/tasks/{task.pk}/delegate/", {"to": to, "why": "请代办"})
    assert page.context["form"].errors["to"]
    assert page.context["form"]["why"].value() == "请代办"
    task.refresh_from_db()
    assert task.owner is None
