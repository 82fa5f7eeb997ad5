"""A draft takes over from an earlier cycle: units with what became of them, their people, who answers, the days."""

from datetime import date, datetime

import pytest

from accounts.models import Department, Membership, Role, Unit
from audit.models import Event
from common import clock
from common.errors import DomainError
from common.tables.heads import TableRow
from scoring.engine.edit import Edit
from scoring.models import Cycle, HolidayOrder, Record, Scheme, ScoreSheet, Step, Succession
from scoring.queries.succession import before_of, predecessors_in, sources_for
from scoring.services.cycles import set_responsibilities
from scoring.services.desks import desk_named
from scoring.services.editing import edit_scheme
from scoring.services.moving import Calendar, moved_days, same_day
from scoring.services.rolling import drop_draft, look_ahead, roll_over
from scoring.services.starting import start_scheme
from scoring.services.succeeding import Fate, Succeeding, read_succeeding
from tests.support.schemes import put_rules
from tests.support.world import World, a_cycle, a_person

pytestmark = pytest.mark.django_db


def table(*rows: str) -> list[TableRow]:
    return [TableRow(number, tuple(row.split(","))) for number, row in enumerate(rows, start=1)]


@pytest.fixture
def world() -> World:
    """Last year's cycle, with units `a`, `b`, `c` in the district track and `s` in that of the societies."""
    world = a_cycle().with_units(3).with_units(1, "society")
    for code, sheet in zip("abcs", ScoreSheet.objects.order_by("pk"), strict=True):
        sheet.unit.code, sheet.unit.name, sheet.unit_name = code, f"单位{code}", f"单位{code}"
        sheet.unit.save()
        sheet.save()
    return world


@pytest.fixture
def draft(world: World) -> Cycle:
    return start_scheme(year=2027, like=Scheme.objects.get(in_force=world.cycle), by=world.office).cycle


def read(world: World, draft: Cycle, *rows: str) -> Succeeding:
    return read_succeeding(cycle=draft, source=world.cycle, rows=table(*rows))


def roll(world: World, draft: Cycle, *rows: str) -> int:
    return roll_over(cycle=draft, source=world.cycle, rows=table(*rows), by=world.office)


def filers_of(code: str) -> set[str]:
    return set(Membership.objects.filter(unit__code=code, until=None).values_list("user__name", flat=True))


# ---- what becomes of units ----


def test_units_that_no_row_names_go_on_as_they_are(world: World, draft: Cycle) -> None:
    reading = read(world, draft)
    assert [(heir.code, heir.name, heir.track, heir.fate) for heir in reading.heirs] == [
        ("a", "单位a", "district", Fate.SAME),
        ("b", "单位b", "district", Fate.SAME),
        ("c", "单位c", "district", Fate.SAME),
        ("s", "单位s", "society", Fate.SAME),
    ]
    assert reading.of(Fate.SAME) == reading.heirs


@pytest.mark.parametrize(
    ("rows", "fates"),
    [
        pytest.param(["a,,新名,"], {"a": Fate.RENAMED}, id="another name"),
        pytest.param(["a,,,society"], {"a": Fate.RENAMED}, id="another track"),
        pytest.param(["a,n,,"], {"n": Fate.RENAMED}, id="another code"),
        pytest.param(["b,a,,"], {"a": Fate.MERGED}, id="taken in by another"),
        pytest.param(["a,n,新单位,", "b,n,,"], {"n": Fate.MERGED}, id="merged into a new one"),
        pytest.param(["a,a,,", "a,n,新单位,"], {"a": Fate.SPLIT, "n": Fate.SPLIT}, id="split off"),
        pytest.param([",n,新单位,市级学会（协会、研究会）"], {"n": Fate.NEW}, id="new"),
        pytest.param(["a,,,"], {}, id="left out"),
    ],
)
def test_rows_say_what_becomes_of_units(world: World, draft: Cycle, rows: list[str], fates: dict[str, Fate]) -> None:
    if rows == ["a,n,,"]:
        Unit.objects.create(code="n", name="早就有的单位")
    reading = read(world, draft, *rows)
    assert reading.problems == []
    assert {heir.code: heir.fate for heir in reading.heirs if heir.fate != Fate.SAME} == fates
    assert [sheet.unit.code for sheet in reading.left_out] == (["a"] if rows == ["a,,,"] else [])


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["x,y,名,"], id="no such unit before"),
        pytest.param([",,名,district"], id="no code"),
        pytest.param(["a,n,,"], id="no name"),
        pytest.param([",n,名,"], id="no track"),
        pytest.param([",n,名,无"], id="no such track"),
        pytest.param(["a,a,,", "a,a,,"], id="twice"),
        pytest.param(["a,,,", "a,,,"], id="left out twice"),
        pytest.param(["a,,,", "a,n,名,"], id="left out and not"),
        pytest.param(["a,n,名,", "a,,,"], id="not left out and left out"),
        pytest.param(["a,n,名,", "b,n,另名,"], id="two names"),
        pytest.param(["a,n,名,", ",n,名,"], id="new and not"),
        pytest.param(["a,n,名,", "b,a,,"], id="the code of one that has gone"),
        pytest.param([f"a,{'n' * 41},名,"], id="a long code"),
        pytest.param(["a,n\u200b,名,"], id="a code that can't be seen"),
    ],
)
def test_what_is_wrong_with_rows_is_told_and_nothing_is_done(world: World, draft: Cycle, rows: list[str]) -> None:
    assert read(world, draft, *rows).problems
    with pytest.raises(DomainError):
        roll(world, draft, *rows)
    assert not draft.sheets.exists()
    assert not Succession.objects.exists()


