"""Sealing a notice of results: its content, its file in the official layout, its SHA-256 (R14)."""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import User
from accounts.rules import is_office, require
from documents.models import Notice
from documents.official.notice import notice_docx
from scoring.engine.scheme import scheme_sha256
from scoring.models import Cycle


def seal_notice(*, cycle: Cycle, number: str, title: str, issued_on: date, body: dict[str, Any], by: User) -> Notice:
    """Keep an issued notice with its `.docx`; the caller's transaction circulates it."""
    require(by, is_office)
    content = body | {"number": number, "title": title, "issued_on": issued_on.isoformat()}
    notice = Notice(
        cycle=cycle, number=number, title=title, issued_on=issued_on, body=content, sha256=scheme_sha256(content),
        issued_by=by,
    )  # fmt: skip
    notice.file.save(f"notice-{cycle.year}.docx", ContentFile(notice_docx(content)), save=False)
    notice.save()
    return notice
