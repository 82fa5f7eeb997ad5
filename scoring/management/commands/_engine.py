"""What the engine's commands share: reading input files, printing problems, leaving with the right exit code."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from scoring.engine.errors import EngineErrors, fail
from scoring.engine.messages import Message, _, msg

BAD_INPUT = 1


class EngineCommand(BaseCommand):
    """A command on files: exit 0 on success, 1 with one line per problem on bad input, 2 on wrong usage."""

    requires_system_checks = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the command; problems of the input are printed without a traceback."""
        try:
            self.run(options)
        except EngineErrors as errors:
            self.leave(error.text(gettext) for error in errors)

    def run(self, options: dict[str, Any]) -> None:
        """Do the command's work; EngineErrors for bad input."""
        raise NotImplementedError

    def leave(self, lines: Any) -> NoReturn:
        """Print problems on standard error, one line each, and leave with exit code 1."""
        for line in lines:
            self.stderr.write(_one_line(line))
        sys.exit(BAD_INPUT)

    def print_json(self, body: object) -> None:
        """Print JSON, and nothing else."""
        self.stdout.write(json.dumps(body, ensure_ascii=False, indent=2))

    def print_table(self, rows: Sequence[Sequence[object]]) -> None:
        """Print rows in columns that line up, Chinese characters counted as two."""
        texts = [["" if cell is None else _one_line(cell) for cell in row] for row in rows]
        widths = [max(_width(row[column]) for row in texts) for column in range(len(texts[0]))]
        for row in texts:
            padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(padded).rstrip())


def _one_line(text: object) -> str:
    return " ".join(str(text).splitlines())


def _width(text: str) -> int:
    return sum(2 if char > "\u2e7f" else 1 for char in text)


def read_bytes(path: str) -> bytes:
    """Return a file's bytes; EngineErrors when it is missing, a folder or unreadable."""
    with _readable(path):
        return Path(path).read_bytes()


@contextmanager
def _readable(path: str) -> Iterator[None]:
    """Say in words why the file can't be read."""
    try:
        yield
    except UnicodeDecodeError:
        raise fail(path, msg(_("The file is not UTF-8.")), msg(_("Save it as UTF-8."))) from None
    except FileNotFoundError:
        raise fail(path, msg(_("There is no such file."))) from None
    except IsADirectoryError:
        raise fail(path, msg(_("This is a folder.")), msg(_("Name a file in it."))) from None
    except (OSError, ValueError):
        raise fail(path, msg(_("The file can't be read."))) from None


def read_text(path: str) -> str:
    """Return a UTF-8 file's text, byte order mark included; EngineErrors when it can't be read as such."""
    with _readable(path):
        return read_bytes(path).decode("utf-8")


def read_lines(path: str) -> Iterator[str]:
    """Yield a UTF-8 file's lines, divided at LF only, one after another; EngineErrors when it can't be read."""
    with _readable(path), Path(path).open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines):
            yield (line if number else line.removeprefix("\ufeff")).removesuffix("\n")


def read_json(path: str) -> object:
    """Return a JSON file's content; EngineErrors with the line where it is none."""
    return parse_json(path, read_text(path).removeprefix("\ufeff"))


def parse_json(path: str, text: str, first_line: int = 1) -> object:
    """Decode JSON that begins on `first_line` of a file; a key that stands twice is an error too."""
    try:
        body: object = DECODER.decode(text)
        if "\\u" in text:
            json.dumps(body, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except json.JSONDecodeError as error:
        place = f"{path}:{first_line + error.lineno - 1}"
        raise fail(place, msg(_("This is not JSON.")), msg(_("Give a valid JSON file."))) from None
    except _Twice as twice:
        message = msg(_("“%(field)s” stands twice in one object."), field=twice.args[0])
        raise fail(f"{path}:{first_line}", message, msg(_("Give each field once."))) from None
    except (RecursionError, ValueError):
        raise fail(f"{path}:{first_line}", msg(_("This JSON can't be read."))) from None
    return body


class _Twice(Exception):
    """A key that stands twice in one JSON object."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        raise _Twice(Counter(key for key, _value in pairs).most_common(1)[0][0])
    return seen


DECODER = json.JSONDecoder(object_pairs_hook=_once)


def located(path: str, work: Callable[[], Any]) -> Any:
    """Do work on a file's content, and put the file's name before the place of each problem."""
    try:
        return work()
    except EngineErrors as errors:
        raise errors.at(path) from None


def whole_number(text: str, place: str) -> int:
    """Return the number that an argument writes; EngineErrors when it is none."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):  # noqa: PLR2004 - nine digits are plenty
        raise fail(place, msg(_("“%(text)s” is no whole number."), text=text), msg(_("Give a number such as 5.")))
    return int(sign + digits)


def in_words(msgid: str, **params: object) -> str:
    """Return a sentence in the system's language."""
    return Message(msgid, params).text(gettext)
