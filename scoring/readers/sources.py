"""Turns a notice's file into what the engine reads: `.docx`, `.xlsx`, a PDF with text, or `.txt`."""

import logging
from pathlib import PurePath

from common.archives import ArchiveError, EncryptedArchiveError, Limits, SwellingArchiveError, repacked, xml_parts
from common.decoding import decoded
from common.faults import trace_of
from common.tables.workbooks import UnreadableWorkbookError
from scoring.engine.errors import fail
from scoring.engine.messages import _, msg
from scoring.engine.notice import Source, Table, from_text
from scoring.readers.docx_text import read_document
from scoring.readers.pdf_text import read_pdf
from scoring.readers.xlsx_text import read_workbook

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
# A tree of a document's XML takes about 200 bytes for each of its nodes; notices have some ten thousand.
LIMITS = Limits(entries=2_000, unpacked=20 * MEGABYTE, nodes=600_000)
log = logging.getLogger(__name__)
ZIP = b"PK\x03\x04"
PDF = b"%PDF-"
OLE = b"\xd0\xcf\x11\xe0"
RIGHT_FILE = _("Give the notice as .docx, .xlsx, a PDF with text, or .txt.")


def read_source(name: str, content: bytes) -> Source:
    """Read a notice's file by its name and bytes; EngineErrors when it is no notice that can be read."""
    if not content.strip():
        raise fail(name, msg(_("The file is empty.")), msg(RIGHT_FILE))
    if len(content) > LARGEST_FILE:
        raise fail(
            name,
            msg(_("The file is too large.")),
            msg(_("Give at most %(size)d MB; leave pictures out."), size=LARGEST_FILE // MEGABYTE),
        )
    if content.startswith(OLE):
        message = msg(_("The file is encrypted, or in the old .doc format."))
        raise fail(name, message, msg(_("Save it as .docx without a password.")))
    if content.startswith(PDF):
        source = read_pdf(PurePath(name).name, content)
    elif content.startswith(ZIP) or PurePath(name).suffix.lower() == ".docx":
        source = _docx(name, content)
    else:
        source = from_text(PurePath(name).name, decode(name, content))
    if not any(isinstance(block, Table) for block in source.blocks):
        remedy = msg(_("Give the notice with its annex tables, as .docx, .xlsx, .pdf or .txt."))
        raise fail(name, msg(_("No table was found in the file.")), remedy)
    return source


def decode(name: str, content: bytes) -> str:
    """Decode a text: UTF-8 with or without a mark, or GB18030; EngineErrors when it is neither."""
    text = decoded(content)
    if text is None:
        raise fail(name, msg(_("The file is no text in UTF-8 or GB18030.")), msg(RIGHT_FILE))
    return text


def _docx(name: str, content: bytes) -> Source:
    parts = _parts(name, content)
    if "xl/workbook.xml" in parts:
        return _xlsx(name, content)
    if "word/document.xml" not in parts:
        raise fail(name, msg(_("The file is no Word document, whatever its name says.")), msg(RIGHT_FILE))
    try:
        return read_document(PurePath(name).name, repacked(parts))
    except (KeyError, ValueError, SyntaxError) as problem:  # a part is missing or no document's; XML is torn (lxml)
        log.warning("a Word document could not be read: %s", trace_of(problem))
        message = msg(_("The Word document is damaged."))
        raise fail(name, message, msg(_("Open it in a word processor and save it anew as .docx."))) from None


def _xlsx(name: str, content: bytes) -> Source:
    try:
        return read_workbook(PurePath(name).name, content)
    except UnreadableWorkbookError:
        message = msg(_("The workbook is damaged, or holds far more than a notice does."))
        raise fail(name, message, msg(_("Save it anew as .xlsx, with the annex tables only."))) from None


def _parts(name: str, content: bytes) -> dict[str, bytes]:
    """The parts of the document, without its pictures; EngineErrors when it is no archive of a document."""
    try:
        return xml_parts(content, LIMITS)
    except EncryptedArchiveError:
        raise fail(name, msg(_("The file is encrypted.")), msg(_("Save it as .docx without a password."))) from None
    except SwellingArchiveError:
        message = msg(_("The file unpacks to far more than a notice holds."))
        raise fail(name, message, msg(_("Save the notice anew as .docx, without pictures."))) from None
    except ArchiveError:
        message = msg(_("The file is no Word document, whatever its name says."))
        raise fail(name, message, msg(RIGHT_FILE)) from None
