"""Run as a program: reads files made to take all memory, in a process that may not take much more than it has."""

import resource
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from common.tables.workbooks import UnreadableWorkbookError, first_sheet
from scoring.engine.errors import EngineErrors
from scoring.readers.sources import read_source
from tests.support.workbooks import a_table, shared_table
from tests.support.zips import honest, lying, zipped

MAY_TAKE = 256 * 1024 * 1024
MEGABYTE = b" " * 1024 * 1024


def files() -> dict[str, tuple[Callable[[bytes], object], bytes]]:
    """Each file with its reader."""
    wide = b"<a>" + b"<b/>" * 4_800_000 + b"</a>"
    named = b"<a>" + b"<b " + b" ".join(b"a%d=''" % number for number in range(1_500_000)) + b"/></a>"
    return {
        "a sheet that lies about its size": (first_sheet, a_table([["甲"]], more=[lying("xl/s.xml", MEGABYTE, 300)])),
        "a sheet that says its size": (first_sheet, a_table([["甲"]], more=[honest("xl/s.xml", MEGABYTE * 60)])),
        "a long text in every cell": (first_sheet, shared_table("x" * 1_000_000, cells=5_000)),
        "a document that lies about its size": (notice, zipped(lying("word/document.xml", MEGABYTE, 300))),
        "a document of empty elements": (notice, zipped(honest("word/document.xml", wide))),
        "a tag of many names": (notice, zipped(honest("word/document.xml", named))),
        "entries without number": (first_sheet, zipped(*[honest(f"{n}", b"") for n in range(220_000)])),
        "an entity that grows": (notice, zipped(honest("word/document.xml", growing()))),
    }


def growing() -> bytes:
    """The billion laughs."""
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE a [<!ENTITY l0 "lol">{entities}]><a>&l9;</a>'.encode()


def notice(content: bytes) -> object:
    """Read a file as a notice in Word."""
    return read_source("notice.docx", content)


def main() -> None:
    """Print for each file whether it was refused or read."""
    for name, (read, content) in files().items():
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MAY_TAKE, resource.RLIM_INFINITY))
        try:
            read(content)
        except (EngineErrors, UnreadableWorkbookError):
            print(f"{name}: refused")
        except MemoryError:
            print(f"{name}: took all memory")
        else:
            print(f"{name}: read")


if __name__ == "__main__":
    main()
