"""A notice in several files: the letter first, each place by its file, and archives that are refused."""

import io
import zipfile

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import Paragraph, read_notice
from scoring.readers.several import MOST_FILES, File, packed
from scoring.readers.sources import read_source
from tests.scoring.readers.pdf import Sheet, pdf_of
from tests.support.workbooks import some_sheets

LETTER = File("来文.txt", "关于开展2024年度考核工作的通知\n请于12月31日前报送。".encode())
ROWS = "\t考核内容\n\t1.建立制度（100分）\n"


def annex(name: str, title: str = "") -> File:
    return File(f"{name}.txt", f"{title}\n{ROWS}".encode())


def names(*files: File) -> list[str]:
    return [track.name for track in read_notice(read_source(*packed(files))).tracks]


def refusal(content: bytes) -> str:
    with pytest.raises(EngineErrors) as caught:
        read_source("n.zip", content)
    (error,) = caught.value
    assert error.remedy
    return error.message.text(str)


def zipped(*files: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


def test_one_file_is_kept_as_it_is() -> None:
    assert packed([LETTER]) == LETTER


def test_the_letter_comes_first_and_annexes_by_their_numbers() -> None:
    files = [annex("b", "附件2 学会考核表"), annex("附件1：街道考核表"), LETTER]
    assert names(*files) == ["街道", "学会"]
    assert read_source(*packed(files)).blocks[0] == Paragraph("关于开展2024年度考核工作的通知", "来文.txt:1")


def test_annexes_without_numbers_go_by_their_order_and_names() -> None:
    assert names(LETTER, annex("1.街道考核表"), annex("x", "学会考核表")) == ["街道", "学会"]


def test_a_workbook_of_two_annexes_beside_the_letter_is_two() -> None:
    rows = [["考核内容", "分值"], ["1.建立制度", 100]]
    book = File("表.xlsx", some_sheets({"街道考核表": rows, "学会考核表": rows}))
    assert names(book, LETTER) == ["街道", "学会"]


def test_a_file_of_notes_is_no_letter() -> None:
    notes = File("x.txt", "附件2\n填报说明\n如实填报。".encode())
    source = read_source(*packed([notes, LETTER, annex("附件1 街道考核表")]))
    assert source.blocks[0] == Paragraph("关于开展2024年度考核工作的通知", "来文.txt:1")


def test_files_of_one_name_have_places_apart() -> None:
    files = [annex("a", "附件1 街道考核表"), File("a.txt", f"附件2 学会考核表\n{ROWS}".encode())]
    blocks = read_source(*packed(files)).blocks
    assert [block.place for block in blocks if isinstance(block, Paragraph)] == ["a.txt:1", "a-2.txt:1"]


def test_a_name_of_a_chinese_program_is_read() -> None:
    name = "附件1 街道考核表.txt".encode("gb18030")
    content = zipped(("x" * len(name), ROWS.encode())).replace(b"x" * len(name), name)
    assert [track.name for track in read_notice(read_source("n.zip", content)).tracks] == ["街道"]


def test_what_programs_put_beside_the_files_is_none() -> None:
    content = zipped(("__MACOSX/a.txt", b"x"), (".DS_Store", b"x"), ("通知/街道考核表.txt", ROWS.encode()))
    assert [track.name for track in read_notice(read_source("n.zip", content)).tracks] == ["街道"]


def test_the_same_file_twice_is_told_with_both_names() -> None:
    content = packed([annex("甲"), annex("乙")]).content
    assert refusal(content) == "“甲.txt” and “乙.txt” are the same file."


def test_all_pdfs_of_an_upload_have_one_bound_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((0.0, 0.0, 1e6))
    monkeypatch.setattr("scoring.readers.pdf_text.monotonic", lambda: next(clock))
    pages = [File(f"{name}.pdf", pdf_of([Sheet().text(f"附件{name}", top=100)])) for name in "12"]
    with pytest.raises(EngineErrors) as caught:
        read_source(*packed(pages))
    (error,) = caught.value
    assert (error.place, "all PDFs together" in error.remedy.text()) == ("2.pdf", True)


def test_a_file_that_can_t_be_read_is_named() -> None:
    with pytest.raises(EngineErrors) as caught:
        read_source(*packed([LETTER, File("扫描.png", b"\x89PNG\0")]))
    assert [error.place for error in caught.value] == ["扫描.png"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped(*((f"{number}.txt", b"x%d" % number) for number in range(MOST_FILES + 1))), id="too many"),
        pytest.param(zipped(("a.txt", bytes(21 * 1024 * 1024))), id="too large"),
        pytest.param(zipped(("__MACOSX/a.txt", b"x")), id="none"),
    ],
)
def test_more_than_one_notice_is_refused(content: bytes) -> None:
    assert refusal(content) == "These are no files of one notice."


def test_an_archive_inside_an_archive_is_refused() -> None:
    inner = packed([LETTER, annex("甲")]).content
    assert "no Word document" in refusal(zipped(("a.docx", inner)))


def test_a_torn_archive_is_refused() -> None:
    content = packed([LETTER, annex("甲")]).content
    at = content.index(b"PK\x03\x04") + 60
    assert refusal(content[:at] + b"\xff\xff\xff" + content[at + 3 :]) == "The archive is damaged."
