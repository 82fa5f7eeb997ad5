"""Turns a notice's file into what the engine reads: `.docx`, `.xlsx`, a PDF with text, or `.txt`."""

import logging
import zipfile
import zlib
from pathlib import PurePath

from common.archives import ArchiveError, EncryptedArchiveError, Limits, SwellingArchiveError, repacked, xml_parts
from common.decoding import decoded
from common.faults import trace_of
from common.tables.workbooks import UnreadableWorkbookError
from scoring.engine.errors import fail
from scoring.engine.messages import Message, _, msg
from scoring.engine.notice import Source, Table
from scoring.readers.docx_text import read_document
from scoring.readers.pdf_text import Allowance, read_pdf
from scoring.readers.plain_text import read_text
from scoring.readers.several import MOST_FILES, SeveralFilesError, together, unpacked
from scoring.readers.xlsx_text import read_workbook

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
# A tree of a document's XML takes about 200 bytes for each of its nodes; notices have some ten thousand.
LIMITS = Limits(entries=2_000, unpacked=20 * MEGABYTE, nodes=600_000)
log = logging.getLogger(__name__)
ZIP = b"PK\x03\x04"
FILES = frozenset({".docx", ".xlsx", ".pdf", ".txt"})
PDF = b"%PDF-"
OLE = b"\xd0\xcf\x11\xe0"
RIGHT_FILE = _("Give the notice as .docx, .xlsx, a PDF with text, or .txt.")


def read_source(name: str, content: bytes) -> Source:
    """Read a notice's file, or an archive of its files, by name and bytes; EngineErrors when it can't be read."""
    source = _read(name, content, Allowance())
    if not any(isinstance(block, Table) for block in source.blocks):
        remedy = msg(_("Give the notice with its annex tables, as .docx, .xlsx, .pdf or .txt."))
        raise fail(name, msg(_("No table was found in the file.")), remedy)
    return source


def _read(name: str, content: bytes, allowance: Allowance, *, inside: bool = False) -> Source:
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
        return read_pdf(PurePath(name).name, content, allowance)
    if content.startswith(ZIP) or PurePath(name).suffix.lower() == ".docx":
        return _zipped(name, content, allowance, inside=inside)
    return read_text(PurePath(name).name, decode(name, content))


def decode(name: str, content: bytes) -> str:
    """Decode a text: UTF-8 with or without a mark, or GB18030; EngineErrors when it is neither."""
    text = decoded(content)
    if text is None:
        raise fail(name, msg(_("The file is no text in UTF-8 or GB18030.")), msg(RIGHT_FILE))
    return text


def _zipped(name: str, content: bytes, allowance: Allowance, *, inside: bool) -> Source:
    """A document, a workbook, or files together; an archive `inside` another is none of them."""
    parts = _parts(name, content)
    if "xl/workbook.xml" in parts:
        return _xlsx(name, content)
    if "word/document.xml" in parts:
        return _docx(name, parts)
    if not inside and any(PurePath(part).suffix.lower() in FILES for part in parts):
        return _several(name, content, allowance)
    raise fail(name, msg(_("The file is no Word document, whatever its name says.")), msg(RIGHT_FILE))


def _several(name: str, content: bytes, allowance: Allowance) -> Source:
    """The files of an archive, put together; each of them may be refused by its own name."""
    try:
        files = unpacked(content, most=LARGEST_FILE)
    except SeveralFilesError as problem:
        if problem.first:
            message = msg(_("“%(first)s” and “%(second)s” are the same file."), **vars(problem))
            raise fail(name, message, msg(_("Give each file of the notice once."))) from None
        values = {"files": MOST_FILES, "size": LARGEST_FILE // MEGABYTE}
        remedy = Message(_("Give at most %(files)d files of %(size)d MB together."), values)
        raise fail(name, msg(_("These are no files of one notice.")), remedy) from None
    except (zipfile.BadZipFile, zlib.error, OSError):
        raise fail(name, msg(_("The archive is damaged.")), msg(_("Give the files by themselves."))) from None
    sources = [_read(file.name, file.content, allowance, inside=True) for file in files]
    return together(PurePath(name).name, sources)


def _docx(name: str, parts: dict[str, bytes]) -> Source:
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
