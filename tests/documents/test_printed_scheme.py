"""A scheme as a `.docx` reads back to the same scheme."""

from dataclasses import replace

from hypothesis import given, settings

from documents.official.annex import scheme_docx
from scoring.engine.notice import read_notice
from scoring.engine.scheme import SchemeRules
from scoring.readers.sources import read_source
from tests.scoring.engine.paths import CITY, NOTICE, scheme_of
from tests.scoring.engine.test_printing import schemes, worded


def read_back(scheme: SchemeRules) -> SchemeRules:
    return read_notice(read_source("scheme.docx", scheme_docx(scheme)))


def test_the_notice_of_2020_reads_back_to_the_same_tracks() -> None:
    assert read_back(scheme_of(NOTICE)).tracks == scheme_of(NOTICE).tracks


def test_a_table_with_a_column_of_points_reads_back() -> None:
    assert read_back(scheme_of(CITY)).tracks == scheme_of(CITY).tracks


@settings(max_examples=4, deadline=None)
@given(schemes())
def test_any_scheme_reads_back(scheme: SchemeRules) -> None:
    assert replace(read_back(scheme), findings=()) == worded(scheme)
