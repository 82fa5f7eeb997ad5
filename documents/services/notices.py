"""Sealing a notice of results: its content, its file in the official layout, its SHA-256 (R14)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.files.base import ContentFile

from accounts.models import User
from accounts.rules import is_office, require
from common import clock
from common.storage import kept_file
from documents.models import ResultNotice
from documents.official.notice import notice_docx
from documents.official.results import NoticeContent
from scoring.engine.scheme import scheme_sha256
from scoring.models import Cycle


@contextmanager
def written_notice(*, cycle: Cycle, content: NoticeContent) -> Iterator[ResultNotice]:
    """Write the `.docx` of a notice and store it before any lock is taken, for the row that the block seals.

    Raises DomainError when it can't be stored.
    """
    notice = ResultNotice(
        number=content["number"],
        title=content["title"],
        issued_on=date.fromisoformat(content["issued_on"]),
        body=content,
        sha256=scheme_sha256(content),
    )
    paper = ContentFile(notice_docx(content))
    with kept_file(notice.file, f"notice-{cycle.slug}.docx", paper, field=None):
        yield notice


def seal_notice(*, notice: ResultNotice, cycle: Cycle, by: User) -> ResultNotice:
    """Keep a notice whose file is stored; the caller's transaction circulates it."""
    require(by, is_office)
    notice.cycle, notice.issued_by, notice.issued_at = cycle, by, clock.now()
    notice.save()
    return notice
