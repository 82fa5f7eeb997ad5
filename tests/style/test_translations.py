"""Every text that is marked for translation has its Chinese."""

import ast
import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tests.support import messages, source

CATALOGUE = source.ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")  # braces may name another word for the same thing: {month_name}


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with CATALOGUE.open("rb") as handle:
        return read_po(handle, locale="zh_Hans")


def _translated(catalogue: Catalog) -> set[str]:
    keys = set()
    for message in catalogue:
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.id and not message.fuzzy and all(texts):
            first = message.id if isinstance(message.id, str) else message.id[0]
            keys.add(f"{message.context}\x04{first}" if message.context else first)
    return keys


def test_the_reader_finds_messages_in_templates() -> None:
    assert any(messages.in_templates())


def test_every_message_has_its_chinese(chinese: Catalog) -> None:
    known = _translated(chinese)
    missing = [
        f"{place}: {key!r}" for place, key in (*messages.in_code(), *messages.in_templates()) if key not in known
    ]
    assert not missing, "\n".join(missing)


def test_no_message_stands_inside_another_string() -> None:
    """Python before 3.12 finds none in an f-string, and nobody would miss its translation."""
    inside = [
        f"{module.name}:{call.lineno}"
        for module in source.code()
        for string in ast.walk(module.tree)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in messages.KEYWORDS
    ]
    assert not inside, "\n".join(inside)


def test_translations_keep_their_placeholders(chinese: Catalog) -> None:
    wrong = [
        message.id
        for message in chinese
        if isinstance(message.id, str)
        and message.string
        and set(PLACEHOLDER.findall(message.id)) != set(PLACEHOLDER.findall(str(message.string)))
        and message.id
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_the_catalogue_is_written_one_way(chinese: Catalog) -> None:
    """Sorted, a blank line between entries, each with the flags that its placeholders ask for.

    Where this fails, write what stands in `written` into the catalogue.
    """
    written = io.BytesIO()
    write_po(written, chinese, width=0, sort_output=True, no_location=True)
    # The head names the program that wrote it, which a new release of that changes.
    _head, *kept = CATALOGUE.read_text(encoding="utf-8").strip().split("\n\n")
    _head, *wanted = written.getvalue().decode().strip().split("\n\n")
    other = [entry for entry, right in zip(kept, wanted, strict=False) if entry != right]
    assert kept == wanted, f"the first entry that stands otherwise: {(other or kept[-1:])[0]}"
