"""Any text at all gives a scheme or the engine's own errors, never anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.errors import EngineErrors
from scoring.engine.notice import from_text, read_notice
from scoring.engine.scheme import SchemeRules

PIECES = [
    "附件1",
    "附件",
    "\t",
    "\n",
    "1.",
    "甲",
    "（",
    "）",
    "10分",
    "，",
    "其中",
    "加、扣分项",
    "加1分/次",
    "不超过3分",
    "共30分",
    "5-8分",
    "每次",
    "12月31日前报送",
    "2020年",
    "考核表",
    "：",
    "指标说明",
    "。",
    "抽取20名",
    "一、",
    "（一）",
    "等次分为特等、",
    "〔2020〕1号",
    "\t1.甲（10分）\n",
    "2月30日",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_the_reader_raises_nothing_but_engine_errors(pieces: list[str]) -> None:
    try:
        scheme = read_notice(from_text("x.txt", "".join(pieces)))
    except EngineErrors as errors:
        assert all(error.text() for error in errors)
    else:
        assert SchemeRules.from_json(scheme.to_json()).to_json() == scheme.to_json()
        assert scheme.tracks and all(track.indicators or track.adjustments for track in scheme.tracks)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_at_all(text: str) -> None:
    with pytest.raises(EngineErrors):
        read_notice(from_text("x.txt", text))
