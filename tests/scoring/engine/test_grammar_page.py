"""Runs the examples of docs/grammar.md: what the page says of the reader is true."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoring.engine.numbers import plain
from scoring.engine.track import BONUS, DEDUCTION, Part, Rule
from tests.scoring.engine.paths import annex, scheme_from
from tests.scoring.engine.test_quotas import told

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "grammar.md").read_text(encoding="utf-8")


def examples(heading: str) -> Iterator[tuple[str, str]]:
    """Each row of the table under a heading: what is printed, what is read."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    yield from re.findall(r"^\| `(.+)` \| (.+?) \|$", section, re.MULTILINE)


def told_part(part: Part) -> str:
    """A part as the page tells it."""
    rate = f" at {plain(part.rate)}/{part.per}" if part.rate is not None else ""
    at_least = f" at least {part.at_least}" if part.at_least else ""
    factors = "".join(f", × {plain(loss.factor)}" for loss in part.losses if loss.factor is not None)
    return f"{plain(part.points)}{rate}{at_least}{factors}"


def told_rule(kind: str, rule: Rule) -> str:
    """A rule as the page tells it."""
    if rule.factor is not None:
        return f"× {plain(rule.factor)}"
    sign = "+" if kind == BONUS else "−"
    least = f"{plain(rule.rate_from)} to " if rule.rate_from is not None else ""
    return f"{sign} {least}{plain(rule.rate)}" + (f"/{rule.per}" if rule.per else "")


@pytest.mark.parametrize(("printed", "read"), list(examples("Points of an indicator")))
def test_an_indicator_is_read_as_the_page_says(printed: str, read: str) -> None:
    (track,) = scheme_from(annex(printed)).tracks
    assert "; ".join(told_part(part) for part in track.parts()) == read


@pytest.mark.parametrize(("printed", "read"), list(examples("Bonus and deduction")))
def test_an_adjustment_is_read_as_the_page_says(printed: str, read: str) -> None:
    text = annex("1.开展活动（100分）", "加、扣分项（每项加分不超过3分，加减均不超过10分）：", printed)
    (track,) = scheme_from(text).tracks
    told = [told_rule(item.kind, rule) for item in track.adjustments for rule in item.rules]
    assert "; ".join(told) == read


@pytest.mark.parametrize(("printed", "read"), list(examples("Deductions from a full mark")))
def test_deductions_from_a_full_mark_are_read_as_the_page_says(printed: str, read: str) -> None:
    (track,) = scheme_from(annex(*printed.split("` / `"), title="2024年度市级学会考核表（100分）")).tracks
    assert "; ".join(map(told_losses, track.parts())) == read


def told_losses(part: Part) -> str:
    """A part that losses are taken from, as the page tells it."""
    rules = (told_rule(DEDUCTION, loss) + (f" up to {plain(loss.cap)}" if loss.cap else "") for loss in part.losses)
    return f"{plain(part.points)}: {', '.join(rules)}"


@pytest.mark.parametrize(("printed", "read"), list(examples("Quotas of grades")))
def test_a_quota_is_read_as_the_page_says(printed: str, read: str) -> None:
    rules = scheme_from(annex("1.甲（100分）", letter=f"考核等次分为优秀、良好、合格。{printed}。"))
    assert (told(rules) or "nothing") == read


def test_the_page_names_every_finding_of_the_contract() -> None:
    codes = {
        "implied-points",
        "points-mismatch",
        "unread",
        "missing",
        "conflict",
        "rate-exceeds-cap",
        "alternatives",
        "judgement",
        "unnumbered",
        "numbering",
        "unclear-scope",
        "quota",
    }
    assert {code for code in codes if f"`{code}`" in PAGE} == codes
