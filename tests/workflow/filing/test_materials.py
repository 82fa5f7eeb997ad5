"""Files and rosters of a self-evaluation, through their pages."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Department, Role
from documents.models import Material, RosterEntry
from documents.services.roster import mask_name, mask_phone
from tests.support.filing import returned
from tests.support.minted import kept_anywhere
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, a_person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 summary"


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).opened()


def filer(world: World, number: int = 0) -> Visitor:
    return Visitor(world, world.filers[world.assessments[number].sheet_id])


def path(world: World, more: str = "materials/") -> str:
    return f"/self-evaluation/{world.assessments[0].pk}/{more}"


def a_zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


def upload(world: World, name: str, content: bytes, **fields: str) -> Any:
    data = {"kind": "summary", "code": "", **fields, "file": SimpleUploadedFile(name, content)}
    return filer(world).post(path(world), data)


def test_a_file_is_kept_with_its_digest_and_downloaded_as_it_is(world: World) -> None:
    assert upload(world, "总结.pdf", PDF).status_code == 302
    kept = Material.objects.get()
    assert (kept.name, kept.sha256) == ("总结.pdf", hashlib.sha256(PDF).hexdigest())
    answer = filer(world).get(f"/materials/{kept.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", b"MZ not a pdf"),
        ("a.pdf", b""),
        ("a.docx", a_zip("evil.txt")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.png", PDF),
        ("a", PDF),
        ("a.html", b"<script>"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_words(world: World, name: str, content: bytes) -> None:
    answer = upload(world, name, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Material.objects.exists()


def test_office_files_and_pictures_are_taken(world: World) -> None:
    for name, content in (
        ("a.docx", a_zip("word/document.xml")),
        ("b.xlsx", a_zip("xl/workbook.xml")),
        ("c.zip", a_zip("x")),
        ("d.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("e.JPG", b"\xff\xd8\xff\xe0"),
    ):
        assert upload(world, name, content, kind="evidence", code="1.1").status_code == 302
    assert Material.objects.filter(code="1.1", removed_at=None).count() == 5


def test_a_file_too_large_is_refused(world: World, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    assert upload(world, "a.pdf", PDF).context["form"].errors["file"]


def test_evidence_names_its_part(world: World) -> None:
    assert upload(world, "a.pdf", PDF, kind="evidence").context["form"].errors["code"]


def test_a_new_summary_takes_the_place_of_the_old_and_can_be_removed(world: World) -> None:
    upload(world, "old.pdf", PDF)
    upload(world, "new.pdf", PDF)
    kept = Material.objects.get(removed_at=None)
    assert kept.name == "new.pdf"
    filer(world).post(path(world, f"materials/{kept.pk}/remove/"))
    assert not Material.objects.filter(removed_at=None).exists()
    assert filer(world).get(f"/materials/{kept.pk}/").status_code == 404


def test_outsiders_neither_read_nor_remove(world: World) -> None:
    upload(world, "a.pdf", PDF)
    kept = Material.objects.get()
    stranger = a_person(Role.REVIEWER, department=Department.objects.create(code="x", name="别的部"))
    for visitor in (filer(world, 1), Visitor(world, stranger)):
        assert visitor.get(f"/materials/{kept.pk}/").status_code == 404
    assert filer(world, 1).post(path(world, f"materials/{kept.pk}/remove/")).status_code == 404
    for reader in (world.reviewers["district"], world.supervisor, world.office):
        assert Visitor(world, reader).get(f"/materials/{kept.pk}/").status_code == 200


def test_after_handing_in_only_what_was_returned_is_taken() -> None:
    world = a_cycle().with_units(1).submitted()
    assert upload(world, "late.pdf", PDF).status_code == 200
    returned(world, "summary")
    assert upload(world, "again.pdf", PDF).status_code == 302
    assert upload(world, "sheet.pdf", PDF, kind="score_sheet").status_code == 200
    assert filer(world).post(path(world, "roster/"), {"rows": "科技志愿者 王五 13911112222"}).status_code == 200


GOOD = "类别\t姓名\t电话\n科技志愿者\t张三\t139 0000 0001\n基层“三长”\t李四\t023-68888888\n"


def test_pasted_rows_are_checked_encrypted_and_shown_masked(world: World) -> None:
    assert filer(world).post(path(world, "roster/"), {"rows": GOOD}).status_code == 302
    assert [(person.name, person.phone) for person in RosterEntry.objects.all()] == [
        ("张三", "13900000001"),
        ("李四", "02368888888"),
    ]
    page = filer(world).get(path(world, "roster/"))
    shown = page.content.decode()
    assert "139****0001" in shown
    assert "13900000001" not in shown
    assert page.context["counts"] == [("科技志愿者", 1), ("基层“三长”", 1)]


@pytest.mark.both
def test_a_mail_address_may_stand_behind_the_phone_and_is_encrypted(world: World) -> None:
    rows = "类别,姓名,电话,邮箱\n科技志愿者,张三,13900000001, zhang@example.org \n科技志愿者,李四,13900000002,\n"
    assert filer(world).post(path(world, "roster/"), {"rows": rows}).status_code == 302
    assert [person.mail for person in RosterEntry.objects.all()] == ["zhang@example.org", ""]
    assert kept_anywhere("zhang@example.org") == []
    assert "zhang@" not in filer(world).get(path(world, "roster/")).content.decode()


def test_of_mail_addresses_those_that_are_none_and_those_of_two_people_are_named(world: World) -> None:
    rows = "科技志愿者,张三,13900000001,a@b\n科技志愿者,李四,13900000002,C@example.org\n"
    rows += "科技志愿者,王五,13900000003,c@example.org\n科技志愿者,赵六,13900000004,一个备注"
    page = filer(world).post(path(world, "roster/"), {"rows": rows})
    assert [text[:5] for text in page.context["problems"]] == ["第 1 行", "第 3 行", "第 4 行"]
    assert not RosterEntry.objects.exists()


def test_a_remark_under_its_own_head_is_no_mail_address(world: World) -> None:
    rows = "类别,姓名,电话,备注\n科技志愿者,张三,13900000001,组长\n"
    filer(world).post(path(world, "roster/"), {"rows": rows})
    assert RosterEntry.objects.get().mail == ""


@pytest.mark.both
def test_wrong_rows_are_named_nothing_is_stored_and_the_text_stays(world: World) -> None:
    filer(world).post(path(world, "roster/"), {"rows": GOOD})
    wrong = (
        "科技志愿者,张三,13900000001\n没有的类别,王五,13900000002\n科技志愿者,赵六,12345\n"
        "科技志愿者,张 三,13900000001\n科技志愿者,,13900000009"
    )
    page = filer(world).post(path(world, "roster/"), {"rows": wrong})
    assert page.status_code == 200
    assert len(page.context["problems"]) == 4
    assert "12345" in page.content.decode()
    assert RosterEntry.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_of_either_encoding_is_read(world: World, encoding: str) -> None:
    content = "类别,姓名,电话\n\n科技志愿者,张三,13900000001\n".encode(encoding)
    filer(world).post(path(world, "roster/"), {"file": SimpleUploadedFile("名册.csv", content), "rows": ""})
    assert RosterEntry.objects.get().name == "张三"


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"no zip"), ("a.xlsx", a_zip("x")), ("a.pdf", PDF)])
def test_a_file_that_is_no_table_is_refused(world: World, name: str, content: bytes) -> None:
    page = filer(world).post(path(world, "roster/"), {"file": SimpleUploadedFile(name, content), "rows": ""})
    assert page.context["form"].errors["file"]


def test_the_template_has_the_schemes_categories_and_reads_back(world: World) -> None:
    template = filer(world).get(path(world, "roster/template.csv")).content
    assert "基层“三长”" in template.decode("utf-8-sig")
    filer(world).post(path(world, "roster/"), {"file": SimpleUploadedFile("t.csv", template), "rows": ""})
    assert RosterEntry.objects.count() == 2


def test_masks() -> None:
    assert (mask_name("欧阳修"), mask_phone("13900000001")) == ("欧**", "139****0001")
