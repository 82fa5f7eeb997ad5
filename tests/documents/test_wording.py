"""The pieces of a self-evaluation are called as the pages call them."""

import pytest

from documents.wording import say_pieces


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["1.1", "B1"], "1.1、B1"),
        (["roster", "summary", "score_sheet"], "服务对象名册、工作总结、评分表（盖章件）"),
        ([], ""),
    ],
)
def test_codes_stay_as_printed_and_materials_have_their_name(codes: list[str], said: str) -> None:
    assert say_pieces(codes) == said