def test_units_whose_track_is_gone_are_named(world: World, draft: Cycle) -> None:
    draft.tracks.get(code="society").delete()
    reading = read(world, draft)
    assert [sheet.unit.code for sheet in reading.trackless] == ["s"]
    assert roll(world, draft) == 3


# ---- taking over ----


@pytest.mark.both
def test_units_come_with_their_names_and_history_follows_them(world: World, draft: Cycle) -> None:
    assert roll(world, draft, "a,,改名单位,", "b,n,合并单位,", "c,n,,", ",x,新增单位,society") == 4
    names = dict(draft.sheets.values_list("unit__code", "unit_name"))
    assert names == {"a": "改名单位", "n": "合并单位", "s": "单位s", "x": "新增单位"}
    draft.refresh_from_db()
    merged = draft.sheets.get(unit__code="n")
    assert predecessors_in(draft) == {merged.unit_id: ["单位b", "单位c"]}
    for code, before, is_same in (("a", "a", True), ("n", "bc", False), ("x", "", True)):
        found = before_of(draft.sheets.select_related("cycle").get(unit__code=code))
        assert "".join(sheet.unit.code for sheet in found.sheets) == before
        assert found.is_same is is_same
    assert before_of(world.cycle.sheets.select_related("cycle").first()).sheets == ()


def test_what_was_split_off_is_not_the_same(world: World, draft: Cycle) -> None:
    roll(world, draft, "a,a,,", "a,n,分出单位,")
    assert [before_of(sheet).is_same for sheet in draft.sheets.filter(unit__code__in="an")] == [False, False]
    assert predecessors_in(world.cycle) == {}


@pytest.mark.both
def test_people_of_merged_units_file_for_what_became_of_them(world: World, draft: Cycle) -> None:
    gone = a_person(Role.FILER, unit=Unit.objects.get(code="b"), name="已离任")
    Membership.objects.filter(user=gone).update(until=clock.now())
    both = filers_of("b") | filers_of("c")
    given = look_ahead(cycle=draft, source=world.cycle, rows=table("b,n,合并单位,", "c,n,,"))
    assert given.people == 2
    roll(world, draft, "b,n,合并单位,", "c,n,,")
    assert filers_of("n") == both
    assert filers_of("b"), "last year's may still run"
    assert Event.objects.filter(verb="account.changed", went_to__endswith=" n").count() == 2


def test_whoever_filed_for_both_files_once(world: World, draft: Cycle) -> None:
    person = Membership.objects.get(unit__code="a").user
    Membership.objects.create(user=person, role=Role.FILER, unit=Unit.objects.get(code="b"))
    roll(world, draft, "b,a,,")
    assert Membership.objects.filter(user=person, unit__code="a").count() == 1
    assert len(filers_of("a")) == 2


def test_units_for_which_nobody_files_are_named_before(world: World, draft: Cycle) -> None:
    Membership.objects.filter(unit__code="a").update(until=clock.now())
    ahead = look_ahead(cycle=draft, source=world.cycle, rows=table(",x,新增单位,society"))
    assert [heir.code for heir in ahead.without_people] == ["a", "x"]


