"""Archives are read by what really comes out of them: lies, bombs and odd makes are refused in bounded memory."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from common import archives
from common.archives import (
    ArchiveError,
    EncryptedArchiveError,
    Limits,
    SwellingArchiveError,
    names_in,
    repacked,
    xml_parts,
)
from tests.support.zips import ZipEntry, deflated, honest, lying, zipped

LIMITS = Limits(entries=20, unpacked=100_000, nodes=1_000)
PLAIN = honest("a.xml", b"<a><b c='d'/></a>")


def test_the_xml_comes_out_whole_and_of_pictures_only_the_name() -> None:
    content = zipped(PLAIN, honest("media/p.png", b"\x89PNG"), honest("x/_rels/y.rels", b"<r/>"))
    assert xml_parts(content, LIMITS) == {
        "a.xml": b"<a><b c='d'/></a>",
        "media/p.png": b"",
        "x/_rels/y.rels": b"<r/>",
    }


def test_what_is_packed_again_is_read_by_any_reader() -> None:
    parts = {"a.xml": b"<a/>", "p.png": b""}
    with zipfile.ZipFile(io.BytesIO(repacked(parts))) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == parts


@pytest.mark.parametrize("streamed", [False, True])
def test_archives_as_programs_write_them_are_read(streamed: bool) -> None:
    """Also those written into a pipe, whose sizes stand behind the content, and those in the format for large files."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return not streamed

    held = Pipe()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.mkdir("folder")
        with packed.open("a.xml", "w", force_zip64=True) as part:
            part.write(b"<a/>")
    assert xml_parts(held.getvalue(), LIMITS) == {"a.xml": b"<a/>"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04" + bytes(100),
        zipped(PLAIN)[:-10],
        zipped(ZipEntry("a.xml", b"\xff\xff\xff", 3)),
        zipped(ZipEntry("a.xml", deflated(b"<a/>")[:-3], 4)),
        zipped(ZipEntry("a.xml", deflated(b"<a/>"), 4, crc=1)),
        zipped(lying("a.xml", b"<a/>", 2)),
        zipped(ZipEntry("a.xml", deflated(b"<a/>"), 3)),
        zipped(ZipEntry("a.xml", b"", 4, method=14)),
        zipped(ZipEntry("a.xml", b"", 4, method=99)),
        zipped(PLAIN, PLAIN),
        zipped(PLAIN, honest("/A.XML", b"<b/>")),
        zipped(*[PLAIN] * 15, at_one_place=True),
        zipped(*[honest(f"{n}.xml", b"<a/>") for n in range(15)], at_one_place=True),
        zipped(honest("a.xml", b"<a>")),
        zipped(honest("a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')),
        zipped(honest("a.xml", b'<?xml version="1.0" encoding="gbk"?><a/>')),
        zipped(honest("a.xml", "<a/>".encode("utf-16"))),
    ],
)
def test_what_is_torn_or_says_what_is_not_so_is_refused(content: bytes) -> None:
    with pytest.raises(ArchiveError) as refused:
        xml_parts(content, LIMITS)
    assert refused.type is ArchiveError


@pytest.mark.parametrize(
    "content",
    [
        zipped(*[honest(f"{n}.xml", b"<a/>") for n in range(21)]),
        zipped(honest("a.xml", b"<a>" + b" " * 100_000 + b"</a>")),
        zipped(*[honest(f"{n}.xml", b"<a>" + b" " * 30_000 + b"</a>") for n in range(4)]),
        zipped(honest("a.xml", b"<a>" + b"<b/>" * 1_000 + b"</a>")),
        zipped(*[honest(f"{n}.xml", b"<a>" + b"<b c='d'/>" * 300 + b"</a>") for n in range(2)]),
        zipped(honest("a.xml", b"<a>" + b"<!---->" * 1_000 + b"</a>")),
        zipped(honest("a.xml", b"<a>" + b"<?b?>" * 1_000 + b"</a>")),
        zipped(honest("a.xml", b"<a>" * 201 + b"</a>" * 201)),
    ],
)
def test_what_holds_more_than_a_person_s_file_is_refused(content: bytes) -> None:
    with pytest.raises(SwellingArchiveError):
        xml_parts(content, LIMITS)


def test_a_tag_without_end_is_refused_while_it_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LONGEST_TAG", 60_000)
    with pytest.raises(SwellingArchiveError):
        xml_parts(zipped(honest("a.xml", b"<a b='" + b"c" * 90_000 + b"'/>")), LIMITS)


def test_a_password_is_told_apart() -> None:
    with pytest.raises(EncryptedArchiveError):
        xml_parts(zipped(ZipEntry("a.xml", b"....", 4, flags=1)), LIMITS)


def test_names_are_listed_without_unpacking_and_of_too_many_none() -> None:
    swelling = lying("a.xml", bytes(1_000_000), 20)
    held = io.BytesIO(zipped(swelling, honest("b.png", b"b")))
    held.read()
    assert names_in(held, most=2) == {"a.xml", "b.png"}
    with pytest.raises(SwellingArchiveError):
        names_in(held, most=1)


HOSTILE = Path(__file__).with_name("hostile_archives.py")


@pytest.mark.slow
def test_no_file_takes_more_memory_than_a_worker_has() -> None:
    """Each is refused in a process that may take 256 MB beside what it has taken to start."""
    ran = subprocess.run([sys.executable, str(HOSTILE)], capture_output=True, text=True, timeout=120, check=False)
    answers = dict(line.split(": ") for line in ran.stdout.splitlines())
    assert ran.returncode == 0, ran.stderr
    assert set(answers.values()) == {"refused"}, answers
    assert len(answers) == 8
