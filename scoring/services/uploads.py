"""The files of a notice that is not imported yet: kept for whoever chose them, so that nobody chooses them twice.

At most one upload is kept of a person, under a name of theirs; the next one takes its place, and the import ends it, or
the second night.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import User
from accounts.rules import is_office, require
from common import clock
from common.faults import trace_of
from common.storage import NOT_TAKEN
from scoring.readers.several import File, SeveralFilesError, packed, unpacked
from scoring.readers.sources import LARGEST_FILE

SALT = "notice"
FOLDER = "uploads"
KEPT_FOR = timedelta(days=1)
log = logging.getLogger(__name__)


def keep_upload(files: Sequence[File], *, by: User) -> str:
    """Keep these files; returns the signed word that finds them again.

    It is empty where the storage has no room, and for files that are no one notice's: the same twice, too large.
    """
    require(by, is_office)
    _let_go(_place(by))
    content = packed(files).content
    if len(_files_in(content, files[0].name, len(files))) < len(files):
        return ""
    try:
        stored = default_storage.save(_place(by), ContentFile(content))
    except NOT_TAKEN as problem:
        log.error("an upload could not be kept: %s", trace_of(problem))
        return ""
    if stored != _place(by):  # another page of theirs kept one in this instant
        _let_go(stored)
        return ""
    return signing.dumps([[file.name for file in files], hashlib.sha256(content).hexdigest()], salt=SALT)


def kept_upload(word: str, *, by: User) -> list[File]:
    """The files that `keep_upload` gave this person the word for; none where others took their place since."""
    require(by, is_office)
    names, digest = _told(word)
    try:
        with default_storage.open(_place(by)) as stored:
            content = stored.read()
    except NOT_TAKEN:
        return []
    if hashlib.sha256(content).hexdigest() != digest:
        return []
    return _files_in(content, names[0], len(names))


def forget_upload(word: str, *, by: User) -> None:
    """Let go of the files that this person was given the word for; another page's, kept since, stay."""
    require(by, is_office)
    if kept_upload(word, by=by):
        _let_go(_place(by))


def forget_left_uploads() -> None:
    """Let go of every upload that was kept for a day and not imported; idempotent."""
    until = clock.machine_now() - KEPT_FOR  # the storage tells the time by the machine's clock
    try:
        places = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
        for place in places:
            if default_storage.get_modified_time(place) < until:
                default_storage.delete(place)
    except FileNotFoundError:  # none was ever kept, or this one was let go of meanwhile
        return
    except NOT_TAKEN as problem:
        log.error("uploads could not be let go of: %s", trace_of(problem))


def kept_names(word: str) -> list[str]:
    """The names of the files that a word stands for; none where it is no such word."""
    return _told(word)[0]


def _files_in(content: bytes, name: str, count: int) -> list[File]:
    """The files that were packed together; of one, it is the content itself."""
    try:
        return [File(name, content)] if count == 1 else unpacked(content, most=LARGEST_FILE)
    except SeveralFilesError:
        return []


def _told(word: str) -> tuple[list[str], str]:
    try:
        names, digest = signing.loads(word, salt=SALT)
    except (signing.BadSignature, ValueError):
        return [], ""
    return names, digest


def _let_go(place: str) -> None:
    try:
        default_storage.delete(place)
    except NOT_TAKEN as problem:
        log.error("an upload could not be let go of: %s", trace_of(problem))


def _place(by: User) -> str:
    return f"{FOLDER}/{by.pk}"
