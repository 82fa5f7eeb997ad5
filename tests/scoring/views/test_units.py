"""The office's pages of a cycle's units under odd requests: what was typed stays, what others did is said."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Membership, Role, Unit, User
from audit.models import Event
from audit.verbs import Verb
from common.tables.incoming import MOST_BYTES
from scoring.models import Cycle, ScoreSheet
from tests.support.clients import browser_of
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
URL = "/cycles/2026/units/"


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).with_units(1, "society")


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def told(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def names(world: World) -> list[str]:
    return list(ScoreSheet.objects.filter(cycle=world.cycle).order_by("pk").values_list("unit_name", flat=True))


def open_meanwhile(world: World) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(opened_at=world.at)


def a_unit(**changes: str) -> dict[str, str]:
    return {"code": "n1", "name": "新单位", "track": "district"} | changes


# ---- the list ----------------------------------------------------------------------------------------------------


def test_units_stand_under_their_track(world: World) -> None:
    page = office(world).get(URL)
    assert [len(group.rows) for group in page.context["tracks"]] == [2, 1]
    assert page.context["total"] == 3
    assert page.context["editable"]


def test_the_forms_are_there_for_the_office_of_a_draft_only(world: World) -> None:
    assert Visitor(world, world.supervisor).get(URL).context["editable"] is False
    world.opened()
    assert office(world).get(URL).context["editable"] is False


def test_a_year_without_a_cycle_is_not_found(world: World) -> None:
    assert office(world).get("/cycles/1999/units/").status_code == 404


@pytest.mark.parametrize("way", ["add", "import", "remove"])
def test_what_changes_units_is_asked_by_a_form(world: World, way: str) -> None:
    assert office(world).get(f"{URL}{way}/").url == URL


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_takes_a_fixed_number_of_queries(count: int, django_assert_max_num_queries: Any) -> None:
    world = a_cycle().with_units(count)
    visitor = office(world)
    with django_assert_max_num_queries(14):
        assert visitor.get(URL).context["total"] == count


# ---- one unit ----------------------------------------------------------------------------------------------------


def test_a_unit_comes_with_its_filer(world: World) -> None:
    data = a_unit(username="li", filer="李四", mail="li@example.org")
    assert office(world).post(f"{URL}add/", data).url == URL
    filer = User.objects.get(username="li")
    assert (filer.name, filer.email, filer.has_usable_password()) == ("李四", "li@example.org", False)
    assert Membership.objects.get(user=filer).unit == Unit.objects.get(code="n1")
    assert Event.objects.filter(verb=Verb.UNIT_CHANGED, went_to="district").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"code": ""}, "code", id="no code"),
        pytest.param({"code": "x" * 41}, "code", id="a code too long"),
        pytest.param({"name": " "}, "name", id="no name"),
        pytest.param({"name": "名" * 121}, "name", id="a name too long"),
        pytest.param({"track": ""}, "track", id="no track"),
        pytest.param({"track": "moon"}, "track", id="a track of nobody"),
        pytest.param({"mail": "no mail"}, "mail", id="no mail address"),
        pytest.param({"username": "u" * 61}, "username", id="a user name too long"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    world: World, changes: dict[str, str], field: str
) -> None:
    data = a_unit(**changes)
    page = office(world).post(f"{URL}add/", data)
    assert page.status_code == 200
    form = page.context["unit_form"]
    assert list(form.errors) == [field]
    assert form["name"].value() == data["name"]
    assert len(names(world)) == 3


def test_a_unit_that_takes_part_is_not_added_twice(world: World) -> None:
    taken = world.cycle.sheets.first()
    page = office(world).post(f"{URL}add/", a_unit(code=taken.unit.code))
    assert page.context["unit_form"].errors["code"]
    assert page.context["unit_form"]["code"].value() == taken.unit.code
    assert len(names(world)) == 3


def test_a_unit_comes_too_late_once_the_cycle_is_open(world: World) -> None:
    open_meanwhile(world)
    page = office(world).post(f"{URL}add/", a_unit())
    assert page.context["unit_form"].non_field_errors()
    assert not Unit.objects.filter(code="n1").exists()


# ---- many at once ------------------------------------------------------------------------------------------------


def test_an_import_is_shown_first_and_its_rows_travel_with_the_question(world: World) -> None:
    page = office(world).post(f"{URL}import/", {"rows": "n1,一号,district,one\nn2，二号，society"})
    assert [(item["label"], item["note"].split()) for item in page.context["items"]] == [
        ("一号", ["district", "one"]),
        ("二号", ["society"]),
    ]
    assert len(names(world)) == 3
    assert office(world).post(f"{URL}import/", {"rows": page.context["rows"], "confirmed": "1"}).url == URL
    assert names(world)[3:] == ["一号", "二号"]


def test_an_import_without_rows_says_so_above_the_form(world: World) -> None:
    page = office(world).post(f"{URL}import/", {"rows": " "})
    assert page.context["import_form"].non_field_errors() or page.context["import_form"].errors
    assert page.templates[0].name == "scoring/units.html"


def test_a_file_beyond_the_limit_is_refused_at_its_field(world: World) -> None:
    huge = SimpleUploadedFile("units.csv", b"x" * (MOST_BYTES + 1))
    page = office(world).post(f"{URL}import/", {"file": huge})
    assert list(page.context["import_form"].errors) == ["file"]


def test_an_import_comes_too_late_once_the_cycle_is_open(world: World) -> None:
    open_meanwhile(world)
    page = office(world).post(f"{URL}import/", {"rows": "n1,一号,district", "confirmed": "1"})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert len(names(world)) == 3


def an_earlier_one() -> World:
    return a_cycle(year=2025, issued="2025-12-01", deadline="2025-12-31").with_units(2)


# ---- changed and taken out ---------------------------------------------------------------------------------------


def test_a_unit_changes_its_track(world: World) -> None:
    sheet = world.cycle.sheets.first()
    society = world.cycle.tracks.get(code="society")
    path = f"{URL}{sheet.pk}/"
    assert office(world).get(path).context["form"]["name"].value() == sheet.unit_name
    assert office(world).post(path, {"name": "改名", "track": society.pk}).url == URL
    sheet.refresh_from_db()
    assert (sheet.unit_name, sheet.track) == ("改名", society)
    assert sheet.unit.name != "改名"


@pytest.mark.parametrize(("name", "field"), [("", "name"), ("长" * 121, "name")])
def test_a_name_that_is_none_is_refused_at_its_field(world: World, name: str, field: str) -> None:
    sheet = world.cycle.sheets.first()
    page = office(world).post(f"{URL}{sheet.pk}/", {"name": name, "track": sheet.track_id})
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["name"].value() == name


def test_a_unit_takes_no_track_of_another_cycle(world: World) -> None:
    sheet = world.cycle.sheets.first()
    foreign = an_earlier_one().cycle.tracks.first()
    page = office(world).post(f"{URL}{sheet.pk}/", {"name": "甲", "track": foreign.pk})
    assert list(page.context["form"].errors) == ["track"]


def test_a_change_comes_too_late_once_the_cycle_is_open(world: World) -> None:
    sheet = world.cycle.sheets.first()
    open_meanwhile(world)
    page = office(world).post(f"{URL}{sheet.pk}/", {"name": "改名", "track": sheet.track_id})
    assert page.context["form"].non_field_errors()
    assert "改名" not in names(world)


def test_a_unit_of_another_cycle_is_not_found_here(world: World) -> None:
    foreign = an_earlier_one().cycle.sheets.first()
    assert office(world).get(f"{URL}{foreign.pk}/").status_code == 404


def test_units_are_named_before_they_are_taken_out(world: World) -> None:
    sheet = world.cycle.sheets.first()
    page = office(world).post(f"{URL}remove/", {"ids": [sheet.pk, "x", "999999"]})
    assert [item["label"] for item in page.context["items"]] == [sheet.unit_name]
    assert office(world).post(f"{URL}remove/", {"ids": [sheet.pk], "confirmed": "1"}).url == URL
    assert sheet.unit_name not in names(world)
    assert Unit.objects.filter(pk=sheet.unit_id).exists()


def test_nothing_chosen_takes_nothing_out(world: World) -> None:
    answer = office(world).post(f"{URL}remove/", {"confirmed": "1"})
    assert told(answer)
    assert len(names(world)) == 3


def test_a_removal_comes_too_late_once_the_cycle_is_open(world: World) -> None:
    open_meanwhile(world)
    answer = office(world).post(f"{URL}remove/", {"ids": [world.cycle.sheets.first().pk], "confirmed": "1"})
    assert told(answer)
    assert len(names(world)) == 3


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.LEADER, Role.CHIEF])
def test_those_who_read_the_cycle_change_nothing_of_it(world: World, role: Role) -> None:
    reader = Visitor(world, {"supervisor": world.supervisor, "leader": world.leaders[0], "chief": world.chief}[role])
    assert reader.get(URL).status_code == 200
    sheet = world.cycle.sheets.first()
    for way in ("add", "import", "remove", sheet.pk):
        assert reader.post(f"{URL}{way}/", {"ids": [sheet.pk], "confirmed": "1"}).status_code == 403
    assert len(names(world)) == 3


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": "甲\u202e"}, "code"),
        ({"name": "甲\u202e"}, "name"),
        ({"username": "a b"}, "username"),
        ({"username": "", "filer": "张三"}, "username"),
        ({"filer": "张\u202e三"}, "filer"),
        ({"mail": "a@b"}, "mail"),
    ],
)
def test_what_is_wrong_with_one_unit_is_said_at_its_field(typed: dict[str, str], field: str) -> None:
    world = a_cycle()
    form = {"code": "jia", "name": "甲区科协", "track": "district", "username": "zhang", "filer": "张三", "mail": ""}
    page = browser_of(world.office).post(reverse("unit-add", args=[world.cycle.year]), form | typed)
    assert list(page.context["unit_form"].errors) == [field]
    assert "第" not in str(page.context["unit_form"].errors[field])


def test_a_unit_whose_code_reads_like_a_heading_is_added() -> None:
    world = a_cycle()
    form = {"code": "编号", "name": "甲区科协", "track": "district"}
    browser_of(world.office).post(reverse("unit-add", args=[world.cycle.year]), form)
    assert world.cycle.sheets.get().unit.code == "编号"
