"""Settings, opening and closing of a cycle, nudges and extensions: what is typed stays, what another did is said."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import Event
from audit.verbs import Verb
from common import clock
from outbox.models import Message
from scoring.models import Cycle, Scheme, ScoreSheet, Step
from tests.support.clients import messages_on
from tests.support.pages import Visitor
from tests.support.schemes import put_rules
from tests.support.single import exclude_overdue
from tests.support.world import World, a_cycle
from workflow.bulk import services as bulk
from workflow.bulk.models import BulkRun, BulkState
from workflow.bulk.services import work_off
from workflow.flow.models import Task

pytestmark = pytest.mark.django_db
URL = "/cycles/2026/"


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).with_units(1, "society")


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def cycle(world: World) -> Cycle:
    return Cycle.objects.get(pk=world.cycle.pk)


def settings_of(world: World, **changes: str) -> dict[str, Any]:
    """What the page of the settings would send, with some of it changed."""
    form = office(world).get(f"{URL}settings/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in shown.items() if value not in (None, False)}
    for name in ("ratings_open_at", "ratings_close_at"):
        if name in data:
            data[name] = data[name].astimezone(clock.BEIJING).strftime("%Y-%m-%dT%H:%M")
    return data | changes


# ---- settings ----------------------------------------------------------------------------------------------------

OF_NOTICE = [
    {"code": "Q1", "text": "区县特等不超过50%", "grade": "特等", "track": "district", "share": "50"},
    {"code": "Q2", "text": "评选一等3个", "grade": "一等", "count": 3},
]


def with_quotas(world: World) -> World:
    scheme = Scheme.objects.get(cycle=world.cycle)
    put_rules(scheme, scheme.body | {"quotas": OF_NOTICE})
    return world


def test_quotas_of_the_notice_are_proposed_with_its_words(world: World) -> None:
    page = office(with_quotas(world)).get(f"{URL}settings/")
    assert page.context["form"]["quota-district-0"].value() == 1
    assert page.context["form"]["quota-society-0"].value() is None
    assert "“区县特等不超过50%”" in page.content.decode()
    assert "保存即确认" in page.content.decode()


def test_quotas_that_are_the_notices_are_confirmed_by_saving(world: World) -> None:
    data = settings_of(with_quotas(world), **{"quota-district-1": "2", "quota-society-1": "1", "quotas_why": "多余"})
    assert office(world).post(f"{URL}settings/", data).status_code == 302
    kept = cycle(world)
    assert kept.quotas == {"district": {"特等": 1, "一等": 2}, "society": {"一等": 1}}
    assert (kept.quotas_came_to, kept.quotas_why) == ({"district": {"特等": 1}, "": {"一等": 3}}, "")
    assert "保存即确认" not in office(world).get(f"{URL}settings/").content.decode()


def test_other_quotas_than_the_notices_need_a_reason(world: World) -> None:
    data = settings_of(with_quotas(world), **{"quota-district-0": "2"})
    page = office(world).post(f"{URL}settings/", data)
    assert "quotas_why" in page.context["form"].errors
    assert cycle(world).quotas == {}
    office(world).post(f"{URL}settings/", data | {"quotas_why": "领导小组决定"})
    assert (cycle(world).quotas, cycle(world).quotas_why) == ({"district": {"特等": 2}}, "领导小组决定")
    event = Event.objects.filter(verb=Verb.CYCLE_CHANGED).latest("pk")
    assert event.why == "领导小组决定"


def test_quotas_that_are_left_open_are_not_confirmed_and_the_rest_is_kept(world: World) -> None:
    data = settings_of(with_quotas(world), **{"quota-district-1": "2", "contact": "示例办公室"})
    assert office(world).post(f"{URL}settings/", data).status_code == 302
    kept = cycle(world)
    assert (kept.quotas_came_to, kept.contact) == ({}, "示例办公室")
    assert "保存即确认" in office(world).get(f"{URL}settings/").content.decode()


@pytest.mark.parametrize(("given", "shown"), [("1", 0), ("3", 3)])
def test_quotas_that_come_to_other_numbers_since_are_looked_at_again(world: World, given: str, shown: int) -> None:
    data = settings_of(with_quotas(world), **{"quota-district-0": given, "quotas_why": "照旧"})
    office(world).post(f"{URL}settings/", data)
    ScoreSheet.objects.filter(cycle=world.cycle, track__code="district").earliest("pk").delete()
    page = office(world).get(f"{URL}settings/")
    assert page.context["form"]["quota-district-0"].value() == shown
    assert "请再核对" in page.content.decode()


def test_what_the_page_shows_and_gets_back_changes_nothing(world: World) -> None:
    before = Event.objects.filter(verb=Verb.CYCLE_CHANGED).count()
    assert office(world).post(f"{URL}settings/", settings_of(world)).url == f"{URL}settings/"
    assert Event.objects.filter(verb=Verb.CYCLE_CHANGED).count() == before


def test_dates_quotas_window_counting_and_contact_are_kept(world: World) -> None:
    data = settings_of(
        world,
        acceptance_to="2027-02-20",
        count_first_day="on",
        ratings_close_at="2027-01-20T18:00",
        contact="示例办公室 023-00000000",
        **{"quota-district-0": "1"},
    )
    assert office(world).post(f"{URL}settings/", data).status_code == 302
    kept = cycle(world)
    assert kept.count_first_day
    assert kept.contact == "示例办公室 023-00000000"
    assert kept.quotas == {"district": {"特等": 1}}
    assert kept.planned_steps.get(step=Step.ACCEPTANCE).ends_on.isoformat() == "2027-02-20"
    assert kept.ratings_close_at is not None
    assert kept.ratings_close_at.astimezone(clock.BEIJING).isoformat() == "2027-01-20T18:00:00+08:00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"acceptance_to": "2020-01-01"}, "acceptance_to", id="an end before its beginning"),
        pytest.param({"acceptance_from": "bald"}, "acceptance_from", id="no date"),
        pytest.param({"quota-society-1": "-2"}, "quota-society-1", id="less than nobody"),
        pytest.param({"ratings_close_at": ""}, "ratings_close_at", id="half a window"),
    ],
)
def test_a_setting_that_is_wrong_stays_at_its_field_and_nothing_is_kept(
    world: World, changes: dict[str, str], field: str
) -> None:
    data = settings_of(world, title="x", **changes)
    page = office(world).post(f"{URL}settings/", data)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"][field].value() == changes.get(field, "")
    assert not Event.objects.filter(verb=Verb.CYCLE_CHANGED).exists()


@pytest.mark.parametrize("instant", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_an_instant_of_another_age_is_told_at_its_field(world: World, instant: str) -> None:
    page = office(world).post(f"{URL}settings/", settings_of(world, ratings_open_at=instant))
    assert list(page.context["form"].errors) == ["ratings_open_at"]


def test_a_window_that_ends_before_it_begins_is_refused(world: World) -> None:
    page = office(world).post(f"{URL}settings/", settings_of(world, ratings_close_at="2027-01-01T00:00"))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert cycle(world).ratings_close_at == world.cycle.ratings_close_at


@pytest.mark.both
def test_a_closed_cycle_takes_no_settings(world: World) -> None:
    data = settings_of(world, count_first_day="on")
    Cycle.objects.update(opened_at=world.at, closed_at=world.at)
    page = office(world).post(f"{URL}settings/", data)
    assert page.context["form"].non_field_errors()
    assert not cycle(world).count_first_day


@pytest.mark.parametrize("way", ["settings", "open", "close"])
def test_a_year_without_a_cycle_is_not_found(world: World, way: str) -> None:
    assert office(world).get(f"/cycles/1999/{way}/").status_code == 404


# ---- opening -----------------------------------------------------------------------------------------------------


def test_the_page_says_what_will_happen_and_then_it_does(world: World) -> None:
    page = office(world).get(f"{URL}open/")
    assert (page.context["keeps"], page.context["total"]) == ([], 3)
    assert [track.units for track in page.context["tracks"]] == [2, 1]
    assert office(world).post(f"{URL}open/").url == URL
    assert len(world.assessments) == 3
    assert Scheme.objects.get().frozen_at == world.at


def test_what_keeps_a_cycle_from_opening_is_said_and_nothing_begins(world: World) -> None:
    Cycle.objects.update(deadline_at=None)
    answer = office(world).post(f"{URL}open/")
    assert answer.status_code == 200
    assert len(answer.context["keeps"]) == 1
    assert messages_on(answer)
    assert world.assessments == []


def test_a_second_click_opens_nothing_twice(world: World) -> None:
    office(world).post(f"{URL}open/")
    assert office(world).post(f"{URL}open/").url == URL
    assert office(world).get(f"{URL}open/").url == URL
    assert len(world.assessments) == 3
    assert Event.objects.filter(verb=Verb.CYCLE_OPENED).count() == 1


def test_what_an_opening_has_left_is_found_again_and_begun(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    run = BulkRun.objects.get(pk=office(world).post(f"{URL}open/").url.strip("/").split("/")[-1])
    assert office(world).get(f"{URL}open/").url == f"/many/{run.pk}/"
    assert f'href="/many/{run.pk}/"' in office(world).get(URL).content.decode()
    run.items.update(state=BulkState.REFUSED)  # a fault of ours kept them from beginning
    assert work_off(run)
    page = office(world).get(URL)
    assert (page.context["attention"].asked, page.context["attention"].not_begun) == ([], 3)
    assert f'href="{URL}open/"' in page.content.decode()
    page = office(world).get(f"{URL}open/")
    assert (page.context["keeps"], page.context["total"]) == ([], 3)
    monkeypatch.undo()
    assert office(world).post(f"{URL}open/").url == URL
    assert len(world.assessments) == 3
    assert office(world).get(f"{URL}open/").url == URL


# ---- closing -----------------------------------------------------------------------------------------------------


def test_a_cycle_with_running_assessments_is_not_closed(world: World) -> None:
    world.opened()
    assert office(world).get(f"{URL}close/").context["running"] == 3
    answer = office(world).post(f"{URL}close/")
    assert answer.status_code == 200
    assert messages_on(answer)
    assert cycle(world).closed_at is None


def test_a_draft_is_not_closed(world: World) -> None:
    assert office(world).get(f"{URL}close/").status_code == 404


def test_excluded_units_end_with_the_cycle_and_a_second_click_changes_nothing(world: World) -> None:
    world.opened()
    world.at = world.deadline
    with world.clock():
        for assessment in world.assessments:
            exclude_overdue(task=world.task(assessment, "self_evaluation"))
    assert office(world).post(f"{URL}close/").url == URL
    assert office(world).post(f"{URL}close/").url == URL
    assert {assessment.step for assessment in world.assessments} == {Step.EXCLUDED}
    assert all(assessment.finished for assessment in world.assessments)
    assert cycle(world).closed_at == world.deadline
    assert Event.objects.filter(verb=Verb.CYCLE_CLOSED, subject="cycle:2026").count() == 1


# ---- nudges ------------------------------------------------------------------------------------------------------


def test_whom_a_nudge_reaches_is_shown_before_it_is_sent(world: World) -> None:
    world.opened()
    page = office(world).post(f"{URL}nudge/", {"all": "1", "track": "district"})
    assert len(page.context["items"]) == 2
    assert not Message.objects.filter(cause__startswith="nudge:").exists()
    sent = {"all": "1", "track": "district", "confirmed": "1", "note": "请于本周提交"}
    assert office(world).post(f"{URL}nudge/", sent).url == URL
    letters = Message.objects.filter(cause__startswith="nudge:")
    assert len(letters) == 2
    assert all("请于本周提交" in letter.body for letter in letters)


def test_a_second_nudge_on_a_day_is_refused_and_the_note_stays(world: World) -> None:
    world.opened()
    ids = [world.assessments[0].pk]
    office(world).post(f"{URL}nudge/", {"ids": ids, "confirmed": "1"})
    page = office(world).post(f"{URL}nudge/", {"ids": ids, "confirmed": "1", "note": "再催"})
    assert page.context["form"].non_field_errors()
    assert page.context["form"]["note"].value() == "再催"
    assert Message.objects.filter(cause__startswith="nudge:").count() == 1
    world.at += timedelta(days=1)
    assert office(world).post(f"{URL}nudge/", {"ids": ids, "confirmed": "1"}).status_code == 302


@pytest.mark.parametrize("way", ["nudge", "extensions"])
@pytest.mark.parametrize("data", [{}, {"ids": ["x"]}, {"ids": ["0"]}, {"all": "1", "search": "谁也不是"}])
def test_nobody_chosen_leads_back(world: World, way: str, data: dict[str, Any]) -> None:
    world.opened()
    answer = office(world).post(f"{URL}{way}/", data | {"confirmed": "1"})
    assert answer.url == URL
    assert messages_on(answer)


def test_a_note_beyond_its_length_is_refused_at_its_field(world: World) -> None:
    world.opened()
    page = office(world).post(f"{URL}nudge/", {"all": "1", "confirmed": "1", "note": "长" * 501})
    assert list(page.context["form"].errors) == ["note"]


# ---- extensions --------------------------------------------------------------------------------------------------


def later(world: World, days: int = 5) -> str:
    return (world.deadline + timedelta(days=days)).astimezone(clock.BEIJING).date().isoformat()


def test_whose_deadline_moves_is_shown_first_then_all_move(world: World) -> None:
    world.opened()
    page = office(world).get(f"{URL}extensions/", data={"all": "1"})
    assert len(page.context["items"]) == 3
    assert not Event.objects.filter(verb=Verb.EXTENDED).exists()
    data = {"all": "1", "confirmed": "1", "day": later(world), "why": "暴雪"}
    assert office(world).post(f"{URL}extensions/", data).url == URL
    dues = {world.task(assessment, "self_evaluation").due_at for assessment in world.assessments}
    assert dues == {world.deadline + timedelta(days=6)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"why": ""}, "why", id="no reason"),
        pytest.param({"day": ""}, "day", id="no day"),
        pytest.param({"day": "2026-11-01"}, "day", id="a day that is over"),
        pytest.param({"day": "soon"}, "day", id="no date"),
    ],
)
def test_an_extension_that_is_wrong_moves_nobody(world: World, changes: dict[str, str], field: str) -> None:
    world.opened()
    data = {"all": "1", "confirmed": "1", "day": later(world), "why": "暴雪"} | changes
    page = office(world).post(f"{URL}extensions/", data)
    form = page.context["form"]
    assert list(form.errors) == [field]
    assert (form["day"].value(), form["why"].value()) == (data["day"], data["why"])
    assert not Event.objects.filter(verb=Verb.EXTENDED).exists()


def test_one_that_can_t_be_extended_is_named_and_the_others_go_on(world: World) -> None:
    world.opened()
    last = world.assessments[-1]
    Task.objects.filter(process=last).update(due_at=world.deadline + timedelta(days=300))
    data = {"all": "1", "confirmed": "1", "day": later(world), "why": "暴雪"}
    refusal, done = messages_on(office(world).post(f"{URL}extensions/", data))
    assert refusal.startswith(f"{last.sheet.unit_name}：") and "2" in done
    extended = Event.objects.filter(verb=Verb.EXTENDED).values_list("subject", flat=True)
    assert set(extended) == {f"sheet:{assessment.sheet_id}" for assessment in world.assessments[:-1]}


def test_where_all_are_refused_what_was_typed_stays_on_the_page(world: World) -> None:
    world.opened()
    data = {"all": "1", "confirmed": "1", "day": "2026-12-20", "why": "暴雪"}
    page = office(world).post(f"{URL}extensions/", data)
    assert (page.context["form"]["day"].value(), page.context["form"]["why"].value()) == ("2026-12-20", "暴雪")
    assert len(messages_on(page)) == 3
    assert not Event.objects.filter(verb=Verb.EXTENDED).exists()


def test_the_excluded_are_reinstated_beside_those_who_get_more_time(world: World) -> None:
    world.opened()
    world.at = world.deadline
    with world.clock():
        exclude_overdue(task=world.task(world.assessments[0], "self_evaluation"))
    page = office(world).post(f"{URL}extensions/", {"all": "1"})
    assert len({item["note"] for item in page.context["items"]}) == 2
    data = {"all": "1", "confirmed": "1", "day": later(world), "why": "网络故障"}
    office(world).post(f"{URL}extensions/", data)
    assert {assessment.step for assessment in world.assessments} == {Step.SELF_EVALUATION}
    assert Event.objects.filter(verb=Verb.REINSTATED).count() == 1
    assert Event.objects.filter(verb=Verb.EXTENDED).count() == 2


@pytest.mark.parametrize("way", ["nudge", "extensions"])
def test_only_an_open_cycle_is_acted_on_and_only_by_the_office(world: World, way: str) -> None:
    assert office(world).post(f"{URL}{way}/", {"all": "1"}).status_code == 404
    world.opened()
    for user in (world.supervisor, world.chief, world.heads["district"], *world.filers.values()):
        assert Visitor(world, user).post(f"{URL}{way}/", {"all": "1", "confirmed": "1"}).status_code == 403
    Cycle.objects.update(closed_at=world.at)
    assert office(world).post(f"{URL}{way}/", {"all": "1"}).status_code == 404
