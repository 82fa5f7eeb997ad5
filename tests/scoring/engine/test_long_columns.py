"""A column of numbers goes on past ninety-nine, in digits of either width."""

import pytest

from tests.scoring.readers.test_word_tricks import document, scheme_of


@pytest.mark.parametrize("digits", ["0123456789", "０１２３４５６７８９"])
def test_rows_from_one_hundred_on_have_their_numbers(digits: str) -> None:
    wide = str.maketrans("0123456789", digits)
    rows = [(str(number).translate(wide), f"做好第{number}件事（1分）") for number in range(1, 121)]
    made, _table = document(("序号", "指标说明"), *rows)
    scheme = scheme_of(made)
    assert len(scheme.tracks[0].indicators) == 120
    assert [finding.code for finding in scheme.findings if finding.code in {"unnumbered", "numbering"}] == []
