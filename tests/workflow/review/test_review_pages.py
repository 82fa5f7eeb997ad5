"""Department review in the browser: one unit side by side, the head's approval of many, and the ways back."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Department, Membership, Role, User
from audit.models import Event
from outbox.models import Message
from scoring.models import RecordKind, Responsibility, Step
from tests.support.clients import browser_of
from tests.support.kinds import let_parts_be_of_every_kind
from tests.support.world import START, World, a_cycle, a_person, review
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.review.queries.review import standing_in
from workflow.review.services.records import log_record

pytestmark = pytest.mark.django_db
AUTOSAVE = {"X-Requested-With": "autosave"}


def the_task(world: World, place: int = 0) -> Task:
    return world.task(world.assessments[place], Node.DEPARTMENT_REVIEW)


def page_of(task: Task) -> str:
    return reverse("review-unit", args=[task.pk])


def typed(values: dict[str, str]) -> dict[str, object]:
    return {**values, "changed": list(values)}


def test_what_is_typed_is_saved_and_claims_the_task() -> None:
    world = a_cycle().with_units(1).accepted()
    task, reviewer = the_task(world), world.reviewers["district"]
    with world.clock():
        answer = browser_of(reviewer).post(page_of(task), typed({"value-1.1": "9.5"}), headers=AUTOSAVE)
    task.refresh_from_db()
    line = task.process.sheet.lines.get(code="1.1")
    assert (answer.status_code, answer.json()["errors"]) == (200, {})
    assert (line.reviewed, line.reviewed_by, task.owner) == (Decimal("9.50"), reviewer, reviewer)


def test_a_level_that_is_found_brings_its_points_and_says_what_follows() -> None:
    world = a_cycle().with_units(1).accepted()
    let_parts_be_of_every_kind(world)
    task = the_task(world)
    with world.clock():
        client = browser_of(world.reviewers["district"])
        page = client.get(page_of(task)).content.decode()
        answer = client.post(page_of(task), typed({"level-1.1": "1.1.2"}), headers=AUTOSAVE).json()
        whole = client.post(page_of(task), {"measured-2.1": "两倍"})
    assert all(f'name="{name}"' in page for name in ("level-1.1", "measured-2.1", "loss-1.2.1", "loss-1.2.2"))
    assert answer["values"]["value-1.1"] == "25"
    assert "省级" in answer["html"]["#follows-1-1"]
    assert 'value="两倍"' in whole.content.decode()
    assert list(whole.context["form"].errors) == ["measured-2.1"]


def shown_on(client: Client, task: Task) -> dict[str, str]:
    """What a page brings back as it shows it: its version, and what stands in inputs of part 1.1."""
    context = client.get(page_of(task)).context
    names = ("value-1.1", "note-1.1", "level-1.1", "value-1.2")
    standing = standing_in(context["task"].process.sheet.lines.all(), context["task"].process.sheet.rules)
    return {"version": context["version"]} | {name: standing[name] for name in names}


def test_a_whole_page_brings_back_nothing_that_was_changed_since() -> None:
    world = a_cycle().with_units(1).accepted()
    let_parts_be_of_every_kind(world)
    task, client = the_task(world), browser_of(world.reviewers["district"])
    with world.clock():
        other_tab = shown_on(client, task)
        client.post(page_of(task), typed({"level-1.1": "1.1.2", "note-1.1": "省级\n文件"}), headers=AUTOSAVE)
        client.post(page_of(task), other_tab | {"value-1.2": "8"})
        line, other = (task.process.sheet.lines.get(code=code) for code in ("1.1", "1.2"))
        assert (line.reviewed, line.review_note, other.reviewed) == (25, "省级\n文件", 8)
        now = shown_on(client, task)
        client.post(page_of(task), now | {"note-1.1": "省级\r\n文件", "value-1.1": ""})
    line.refresh_from_db()
    assert (line.reviewed, line.review_note) == (None, "省级\n文件")


def test_the_version_of_a_page_that_saves_itself_follows_what_it_shows() -> None:
    world = a_cycle().with_units(1).accepted()
    let_parts_be_of_every_kind(world)
    task, client = the_task(world), browser_of(world.reviewers["district"])
    with world.clock():
        page = shown_on(client, task)
        client.post(page_of(task), typed({"note-1.2": "他人所写"}), headers=AUTOSAVE)
        sent = typed({"level-1.1": "1.1.2"}) | {"version": page["version"]}
        answer = client.post(page_of(task), sent, headers=AUTOSAVE).json()
        whole = page | {"level-1.1": "1.1.1", "value-1.1": "40", "note-1.2": "", "version": answer["version"]}
        client.post(page_of(task), whole)
        back = page | {"version": answer["version"]}  # as the page was before it saved itself
        lines = {line.code: line for line in task.process.sheet.lines.all()}
        assert (lines["1.1"].reviewed, lines["1.2"].review_note) == (40, "他人所写")
        client.post(page_of(task), back)
    assert task.process.sheet.lines.get(code="1.1").reviewed is None


def test_losses_that_are_recorded_stand_beside_their_part() -> None:
    world = a_cycle().with_units(1).accepted()
    let_parts_be_of_every_kind(world)
    task, reviewer = the_task(world), world.reviewers["district"]
    unit, department, day = task.process.sheet.unit, Department.objects.create(code="else", name="办公室"), START.date()
    by = a_person(Role.REVIEWER, department=department)
    with world.clock():
        log_record(
            cycle=world.cycle,
            unit=unit,
            department=department,
            by=by,
            kind=RecordKind.DEDUCTION,
            code="1.2.1",
            times=3,
            text="三次未到会",
            happened_on=day,
        )
        page = browser_of(reviewer).get(page_of(task))
    rows = {row.line.code: row for group in page.context["groups"] for row in group.lines}
    assert [(record.code, record.times) for record in rows["1.2"].records] == [("1.2.1", 3)]
    assert rows["1.2"].suggestion is None


@pytest.mark.parametrize("value", ["40.01", "-1", "viele", "1.234", "99999999"])
def test_a_wrong_number_is_named_at_its_field_and_the_rest_is_saved(value: str) -> None:
    world = a_cycle().with_units(1).accepted()
    task = the_task(world)
    with world.clock():
        client = browser_of(world.reviewers["district"])
        answer = client.post(page_of(task), typed({"value-1.1": value, "value-1.2": "8"}), headers=AUTOSAVE)
    lines = {line.code: line.reviewed for line in task.process.sheet.lines.all()}
    assert list(answer.json()["errors"]) == ["value-1.1"]
    assert (lines["1.1"], lines["1.2"]) == (None, Decimal(8))


def test_without_scripts_the_page_comes_back_with_everything_that_was_typed() -> None:
    world = a_cycle().with_units(1).accepted()
    task = the_task(world)
    with world.clock():
        data = {"value-1.1": "41", "note-1.1": "材料不足", "value-1.2": "8"}
        answer = browser_of(world.reviewers["district"]).post(page_of(task), data)
    assert answer.status_code == 200
    assert 'value="41"' in answer.content.decode()
    assert "材料不足" in answer.content.decode()


def test_times_of_a_rule_are_whole_numbers() -> None:
    world = a_cycle().with_units(1).accepted()
    task = the_task(world)
    with world.clock():
        client = browser_of(world.reviewers["district"])
        answer = client.post(page_of(task), typed({"value-D1.1": "1.5"}), headers=AUTOSAVE)
    assert list(answer.json()["errors"]) == ["value-D1.1"]


def test_handing_over_needs_all_points_and_a_reason_for_a_difference() -> None:
    world = a_cycle().with_units(1).accepted()
    task = the_task(world)
    client = browser_of(world.reviewers["district"])
    with world.clock():
        first = client.post(page_of(task), {"value-1.1": "10", "propose": "1"})
        client.post(page_of(task), {"value-1.2": "10", "value-2.1": "7"})
        second = client.post(page_of(task), {"note-2.1": "", "propose": "1"})
        task.refresh_from_db()
        assert task.role == Role.REVIEWER
        third = client.post(page_of(task), {"note-2.1": "两项没有佐证", "propose": "1"})
    task.refresh_from_db()
    assert third.headers["Location"] == f"/review/?cycle={world.cycle.pk}"
    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 302)
    assert "note-2.1" in second.context["form"].errors
    assert "2.1 的理由" in second.content.decode(), "the error is listed by the name of its field"
    assert (task.role, task.owner, task.handed_over_by) == (Role.HEAD, None, world.reviewers["district"])
    assert Message.objects.filter(to=world.heads["district"]).exists()


def test_records_stand_ready_and_want_an_answer() -> None:
    world = a_cycle().with_units(1).accepted()
    task, reviewer = the_task(world), world.reviewers["district"]
    sheet = task.process.sheet
    with world.clock():
        facts = {"cycle": world.cycle, "unit": sheet.unit, "department": task.department, "by": reviewer}
        day = START.date()
        log_record(kind=RecordKind.DEDUCTION, code="D1.1", times=2, text="未按时报送", happened_on=day, **facts)
        log_record(kind=RecordKind.NOTE, text="承办了全市活动", happened_on=day, **facts)
        client = browser_of(reviewer)
        shown = client.get(page_of(task))
        review_all = {f"value-{code}": "10" for code in ("1.1", "1.2", "2.1")}
        refused = client.post(page_of(task), {**review_all, "value-D1.1": "", "propose": "1"})
        accepted = client.post(page_of(task), {"value-D1.1": "2", "propose": "1"})
    rows = {row.line.code: row for group in shown.context["groups"] for row in group.lines}
    assert rows["D1.1"].suggestion == 2
    assert "承办了全市活动" in shown.content.decode()
    assert "value-D1.1" in refused.context["form"].errors
    assert accepted.status_code == 302


def test_the_head_sees_first_which_and_how_many_and_then_approves() -> None:
    world = a_cycle().with_units(2, "society").accepted()
    tasks = [the_task(world, place) for place in (0, 1)]
    with world.clock():
        for task in tasks:
            review(task, world.reviewers["society"])
        client = browser_of(world.heads["society"])
        data = {"ids": [task.pk for task in tasks]}
        asked = client.post(reverse("review-approve"), data)
        assert [assessment.step for assessment in world.assessments] == [Step.DEPARTMENT_REVIEW] * 2
        assert "30" in asked.context["items"][0]["note"]
        client.post(reverse("review-approve"), {**data, "confirmed": "1"})
    assert [assessment.step for assessment in world.assessments] == [Step.CONSOLIDATION] * 2
    assert {task.outcome.kind for task in Task.objects.filter(pk__in=data["ids"])} == {OutcomeKind.REVIEWED}


def test_the_head_hands_back_with_a_reason() -> None:
    world = a_cycle().with_units(1).accepted()
    task, reviewer = the_task(world), world.reviewers["district"]
    with world.clock():
        review(task, reviewer)
        client = browser_of(world.heads["district"])
        silent = client.post(reverse("review-hand-back", args=[task.pk]), {"why": ""})
        client.post(reverse("review-hand-back", args=[task.pk]), {"why": "第1项请核实"})
    task.refresh_from_db()
    assert silent.status_code == 200
    assert (task.role, task.owner) == (Role.REVIEWER, reviewer)
    assert Message.objects.get(to=reviewer, cause__startswith="handed-back:").body.endswith("\n第1项请核实")
    assert Event.objects.filter(verb="review.handed_back", why="第1项请核实").count() == 1


def test_with_the_head_nothing_can_be_typed_any_more() -> None:
    world = a_cycle().with_units(1).accepted()
    task, reviewer = the_task(world), world.reviewers["district"]
    with world.clock():
        review(task, reviewer)
        answer = browser_of(reviewer).post(page_of(task), typed({"value-1.1": "1"}), headers=AUTOSAVE)
    assert answer.json()["errors"]
    assert task.process.sheet.lines.get(code="1.1").reviewed == Decimal(10)


def test_whoever_scored_does_not_approve_unless_alone_and_then_it_is_recorded() -> None:
    world = a_cycle().with_units(1).accepted()
    task, head = the_task(world), world.heads["district"]
    with world.clock():
        review(task, head)
        client = browser_of(head)
        client.post(reverse("review-approve"), {"ids": [task.pk], "confirmed": "1"})
        task.refresh_from_db()
        assert task.finished is None
        User.objects.filter(pk=world.reviewers["district"].pk).update(is_active=False)
        client.post(reverse("review-approve"), {"ids": [task.pk], "confirmed": "1"})
    task.refresh_from_db()
    assert task.finished is not None
    assert Event.objects.get(verb="review.approved").data["approved_own_scores"] is True


def test_a_reviewer_does_not_approve() -> None:
    world = a_cycle().with_units(1).accepted()
    task, reviewer = the_task(world), world.reviewers["district"]
    with world.clock():
        review(task, reviewer)
        answer = browser_of(reviewer).post(reverse("review-approve"), {"ids": [task.pk], "confirmed": "1"})
    assert answer.status_code == 403


def test_outsiders_find_nothing() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").accepted()
    task = the_task(world)
    other = world.reviewers["society"]
    own = world.reviewers["district"]
    Membership.objects.create(user=own, role=Role.FILER, unit=task.process.sheet.unit, since=START)
    with world.clock():
        assert browser_of(other).get(page_of(task)).status_code == 404
        assert browser_of(own).get(page_of(task)).status_code == 404
        for person in (world.office, world.leaders[0], world.filers[task.process.sheet_id]):
            assert browser_of(person).get(page_of(task)).status_code == 403
        assert browser_of(None).get(page_of(task)).status_code == 302


def test_others_parts_are_neither_shown_nor_saved() -> None:
    world = a_cycle().with_units(1)
    other = Department.objects.create(code="other", name="科普部")
    Responsibility.objects.filter(track__code="district", code__in=["2.1", "B1"]).update(department=other)
    reviewer = a_person(Role.REVIEWER, department=other)
    world.accepted()
    tasks = {task.department_id: task for task in Task.objects.filter(department__isnull=False, finished=None)}
    mine = tasks[other.pk]
    with world.clock():
        client = browser_of(reviewer)
        codes = [row.line.code for group in client.get(page_of(mine)).context["groups"] for row in group.lines]
        client.post(page_of(mine), typed({"value-1.1": "3", "value-2.1": "5"}), headers=AUTOSAVE)
    lines = {line.code: line.reviewed for line in mine.process.sheet.lines.all()}
    assert codes == ["2.1", "B1.1"]
    assert (lines["1.1"], lines["2.1"]) == (None, Decimal(5))


@pytest.mark.parametrize("units", [2, 12])
def test_the_list_needs_the_same_queries_for_few_and_many(units: int, django_assert_max_num_queries: object) -> None:
    world = a_cycle().with_units(units).accepted()
    client = browser_of(world.heads["district"])
    with world.clock(), django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
        assert len(client.get(reverse("review")).context["page"].object_list) == units
