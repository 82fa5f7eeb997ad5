"""The indicator library: rows of schemes kept, found, edited, retired, taken into a draft and begun with."""

import pytest

from accounts.models import Role
from audit.models import Event
from audit.verbs import Verb
from common.errors import DomainError
from scoring.engine.edit import Edit, Place
from scoring.engine.shelf import lifted
from scoring.models import LibraryItem, Responsibility, Scheme
from scoring.services.editing import redo_step, undo_step
from scoring.services.library import (
    bring_back,
    edit_item,
    name_desk,
    put_in_library,
    retire_item,
    take_from_library,
)
from scoring.services.rolling import drop_draft
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.both]
FIRST: Place = ("tracks", 0, "indicators", 0)
ITEM: Place = ("tracks", 0, "adjustments", 0)


@pytest.fixture
def world() -> World:
    return a_cycle()


def scheme() -> Scheme:
    return Scheme.objects.select_related("cycle").get(cycle__year=2026)


def put(world: World, *places: Place) -> LibraryItem:
    return put_in_library(scheme=scheme(), places=places or (FIRST,), by=world.office)[0]


def take(world: World, *items: LibraryItem, place: Place = ("tracks", 1)) -> Scheme:
    return take_from_library(scheme=scheme(), items=items, place=place, by=world.office, seen=scheme().sha256)


def change(world: World, item: LibraryItem, place: Place = FIRST, **values: object) -> LibraryItem:
    return edit_item(item=item, edit=Edit(place, values), what="文", by=world.office, seen=item.sha256)


def test_a_row_is_kept_with_where_it_came_from_and_who_answers(world: World) -> None:
    item = put(world)
    assert item.row == lifted(scheme().body["tracks"][0]["indicators"][0])
    assert item.came_from == "2026年度科协工作考核 · 区县（自治县）科协 · 1"
    answers = Responsibility.objects.get(track__cycle=world.cycle, track__code="district", code="1.1")
    assert item.desk == answers.department.name
    assert Event.objects.get(verb=Verb.LIBRARY_ADDED).subject == item.recorded_as


def test_what_stands_there_already_is_left_out(world: World) -> None:
    put(world)
    assert len(put_in_library(scheme=scheme(), places=[FIRST, ITEM], by=world.office)) == 1
    with pytest.raises(DomainError):
        put(world)


@pytest.mark.parametrize("place", [(), ("tracks", 0), ("tracks", 0, "indicators", 99)])
def test_only_rows_of_a_track_are_kept(world: World, place: Place) -> None:
    with pytest.raises(DomainError):
        put_in_library(scheme=scheme(), places=[place], by=world.office)


def test_nothing_is_kept_of_a_draft_that_was_deleted_meanwhile(world: World) -> None:
    draft = scheme()
    drop_draft(cycle=world.cycle, why="误建", by=world.office)
    with pytest.raises(DomainError):
        put_in_library(scheme=draft, places=(FIRST,), by=world.office)


def test_the_rows_of_an_open_scheme_are_kept_too() -> None:
    world = a_cycle().with_units(1).opened()
    assert put(world).came_from


def test_a_row_is_edited_in_the_library_and_schemes_stay_as_they_are(world: World) -> None:
    before = scheme().sha256
    item = change(world, put(world), (*FIRST, "parts", 0), points="30")
    assert (item.row["points"], scheme().sha256) == ("50", before)
    assert Event.objects.get(verb=Verb.LIBRARY_CHANGED).data["changes"][0]["what"] == "文"


def test_a_change_that_is_none_leaves_no_event(world: World) -> None:
    item = put(world)
    change(world, item, text=item.row["text"])
    assert not Event.objects.filter(verb=Verb.LIBRARY_CHANGED).exists()


@pytest.mark.parametrize(
    ("place", "values"), [((*FIRST, "parts", 9), {"points": "1"}), ((*FIRST, "parts", 0), {"points": "x"})]
)
def test_what_makes_no_row_is_refused(world: World, place: Place, values: dict[str, str]) -> None:
    item = put(world)
    with pytest.raises(DomainError):
        change(world, item, place, **values)
    item.refresh_from_db()
    assert item.row["points"] == "60"


