"""A demo's mails and texts are whole files in its folder, and its texts are read back from there."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection

from demo.mail_folder import carry_text, texts_written
from tests.support.disk import full_disk

LONG = "长" * 17 * 1024 * 1024


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of the settings; it is not there yet."""
    settings.MAIL_DIR = tmp_path / "mail"
    return tmp_path / "mail"


def test_mails_and_texts_are_whole_files(folder: Path) -> None:
    with get_connection("demo.mail_folder.EmailBackend") as connection:
        assert connection.send_messages([EmailMessage("题目", "正文", to=["a@example.org"])]) == 1
        with full_disk(), pytest.raises(OSError, match="large"):
            connection.send_messages([EmailMessage("题目", LONG, to=["a@example.org"])])
    with full_disk(), pytest.raises(OSError, match="large"):
        carry_text("13900000001", LONG)
    (mail,) = folder.iterdir()
    assert mail.suffix == ".log" and b"a@example.org" in mail.read_bytes()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        pytest.param("", ["text-2", "text-1"], id="all, newest first"),
        pytest.param("ballots/b", ["text-2"], id="what it says"),
        pytest.param("0001", ["text-1"], id="where it went"),
        pytest.param("nothing", [], id="none"),
    ],
)
def test_texts_are_found_by_their_words(folder: Path, words: str, names: list[str]) -> None:
    folder.mkdir()
    (folder / "text-1.txt").write_text("13900000001\nhttp://x/ballots/a/\n", "utf-8")
    (folder / "text-2.txt").write_text("13900000002\n请评价\nhttp://x/ballots/b/\n", "utf-8")
    (folder / "mail-1.log").write_text("no text", "utf-8")
    assert [text.name for text in texts_written(words)] == names


def test_a_text_keeps_its_lines() -> None:
    carry_text("13900000002", "请评价\nhttp://x/")
    (text,) = texts_written()
    assert (text.address, text.body) == ("13900000002", "请评价\nhttp://x/")


def test_no_folder_is_no_text() -> None:
    assert texts_written() == []
