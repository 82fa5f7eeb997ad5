"""Zips by hand, for the tests: every field of an entry may say what is not so."""

import struct
import zlib
from dataclasses import dataclass

DEFLATED = 8


@dataclass(frozen=True)
class ZipEntry:
    """An entry as it is written: what is packed, and what local head and directory claim about it."""

    name: str
    packed: bytes
    size: int
    crc: int = 0
    method: int = DEFLATED
    flags: int = 0
    packed_size: int | None = None

    def _fields(self) -> bytes:
        packed_size = len(self.packed) if self.packed_size is None else self.packed_size
        return struct.pack(
            "<HHHHHIIIHH",
            20,
            self.flags,
            self.method,
            0,
            33,
            self.crc,
            packed_size,
            self.size,
            len(self.name.encode()),
            0,
        )

    def local(self) -> bytes:
        """Its head and its content."""
        return b"PK\x03\x04" + self._fields() + self.name.encode() + self.packed

    def listed(self, offset: int) -> bytes:
        """Its line of the directory."""
        head = b"PK\x01\x02" + struct.pack("<H", 20) + self._fields()
        return head + struct.pack("<HHHII", 0, 0, 0, 0, offset) + self.name.encode()


def deflated(chunk: bytes, times: int = 1) -> bytes:
    """A chunk packed so many times one after the other, without ever holding them all."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return b"".join([*(packer.compress(chunk) for _ in range(times)), packer.flush()])


def honest(name: str, content: bytes) -> ZipEntry:
    """An entry that says of itself what is so."""
    return ZipEntry(name, deflated(content), len(content), zlib.crc32(content))


def lying(name: str, chunk: bytes, times: int) -> ZipEntry:
    """An entry that unpacks to `times` chunks and claims to hold the first alone, its checksum included."""
    return ZipEntry(name, deflated(chunk, times), len(chunk), zlib.crc32(chunk))


def zipped(*entries: ZipEntry, at_one_place: bool = False) -> bytes:
    """The archive; `at_one_place` lets all lines of the directory name the place of the first entry."""
    body, directory = bytearray(), bytearray()
    for entry in entries:
        directory += entry.listed(0 if at_one_place else len(body))
        if not (at_one_place and body):
            body += entry.local()
    end = struct.pack("<HHHHIIH", 0, 0, len(entries) & 0xFFFF, len(entries) & 0xFFFF, len(directory), len(body), 0)
    return bytes(body + directory) + b"PK\x05\x06" + end
