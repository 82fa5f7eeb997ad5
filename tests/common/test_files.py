"""Files are written whole or not at all, on a disk that is full as on any other."""

import os
import stat
from pathlib import Path
from threading import Thread

import pytest
from django.core.files.base import ContentFile

from common.files import write_whole
from common.storage import WholeFileStorage
from tests.support.disk import full_disk

LARGE = 17 * 1024 * 1024


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        write_whole(tmp_path / "a", content)
        assert (tmp_path / "a").read_bytes() == content
    assert os.listdir(tmp_path) == ["a"]


def test_on_a_full_disk_what_was_there_stays(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"one")
    with full_disk(), pytest.raises(OSError, match="large"):
        write_whole(tmp_path / "a", bytes(LARGE))
    assert os.listdir(tmp_path) == ["a"] and (tmp_path / "a").read_bytes() == b"one"


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a")
    write_whole(tmp_path / "link", b"one")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "a").read_bytes() == b"one"
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_whole(tmp_path / "pipe", b"two")
    reader.join()
    assert read == [b"two"] and stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_storage_gives_a_name_to_whole_files_only(tmp_path: Path) -> None:
    storage = WholeFileStorage(location=str(tmp_path))
    with full_disk(), pytest.raises(OSError, match="large"):
        storage.save("folder/a.pdf", ContentFile(bytes(LARGE)))
    assert os.listdir(tmp_path / "folder") == []
    assert storage.save("folder/a.pdf", ContentFile(b"one")) == "folder/a.pdf"
    other = storage.save("folder/a.pdf", ContentFile(b"two"))
    assert storage.open("folder/a.pdf").read() == b"one" and storage.open(other).read() == b"two"
    assert len(os.listdir(tmp_path / "folder")) == 2


def test_a_name_taken_meanwhile_is_left_to_whoever_took_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = WholeFileStorage(location=str(tmp_path))
    free = storage.get_available_name

    def slow(name: str, max_length: int | None = None) -> str:
        chosen = free(name, max_length)
        monkeypatch.undo()
        (tmp_path / "a.pdf").write_bytes(b"theirs")
        return chosen

    monkeypatch.setattr(storage, "get_available_name", slow)
    mine = storage.save("a.pdf", ContentFile(b"mine"))
    assert (tmp_path / "a.pdf").read_bytes() == b"theirs" and (tmp_path / mine).read_bytes() == b"mine"