def test_a_second_click_changes_nothing(world: World, draft: Cycle) -> None:
    rows = ("b,n,合并单位,", "c,n,,", ",x,新增单位,society")
    assert [roll(world, draft, *rows), roll(world, draft, *rows)] == [4, 4]
    assert Event.objects.filter(verb="cycle.follows").count() == 1
    with pytest.raises(DomainError):
        roll(world, draft, *rows, ",x,另一名称,society")


@pytest.mark.both
def test_taking_over_again_adds_what_is_not_there(world: World, draft: Cycle) -> None:
    assert [roll(world, draft, "a,,,"), roll(world, draft)] == [3, 1]
    draft.refresh_from_db()
    assert draft.follows == world.cycle
    assert Event.objects.filter(verb="cycle.follows").count() == 2


def test_what_became_another_unit_does_not_come_back_with_a_later_row(world: World, draft: Cycle) -> None:
    roll(world, draft, "b,n,合并单位,", "c,n,,")
    assert roll(world, draft, ",x,新增单位,society") == 1
    assert set(draft.sheets.values_list("unit__code", flat=True)) == {"a", "n", "s", "x"}


def test_a_merger_that_was_taken_out_is_taken_over_again(world: World, draft: Cycle) -> None:
    rows = ("b,n,合并单位,", "c,n,,")
    roll(world, draft, *rows)
    draft.sheets.filter(unit__code="n").delete()
    assert {heir.code for heir in read(world, draft).heirs} == {"b", "c"}
    assert roll(world, draft, *rows) == 1
    assert draft.successions.count() == 2
    assert all(len(row.memberships) == 1 for row in draft.successions.all())


def test_a_cycle_follows_one_other_only(world: World, draft: Cycle) -> None:
    other = start_scheme(year=2024, by=world.office).cycle
    roll(world, draft)
    for source in (other, draft):
        with pytest.raises(DomainError):
            roll_over(cycle=draft, source=source, rows=[], by=world.office)


def test_departments_answer_as_before_and_what_fits_no_more_is_told(world: World, draft: Cycle) -> None:
    other = Department.objects.create(code="x", name="普及部")
    track = world.cycle.tracks.select_related("desk").get(code="district")
    set_responsibilities(track=track, desk=track.desk, answers={"1.1": other, "2.1": other}, by=world.office)
    body = draft.scheme.body
    body["tracks"][0]["indicators"].pop()
    put_rules(draft.scheme, draft.scheme.body)
    draft = Cycle.objects.get(pk=draft.pk)
    ahead = look_ahead(cycle=draft, source=world.cycle, rows=[])
    assert ahead.unfit == ["区县（自治县）科协：2.1 普及部"]
    roll(world, draft)
    answers = dict(draft.tracks.get(code="district").responsibilities.values_list("code", "department__name"))
    assert answers["1.1"] == "普及部"
    assert answers["1.2"] == "组织人事部"


def test_a_department_follows_its_row_to_another_number(world: World, draft: Cycle) -> None:
    other = Department.objects.create(code="x", name="普及部")
    track = world.cycle.tracks.select_related("desk").get(code="district")
    set_responsibilities(track=track, desk=track.desk, answers={"1.1": other}, by=world.office)
    edit_scheme(
        scheme=draft.scheme,
        edit=Edit(("tracks", 0, "indicators", 0), move=1),
        what="x",
        by=world.office,
        seen=draft.scheme.sha256,
    )
    ahead = look_ahead(cycle=Cycle.objects.get(pk=draft.pk), source=world.cycle, rows=[])
    assert ahead.answering[0].others == [(other, "2.1")]
    roll(world, Cycle.objects.get(pk=draft.pk))
    answers = draft.tracks.get(code="district").responsibilities.filter(department=other)
    assert list(answers.values_list("code", flat=True)) == ["2.1"]


def test_a_desk_that_the_new_notice_names_stays_and_so_does_what_the_office_chose(world: World, draft: Cycle) -> None:
    other = Department.objects.create(code="x", name="普及部")
    track = draft.tracks.select_related("desk").get(code="society")
    set_responsibilities(track=track, desk=other, answers={"1.1": world.desks["district"]}, by=world.office)
    body = draft.scheme.body
    body["tracks"][0]["desk"] = "学会学术部"
    put_rules(draft.scheme, body)
    draft.tracks.filter(code="district").update(desk=world.desks["society"])
    draft = Cycle.objects.get(pk=draft.pk)
    roll(world, draft)
    assert draft.tracks.get(code="district").desk == world.desks["society"]
    assert draft.tracks.get(code="society").desk == other
    assert draft.tracks.get(code="society").responsibilities.get(code="1.1").department == world.desks["district"]


