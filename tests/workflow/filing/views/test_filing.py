"""A unit's pages under odd requests: fields of nobody, files of others, a supplement, the wrong method."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Material, MaterialKind, RosterEntry
from tests.support.clients import messages_on
from tests.support.filing import returned
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\nsummary"


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).filled()


def filer(world: World, number: int = 0) -> Visitor:
    return Visitor(world, world.filers[world.assessments[number].sheet_id])


def path(world: World, rest: str = "", number: int = 0) -> str:
    return f"/self-evaluation/{world.assessments[number].pk}/{rest}"


def a_file(name: str = "总结.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# ---- the sheet ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["claimed-9.9", "moon-1.1", "claimed-", "claimed", "", "text-"])
def test_a_field_of_nobody_is_passed_over(world: World, field: str) -> None:
    answer = filer(world).post(
        path(world, "save/"), {field: "1", "changed": field}, headers={"X-Requested-With": "autosave"}
    )
    assert answer.status_code == 200
    assert answer.json()["errors"] == {}


def test_only_what_is_named_as_changed_is_saved(world: World) -> None:
    data = {"claimed-1.1": "11", "claimed-1.2": "12", "changed": "claimed-1.1"}
    filer(world).post(path(world, "save/"), data, headers={"X-Requested-With": "autosave"})
    claimed = dict(world.assessments[0].sheet.lines.values_list("code", "claimed"))
    assert (claimed["1.1"], claimed["1.2"]) == (11, 10)


def test_an_answer_brings_the_sum_and_the_list_of_what_is_filled(world: World) -> None:
    body = filer(world).autosave(path(world, "save/"), claimed_1_1="15").json()
    assert set(body["html"]) == {"#total", "#toc", "#left"}
    assert body["version"]
    assert body["saved_at"]


def test_the_line_at_the_foot_follows_what_was_saved(world: World) -> None:
    world.assessments[0].sheet.lines.filter(code="1.1").update(claimed=None)
    before = filer(world).get(path(world, "")).content.decode()
    after = filer(world).autosave(path(world, "save/"), claimed_1_1="15").json()["html"]["#left"]
    assert "1.1" in before[before.index('id="left"') :]
    assert "1.1" not in after


def test_after_handing_in_a_save_is_told_at_every_field_that_it_named(world: World) -> None:
    world.submitted()
    data = {"claimed-1.1": "1", "text-1.1": "x", "changed": ["claimed-1.1", "text-1.1"]}
    answer = filer(world).post(path(world, "save/"), data, headers={"X-Requested-With": "autosave"})
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"claimed-1.1", "text-1.1"}


def test_a_second_click_gets_the_receipt_of_the_first(world: World) -> None:
    first = filer(world).post(path(world, "check/"))
    second = filer(world).post(path(world, "check/"))
    assert first.url == second.url
    assert world.assessments[0].sheet.submissions.count() == 1


def test_with_something_missing_nothing_is_handed_in_and_the_page_says_what(world: World) -> None:
    world.assessments[0].sheet.lines.filter(code="2.1").update(claimed=None)
    page = filer(world).post(path(world, "check/"))
    assert page.status_code == 200
    assert page.context["problem"]
    assert page.context["missing"]
    assert not world.assessments[0].sheet.submissions.exists()


@pytest.mark.parametrize("rest", ["", "save/", "check/", "materials/", "roster/", "roster/template.csv"])
def test_another_unit_s_pages_do_not_exist(world: World, rest: str) -> None:
    visitor = filer(world)
    assert visitor.post(path(world, rest, 1), {"claimed-1.1": "1"}).status_code in (404, 405)
    assert visitor.get(path(world, rest, 1), follow=True).status_code == 404
    assert world.assessments[1].sheet.lines.get(code="1.1").claimed == 10


# ---- materials ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "field"),
    [
        pytest.param({"kind": "summary"}, "file", id="no file"),
        pytest.param({"kind": "diary", "file": True}, "kind", id="of no kind"),
        pytest.param({"kind": "evidence", "file": True}, "code", id="evidence for nothing"),
        pytest.param({"kind": "evidence", "code": "9.9", "file": True}, "code", id="evidence for what there is not"),
    ],
)
def test_a_file_without_its_place_is_refused_at_its_field(world: World, data: dict[str, Any], field: str) -> None:
    before = Material.objects.count()
    sent = data | ({"file": a_file()} if data.get("file") else {})
    page = filer(world).post(path(world, "materials/"), sent)
    assert field in page.context["form"].errors
    assert page.context["form"]["kind"].value() == data["kind"]
    assert Material.objects.count() == before


def test_evidence_is_kept_with_its_part_and_taken_out_again(world: World) -> None:
    visitor = filer(world)
    sent = {"kind": "evidence", "code": "1.1", "file": a_file("签到表.pdf")}
    assert visitor.post(path(world, "materials/"), sent).url == path(world, "materials/")
    kept = Material.objects.get(kind=MaterialKind.EVIDENCE)
    assert visitor.get(f"/materials/{kept.pk}/").headers["Cache-Control"] == "private, no-store"
    answer = visitor.post(path(world, f"materials/{kept.pk}/remove/"))
    assert messages_on(answer)
    assert visitor.get(f"/materials/{kept.pk}/").status_code == 404
    assert filer(world, 1).post(path(world, f"materials/{kept.pk}/remove/", 1)).status_code == 404


def test_a_file_of_another_unit_is_neither_read_nor_removed(world: World) -> None:
    foreign = Material.objects.get(sheet=world.assessments[1].sheet)
    visitor = filer(world)
    assert visitor.get(f"/materials/{foreign.pk}/").status_code == 404
    assert visitor.post(path(world, f"materials/{foreign.pk}/remove/")).status_code == 404
    assert visitor.post(path(world, f"materials/{foreign.pk}/remove/", 1)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.removed_at is None


def test_after_handing_in_files_are_neither_added_nor_removed(world: World) -> None:
    world.submitted()
    kept = Material.objects.get(sheet=world.assessments[0].sheet)
    page = filer(world).post(path(world, "materials/"), {"kind": "summary", "file": a_file()})
    assert page.context["form"].non_field_errors()
    assert page.context["closed"]
    assert messages_on(filer(world).post(path(world, f"materials/{kept.pk}/remove/")))
    kept.refresh_from_db()
    assert kept.removed_at is None


def test_a_supplement_offers_only_what_was_named(world: World) -> None:
    returned(world.submitted(), "1.1")
    page = filer(world).get(path(world, "materials/"))
    assert [value for value, _label in page.context["form"].fields["kind"].choices] == ["evidence"]
    assert [value for value, _label in page.context["form"].fields["code"].choices] == ["", "1.1"]
    refused = filer(world).post(path(world, "materials/"), {"kind": "summary", "file": a_file()})
    assert "kind" in refused.context["form"].errors


# ---- roster ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "科技志愿者",
        "科技志愿者,张三,12",
        "谁也不是,张三,13900000001",
        "科技志愿者,张三,13900000001\n科技志愿者,张三,13900000001",
    ],
)
def test_a_roster_with_a_wrong_row_replaces_nothing(world: World, rows: str) -> None:
    before = set(RosterEntry.objects.values_list("pk", flat=True))
    page = filer(world).post(path(world, "roster/"), {"rows": rows})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["form"]["rows"].value() == rows
    assert set(RosterEntry.objects.values_list("pk", flat=True)) == before


def test_a_new_roster_takes_the_place_of_the_old_and_is_shown_masked(world: World) -> None:
    rows = "\n".join(f"科技志愿者,王小{n},1380000000{n}" for n in range(4))
    assert filer(world).post(path(world, "roster/"), {"rows": rows}).url == path(world, "roster/")
    page = filer(world).get(path(world, "roster/"), data={"page": "99"})
    assert len(page.context["rows"]) == 4
    assert "13800000001" not in page.content.decode()
    assert (page.context["sample"], page.context["wanted"], page.context["open"]) == (3, True, True)


def test_a_supplement_of_something_else_leaves_the_roster_closed(world: World) -> None:
    returned(world.submitted(), "1.1")
    page = filer(world).get(path(world, "roster/"))
    assert page.context["open"] is False
    refused = filer(world).post(path(world, "roster/"), {"rows": "科技志愿者,张三,13900000001"})
    assert refused.context["form"].errors
    assert world.assessments[0].sheet.roster.count() == 5


def test_a_track_without_recipients_has_an_empty_template() -> None:
    world = a_cycle().with_units(1, "society").opened()
    answer = filer(world).get(path(world, "roster/template.csv")).content.decode("utf-8-sig")
    assert answer.splitlines() == ["类别,姓名,电话,邮箱"]
    page = filer(world).get(path(world, "roster/"))
    assert (page.context["wanted"], page.context["sample"]) == (False, 0)
