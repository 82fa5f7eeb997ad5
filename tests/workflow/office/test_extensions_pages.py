"""Extensions and reinstatements from the list of the cycle: for one or many, with a reason, each by itself (R6)."""

import pytest

from audit.models import Event
from audit.verbs import Verb
from common import clock
from scoring.models import Step
from tests.support.clients import browser_of
from tests.support.world import World, a_cycle
from workflow.filing.services.self_evaluation import exclude_overdue
from workflow.flow.models import Task

pytestmark = pytest.mark.django_db
URL = "/cycles/2026/extensions/"


def extend(world: World, *, follow: bool = False, **data: object):
    ids = [assessment.pk for assessment in world.assessments]
    return browser_of(world.office).post(URL, {"ids": ids, "confirmed": "1"} | data, follow=follow)


def test_the_page_names_who_gets_more_time_and_changes_nothing_yet() -> None:
    world = a_cycle().with_units(2).opened()
    with world.clock():
        page = browser_of(world.office).get(URL, {"ids": [world.assessments[0].pk]})
    assert len(page.context["items"]) == 1
    assert not Event.objects.filter(verb=Verb.EXTENDED).exists()


def test_many_deadlines_move_to_the_end_of_the_day_given() -> None:
    world = a_cycle().with_units(2).opened()
    with world.clock():
        assert extend(world, day="2027-01-05", why="系统故障").status_code == 302
    for assessment in world.assessments:
        assert world.task(assessment, "self_evaluation").due_at.isoformat() == "2027-01-05T16:00:00+00:00"
    assert Event.objects.filter(verb=Verb.EXTENDED, why="系统故障").count() == 2


def test_the_excluded_are_reinstated_beside_those_that_get_more_time() -> None:
    world = a_cycle().with_units(2).opened()
    with clock.travel(world.cycle.deadline_at):
        exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
        assert extend(world, day="2027-01-05", why="同意").status_code == 302
    assert [assessment.step for assessment in world.assessments] == [Step.SELF_EVALUATION] * 2
    assert Event.objects.filter(verb__in=[Verb.EXTENDED, Verb.REINSTATED]).count() == 2


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("why", {"day": "2027-01-05", "why": ""}),
        ("day", {"day": "", "why": "同意"}),
        ("day", {"day": "2026-11-01", "why": "同意"}),
    ],
)
def test_a_missing_reason_or_a_past_day_stays_at_its_field(field: str, data: dict[str, str]) -> None:
    world = a_cycle().with_units(2).opened()
    with world.clock():
        answer = extend(world, **data)
    assert field in answer.context["form"].errors
    assert answer.context["form"]["why"].value() == data["why"]
    assert not Event.objects.filter(verb=Verb.EXTENDED).exists()


def test_one_that_cannot_be_extended_is_named_and_the_others_go_on() -> None:
    world = a_cycle().with_units(2).opened()
    task = world.task(world.assessments[1], "self_evaluation")
    task.due_at = clock.end_of(task.due_at.date().replace(year=2028))
    task.save()
    with world.clock():
        page = extend(world, follow=True, day="2027-01-05", why="同意")
    first, later = (assessment.sheet for assessment in world.assessments)
    (refusal, done) = map(str, page.context["messages"])
    assert refusal.startswith(f"{later.unit_name}：") and "1" in done
    assert Event.objects.get(verb=Verb.EXTENDED).subject == f"sheet:{first.pk}"


def test_where_all_are_refused_what_was_typed_stays_on_the_page() -> None:
    world = a_cycle().with_units(1).opened()
    Task.objects.update(due_at=world.deadline.replace(year=2028))
    with world.clock():
        page = extend(world, day="2027-01-05", why="同意")
    assert page.context["form"]["why"].value() == "同意"
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert not Event.objects.filter(verb=Verb.EXTENDED).exists()


def test_nothing_to_extend_is_said() -> None:
    world = a_cycle().with_units(1).submitted()
    with world.clock():
        assert extend(world).status_code == 302


def test_outsiders_extend_nothing() -> None:
    world = a_cycle().with_units(1).opened()
    for user in (world.supervisor, world.chief, *world.filers.values(), *world.reviewers.values()):
        data = {"ids": [world.assessments[0].pk], "confirmed": "1", "day": "2027-01-05", "why": "x"}
        answer = browser_of(user).post(URL, data)
        assert answer.status_code == 403
