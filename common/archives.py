"""Archives from anywhere (`.xlsx`, `.docx`), read by one bounded stream: what comes out is counted, no claim believed.

The directory of a zip is a claim, and so is every size in it. Whoever wants to hand an archive to a reader that opens
zips by itself gives it `repacked(xml_parts(…))`: an archive of ours, whose sizes are true.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from xml.parsers import expat

CHUNK = 64 * 1024
# What every entry of a directory begins with, so that entries can be counted before a directory is built of them.
DIRECTORY_MARK = b"PK\x01\x02"
# The only ways of packing that office files know; the others could unpack without a bound.
PACKED_BY = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1
XML = (".xml", ".rels")
ENCODINGS = {None, "utf-8", "us-ascii"}
# What unpacking and parsing a torn part raises.
TORN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, ValueError, OSError, NotImplementedError)
# No program nests deeper, and no tag (with its attributes) or comment is longer.
DEEPEST, LONGEST_TAG = 200, 1024 * 1024


class ArchiveError(Exception):
    """This is no archive, or a torn one, or one that says of itself what is not so."""


class EncryptedArchiveError(ArchiveError):
    """The archive has a password."""


class SwellingArchiveError(ArchiveError):
    """The archive holds far more than a person's file does."""


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold: entries, bytes of XML unpacked, and nodes of XML (elements and attributes)."""

    entries: int
    unpacked: int
    nodes: int


def names_in(file: IO[bytes], *, most: int) -> set[str]:
    """The names that the directory of an archive lists, of at most `most` entries; nothing is unpacked.

    Raises ArchiveError.
    """
    with _opened(file, most=most) as packed:
        return set(packed.namelist())


def xml_parts(content: bytes, limits: Limits) -> dict[str, bytes]:
    """The parts of an office file by their names: XML as it really unpacks, anything else (pictures) empty.

    Raises ArchiveError, EncryptedArchiveError or SwellingArchiveError.
    """
    with _opened(io.BytesIO(content), most=limits.entries) as packed:
        entries = [entry for entry in packed.infolist() if not entry.is_dir()]
        _require_honest(entries, len(content))
        xml = _Xml(limits)
        names = {entry.filename: entry.filename.casefold().endswith(XML) for entry in entries}
        return {entry.filename: xml.part(packed, entry) if names[entry.filename] else b"" for entry in entries}


def repacked(parts: Mapping[str, bytes]) -> bytes:
    """An archive with these parts, unpacked as they are and of true sizes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return held.getvalue()


def _opened(file: IO[bytes], *, most: int) -> zipfile.ZipFile:
    if _marks_in(file) > most:
        raise SwellingArchiveError
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as problem:
        raise ArchiveError from problem


def _marks_in(file: IO[bytes]) -> int:
    """How often the mark of a directory's entry stands in a file; the file is read in pieces, and from its start."""
    file.seek(0)
    count, end = 0, b""
    while chunk := file.read(CHUNK):
        piece = end + chunk
        count += piece.count(DIRECTORY_MARK)
        end = piece[-len(DIRECTORY_MARK) + 1 :]
    file.seek(0)
    return count


def _require_honest(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Raise for entries that no program writes: with a password, packed oddly, named twice, or one over another."""
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise EncryptedArchiveError
    names = {entry.filename.replace("\\", "/").lstrip("/").casefold() for entry in entries}
    overlapping = sum(entry.compress_size for entry in entries) > size
    if len(names) != len(entries) or overlapping or any(entry.compress_type not in PACKED_BY for entry in entries):
        raise ArchiveError


class _Xml:
    """Unpacks the parts of one archive; bytes and nodes are counted over all of them as they come out."""

    def __init__(self, limits: Limits) -> None:
        self.bytes_left = limits.unpacked
        self.nodes_left = limits.nodes
        self.depth = 0

    def part(self, packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        """The whole of one part. Raises ArchiveError when it is torn or its size is not what the directory says."""
        part = bytearray()
        parser = self._parser()
        try:
            for chunk in self._unpacked(packed, entry):
                part += chunk
                if b"\0" in chunk:  # UTF-16, which is recognised without being declared: see `_declared`
                    raise ArchiveError
                parser.Parse(chunk, False)
                if len(part) - parser.CurrentByteIndex > LONGEST_TAG:
                    raise SwellingArchiveError
            parser.Parse(b"", True)
        except TORN as problem:
            raise ArchiveError from problem
        return bytes(part)

    def _unpacked(self, packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        claimed, count = entry.file_size, 0
        entry.file_size = self.bytes_left + 2 * CHUNK  # else the stream would be cut where the directory claims its end
        with packed.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                count += len(chunk)
                self.bytes_left -= len(chunk)
                if self.bytes_left < 0:
                    raise SwellingArchiveError
                yield chunk
        if count != claimed:
            raise ArchiveError

    def _parser(self) -> Any:
        parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._refused
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._noted
        self.depth = 0
        return parser

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """Office programs write UTF-8; in another encoding two readers may see two texts."""
        if (encoding.casefold() if encoding else None) not in ENCODINGS:
            raise ArchiveError

    def _refused(self, *_type: object) -> None:
        """No program writes a document type, and entities that grow could stand in one."""
        raise ArchiveError

    def _started(self, _name: str, attributes: list[str]) -> None:
        self.depth += 1
        self._count(1 + len(attributes) // 2)
        if self.depth > DEEPEST:
            raise SwellingArchiveError

    def _ended(self, _name: str) -> None:
        self.depth -= 1

    def _noted(self, *_note: str) -> None:
        self._count(1)

    def _count(self, nodes: int) -> None:
        self.nodes_left -= nodes
        if self.nodes_left < 0:
            raise SwellingArchiveError
