"""A notice in several files: packed into one to keep, and put together again, the letter first."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from scoring.engine.notice import Paragraph, Source
from scoring.engine.notice.fold import fold, number_of, squeeze
from scoring.engine.notice.numbering import unnumbered
from scoring.engine.notice.split import HEADING

MOST_FILES = 20
UTF8_NAME = 0x800
NEVER_CHANGED = (1980, 1, 1, 0, 0, 0)
LETTER = re.compile("关于.+(?:通知|方案|办法|意见|函)|通知$")
LAST = 999


class SeveralFilesError(Exception):
    """These are no files of one notice; `first` and `second` are the same where both are given."""

    def __init__(self, first: str = "", second: str = "") -> None:
        super().__init__(first, second)
        self.first, self.second = first, second


class File(NamedTuple):
    """A file by its name."""

    name: str
    content: bytes


def packed(files: Sequence[File]) -> File:
    """One file as it is; several in an archive that bears the first one's name, each under a name of its own."""
    if len(files) == 1:
        return files[0]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in _named_apart(files):
            archive.writestr(zipfile.ZipInfo(file.name, NEVER_CHANGED), file.content, zipfile.ZIP_DEFLATED)
    return File(f"{PurePath(files[0].name).stem}.zip", held.getvalue())


def unpacked(content: bytes, *, most: int) -> list[File]:
    """The files of an archive whose entries were checked before, of at most `most` bytes together.

    Raises SeveralFilesError when there are none or too many, they are too large, or two are the same.
    """
    files = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_a_program_s(entry)]
        if not 0 < len(entries) <= MOST_FILES:
            raise SeveralFilesError
        for entry in entries:
            with archive.open(entry) as stream:
                files.append(File(_name(entry), stream.read(most + 1)))
            most -= len(files[-1].content)
            if most < 0:
                raise SeveralFilesError
    known: dict[bytes, str] = {}
    for file in files:
        if file.content in known:
            raise SeveralFilesError(known[file.content], file.name)
        known[file.content] = file.name
    return _named_apart(files)


def together(name: str, sources: Sequence[Source]) -> Source:
    """One notice of several files: the letter, then the annexes by their numbers, each under a heading."""
    order = sorted(sources, key=_rank)
    blocks = [block for source in order for block in _headed(source).blocks]
    return Source(name, tuple(blocks))


def _named_apart(files: Sequence[File]) -> list[File]:
    """The files without their folders; one of a name that was there before with its number."""
    apart: dict[str, File] = {}
    for number, file in enumerate(files, start=1):
        path = PurePath(file.name.replace("\\", "/"))
        name = path.name if path.name not in apart else f"{path.stem}-{number}{path.suffix}"
        apart[name] = file._replace(name=name)
    return list(apart.values())


def _is_a_program_s(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is what some programs put beside a person's files."""
    return entry.filename.startswith("__MACOSX/") or PurePath(entry.filename).name.startswith(".")


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; programs of China write it in GB18030 where they do not say that it is UTF-8."""
    if entry.flag_bits & UTF8_NAME:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _above(source: Source) -> list[Paragraph]:
    """The lines above the first table."""
    above = []
    for block in source.blocks:
        if not isinstance(block, Paragraph):
            break
        above.append(block)
    return above


def _heading(source: Source) -> re.Match[str] | None:
    """The heading of an annex above the first table, else in the file's name."""
    texts = [*(line.text for line in _above(source)), _stem(source)]
    return next((match for text in texts if (match := HEADING.fullmatch(fold(text)))), None)


def _stem(source: Source) -> str:
    return PurePath(source.name).stem


def _is_letter(source: Source) -> bool:
    """Whether a file begins as no annex does, and is all prose or has the title of a letter."""
    above = _above(source)
    if any(HEADING.fullmatch(fold(line.text)) for line in above[:1]):
        return False
    return len(above) == len(source.blocks) or any(LETTER.search(squeeze(line.text)) for line in above)


def _rank(source: Source) -> int:
    """The letter, then the annexes by their numbers, then those without one."""
    heading = _heading(source)
    return 0 if _is_letter(source) else number_of(heading[1]) if heading and heading[1] else LAST


def _headed(source: Source) -> Source:
    """An annex's file with a heading above its table: where it prints none, its name says which, or its place does."""
    above = _above(source)
    if _is_letter(source) or any(HEADING.fullmatch(fold(line.text)) for line in above):
        return source
    stem = _stem(source)
    if not HEADING.fullmatch(fold(stem)):
        stem = "附件" if above else f"附件：{unnumbered(stem)}"
    return replace(source, blocks=(Paragraph(stem, f"{source.name}:name"), *source.blocks))
