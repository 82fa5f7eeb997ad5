"""The colours of the pages can be told apart in light and dark, and pages bring no style of their own."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text(encoding="utf-8")
SCHEMES = dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\n\s*\}", TOKENS, re.S)[:2], strict=True))
TEXTS = ["ink", "ink-2", "ink-3", "blue", "blue-deep", "seal", "green", "amber"]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(scheme: str, one: str, other: str) -> float:
    tokens = dict(re.findall(r"--([\w-]+): (#\w{6})", SCHEMES[scheme]))
    high, low = sorted((luminance(tokens[one]), luminance(tokens[other])), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back"),
    [(front, back) for front in TEXTS for back in ("paper", "wash")]
    + [("seal", "seal-wash"), ("green", "green-wash"), ("amber", "amber-wash")]
    + [(front, "blue-wash") for front in ("ink", "ink-2", "ink-3", "blue")],
)
def test_text_can_be_read(scheme, front, back):
    assert ratio(scheme, front, back) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("back", ["paper", "wash"])
@pytest.mark.parametrize("front", ["edge", "blue", "part-1"])
def test_edges_can_be_seen(scheme, front, back):
    assert ratio(scheme, front, back) >= 3


def test_pages_bring_no_style_and_no_script_of_their_own():
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*\ssrc=)", source), path
