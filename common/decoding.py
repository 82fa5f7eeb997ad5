"""Bytes of an uploaded table as text: UTF-8 with or without its mark, else GB18030."""

from django.utils.translation import gettext as _

from common.errors import DomainError


def decoded(content: bytes) -> str:
    """The text of an uploaded file, as UTF-8 or as the GB18030 that spreadsheets here save.

    Raises DomainError when it is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError(_("This file is no text. Save the sheet as CSV (UTF-8) and try again."), field="file")