def test_nothing_else_is_done_than_was_looked_at(world: World, draft: Cycle) -> None:
    seen = look_ahead(cycle=draft, source=world.cycle, rows=[]).digest
    world.cycle.sheets.filter(unit__code="a").delete()
    with pytest.raises(DomainError, match="变动"):
        roll_over(cycle=draft, source=world.cycle, rows=[], by=world.office, seen=seen)
    assert not draft.sheets.exists()


def test_tracks_that_are_gone_are_told(world: World, draft: Cycle) -> None:
    draft.tracks.get(code="society").delete()
    assert look_ahead(cycle=draft, source=world.cycle, rows=[]).gone == ["市级学会（协会、研究会）"]


def test_departments_of_another_issuer_do_not_come_along(world: World, draft: Cycle) -> None:
    Cycle.objects.filter(pk=draft.pk).update(issuer="测试市青年联合会")
    draft.refresh_from_db()
    assert look_ahead(cycle=draft, source=world.cycle, rows=[]).answering == []


def test_parts_that_the_desk_answered_for_are_no_loss_and_new_tracks_keep_their_desk(
    world: World, draft: Cycle
) -> None:
    draft.scheme.body["tracks"][0]["indicators"].pop()
    put_rules(draft.scheme, draft.scheme.body)
    draft = Cycle.objects.get(pk=draft.pk)
    world.cycle.tracks.filter(code="society").update(code="former")
    ahead = look_ahead(cycle=draft, source=world.cycle, rows=[])
    assert ahead.unfit == []
    assert [each.track.code for each in ahead.answering] == ["district"]


def test_a_track_without_a_desk_in_either_has_none(world: World, draft: Cycle) -> None:
    for cycle in (world.cycle, draft):
        cycle.tracks.filter(code="society").update(desk=None)
    roll(world, draft)
    assert draft.tracks.get(code="society").desk is None


def test_a_predecessor_that_was_taken_out_since_is_not_named(world: World, draft: Cycle) -> None:
    roll(world, draft, "b,n,合并单位,", "c,n,,")
    world.cycle.sheets.filter(unit__code="b").delete()
    assert list(predecessors_in(Cycle.objects.get(pk=draft.pk)).values()) == [["单位c"]]


def test_a_unit_that_takes_part_already_is_not_taken_over_under_another_name(world: World, draft: Cycle) -> None:
    roll(world, draft)
    assert read(world, draft, "a,,新名,").problems


def test_a_desk_of_another_issuer_is_another_department(world: World) -> None:
    youth = a_cycle(slug="2026-青年", issuer="测试市青年联合会").cycle
    desks = [cycle.tracks.get(code="district").desk.name for cycle in (world.cycle, youth)]
    assert desks == ["组织人事部", "组织人事部（测试市青年联合会）"]


def test_a_scheme_without_a_desk_names_none(world: World) -> None:
    assert desk_named(None, world.cycle) is None


def test_options_come_along_where_the_draft_has_none(world: World, draft: Cycle) -> None:
    quotas = {"district": {"一等": 1, "优秀": 2}, "park": {"一等": 3}}
    Cycle.objects.filter(pk=world.cycle.pk).update(contact="办公室 123", quotas=quotas, draw_each_category=True)
    world.cycle.refresh_from_db()
    roll(world, draft)
    draft.refresh_from_db()
    assert (draft.contact, draft.quotas, draft.draw_each_category) == ("办公室 123", {"district": {"一等": 1}}, True)


# ---- days ----


def test_days_move_to_the_same_place_of_the_new_year(world: World, draft: Cycle) -> None:
    HolidayOrder.objects.create(
        year=2028, order="测试令", off=["2028-01-01", "2028-01-02", "2028-01-03"], entered_by=world.office
    )
    HolidayOrder.objects.filter(year=2027).update(off=["2027-01-01"])
    roll(world, draft)
    draft.refresh_from_db()
    steps = {step.step: step for step in world.cycle.planned_steps.all()}
    calendar = Calendar()
    for planned in draft.planned_steps.all():
        assert calendar.is_worked(planned.ends_on), planned.step
        assert planned.starts_on.year == steps[planned.step].starts_on.year + 1
    assert draft.ratings_open_at is not None
    assert draft.ratings_open_at.astimezone(clock.BEIJING).hour == 9
    assert moved_days(draft, world.cycle).unknown == []


