"""Files made to deceive or to hurt: false contents, odd names, torn and swelling archives; nothing of them stays."""

import io
import random
import zipfile
from pathlib import PurePath
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from audit.models import Event
from common.errors import DomainError
from common.tables.incoming import uploaded
from documents.models import Material, MaterialKind
from documents.services.materials import TYPES, add_material, check_file, remove_material
from scoring.models import ScoreSheet
from tests.support.pages import Visitor
from tests.support.workbooks import a_table
from tests.support.world import World

PDF, PNG, EXE = b"%PDF-1.7 made up", b"\x89PNG\r\n\x1a\n made up", b"MZ\x90\x00 made up"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 made up"


def packed(*names: str, content: str = "x", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name in names:
            archive.writestr(name, content)
    return held.getvalue()


def refused(name: str, content: bytes) -> str:
    with pytest.raises(DomainError) as raised:
        check_file(name, ContentFile(content, name=name))
    assert raised.value.field == "file"
    return str(raised.value.message)


CONTENTS = {
    "pdf": PDF,
    "png": PNG,
    "exe": EXE,
    "ole": OLE,
    "zip": packed("a"),
    "html": b"<html>",
    "text": "总结".encode(),
}
FITTING = {".pdf": {"pdf"}, ".png": {"png"}, ".doc": {"ole"}, ".xls": {"ole"}, ".zip": {"zip"}}


@pytest.mark.parametrize("ending", TYPES)
@pytest.mark.parametrize("kind", CONTENTS)
def test_no_content_passes_under_the_name_of_another(ending: str, kind: str) -> None:
    name = f"总结{ending}"
    if kind in FITTING.get(ending, set()):
        check_file(name, ContentFile(CONTENTS[kind], name=name))
    else:
        assert name in refused(name, CONTENTS[kind])


@pytest.mark.parametrize("before", [b" ", b"\n", b"\xef\xbb\xbf", EXE, b"<script>alert(1)</script>"])
def test_a_mark_that_stands_later_in_the_file_is_no_mark(before: bytes) -> None:
    refused("a.pdf", before + PDF)
    refused("a.png", before + PNG)
    refused("a.zip", before + packed("a"))


@pytest.mark.parametrize(
    "name", ["a.pdf.exe", "a.pdf.", "a.pdf ", "a.svg", "a.html", "a.docm", "a.xlsm", "pdf", ".pdf", "a.", "a.PDF\u202e"]
)
def test_a_name_that_only_looks_like_a_permitted_one_is_refused(name: str) -> None:
    refused(name, PDF)


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
@pytest.mark.parametrize("inside", ["word/document.xml/", "Word/Document.xml", "word\\document.xml", "document.xml"])
def test_an_office_file_holds_its_own_part_and_none_that_looks_like_it(ending: str, inside: str) -> None:
    refused(f"a{ending}", packed(inside, "xl/workbook.xml/", "[Content_Types].xml"))


@pytest.mark.parametrize("cut", [4, 8, 30, 60, -1, -22])
def test_a_torn_office_file_is_refused_wherever_it_is_torn(cut: int) -> None:
    whole = packed("word/document.xml", "[Content_Types].xml")
    check_file("a.docx", ContentFile(whole))
    refused("a.docx", whole[:cut])


def test_an_archive_is_looked_at_without_being_unpacked() -> None:
    swelling = packed("word/document.xml", "word/media/bomb.bin", content="0" * 50_000_000)
    assert len(swelling) < 200_000
    file = ContentFile(swelling, name="a.docx")
    check_file("a.docx", file)
    assert file.tell() == 0, "what follows reads the file from its beginning"


@pytest.mark.parametrize("count", [1, 20])
def test_a_table_that_says_less_than_it_holds_is_refused_or_read_as_it_says(count: int) -> None:
    content = bytearray(a_table([["科技志愿者", "张三", "13900000001"]] * count))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at = content.find(b"PK\x01\x02", at + 4)
    try:
        rows = uploaded(ContentFile(bytes(content), name="a.xlsx")).rows
    except DomainError as problem:
        assert problem.field == "file"
    else:
        assert len(rows) <= count


def add(sheet: ScoreSheet, by: User, name: str, content: bytes = PDF, kind: str = "evidence") -> Material:
    file: Any = ContentFile(content, name=name)
    return add_material(sheet=sheet, kind=MaterialKind(kind), file=file, by=by, code="1.1")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("/etc/cron.d/a.pdf", "a.pdf"),
        ("C:\\Windows\\总结.pdf", "总结.pdf"),
        ("..\\../总结.pdf", "总结.pdf"),
        ("a b　c.pdf", "a b　c.pdf"),
        ("<script>.pdf", "<script>.pdf"),
        ("'; drop table --.pdf", "'; drop table --.pdf"),
        ("{{ x }}{% y %}.pdf", "{{ x }}{% y %}.pdf"),
        ("𠮷镕.pdf", "𠮷镕.pdf"),
        ("=cmd().pdf", "=cmd().pdf"),
    ],
)
def test_a_name_is_shown_as_it_was_and_leads_nowhere_in_the_storage(
    sheet: ScoreSheet, filer: User, name: str, kept: str
) -> None:
    material = add(sheet, filer, name)
    stored = PurePath(material.file.name)
    assert material.name == kept
    assert stored.parts[0] == "materials" and ".." not in stored.parts and len(stored.parts) == 4
    assert stored.suffix == ".pdf" and stored.name.isascii()
    assert Event.objects.filter(verb="material.added").latest("pk").went_to == kept


@pytest.mark.parametrize("length", [199, 200, 201, 255, 300, 5000])
def test_a_name_of_any_length_keeps_its_ending(sheet: ScoreSheet, filer: User, length: int) -> None:
    material = add(sheet, filer, "长" * (length - 4) + ".pdf")
    material.refresh_from_db()
    assert len(material.name) == min(length, 200) and material.name.endswith("长.pdf")


def test_one_content_under_two_names_is_two_files_of_their_own(sheet: ScoreSheet, filer: User) -> None:
    first, second = add(sheet, filer, "一.pdf"), add(sheet, filer, "二.pdf")
    assert first.sha256 == second.sha256 and first.file.name != second.file.name
    remove_material(material=first, by=filer)
    assert default_storage.open(second.file.name).read() == PDF


def test_what_is_refused_leaves_neither_row_nor_file_nor_event(sheet: ScoreSheet, filer: User) -> None:
    events = Event.objects.count()
    for name, content in (("a.exe", EXE), ("a.pdf", EXE), ("a.pdf", b""), ("a.docx", packed("a"))):
        with pytest.raises(DomainError):
            add(sheet, filer, name, content)
    assert not sheet.materials.exists() and Event.objects.count() == events


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes_under_any_name_are_refused_on_the_page_in_words(world: World, seed: int) -> None:
    dice = random.Random(seed)
    ending = dice.choice(list(TYPES))
    visitor = Visitor(world, next(iter(world.filers.values())))
    path = f"/self-evaluation/{world.assessments[0].pk}/materials/"
    file = SimpleUploadedFile(f"总结{ending}", dice.randbytes(200))
    answer = visitor.post(path, {"kind": "summary", "file": file})
    assert "file" in answer.context["form"].errors
    assert not Material.objects.exists()