def test_a_colleague_s_change_is_not_overwritten(world: World) -> None:
    item = put(world)
    change(world, item, text="甲")
    with pytest.raises(DomainError):
        change(world, item, text="乙")


def test_a_retired_row_is_neither_changed_nor_taken_until_it_is_back(world: World) -> None:
    item = put(world)
    for _twice in range(2):
        retire_item(item=item, by=world.office)
    item.refresh_from_db()
    with pytest.raises(DomainError):
        change(world, item, text="甲")
    with pytest.raises(DomainError):
        take(world, item)
    for _twice in range(2):
        bring_back(item=item, by=world.office)
    item.refresh_from_db()
    take(world, item)
    assert Event.objects.filter(verb__in=[Verb.LIBRARY_RETIRED, Verb.LIBRARY_BACK]).count() == 2


def test_rows_are_taken_as_one_step_and_nothing_of_the_draft_is_lost(world: World) -> None:
    first = scheme().body
    items = [put(world), put(world, ITEM)]
    take(world, *items, place=("tracks", 0, "indicators", 0))
    track = scheme().body["tracks"][0]
    assert [row["code"] for row in track["indicators"]] == ["1", "2", "3"]
    assert lifted(track["indicators"][1]) == items[0].row
    assert lifted(track["adjustments"][-1]) == items[1].row
    assert scheme().steps.count() == 1
    undo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
    assert scheme().body == first


def test_the_department_that_the_library_names_answers_also_when_the_step_is_taken_again(world: World) -> None:
    item = name_desk(item=put(world), desk=world.desks["district"].name, by=world.office)
    take(world, item)

    def answering() -> str:
        row = Responsibility.objects.get(track__cycle=world.cycle, track__code="society", code="3.1")
        return row.department.name

    assert answering() == item.desk
    undo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
    redo_step(scheme=scheme(), by=world.office, seen=scheme().sha256)
    assert answering() == item.desk


def test_the_receiving_desk_answers_where_the_library_names_nobody_there_is(world: World) -> None:
    take(world, name_desk(item=put(world), desk="没有的部", by=world.office))
    row = Responsibility.objects.get(track__cycle=world.cycle, track__code="society", code="3.1")
    assert row.department == world.desks["society"]


@pytest.mark.parametrize("place", [(), ("grade_bands", 0)])
def test_rows_are_taken_into_a_track_only(world: World, place: Place) -> None:
    item = put(world)
    with pytest.raises(DomainError):
        take(world, item, place=place)


def test_something_is_chosen(world: World) -> None:
    with pytest.raises(DomainError):
        take(world)


def test_the_list_is_searched_by_all_words_and_by_kind(world: World) -> None:
    put_in_library(scheme=scheme(), places=[FIRST, ("tracks", 0, "indicators", 1), ITEM], by=world.office)
    office = Visitor(world, world.office)

    def found(query: str) -> int:
        return len(office.get(f"/library/?{query}").context["rows"])

    assert (found(""), found("q=学术+项"), found("q=学术+志愿"), found("kind=bonus")) == (3, 1, 0, 1)
    assert (found("retired=on"), found("q=组织人事部")) == (0, 3)


def test_a_list_asks_the_database_the_same_however_long_it_is(world: World) -> None:
    supervisor = Visitor(world, a_person(Role.SUPERVISOR))
    put(world)
    one = supervisor.questions("/library/")
    put_in_library(scheme=scheme(), places=[("tracks", 0, "indicators", 1), ITEM], by=world.office)
    assert len(supervisor.questions("/library/")) == len(one)


