"""The table of a run: for a terminal, and as the page docs/performance.md with its chart."""

from collections.abc import Mapping, Sequence
from typing import Any

HEADS = ("work", "n", "ours", "statements", "peer", "ratio", "limit", "goal", "met")
ROW_HEIGHT, LABEL_WIDTH, BAR_WIDTH = 28, 190, 420
MOST = 30.0  # a bar that is longer is cut, and its number says so


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


def as_page(rows: Sequence[Mapping[str, Any]], machine: Mapping[str, str], notes: str) -> str:
    """docs/performance.md: the machine, the chart, the table, and what explains the rows that miss their goal."""
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    table = "\n".join("| " + " | ".join(line) + " |" for line in [HEADS, ("---",) * len(HEADS), *map(cells, rows)])
    return (
        "# Performance\n\n"
        "Written by `bench/run --page`; bench/README.md says how it measures. Ratios travel to other machines, "
        "figures do not.\n\n"
        f"{facts}\n\n![Ours against django-viewflow](performance.svg)\n\n{table}\n\n{notes}"
    )


def as_chart(rows: Sequence[Mapping[str, Any]]) -> str:
    """A bar for each row that has a peer: how many times as fast, against its goal's line at 1."""
    shown = [row for row in rows if row["ratio"] is not None]
    height = ROW_HEIGHT * (len(shown) + 1)
    scale = BAR_WIDTH / min(MOST, max([1.0, *(row["ratio"] for row in shown)]))
    bars = "".join(_bar(row, number, scale) for number, row in enumerate(shown, start=1))
    one = LABEL_WIDTH + scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LABEL_WIDTH + BAR_WIDTH + 80}" height="{height}" '
        f'font-family="sans-serif" font-size="13"><text x="8" y="19">times as fast as django-viewflow</text>{bars}'
        f'<line x1="{one:.0f}" x2="{one:.0f}" y1="{ROW_HEIGHT}" y2="{height}" stroke="#b3261e"/></svg>\n'
    )


def _bar(row: Mapping[str, Any], number: int, scale: float) -> str:
    top, length = ROW_HEIGHT * number, min(row["ratio"], MOST) * scale
    return (
        f'<text x="8" y="{top + 18}">{row["work"]}</text>'
        f'<rect x="{LABEL_WIDTH}" y="{top + 4}" width="{length:.0f}" height="{ROW_HEIGHT - 8}" fill="#2f5d8a"/>'
        f'<text x="{LABEL_WIDTH + length + 6:.0f}" y="{top + 18}">{row["ratio"]:g}</text>'
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _other(figure: Mapping[str, Any] | None) -> str:
    return "" if figure is None else f"{figure['name']}: {figure['value']:g}"
