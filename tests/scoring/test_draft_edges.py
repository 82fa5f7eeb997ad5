"""A draft at its edges: replaced notices, defaults that respect what was planned, values that make no scheme."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Department, Membership, Role, User
from audit.models import Event
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.forms.cycles import PlanForm
from scoring.models import Cycle, Finding, HolidayOrder, PlannedStep, RecordKind, ScoreSheet, SheetLine, Step
from scoring.queries.cycles import PLANNED, cycles_with_counts, first_to_show
from scoring.services.corrections import Correction, change_scheme
from scoring.services.cycles import default_plan, keep_defaults, set_options, set_plan, set_responsibilities
from scoring.services.schemes import load_scheme
from scoring.services.units import Entrant, add_units
from tests.support.schemes import a_body
from tests.support.world import World, a_cycle
from workflow.review.services.records import log_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return a_cycle()


def changes_of(verb: Verb) -> list[Any]:
    return [event.data for event in Event.objects.filter(verb=verb).order_by("pk")]


def test_another_desk_in_a_new_notice_takes_over_what_the_old_one_answered(world: World) -> None:
    track = world.cycle.tracks.get(code="district")
    kept = Department.objects.create(code="kept", name="科普部")
    first, *others = track.responsibilities.all()
    first.department = kept
    first.save()
    body = a_body()
    body["tracks"][0]["desk"] = "办公室"
    load_scheme(body, source_name="again.txt", source=b"again")
    track.refresh_from_db()
    answering = {row.code: row.department.name for row in track.responsibilities.select_related("department")}
    assert track.desk is not None and track.desk.name == "办公室"
    assert answering == {row.code: "办公室" for row in others} | {first.code: "科普部"}


def test_values_that_make_no_scheme_change_nothing_and_say_why(world: World) -> None:
    scheme = world.cycle.scheme
    change = Correction(path=("tracks", 0, "full_marks"), label="总分", value="viel")
    with pytest.raises(DomainError) as raised:
        change_scheme(scheme=scheme, corrections=[change], by=world.office, why="更正", seen=scheme.sha256)
    assert "full_marks" in str(raised.value.message)
    scheme.refresh_from_db()
    assert scheme.body["tracks"][0]["full_marks"] == "100"
    assert changes_of(Verb.SCHEME_CHANGED) == []


def test_an_option_of_a_component_is_taken_with_a_reason_and_leaves_no_trace_when_it_is_given_up(world: World) -> None:
    scheme = world.cycle.scheme
    before, path = scheme.sha256, ("tracks", 0, "components", 2, "trim")
    for value in (1, None):
        change = Correction(path=path, label="去掉最高和最低", value=value, optional=True)
        scheme = change_scheme(scheme=scheme, corrections=[change], by=world.office, why="议定", seen=scheme.sha256)
        assert scheme.body["tracks"][0]["components"][2].get("trim") == value
    assert scheme.sha256 == before
    told = [data["changes"][0] for data in changes_of(Verb.SCHEME_CHANGED)]
    assert sorted((change["from"], change["to"]) for change in told if change["to"]) == [(None, 1)]


def test_a_number_and_a_share_to_leave_out_are_refused_together(world: World) -> None:
    scheme = world.cycle.scheme
    changes = [
        Correction(path=("tracks", 0, "components", 1, name), label=name, value=value, optional=True)
        for name, value in (("trim", 1), ("trim_share", "10"))
    ]
    with pytest.raises(DomainError):
        change_scheme(scheme=scheme, corrections=changes, by=world.office, why="议定", seen=scheme.sha256)


def test_defaults_fill_what_nobody_planned_and_leave_the_rest(world: World) -> None:
    PlannedStep.objects.exclude(step=Step.APPROVAL).delete()
    approval = PlannedStep.objects.get()
    with world.clock():
        keep_defaults(cycle=world.cycle, by=world.office)
        keep_defaults(cycle=world.cycle, by=world.office)
    assert set(world.cycle.planned_steps.values_list("step", flat=True)) == set(PLANNED)
    assert PlannedStep.objects.get(pk=approval.pk).starts_on == approval.starts_on
    assert len(changes_of(Verb.CYCLE_CHANGED)) == 1


def test_ratings_count_during_the_planned_review_unless_the_office_said_otherwise(world: World) -> None:
    window = (world.cycle.ratings_open_at, world.cycle.ratings_close_at)
    keep_defaults(cycle=world.cycle, by=world.office)
    assert (world.cycle.ratings_open_at, world.cycle.ratings_close_at) == window
    review = world.cycle.planned_steps.get(step=Step.DEPARTMENT_REVIEW)
    world.cycle.ratings_close_at = None
    keep_defaults(cycle=world.cycle, by=world.office)
    world.cycle.refresh_from_db()
    assert world.cycle.ratings_open_at == clock.midnight(review.starts_on)
    assert world.cycle.ratings_close_at == clock.midnight(review.ends_on + timedelta(days=1))


def test_a_cycle_without_a_deadline_keeps_no_defaults(world: World) -> None:
    PlannedStep.objects.all().delete()
    world.cycle.deadline_at = world.cycle.ratings_close_at = None
    keep_defaults(cycle=world.cycle, by=world.office)
    assert not PlannedStep.objects.exists() and world.cycle.ratings_close_at is None


def test_the_default_plan_begins_when_the_cycle_opened(world: World) -> None:
    world.at += timedelta(days=10)
    HolidayOrder.objects.filter(year=2026).delete()
    with world.clock():
        plan, _known = default_plan(world.cycle)
        assert plan[Step.SELF_EVALUATION][0] == date(2026, 12, 11)
        world.cycle.opened_at = world.at - timedelta(days=5)
        plan, _known = default_plan(world.cycle)
    assert plan[Step.SELF_EVALUATION] == (date(2026, 12, 6), date(2026, 12, 31))


def test_a_step_that_ends_before_it_begins_is_named_and_nothing_is_kept(world: World) -> None:
    before = list(PlannedStep.objects.order_by("pk").values())
    days = {Step.APPROVAL: (date(2027, 2, 1), date(2027, 2, 3)), Step.PUBLICITY: (date(2027, 2, 9), date(2027, 2, 8))}
    with pytest.raises(DomainError) as raised:
        set_plan(cycle=world.cycle, plan=days, by=world.office)
    assert raised.value.field == "publicity_to"
    assert list(PlannedStep.objects.order_by("pk").values()) == before


def test_saving_what_holds_already_records_nothing(world: World) -> None:
    plan = {Step(row.step): (row.starts_on, row.ends_on) for row in world.cycle.planned_steps.all()}
    track = world.cycle.tracks.select_related("desk").get(code="district")
    assert track.desk is not None
    answers = {row.code: row.department for row in track.responsibilities.select_related("department")}
    set_plan(cycle=world.cycle, plan=plan, by=world.office)
    set_options(cycle=world.cycle, count_first_day=False, quotas={"district": {}}, by=world.office)
    set_responsibilities(track=track, desk=track.desk, answers=answers, by=world.office)
    assert changes_of(Verb.CYCLE_CHANGED) == []


def test_a_track_that_the_scheme_has_not_is_a_fault_of_the_caller(world: World) -> None:
    track = world.cycle.tracks.select_related("desk").get(code="district")
    assert track.desk is not None
    track.code = "unknown"
    track.save()
    with pytest.raises(LookupError):
        set_responsibilities(track=track, desk=track.desk, answers={}, by=world.office)


def test_a_fact_of_tomorrow_cannot_be_recorded_and_one_of_today_can(world: World) -> None:
    unit = world.with_units(1).cycle.sheets.get().unit
    with world.clock():
        facts: dict[str, Any] = {
            "cycle": world.cycle,
            "unit": unit,
            "department": None,
            "kind": RecordKind.NOTE,
            "by": world.office,
        }
        with pytest.raises(DomainError) as raised:
            log_record(**facts, text="明天", happened_on=clock.today() + timedelta(days=1))
        assert raised.value.field == "happened_on"
        row = log_record(**facts, text="今天", happened_on=clock.today(), code="B1.1", times=3)
    assert (row.code, row.times) == ("", 3)
    assert str(row) == f"{unit.pk} note "


def test_a_filer_who_files_for_the_unit_already_is_not_added_again(world: World) -> None:
    first = [Entrant(code="a", name="甲", track="district", username="zhang", filer="张三", mail="z@example.org")]
    assert add_units(cycle=world.cycle, entrants=first, by=world.office) == 1
    sheet = ScoreSheet.objects.get(unit__code="a")
    sheet.delete()
    assert add_units(cycle=world.cycle, entrants=first, by=world.office) == 1
    assert Membership.objects.filter(user__username="zhang", role=Role.FILER, unit__code="a").count() == 1
    added = Event.objects.filter(verb=Verb.ACCOUNT_CHANGED, subject=f"user:{User.objects.get(username='zhang').pk}")
    assert added.count() == 1


@pytest.mark.parametrize(
    ("states", "first"),
    [
        pytest.param({}, None, id="none at all"),
        pytest.param({2026: "draft"}, 2026, id="the only draft"),
        pytest.param({2026: "draft", 2025: "draft"}, 2026, id="the newest of drafts"),
        pytest.param({2026: "draft", 2025: "closed"}, 2025, id="a closed one before a draft"),
        pytest.param({2026: "closed", 2025: "closed"}, 2026, id="the latest that was open"),
        pytest.param({2026: "closed", 2025: "open"}, 2025, id="the open one before all"),
    ],
)
def test_without_work_the_first_cycle_to_show_is(states: dict[int, str], first: int | None) -> None:
    for year, state in states.items():
        opened = clock.now() if state != "draft" else None
        closed = clock.now() if state == "closed" else None
        Cycle.objects.create(slug=year, year=year, title=str(year), opened_at=opened, closed_at=closed)
    shown = first_to_show(list(Cycle.objects.all()), {})
    assert (shown.year if shown else None) == first


def test_the_oldest_cycle_with_work_comes_before_all_others() -> None:
    newest, middle, oldest = (
        Cycle.objects.create(slug=year, year=year, title=str(year)) for year in (2027, 2026, 2025)
    )
    assert first_to_show([newest, middle, oldest], {newest.pk: 5, middle.pk: 1, oldest.pk: 0}) == middle


def test_cycles_are_listed_with_units_and_open_findings(world: World, django_assert_num_queries: Any) -> None:
    world.with_units(2).with_units(1, "society")
    scheme = world.cycle.scheme
    for severity, settled in (("confirm", None), ("confirm", world.at), ("error", None)):
        Finding.objects.create(
            scheme=scheme, code="missing", severity=severity, at="1" if settled else "", message="?", settled_at=settled
        )
    Cycle.objects.create(slug="2027", year=2027, title="2027")
    with django_assert_num_queries(1):
        listed = [(cycle.year, cycle.units, cycle.open_findings, cycle.open_errors) for cycle in cycles_with_counts()]  # type: ignore[attr-defined]  # annotated
    assert listed == [(2027, 0, 0, 0), (2026, 3, 2, 1)]


def test_rows_name_themselves_in_the_record(world: World) -> None:
    sheet = world.with_units(1).cycle.sheets.get()
    track = sheet.track
    answering = track.responsibilities.first()
    line = SheetLine.objects.create(sheet=sheet, code="9.9", kind="part", position=99)
    assert answering is not None and track.desk is not None
    assert str(answering) == f"{track.pk} {answering.code} {track.desk}"
    assert str(line) == f"{sheet.pk} 9.9"
    assert str(HolidayOrder.objects.get(year=2027)) == "2027 测试令"
    assert str(world.cycle.planned_steps.get(step=Step.APPROVAL)) == f"{world.cycle.pk} approval"


def test_whether_one_of_each_category_is_drawn_is_chosen_before_the_cycle_opens(world: World) -> None:
    options: dict[str, Any] = {"count_first_day": False, "quotas": {}, "by": world.office}
    set_options(cycle=world.cycle, draw_each_category=True, **options)
    set_options(cycle=world.cycle, **options)
    world.cycle.refresh_from_db()
    assert world.cycle.draw_each_category
    assert PlanForm(world.cycle).fields["draw_each_category"].initial
    world.with_units(1).opened()
    assert PlanForm(world.cycle).fields["draw_each_category"].disabled
    with pytest.raises(DomainError) as raised:
        set_options(cycle=world.cycle, draw_each_category=False, **options)
    assert raised.value.field == "draw_each_category"