def test_rows_of_a_scheme_are_ticked_into_the_library(world: World) -> None:
    office = Visitor(world, world.office)
    assert "tracks/0/indicators/0" in office.get("/schemes/2026/library/").content.decode()
    assert office.post("/schemes/2026/library/", {"ids": ["tracks/0/indicators/0"]}).url == "/library/"
    assert LibraryItem.objects.count() == 1
    assert office.post("/schemes/2026/library/", {"ids": ["tracks/0/indicators/0"]}).status_code == 200


def test_a_row_is_edited_on_its_page_as_in_a_draft(world: World) -> None:
    item, office = put(world), Visitor(world, world.office)
    home = f"/library/{item.pk}/edit/"
    typed = {"version": item.sha256, "text": "新", "do": "add:parts"}
    assert office.post(home, typed).url == f"{home}at/parts/2/"
    item.refresh_from_db()
    answer = office.post(
        f"{home}at/parts/2/",
        {"version": item.sha256, "changed": ["points"], "points": "7"},
        headers={"X-Requested-With": "autosave"},
    ).json()
    item.refresh_from_db()
    assert (item.row["text"], item.row["points"], answer["version"]) == ("新", "67", item.sha256)
    assert office.post(f"{home}at/parts/2/", {"version": "0" * 64, "points": "8"}).context["form"].errors
    assert office.post(home, {"version": item.sha256, "text": "新", "do": "remove"}).url == home
    assert office.get(f"{home}at/parts/9/").status_code == 404


def test_its_department_is_named_and_it_is_retired_and_brought_back_on_its_page(world: World) -> None:
    item, office = put(world), Visitor(world, world.office)
    page = f"/library/{item.pk}/"
    office.post(f"{page}edit/desk/", {"desk": "普及部"})
    office.post(f"{page}edit/desk/", {"desk": "部" * 121})
    office.post(f"{page}retire/")
    assert office.get(f"{page}edit/").url == page
    assert "普及部" in office.get(page).content.decode()
    office.post(f"{page}back/")
    item.refresh_from_db()
    assert (item.desk, item.retired_at) == ("普及部", None)


def test_rows_are_taken_from_the_editor_at_the_place_chosen(world: World) -> None:
    item, office = put(world), Visitor(world, world.office)
    page = "/schemes/2026/edit/take/tracks/1/"
    assert office.get(page).context["rows"][0].item == item
    sent = {"ids": [item.pk], "version": scheme().sha256}
    assert office.post(page, sent).url == "/schemes/2026/edit/at/tracks/1/"
    assert office.post(page, sent).status_code == 200  # a second press of the same page
    assert len(scheme().body["tracks"][1]["indicators"]) == 3


def test_nothing_is_taken_into_an_open_cycle_s_scheme() -> None:
    world = a_cycle().with_units(1).opened()
    assert Visitor(world, world.office).get("/schemes/2026/edit/take/tracks/0/").url == "/schemes/2026/"


def test_the_record_names_an_item_by_where_it_came_from(world: World) -> None:
    item = put(world)
    (told,) = Visitor(world, world.office).get("/events/?verb=library.added").context["rows"]
    assert told.called == item.came_from


def test_a_scheme_begins_with_rows_of_the_library(world: World) -> None:
    items = put_in_library(scheme=scheme(), places=[FIRST, ITEM], by=world.office)
    office = Visitor(world, world.office)
    page = office.get(f"/schemes/start/?ids={items[0].pk}&ids={items[1].pk}")
    assert "like" not in page.context["form"].fields
    assert office.post("/schemes/start/", {"year": "2031", "items": [item.pk for item in items]}).status_code == 302
    (track,) = Scheme.objects.get(cycle__year=2031).body["tracks"]
    assert [lifted(row) for row in (*track["indicators"], *track["adjustments"])] == [item.row for item in items]
    assert Responsibility.objects.filter(track__cycle__year=2031).exists()


def test_a_department_s_name_that_is_too_long_is_told(world: World) -> None:
    item = put(world)
    office = Visitor(world, world.office)
    office.post(f"/library/{item.pk}/edit/desk/", {"desk": "部" * 121})
    assert "120" in office.get(f"/library/{item.pk}/edit/").content.decode()