def test_a_year_without_its_holidays_is_asked_for(world: World, draft: Cycle) -> None:
    assert moved_days(draft, world.cycle).unknown == [2028]


def test_days_before_the_deadline_stay_before_it(world: World) -> None:
    old, new = date(2026, 12, 31), date(2027, 12, 31)
    calendar = Calendar()
    assert calendar.moved(old, old, new) == new
    assert calendar.moved(date(2026, 12, 30), old, new) == date(2027, 12, 30)
    assert calendar.moved(date(2026, 12, 28), old, new) == date(2027, 12, 28)


def test_what_is_planned_in_the_draft_stays(world: World, draft: Cycle) -> None:
    day = date(2028, 5, 1)
    draft.planned_steps.create(step=Step.APPROVAL, starts_on=day, ends_on=day)
    at = datetime(2028, 1, 5, tzinfo=clock.BEIJING)
    Cycle.objects.filter(pk=draft.pk).update(ratings_open_at=at, ratings_close_at=at)
    roll(world, draft)
    draft.refresh_from_db()
    assert draft.planned_steps.get(step=Step.APPROVAL).starts_on == day
    assert draft.ratings_close_at == at


def test_without_a_deadline_no_day_moves(world: World, draft: Cycle) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(deadline_at=None)
    world.cycle.refresh_from_db()
    assert moved_days(draft, world.cycle).plan == {}


def test_without_a_window_of_ratings_none_moves(world: World, draft: Cycle) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(ratings_open_at=None)
    world.cycle.refresh_from_db()
    assert moved_days(draft, world.cycle).ratings is None


@pytest.mark.parametrize(
    ("day", "years", "there"),
    [
        pytest.param(date(2026, 12, 31), 1, date(2027, 12, 31), id="worked in both"),
        pytest.param(date(2024, 12, 20), 1, date(2025, 12, 19), id="the last worked day before a Saturday"),
        pytest.param(date(2024, 2, 29), 1, date(2025, 2, 28), id="no such day"),
        pytest.param(date(2025, 12, 20), 1, date(2026, 12, 20), id="off in both"),
    ],
)
def test_a_deadline_is_a_day_that_is_worked(day: date, years: int, there: date) -> None:
    assert same_day(day, years) == there


# ---- which cycles, and undone ----


def test_the_cycle_of_the_same_word_comes_first(world: World) -> None:
    youth = a_cycle(slug="2025-青年", year=2025, deadline="2025-12-31").with_units(1).cycle
    begun = start_scheme(year=2027, word="青年", by=world.office).cycle
    assert list(sources_for(begun)) == [youth, world.cycle]
    assert youth not in sources_for(youth)


@pytest.mark.both
def test_a_draft_is_deleted_with_what_it_gave(world: World, draft: Cycle) -> None:
    before = filers_of("a")
    roll(world, draft, "b,a,,", "c,n,新单位,")
    drop_draft(cycle=draft, by=world.office, why="重新来过")
    assert not Cycle.objects.filter(slug="2027").exists()
    assert filers_of("a") == before
    assert filers_of("n") == set()
    assert Unit.objects.filter(code="n").exists()
    assert Event.objects.get(verb="cycle.dropped").why == "重新来过"
    assert start_scheme(year=2027, by=world.office).cycle.slug == "2027"


def test_a_draft_of_which_something_is_recorded_stays(world: World, draft: Cycle) -> None:
    Record.objects.create(
        cycle=draft,
        unit=Unit.objects.get(code="a"),
        kind="note",
        text="一事",
        happened_on=date(2027, 1, 1),
        logged_by=world.office,
    )
    with pytest.raises(DomainError):
        drop_draft(cycle=draft, by=world.office, why="重新来过")
    assert Cycle.objects.filter(slug="2027").exists()


def test_an_open_cycle_takes_nothing_over_and_is_not_deleted(world: World, draft: Cycle) -> None:
    Cycle.objects.filter(pk=draft.pk).update(opened_at=clock.now())
    with pytest.raises(DomainError):
        roll(world, draft)
    with pytest.raises(DomainError):
        drop_draft(cycle=draft, by=world.office, why="重新来过")
