"""Scoring tables of youth leagues, unions, river chiefs, hospitals, parks, villages, schools, property companies and
party branches, in every layout that is known: read as a careful clerk reads them, from each kind of file."""

import pytest

from scoring.engine.notice import read_notice
from scoring.readers.sources import read_source
from tests.scoring.engine.layouts import Layout, as_document, as_text, as_workbook, layouts, read, told
from tests.scoring.engine.paths import FIXTURES

LAYOUTS = {path.stem: list(layouts(path)) for path in sorted((FIXTURES / "layouts").glob("*.txt"))}
ALL = [pytest.param(layout, id=f"{stem}: {layout.name}") for stem, listed in LAYOUTS.items() for layout in listed]
# What only merged cells say, a text has not got.
IN_TEXT = [param for param in ALL if not str(param.id).startswith("spans")]
MERGED = [param for param in ALL if any({"^", "<"} & set(row) for row in param.values[0].rows)]


def reading(content: bytes, kind: str) -> tuple[str, tuple[str, ...]]:
    scheme = read_notice(read_source(f"notice.{kind}", content))
    return read(scheme.tracks[0]), told(scheme)


@pytest.mark.parametrize("layout", IN_TEXT)
def test_a_table_is_read_as_a_clerk_reads_it_and_every_doubt_is_told(layout: Layout) -> None:
    assert reading(as_text(layout), "txt") == (layout.read, layout.told)


@pytest.mark.parametrize("layout", MERGED)
def test_merged_cells_of_a_document_say_the_same(layout: Layout) -> None:
    assert reading(as_document(layout), "docx") == (layout.read, layout.told)


@pytest.mark.parametrize("layout", MERGED)
def test_merged_cells_of_a_workbook_say_the_same(layout: Layout) -> None:
    assert reading(as_workbook(layout), "xlsx") == (layout.read, layout.told)
