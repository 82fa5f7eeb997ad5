"""What the points of a part come from: levels, bands and losses, what follows, and how the score explains it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.basis import Basis
from scoring.engine.errors import EngineErrors
from scoring.engine.explain_parts import part_explained
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import score_unit
from scoring.engine.track import Body, Level, Part, Rule
from scoring.engine.units import UnitReader
from tests.support.kinds import of_every_kind
from tests.support.schemes import a_body

BANDS = (Level("1.1", "少", Decimal(2), below=Decimal(5)), Level("1.2", "多", Decimal(6), least=Decimal(5)))
LOSSES = (Rule("1.3", "缺席", Decimal(2), "次", cap=Decimal(5)), Rule("1.4", "不全", Decimal(3), rate_from=Decimal(1)))
PART = Part("1", "会议", Decimal(6), levels=BANDS, losses=LOSSES)


def explained(basis: Body, **parts: str) -> list[str]:
    scheme = SchemeRules.from_json(of_every_kind(a_body()))
    codes = {code.replace("_", ".").removeprefix("p"): points for code, points in parts.items()}
    unit = {"unit": "u", "track": "district", "parts": codes}
    reader = UnitReader(scheme)
    read = reader.read(unit | ({"basis": basis} if basis else {}))
    reader.finish()
    return [sentence.text() for sentence in score_unit(scheme.tracks[0], read).explain]


@given(measured=st.decimals(0, 10, places=2), times=st.integers(0, 9), points=st.decimals(1, 3, places=2))
def test_what_follows_lies_within_the_part_and_is_what_is_left_of_the_level(
    measured: Decimal, times: int, points: Decimal
) -> None:
    basis = Basis(measured=measured, losses={"1.3": Decimal(times), "1.4": points})
    level = 2 if measured < 5 else 6
    assert basis.points(PART) == max(level - min(2 * times, 5) - points, 0)
    assert Basis.from_json(basis.to_json()) == basis


def test_a_loss_takes_no_more_than_its_limit_however_often_it_applies() -> None:
    assert Basis(losses={"1.3": Decimal(4)}).worth(LOSSES[0]) == 5


@pytest.mark.parametrize(
    ("basis", "given", "sentence"),
    [
        ({"1.1": {"level": "1.1.2"}}, {"p1_1": "25"}, "1.1: level 1.1.2 “省级” = 25"),
        ({}, {"p1_1": "25"}, "1.1: level 1.1.2 “省级” = 25"),
        ({"1.1": {"level": "1.1.1"}}, {"p1_1": "30"}, "1.1: 40 would follow, 30 were given by judgement"),
        ({"2.1": {"measured": "1.9"}}, {"p2_1": "20"}, "2.1: 1.9倍 measured, level 2.1.1 “1.5-2倍” = 20"),
        ({"2.1": {"measured": "1"}}, {"p2_1": "3"}, "2.1: 1倍 measured, in no band: judged, 3 given"),
        (
            {"1.2": {"losses": {"1.2.1": 3, "1.2.2": "0.5"}}},
            {"p1_2": "13.5"},
            "1.2: 20 − (3 × 2 [1.2.1] + 0.5 [1.2.2]), not below 0 = 13.5",
        ),
        ({"1.2": {"losses": {"1.2.1": 0}}}, {"p1_2": "20"}, "1.2: 20 − (0), not below 0 = 20"),
    ],
)
def test_the_score_says_how_the_points_of_a_part_come_about(basis: Body, given: Body, sentence: str) -> None:
    assert sentence in explained(basis, **given)


def test_a_loss_with_a_limit_says_it() -> None:
    basis = Basis(level="1.2", losses={"1.3": Decimal(4)})
    sentences = [sentence.text() for sentence in part_explained(PART, Decimal(1), basis)]
    assert sentences[1] == "1: 6 − (4 × 2 ≤ 5 [1.3]), not below 0 = 1"


@pytest.mark.parametrize(
    ("basis", "place"),
    [
        ({"9": {"level": "1.1.1"}}, "u basis.9"),
        ({"1.1": "1.1.1"}, "u basis.1.1"),
        ({"1.1": {"leval": "1.1.1"}}, "u basis.1.1"),
        ({"1.1": {"level": "9"}}, "u basis.1.1.level"),
        ({"1.1": {"level": 1}}, "u basis.1.1.level"),
        ({"2.1": {"measured": 1.5}}, "u basis.2.1.measured"),
        ({"1.1": {"measured": "1.5"}}, "u basis.1.1.measured"),
        ({"1.2": {"losses": {"9": 1}}}, "u basis.1.2.losses.9"),
        ({"1.2": {"losses": {"1.2.1": "x"}}}, "u basis.1.2.losses.1.2.1"),
        ({"1.2": {"losses": []}}, "u basis.1.2.losses"),
    ],
)
def test_what_the_scheme_has_no_room_for_is_told_at_its_place(basis: Body, place: str) -> None:
    with pytest.raises(EngineErrors) as refused:
        explained(basis)
    assert [error.place for error in refused.value.errors] == [place]
