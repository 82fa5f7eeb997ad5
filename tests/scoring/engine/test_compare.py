"""A scheme beside another: what is the same is not told, what differs is, and either way round alike."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.compare import CHANGED, GONE, MOVED, NEW, SAME, ComparedTrack, Comparison, Words, compare, marked
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Adjustment, Component, Indicator, Part, Rule, TrackRules
from tests.scoring.engine.paths import NOTICE, scheme_of

WORDS = ("组织科普活动", "开展科技志愿服务", "加强组织建设", "报送信息", "组织科普讲座活动", "服务企业")


@st.composite
def schemes(draw: st.DrawFn) -> SchemeRules:
    """Schemes of few words, so that rows of two of them are often alike."""
    texts = st.lists(st.sampled_from(WORDS), max_size=5)
    points = st.integers(1, 9).map(Decimal)
    indicators = [
        Indicator(str(place), text, draw(points), parts=(Part(f"{place}.1", text, draw(points)),))
        for place, text in enumerate(draw(texts), start=1)
    ]
    adjustments = [
        Adjustment(f"B{place}", "bonus", text, rules=(Rule(f"B{place}.1", text, draw(points)),))
        for place, text in enumerate(draw(texts), start=1)
    ]
    codes = draw(st.lists(st.sampled_from(("district", "society")), unique=True))
    tracks = [TrackRules(code, code, 1, indicators=tuple(indicators), adjustments=tuple(adjustments)) for code in codes]
    return SchemeRules(2020, None, None, None, None, None, 5, ("一等",), tuple(tracks))


def told(comparison: Comparison, *, mirrored: bool = False) -> set[tuple[object, ...]]:
    """Every pair with its state, as seen from the one side or from the other."""
    swap = {NEW: GONE, GONE: NEW} if mirrored else {}
    pairs = set()
    for track in comparison.tracks:
        for row in track.rows:
            for pair in (row.row, *row.inside):
                ends = tuple(end.code if end else None for end in (pair.before, pair.after))
                pairs.add((track.code, ends[::-1] if mirrored else ends, swap.get(pair.state, pair.state)))
    return pairs


@settings(max_examples=40)
@given(schemes())
def test_a_scheme_beside_itself_tells_nothing(scheme: SchemeRules) -> None:
    comparison = compare(scheme, scheme)
    assert not comparison.differs
    assert {row.state for track in comparison.tracks for row in track.rows} <= {SAME}


@settings(max_examples=60)
@given(schemes(), schemes())
def test_either_way_round_it_is_the_mirror_image(one: SchemeRules, other: SchemeRules) -> None:
    assert told(compare(one, other)) == told(compare(other, one), mirrored=True)


@given(st.text("甲乙丙"), st.text("甲乙丙"))
def test_marked_stretches_are_the_text(one: str, other: str) -> None:
    assert tuple("".join(words.text for words in side) for side in marked(one, other)) == (one, other)
    assert marked(one, other) == marked(other, one)[::-1]


def district(scheme: SchemeRules) -> TrackRules:
    track = scheme.track("district")
    assert track is not None
    return track


def beside(changed: TrackRules) -> ComparedTrack:
    """The districts of the 2020 notice beside the same track changed."""
    scheme = scheme_of(NOTICE)
    tracks = tuple(changed if track.code == changed.code else track for track in scheme.tracks)
    return next(track for track in compare(scheme, replace(scheme, tracks=tracks)).tracks if track.differs)


def test_a_row_in_another_place_has_moved_and_the_others_have_not() -> None:
    track = district(scheme_of(NOTICE))
    first, *rest = track.indicators
    rows = beside(replace(track, indicators=(*rest, first))).differences
    assert [(row.state, row.row.after and row.row.after.text) for row in rows] == [(MOVED, first.text)]


def test_points_that_change_stand_with_what_they_were() -> None:
    track = district(scheme_of(NOTICE))
    first, *rest = track.indicators
    part = replace(first.parts[0], points=Decimal(12))
    (row,) = beside(replace(track, indicators=(replace(first, parts=(part, *first.parts[1:])), *rest))).differences
    values = [(value.name, value.before, value.after) for pair in row.inside for value in pair.values]
    assert (row.state, values) == (CHANGED, [("points", "10", "12")])


def test_what_is_taken_out_is_gone_where_it_stood_and_what_is_put_in_is_new() -> None:
    track = district(scheme_of(NOTICE))
    new = Indicator("1", "全新的一项", Decimal(5))
    compared = beside(replace(track, indicators=(*track.indicators[:1], *track.indicators[2:], new)))
    assert [row.state for row in compared.rows[:3]] == [SAME, GONE, SAME]
    assert [row.state for row in compared.differences] == [GONE, NEW]
    assert compared.differences[-1].row.words == ((), (Words("全新的一项", True),))


def test_other_words_are_marked() -> None:
    assert marked("开展活动3次", "开展活动4次")[1] == (Words("开展活动", False), Words("4", True), Words("次", False))


def test_what_a_track_says_as_a_whole_is_told_by_name() -> None:
    track = district(scheme_of(NOTICE))
    _work, *rest = track.components
    changed = replace(track, bonus_cap=Decimal(5), components=(Component("work", Decimal(60)), *rest))
    values = {value.name: (value.before, value.after) for value in beside(changed).values}
    assert values == {"bonus_cap": ("10", "5"), "components.work.weight": ("70", "60")}


def test_a_track_that_only_one_has_stands_alone() -> None:
    scheme = scheme_of(NOTICE)
    comparison = compare(scheme, replace(scheme, tracks=scheme.tracks[1:]))
    alone = comparison.tracks[-1]
    assert (alone.code, alone.after, alone.differs) == ("district", None, True)
    assert {row.state for row in alone.rows} == {GONE}
