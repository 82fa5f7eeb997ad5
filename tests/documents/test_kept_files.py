"""Files are kept by their content: replaced, hidden once, refused with a reason; papers have their grid anyhow."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile
from docx import Document
from docx.oxml.ns import qn

from accounts.models import User
from audit.models import Event
from common.errors import DomainError
from documents.models import Material, MaterialKind, NoticeReceipt, ResultNotice, RosterWaiver
from documents.official.layout import set_page
from documents.services.materials import accepted_types, add_material, remove_material
from documents.services.roster import waive_roster
from scoring.models import ScoreSheet
from tests.support.world import World, a_cycle

PDF = b"%PDF-1.7 words"


@pytest.fixture
def world(db: None) -> World:
    return a_cycle().with_units(1)


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


def deeds() -> list[str]:
    return [event.verb for event in Event.objects.filter(verb__startswith="material").order_by("pk")]


def add(
    sheet: ScoreSheet, by: User, name: str, content: bytes = PDF, kind: str = "summary", code: str = ""
) -> Material:
    return add_material(sheet=sheet, kind=MaterialKind(kind), file=ContentFile(content, name=name), by=by, code=code)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("A.PDF", PDF),
        ("a.docx", packed("word/document.xml")),
        ("a.xlsx", packed("xl/workbook.xml")),
        ("a.zip", packed("anything")),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"),
        ("a.jpeg", b"\xff\xd8\xff picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n picture"),
    ],
)
def test_a_file_is_taken_for_what_it_is(sheet: ScoreSheet, filer: User, name: str, content: bytes) -> None:
    kept = add(sheet, filer, name, content)
    assert (kept.name, kept.size, kept.sha256) == (name, len(content), hashlib.sha256(content).hexdigest())
    assert kept.file.read() == content
    assert str(kept) == name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("", PDF, id="no name"),
        pytest.param("a", PDF, id="no ending"),
        pytest.param("a.exe", PDF, id="another kind"),
        pytest.param("a.pdf.html", PDF, id="a page behind a PDF's name"),
        pytest.param("a.pdf", b"", id="empty"),
        pytest.param("a.pdf", b"<html>", id="a page that says it is a PDF"),
        pytest.param("a.png", PDF, id="a PDF that says it is a picture"),
        pytest.param("a.docx", packed("xl/workbook.xml"), id="a table that says it is a letter"),
        pytest.param("a.xlsx", packed("word/document.xml"), id="a letter that says it is a table"),
        pytest.param("a.docx", b"PK\x03\x04 torn", id="a torn letter"),
    ],
)
def test_a_file_is_refused_at_its_field_and_nothing_is_kept(
    sheet: ScoreSheet, filer: User, name: str, content: bytes
) -> None:
    before = add(sheet, filer, "before.pdf")
    with pytest.raises(DomainError) as raised:
        add(sheet, filer, name, content)
    assert raised.value.field == "file"
    assert list(Material.objects.filter(removed_at=None)) == [before]
    assert deeds() == ["material.added"]


def test_the_greatest_size_is_still_taken(sheet: ScoreSheet, filer: User, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = len(PDF)
    assert add(sheet, filer, "a.pdf").size == len(PDF)
    with pytest.raises(DomainError) as raised:
        add(sheet, filer, "a.pdf", PDF + b".")
    assert raised.value.field == "file"


def test_a_name_keeps_no_folder_and_its_ending(sheet: ScoreSheet, filer: User) -> None:
    assert add(sheet, filer, "..\\..\\C:\\总结.pdf").name == "总结.pdf"
    long = add(sheet, filer, "长" * 300 + ".pdf")
    assert len(long.name) == 200 and long.name.endswith(".pdf")
    assert "长" not in str(long.file.name)


def test_a_new_summary_takes_the_place_of_the_one_before_and_evidence_is_added(sheet: ScoreSheet, filer: User) -> None:
    first, second = add(sheet, filer, "1.pdf", code="1.1"), add(sheet, filer, "2.pdf")
    evidence = [add(sheet, filer, name, kind="evidence", code="1.1") for name in ("3.pdf", "4.pdf")]
    assert set(sheet.materials.filter(removed_at=None)) == {second, *evidence}
    first.refresh_from_db()
    assert first.removed_at is not None and first.code == "" and first.file.read() == PDF
    assert [material.code for material in evidence] == ["1.1", "1.1"]


def test_a_file_is_hidden_once_and_stays_kept(sheet: ScoreSheet, filer: User) -> None:
    kept = add(sheet, filer, "a.pdf")
    remove_material(material=kept, by=filer)
    kept.refresh_from_db()
    hidden_at = kept.removed_at
    remove_material(material=kept, by=filer)
    kept.refresh_from_db()
    assert hidden_at is not None and kept.removed_at == hidden_at and kept.file.read() == PDF
    assert deeds() == ["material.added", "material.removed"]


def test_the_file_input_offers_what_is_taken() -> None:
    assert accepted_types() == ".pdf,.docx,.xlsx,.zip,.doc,.xls,.jpg,.jpeg,.png"


def test_a_waiver_is_given_once_and_its_first_reason_stays(world: World, sheet: ScoreSheet) -> None:
    for reason in (" 服务对象不足 ", "另一个理由"):
        waive_roster(sheet=sheet, by=world.office, reason=reason)
    waiver = RosterWaiver.objects.get()
    assert (waiver.reason, str(waiver)) == ("服务对象不足", f"{sheet.pk}")
    assert Event.objects.filter(verb="roster.waived").count() == 1


def test_a_notice_and_its_receipt_name_themselves() -> None:
    assert str(ResultNotice(number="测科协发〔2027〕8号")) == "测科协发〔2027〕8号"
    assert str(NoticeReceipt(notice_id=3, sheet_id=4)) == "3 4"


def test_a_paper_without_a_grid_gets_one() -> None:
    paper = Document()
    properties = paper.sections[0]._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    set_page(paper)
    set_page(paper)
    (grid,) = properties.findall(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
