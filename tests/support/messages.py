"""Finds every text that the source marks for translation, without the gettext programs."""

import ast
import io
import re
from collections.abc import Iterator

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

from tests.support import source

KEYWORDS = DEFAULT_KEYWORDS | {
    "_g": None,  # where `_` is the lazy one
    "_t": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "pgettext_lazy": ((1, "c"), 2),
}
# What templatize makes of a message in a template: a call on one line.
CALL = re.compile(r"""(?<![\w.])(gettext|ngettext|pgettext|npgettext|_)\((?=u?['"])""")


def in_code() -> Iterator[tuple[str, str]]:
    """Place and message of each call in a Python module."""
    for module in source.code():
        found = extract("python", io.BytesIO(module.text.encode()), KEYWORDS, options={"encoding": "utf-8"})
        for line, message, _comments, context in found:
            yield f"{module.name}:{line}", _key(message, context)


def in_templates() -> Iterator[tuple[str, str]]:
    """Place and message of each translate tag."""
    for path in source.templates():
        name = path.relative_to(source.ROOT).as_posix()
        as_code = templatize(path.read_text(encoding="utf-8"), origin=name)
        for number, line in enumerate(as_code.splitlines(), 1):
            for call in CALL.finditer(line):
                yield f"{name}:{number}", _message(call[1], line[call.end() :])


def _message(function: str, rest: str) -> str:
    """The message of a call, read from the text after its opening bracket."""
    strings = _leading_strings(rest, count=3 if function.startswith("np") else 2)
    if function in {"pgettext", "npgettext"}:
        return _key(strings[1], strings[0])
    return _key(strings[0], None)


def _leading_strings(rest: str, *, count: int) -> list[str]:
    found: list[str] = []
    literal = re.compile(r"""\s*,?\s*(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""")
    position = 0
    while len(found) < count and (match := literal.match(rest, position)):
        found.append(str(ast.literal_eval(match[1])))
        position = match.end()
    return found


def _key(message: str | tuple[str, ...], context: str | None) -> str:
    """One string for a message, its plural left out as catalogues do."""
    first = message if isinstance(message, str) else message[0]
    return f"{context}\x04{first}" if context else first
