"""Private files and the rows that name them: a row is written for a whole file only, a file stays for a row only."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.errors import DomainError
from common.faults import trace_of
from common.files import unfinished

NOT_STORED = gettext_noop(
    "The file could not be kept: the server has no room for it, or its storage is away. Nothing was saved."
)
# What a folder and an S3 server say when they can't take a file; anything else is a fault of ours.
NOT_TAKEN = (OSError, BotoCoreError, ClientError)
log = logging.getLogger(__name__)


class WholeFileStorage(FileSystemStorage):
    """A folder whose disk may be full: no half file ever stands under a name that a row could hold."""

    def _save(self, name: str, content: "File[Any]") -> str:
        part = unfinished(Path(self.path(name)))
        try:
            super()._save(str(part), content)  # type: ignore[misc]  # not in the stubs
            return self._named(part, name)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _named(self, part: Path, name: str) -> str:
        """Give a whole file its name, or the next free one."""
        while True:
            try:
                os.close(os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                part.replace(self.path(name))
                return name


@contextmanager
def kept_file(file: FieldFile, name: str, content: "File[Any]", *, field: str | None = "file") -> Iterator[None]:
    """Store a file before any lock is taken, for the row that the block writes; without the row it goes again.

    Raises DomainError at `field` when the file can't be stored (a full disk, a server that is away): the person reads
    it in words, the operator where it came up.
    """
    try:
        file.save(name, content, save=False)
    except NOT_TAKEN as problem:
        log.error("a file could not be stored: %s", trace_of(problem))  # its own words name the file, and its unit
        raise DomainError(_(NOT_STORED), field=field) from problem
    try:
        yield
    except BaseException:
        file.delete(save=False)
        raise
