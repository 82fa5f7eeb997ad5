"""Styles and scripts: every colour is a token with its dark twin, every class and hook that a page uses is known."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.support.source import ROOT, templates
from tests.workflow.pages.walked import Page

pytestmark = pytest.mark.django_db
STATIC = ROOT / "static"
COMMENT = re.compile(r"/\*.*?\*/", re.S)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
SCRIPTS = sorted(STATIC.glob("js/*.js"))
# What a part is without a word more: the hint that warns.
NO_LOOKS = frozenset({"warn"})


def style(name: str) -> str:
    return COMMENT.sub("", (STATIC / "css" / name).read_text(encoding="utf-8"))


def scripts() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+)\s*:\s*([^;]+);", block))


def test_every_token_that_is_used_is_defined_and_every_named_colour_stands_among_them() -> None:
    looks, defined = style("kaohe.css"), set(tokens(style("tokens.css")))
    assert set(re.findall(r"var\((--[\w-]+)", looks)) <= defined
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", looks) == []


def test_every_colour_has_its_dark_twin() -> None:
    light, _at, rest = style("tokens.css").partition("@media")
    dark = rest.partition("@media")[0]
    assert "prefers-color-scheme: dark" in dark
    coloured = {name for name, value in tokens(light).items() if COLOUR.search(value)}
    assert coloured <= set(tokens(dark))
    assert all(tokens(light)[name] != tokens(dark)[name] for name in coloured)


def test_nothing_moves_for_whom_movement_is_too_much() -> None:
    looks = style("kaohe.css")
    moving = re.search(r"\b(?:transition|animation)\s*:(?!\s*none)", looks)
    assert moving is None or "prefers-reduced-motion" in looks


def test_what_is_touched_on_a_phone_is_large_enough() -> None:
    _light, *others = style("tokens.css").split("@media")
    phone = next(part for part in others if "max-width" in part)
    assert int(tokens(phone)["--touch"].removesuffix("px")) >= 44
    assert int(tokens(style("tokens.css").partition("@media")[0])["--touch"].removesuffix("px")) >= 24


def test_printed_pages_leave_out_what_can_only_be_clicked() -> None:
    printed = style("kaohe.css").partition("@media print")[2]
    for part in (".bar", ".side", ".btn", ".skip"):
        assert part in printed


def test_every_class_on_a_page_is_known_to_the_styles_or_scripts(chinese: list[Page]) -> None:
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", style("kaohe.css"))) | NO_LOOKS
    on_pages = {
        (word, page.name) for page in chinese for tag in page.tags for word in tag.attributes.get("class", "").split()
    }
    code = scripts()
    assert sorted(pair for pair in on_pages if pair[0] not in known and pair[0] not in code) == []


def test_every_hook_on_a_page_is_read_by_a_script_or_a_style(chinese: list[Page]) -> None:
    hooks = {
        name
        for page in chinese
        for tag in page.tags
        for name in tag.attributes
        if name.startswith("data-") and "{" not in name
    }
    code, looks = scripts(), style("kaohe.css")
    camel = {name: re.sub(r"-([a-z])", lambda found: found[1].upper(), name.removeprefix("data-")) for name in hooks}
    assert sorted(name for name in hooks if name not in code + looks and camel[name] not in code) == []


def test_every_file_that_a_page_names_is_there_and_sent(chinese: list[Page]) -> None:
    named = {
        address
        for page in chinese
        for tag in page.of("script", "link", "img", "use")
        for address in (tag.attributes.get("src", ""), tag.attributes.get("href", ""))
        if address.startswith("/static/")
    }
    assert any(address.endswith(".css") for address in named)
    for address in named:
        assert finders.find(address.removeprefix("/static/").split("#")[0]), address
        assert Client().get(address.split("#")[0]).status_code == 200, address


@pytest.mark.parametrize("path", [*SCRIPTS, *sorted(STATIC.glob("css/*.css"))], ids=lambda path: path.name)
def test_no_file_is_left_that_no_page_brings(path: Path) -> None:
    assert any(path.name in page.read_text(encoding="utf-8") for page in templates())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_markup_and_asks_nobody_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|console\.", text) == []
    assert re.findall(r"https?://|//[a-z]+\.[a-z]+/", text) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_words_of_a_script_come_from_the_page_in_its_language(path: Path) -> None:
    assert re.findall(r"[\u4e00-\u9fff]", re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"))) == []
