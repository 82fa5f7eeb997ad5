"""Whoever looks at a cycle stays in it: every link and way back to a page of one cycle says which."""

import re

import pytest

from tests.support import source
from workflow.navigation import PLACES

OF_A_CYCLE = [place.name for place in PLACES if place.of_cycle]
NAMES = "|".join([*OF_A_CYCLE, "review-grid", "notice-draft"])
# A link with its address closed at once; a way back that names only the page.
LINK = re.compile(rf"""\{{% url "(?:{NAMES})"[^%]*%\}}(?!\?cycle=|\{{% if cycle %\}}\?cycle=)""")
WAY = re.compile(rf"""redirect\("(?:{NAMES})\"""")


def test_links_of_templates_carry_the_cycle() -> None:
    bare = [
        f"{path.relative_to(source.ROOT).as_posix()}: {found}"
        for path in source.templates()
        for found in LINK.findall(path.read_text(encoding="utf-8"))
    ]
    assert bare == []


def test_ways_back_carry_the_cycle() -> None:
    assert [module.name for module in source.code() if WAY.search(module.text)] == []


@pytest.mark.parametrize("text", ['<a href="{% url "boards" %}">', '{% url "review-grid" track.code %}"'])
def test_a_bare_link_is_seen(text: str) -> None:
    assert LINK.search(text)
