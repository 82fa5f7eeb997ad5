"""The rules of the page templates that their formatter can't hold: lines, messages, nothing inline, nothing foreign."""

import re
from pathlib import Path

import pytest

from tests.support import source

LONGEST_LINE = 120  # djlint breaks no text, so a message that is too long needs {% blocktranslate trimmed %}
MESSAGE_SET_ASIDE = re.compile(r"\{%\s*trans(?:late)?\s[^%]*\sas\s+\w+\s*%\}")  # {{ _("…") }} says it where it is used
PAGES = [path for path in source.templates() if path.suffix == ".html"]
INLINE = {
    "a script without src": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "something from elsewhere": re.compile(r"\b(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.I),
    "a javascript address": re.compile(r"[\"']\s*javascript:", re.I),
}


def _name(path: Path) -> str:
    return path.relative_to(source.ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_line_can_be_read(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
    long = [number for number, line in lines if len(line) > LONGEST_LINE]
    assert not long, f"{_name(path)} has lines of more than {LONGEST_LINE} characters: {long}"


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_message_stands_where_it_is_used(path: Path) -> None:
    found = MESSAGE_SET_ASIDE.findall(path.read_text(encoding="utf-8"))
    assert not found, f"{_name(path)} has {', '.join(found)}"


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_page_keeps_a_strict_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [what for what, pattern in INLINE.items() if pattern.search(text)]
    assert not found, f"{_name(path)} has {', '.join(found)}"


def test_forms_that_hold_people_keep_what_is_typed_for_the_tab_only() -> None:
    """Each form is on one side: names, phones, what somebody did wrong or gave in secret never stay in a browser."""
    kept = re.compile(r'data-keep="([a-z-]+?)-?(?:\{\{[^"]*)?"(\s+data-keep-for="session")?')
    found = [match.groups() for path in PAGES for match in kept.finditer(path.read_text(encoding="utf-8"))]
    assert {name for name, passing in found if passing} == {
        "account",
        "account-new",
        "accounts-import",
        "comments",
        "follow",
        "incident",
        "object",
        "objection",
        "ratings",
        "replace",
        "roster",
        "settings",
        "unit-add",
        "units-import",
    }
