"""What is kept of a notice until it is imported: one upload a person, found by their own word only."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from accounts.models import Role, User
from common import clock
from scoring.readers.several import File
from scoring.readers.sources import LARGEST_FILE
from scoring.services.uploads import KEPT_FOR, forget_left_uploads, forget_upload, keep_upload, kept_names, kept_upload
from scoring.tasks import forget_uploads
from tests.support.world import a_cycle, a_person

pytestmark = pytest.mark.django_db
FILES = [File("通知.txt", "通知".encode()), File("附件.txt", "附件".encode())]


@pytest.fixture
def office() -> User:
    a_cycle()
    return a_person(Role.OFFICE)


@pytest.mark.parametrize("files", [FILES, FILES[:1]])
def test_what_is_kept_is_found_by_its_word(office: User, files: list[File]) -> None:
    word = keep_upload(files, by=office)
    assert kept_upload(word, by=office) == files
    assert kept_names(word) == [file.name for file in files]


def test_another_person_s_word_finds_nothing(office: User) -> None:
    assert kept_upload(keep_upload(FILES, by=office), by=a_person(Role.OFFICE)) == []


def test_a_newer_upload_takes_the_place_of_the_older(office: User) -> None:
    older, newer = keep_upload(FILES, by=office), keep_upload(FILES[:1], by=office)
    assert (kept_upload(older, by=office), kept_upload(newer, by=office)) == ([], FILES[:1])


def test_what_is_let_go_of_is_gone(office: User) -> None:
    word = keep_upload(FILES, by=office)
    forget_upload(word, by=office)
    assert kept_upload(word, by=office) == []
    assert not default_storage.exists(f"uploads/{office.pk}")


@pytest.mark.parametrize("odd", [FILES[0], File("附表.txt", b"x" * LARGEST_FILE), File(".txt", b"x")])
def test_of_files_that_are_not_found_again_nobody_says_that_they_are_still_there(office: User, odd: File) -> None:
    assert keep_upload([FILES[0], odd], by=office) == ""
    assert not default_storage.exists(f"uploads/{office.pk}")


@pytest.mark.parametrize("word", ["", "forged", "eyJ4Ijoi:1:sig"])
def test_a_word_that_is_none_finds_nothing(office: User, word: str) -> None:
    keep_upload(FILES, by=office)
    assert (kept_upload(word, by=office), kept_names(word)) == ([], [])


def test_a_storage_without_room_keeps_nothing(office: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> str:
        raise OSError

    monkeypatch.setattr(default_storage, "save", full)
    assert keep_upload(FILES, by=office) == ""


def test_a_storage_that_is_away_lets_go_later(office: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise OSError

    word = keep_upload(FILES, by=office)
    monkeypatch.setattr(default_storage, "delete", away)
    forget_upload(word, by=office)
    assert kept_upload(word, by=office) == FILES


def test_of_two_uploads_in_one_instant_one_is_kept(office: User, monkeypatch: pytest.MonkeyPatch) -> None:
    word = keep_upload(FILES, by=office)
    monkeypatch.setattr("scoring.services.uploads._let_go", lambda place: place != f"uploads/{office.pk}" or None)
    assert keep_upload(FILES[:1], by=office) == ""
    assert kept_upload(word, by=office) == FILES


@pytest.mark.parametrize(("after", "left"), [(KEPT_FOR - timedelta(hours=1), FILES), (KEPT_FOR * 2, [])])
def test_what_nobody_imports_goes_after_a_day(
    office: User, monkeypatch: pytest.MonkeyPatch, after: timedelta, left: list[File]
) -> None:
    word, later = keep_upload(FILES, by=office), clock.machine_now() + after
    monkeypatch.setattr(clock, "machine_now", lambda: later)
    forget_uploads()
    assert kept_upload(word, by=office) == left


def test_where_nothing_was_ever_kept_nothing_is_let_go_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_args: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(default_storage, "listdir", away)
    forget_left_uploads()
    assert caplog.messages == []


def test_a_storage_that_is_away_is_asked_again_the_next_night(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_args: object) -> None:
        raise OSError

    monkeypatch.setattr(default_storage, "listdir", away)
    forget_left_uploads()
    assert len(caplog.messages) == 1
