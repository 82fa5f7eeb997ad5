"""Notices and schemes on screen under odd requests: files that are none, drafts of others, places of nothing."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from scoring.models import Cycle, Finding, FindingSeverity, Scheme
from scoring.services.schemes import load_scheme
from tests.support.pages import Visitor
from tests.support.schemes import a_body
from tests.support.world import START, World, a_cycle, a_person

pytestmark = pytest.mark.django_db
URL = "/schemes/2026/"
DOUBT = {"code": "unclear-scope", "severity": "confirm", "track": "district", "at": "1", "message": "两个名称连写"}
NO_YEAR = "关于开展工作考核的通知\n"


@pytest.fixture
def world() -> World:
    return a_cycle(findings=[DOUBT, DOUBT | {"track": None, "at": None, "message": "函"}])


def office(world: World) -> Visitor:
    return Visitor(world, world.office)


def told(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def scheme(world: World) -> Scheme:
    return Scheme.objects.get(cycle=world.cycle)


def a_file(content: bytes = b"notice", name: str = "notice.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def correction(world: World, place: str = "", **changes: Any) -> Any:
    """What the page of a correction would send, with some of it changed."""
    path = f"{URL}correct/{place}"
    form = office(world).get(path).context["form"]
    data = {field.name: field.value() for field in form if field.value() not in (None, False)}
    return office(world).post(path, data | {"why": "核对原件"} | changes)


# ---- a notice comes in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("notice.txt", b"", id="empty"),
        pytest.param("notice.txt", "今天天气很好。".encode(), id="no notice"),
        pytest.param("notice.docx", b"\x89PNG\r\n\x1a\n", id="a picture renamed"),
        pytest.param("notice.doc", b"\xd0\xcf\x11\xe0", id="a document of old"),
        pytest.param("notice.pdf", b"%PDF-1.4", id="another kind of file"),
    ],
)
def test_a_file_that_is_no_notice_is_refused_at_its_field(world: World, name: str, content: bytes) -> None:
    page = office(world).post("/schemes/", {"notice": a_file(content, name)})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["notice"]
    assert Scheme.objects.count() == 1


def test_no_file_at_all_is_said_at_its_field_once(world: World) -> None:
    page = office(world).post("/schemes/", {"notice": ""})
    assert len(page.context["form"].errors["notice"]) == 1


@pytest.mark.parametrize("year", ["1999", "2101", "abc"])
def test_a_year_that_is_none_is_refused_at_its_field_and_stays(world: World, year: str) -> None:
    page = office(world).post("/schemes/", {"notice": a_file(), "year": year})
    assert list(page.context["form"].errors) == ["year"]
    assert page.context["form"]["year"].value() == year


def test_a_large_file_is_still_there_after_an_error(world: World) -> None:
    large = f"{ANNEX}\n{'。' * 1024 * 1024}".encode()
    page = office(world).post("/schemes/", {"notice": [a_file(large, "附件.txt"), a_file(b"x", "x.txt")]})
    assert page.context["form"].kept_names == "附件.txt、x.txt"
    again = {"kept": page.context["form"]["kept"].value(), "year": "2027"}
    assert office(world).post("/schemes/", again).url == "/schemes/2027/"
    assert not default_storage.exists(f"uploads/{world.office.pk}")


def test_what_was_chosen_since_takes_the_place_of_what_was_kept(world: World) -> None:
    first = office(world).post("/schemes/", {"notice": [a_file(ANNEX.encode(), "附件.txt")]})
    office(world).post("/schemes/", {"notice": [a_file(f"{ANNEX}。".encode(), "附件.txt")]})
    again = office(world).post("/schemes/", {"kept": first.context["form"]["kept"].value(), "pasted": ""})
    assert "notice" in again.context["form"].errors


def test_what_one_page_imports_takes_nothing_from_another(world: World) -> None:
    page = office(world).post("/schemes/", {"notice": [a_file(ANNEX.encode(), "附件.txt")]})
    assert office(world).post("/schemes/", {"pasted": f"{LETTER}\n{ANNEX}"}).url == "/schemes/2027/"
    again = {"kept": page.context["form"]["kept"].value(), "year": "2028"}
    assert office(world).post("/schemes/", again).url == "/schemes/2028/"
    assert not default_storage.exists(f"uploads/{world.office.pk}")


LETTER = "关于开展2027年度考核工作的通知\n请于12月31日前报送。"
ANNEX = "附件1\n街道科协考核表\n序号\t考核内容\t分值\n1\t建立制度\t60\n2\t开展活动\t40"


def test_a_notice_in_several_files_is_kept_and_shown_whole(world: World) -> None:
    files = [a_file(ANNEX.encode(), "附件.txt"), a_file(LETTER.encode(), "通知.txt")]
    assert office(world).post("/schemes/", {"notice": files}).url == "/schemes/2027/"
    assert Scheme.objects.get(cycle__year=2027).source_name == "附件.zip"
    blocks = office(world).get("/schemes/2027/reading/").context["blocks"]
    assert [block.file for block in blocks if block.file] == ["通知.txt", "附件.txt"]


def test_after_an_error_all_files_are_still_there(world: World) -> None:
    page = office(world).post("/schemes/", {"notice": [a_file(ANNEX.encode(), "附件.txt")]})
    assert list(page.context["form"].errors) == ["year"]
    assert page.context["form"].kept_names == "附件.txt"
    again = {"kept": page.context["form"]["kept"].value(), "pasted": LETTER}
    assert office(world).post("/schemes/", again).url == "/schemes/2027/"


def test_a_pasted_notice_is_imported_and_stays_after_an_error(world: World) -> None:
    page = office(world).post("/schemes/", {"pasted": ANNEX})
    assert page.context["form"]["pasted"].value() == ANNEX
    assert office(world).post("/schemes/", {"pasted": f"{LETTER}\n{ANNEX}"}).url == "/schemes/2027/"


@pytest.mark.parametrize("kept", ["", "forged", "eyJ4Ijoi:1:sig"])
def test_a_kept_file_that_is_none_asks_for_the_file(world: World, kept: str) -> None:
    page = office(world).post("/schemes/", {"kept": kept})
    assert "notice" in page.context["form"].errors


def test_the_list_of_cycles_counts_what_is_open(world: World) -> None:
    (cycle,) = office(world).get("/schemes/").context["cycles"]
    assert (cycle.year, cycle.open_findings, cycle.open_errors) == (2026, 2, 0)


# ---- the scheme's page -------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_open_and_what_is_settled_by_whom(world: World) -> None:
    first = scheme(world).findings.first()
    assert first is not None
    office(world).post(f"{URL}confirm/", {"ids": [first.pk], "confirmed": "1"})
    page = office(world).get(URL)
    assert [len(page.context[name]) for name in ("open", "settled")] == [1, 1]
    assert page.context["settled"][0].finding.settled_by == world.office
    assert page.context["editable"]


def test_a_finding_names_its_track_and_one_of_the_letter_none(world: World) -> None:
    names = {row.finding.track: row.track_name for row in office(world).get(URL).context["open"]}
    assert names == {"district": "区县（自治县）科协", "": ""}


def test_an_open_cycle_s_scheme_is_read_by_those_who_may_and_changed_by_nobody(world: World) -> None:
    Finding.objects.update(settled_at=START)
    world.with_units(1).opened()
    for user in (world.office, world.supervisor, world.chief, world.leaders[0]):
        assert Visitor(world, user).get(URL).context["editable"] is False


@pytest.mark.parametrize("path", ["/schemes/1999/", "/schemes/1999/correct/", "/schemes/1999/confirm/"])
def test_a_year_without_a_scheme_is_not_found(world: World, path: str) -> None:
    ask = office(world).post if path.endswith("confirm/") else office(world).get
    assert ask(path).status_code == 404


# ---- confirming --------------------------------------------------------------------------------------------------


def test_what_is_confirmed_stands_under_the_name_of_its_track(world: World) -> None:
    ids = list(scheme(world).findings.values_list("pk", flat=True))
    page = office(world).post(f"{URL}confirm/", {"ids": ids}).content.decode()
    assert f"{scheme(world).rules.tracks[0].name} · 1" in page


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param([], id="nothing"),
        pytest.param(["x"], id="no number"),
        pytest.param(["999999"], id="a finding of nobody"),
        pytest.param(["9" * 30], id="no key at all"),
    ],
)
def test_nothing_chosen_confirms_nothing(world: World, ids: list[str]) -> None:
    answer = office(world).post(f"{URL}confirm/", {"ids": ids, "confirmed": "1"})
    assert answer.url == URL
    assert told(answer)
    assert scheme(world).findings.filter(settled_at=None).count() == 2


def test_what_was_settled_meanwhile_is_not_settled_again(world: World) -> None:
    ids = list(scheme(world).findings.values_list("pk", flat=True))
    office(world).post(f"{URL}confirm/", {"ids": ids, "confirmed": "1", "reason": "甲"})
    answer = office(world).post(f"{URL}confirm/", {"ids": ids, "confirmed": "1", "reason": "乙"})
    assert answer.url == URL
    assert {finding.reason for finding in scheme(world).findings.all()} == {"甲"}


def test_findings_of_another_year_are_not_confirmed_here(world: World) -> None:
    other = a_cycle(year=2025, findings=[DOUBT])
    ids = list(scheme(other).findings.values_list("pk", flat=True))
    office(world).post(f"{URL}confirm/", {"ids": ids, "confirmed": "1"})
    assert scheme(other).findings.get().settled_at is None


def test_an_error_needs_a_reason_which_is_asked_for_at_its_field(world: World) -> None:
    scheme(world).findings.filter(track="district").update(severity=FindingSeverity.ERROR)
    ids = list(scheme(world).findings.values_list("pk", flat=True))
    page = office(world).post(f"{URL}confirm/", {"ids": ids, "confirmed": "1", "reason": " "})
    assert list(page.context["form"].errors) == ["reason"]
    assert len(page.context["items"]) == 2
    assert scheme(world).findings.filter(settled_at=None).count() == 2
    assert office(world).post(f"{URL}confirm/", {"ids": ids, "confirmed": "1", "reason": "原件清楚"}).url == URL


def test_a_reason_beyond_its_length_is_refused_and_stays(world: World) -> None:
    ids = list(scheme(world).findings.values_list("pk", flat=True))
    page = office(world).post(f"{URL}confirm/", {"ids": ids, "confirmed": "1", "reason": "长" * 2001})
    assert list(page.context["form"].errors) == ["reason"]
    assert page.context["form"]["reason"].value() == "长" * 2001


# ---- correcting --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        pytest.param("", "title", "新标题", id="the title"),
        pytest.param("", "deadline", "2026-12-30", id="the deadline"),
        pytest.param("", "grades", "优秀，良好", id="the grades"),
        pytest.param("", "publicity", "7", id="the days of publicity"),
        pytest.param("district/", "desk", "办公室", id="a desk"),
        pytest.param("district/", "bonus_cap", "12", id="a cap"),
        pytest.param("district/", "sample", "5", id="a sample"),
        pytest.param("district/1/", "at_least-0", "4", id="a count"),
        pytest.param("district/2/", "rate-0", "4", id="a rate"),
        pytest.param("district/B1/", "cap", "2", id="the limit of an item"),
        pytest.param("district/D1/", "rate-0", "3", id="a deduction"),
    ],
)
def test_a_value_is_corrected_where_it_stands(world: World, place: str, name: str, value: str) -> None:
    before = scheme(world).sha256
    if name == "grades":
        assert correction(world, "district/", bars=[]).url == URL
    assert correction(world, place, **{name: value}).url == URL
    assert scheme(world).sha256 != before
    shown = office(world).get(f"{URL}correct/{place}").context["form"][name].value()
    assert str(shown) == value.replace("，", "、")


@pytest.mark.parametrize(
    ("place", "changes", "field"),
    [
        pytest.param("", {"why": " "}, "why", id="no reason"),
        pytest.param("", {"publicity": "0"}, "publicity", id="no day of publicity"),
        pytest.param("", {"publicity": "61"}, "publicity", id="two months of publicity"),
        pytest.param("", {"deadline": "31.12.2026"}, "deadline", id="no date"),
        pytest.param("", {"title": "长" * 201}, "title", id="a title too long"),
        pytest.param("district/", {"full_marks": ""}, "full_marks", id="no full marks"),
        pytest.param("district/", {"bonus_cap": "-1"}, "bonus_cap", id="less than nothing"),
        pytest.param("district/", {"sample": "0"}, "sample", id="a sample of nobody"),
        pytest.param("district/", {"bars": ["金奖"]}, "bars", id="a grade of nobody"),
        pytest.param("district/1/", {"points": "x"}, "points", id="no number"),
        pytest.param("district/1/", {"points-0": "1.234"}, "points-0", id="a thousandth"),
        pytest.param("district/B1/", {"rate-0": ""}, "rate-0", id="no rate"),
        pytest.param("district/B1/", {"per-0": "单" * 11}, "per-0", id="a measure too long"),
    ],
)
def test_a_value_that_is_none_is_refused_at_its_field_and_nothing_changes(
    world: World, place: str, changes: dict[str, Any], field: str
) -> None:
    before = scheme(world).sha256
    page = correction(world, place, **changes)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert page.context["form"][field].value() == changes[field]
    assert scheme(world).sha256 == before


@pytest.mark.both
def test_what_somebody_changed_meanwhile_is_shown_before_it_is_changed_again(world: World) -> None:
    page = correction(world, title="新标题", seen="0" * 64)
    assert page.context["form"].non_field_errors()
    assert page.context["form"]["title"].value() == "新标题"
    assert page.context["form"]["seen"].value() == scheme(world).sha256
    assert scheme(world).cycle.scheme.rules.title != "新标题"


@pytest.mark.both
def test_a_correction_that_changes_nothing_says_so(world: World) -> None:
    assert correction(world).context["form"].non_field_errors()


def test_the_page_of_an_item_prints_its_words(world: World) -> None:
    page = office(world).get(f"{URL}correct/district/B1.1/")
    assert page.context["code"] == "B1"
    assert office(world).get(f"{URL}correct/district/1.1/").context["code"] == "1"
    assert page.context["text"] == "1.获得市科协表彰（加1分/次）"
    assert office(world).get(f"{URL}correct/district/").context["text"] == ""
    assert office(world).get(f"{URL}correct/").context["rules"] is None


@pytest.mark.parametrize("place", ["moon/", "moon/1/", "district/9/", "district/B1.9/"])
def test_a_place_that_the_scheme_has_not_is_not_found(world: World, place: str) -> None:
    assert office(world).get(f"{URL}correct/{place}").status_code == 404
    assert office(world).post(f"{URL}correct/{place}", {"why": "x"}).status_code == 404


def test_a_frozen_scheme_leads_back_to_its_page(world: World) -> None:
    Scheme.objects.update(frozen_at=START)
    answer = office(world).post(f"{URL}correct/", {"title": "x", "why": "x"})
    assert answer.url == URL
    assert told(answer)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.LEADER, Role.CHIEF])
def test_readers_of_the_cycle_read_the_scheme_and_change_nothing(world: World, role: Role) -> None:
    reader = Visitor(world, a_person(role))
    assert reader.get(URL).status_code == 200
    before = scheme(world).sha256
    assert reader.get("/schemes/").status_code == 403
    assert reader.post(f"{URL}confirm/", {"confirmed": "1"}).status_code == 403
    assert reader.post(f"{URL}correct/", {"title": "x", "why": "x"}).status_code == 403
    assert scheme(world).sha256 == before


def test_a_draft_replaced_meanwhile_is_the_one_that_is_shown(world: World) -> None:
    load_scheme(a_body(title="另一份"), source_name="b.txt", source=b"b")
    assert office(world).get(URL).context["rules"].title == "另一份"
    assert Cycle.objects.count() == 1
