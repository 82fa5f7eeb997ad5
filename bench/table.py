"""The table of a run: for a terminal, and as the page docs/performance.md with its chart."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.peer.drive import NAME

HEADS = ("work", "n", "ours", "statements", "peer", "ratio", "limit", "goal", "met")
ROW_HEIGHT, LABEL_WIDTH, DECADE = 28, 190, 140  # pixels of the chart; of ten times as fast
TICKS = (0.1, 1, 10, 100)
# The page's parts in their order, and by what the names of their works are known.
PARTS = {
    "One at a time": re.compile(r"(transition|submit|accept|consolidate)$"),
    "Many at once": re.compile(r"(?!submit_http|page_|score|read_notice|growth_)"),
    "Through a web server": re.compile(r"submit_http"),
    "Pages among many": re.compile(r"page_"),
    "Scoring from files": re.compile(r"score"),
    "Reading notices": re.compile(r"read_notice"),
    "Growth": re.compile(r"growth_"),
}
MEANING = """\
`n` is how many units a row is about, `ours` what the house does with them, `statements` how many SQL statements that
takes for each (for a page: for each opening). `ratio` is how many times as fast as the peer ours is, for times and
rates alike; `limit` is what the same rows cost without any rule.
"""


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The row's figures in words."""
    return (
        str(row["work"]),
        f"{row['n']:,}",
        f"{row['ours']:g} {row['unit']}",
        _figure(row["statements"]),
        _other(row["peer"]),
        _figure(row["ratio"]),
        _other(row["limit"]),
        str(row["goal"]),
        "yes" if row["met"] else "no",
    )


def as_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Columns for a terminal."""
    lines = [HEADS, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def as_page(rows: Sequence[Mapping[str, Any]], about: Mapping[str, str], notes: str) -> str:
    """docs/performance.md: the machine and the run, the chart, the tables, and what explains the rows that miss."""
    facts = "\n".join(f"- {name}: {value}" for name, value in about.items())
    met = sum(bool(row["met"]) for row in rows)
    tables = "\n\n".join(f"## {title}\n\n{_table(part)}" for title, part in _parts(rows) if part)
    return (
        "# Performance\n\n"
        "Written by `bench/run --page`; [bench/README.md](../bench/README.md) says how it measures. Ratios travel to "
        f"other machines, figures do not. Of {len(rows)} goals {met} are met; the others are explained at the end.\n\n"
        f"{facts}\n\n{MEANING}\n![Ours against django-viewflow](performance.svg)\n\n{tables}\n\n{notes}"
    )


def _parts(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    left = list(rows)
    for title, names in PARTS.items():
        part = [row for row in left if names.match(row["work"])]
        left = [row for row in left if row not in part]
        yield title, part


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A table without the columns that none of its rows fills."""
    lines = [HEADS, *(cells(row) for row in rows)]
    columns = [column for column in range(len(HEADS)) if any(line[column] for line in lines[1:])]
    kept = [[line[column] for column in columns] for line in lines]
    kept.insert(1, ["---"] * len(columns))
    return "\n".join("| " + " | ".join(line) + " |" for line in kept)


def as_chart(rows: Sequence[Mapping[str, Any]]) -> str:
    """A bar for each row that viewflow is the peer of, from 1 to how many times as fast ours is, on a log scale."""
    shown = [row for row in rows if row["peer"] is not None and row["peer"]["name"].startswith(NAME)]
    width, height = LABEL_WIDTH + DECADE * (len(TICKS) - 1) + 70, ROW_HEIGHT * (len(shown) + 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        f'font-size="13"><rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="8" y="19">times as fast as django-viewflow (vanilla)</text>'
        f"{''.join(_bar(row, number) for number, row in enumerate(shown, start=2))}"
        f"{''.join(_tick(tick, height) for tick in TICKS)}</svg>\n"
    )


def _place(ratio: float) -> float:
    """Where a ratio lies on the scale."""
    return LABEL_WIDTH + DECADE * math.log10(min(max(ratio, TICKS[0]), TICKS[-1]) / TICKS[0])


def _tick(tick: float, height: int) -> str:
    x, colour = _place(tick), "#b3261e" if tick == 1 else "#ccc"
    return (
        f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{2 * ROW_HEIGHT}" y2="{height}" stroke="{colour}"/>'
        f'<text x="{x:.0f}" y="{2 * ROW_HEIGHT - 6}" text-anchor="middle" fill="#555">{tick:g}</text>'
    )


def _bar(row: Mapping[str, Any], number: int) -> str:
    top, (left, right) = ROW_HEIGHT * number, sorted((_place(1), _place(row["ratio"])))
    return (
        f'<text x="8" y="{top + 18}">{row["work"]}</text>'
        f'<rect x="{left:.0f}" y="{top + 4}" width="{right - left:.0f}" height="{ROW_HEIGHT - 8}" fill="#2f5d8a"/>'
        f'<text x="{right + 6:.0f}" y="{top + 18}">{row["ratio"]:g}</text>'
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _other(figure: Mapping[str, Any] | None) -> str:
    return "" if figure is None else f"{figure['name']}: {figure['value']:g}"
