"""The JSON form of a scheme: there and back, its fingerprint, and what is wrong with a broken one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.errors import EngineErrors
from scoring.engine.messages import msg
from scoring.engine.scheme import SchemeRules, canonical_json, scheme_sha256
from tests.scoring.engine.paths import NOTICE, scheme_of

BODY = scheme_of(NOTICE).to_json()
MINIMAL = {"tracks": [{"code": "a", "indicators": [{"code": "1", "parts": [{"code": "1.1", "points": "5"}]}]}]}


def test_a_minimal_scheme_is_filled_with_what_is_usual() -> None:
    scheme = SchemeRules.from_json(MINIMAL)
    assert [each.code for each in scheme.tracks[0].components] == ["work"]
    assert (scheme.publicity_working_days, str(scheme.tracks[0].full_marks)) == (5, "100")


def test_the_fingerprint_depends_on_nothing_but_the_content() -> None:
    assert canonical_json({"b": "分", "a": [1]}) == '{"a":[1],"b":"分"}'.encode()
    assert scheme_sha256(BODY) == scheme_sha256(dict(reversed(list(BODY.items()))))
    assert scheme_sha256(BODY) != scheme_sha256(BODY | {"year": 2021})


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"tracks": []}, "scheme"),
        ({"tracks": [1]}, "scheme.tracks[0]"),
        ({"year": "2020"}, "scheme"),
        ({"year": True}, "scheme"),
        ({"issued": "1.12.2020"}, "scheme"),
        ({"title": 5}, "scheme"),
        ({"grades": [1]}, "scheme"),
        ({"findings": [{"code": "x", "severity": "bad", "message": "y"}]}, "scheme.findings[0]"),
    ],
)
def test_errors_of_a_scheme_name_their_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(EngineErrors) as caught:
        SchemeRules.from_json(BODY | change)
    assert [error.place for error in caught.value] == [place]
    assert [error.place for error in caught.value.at("f.json")] == [f"f.json: {place}"]
    assert all(error.text() for error in caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"code": None},
        {"indicators": {}},
        {"incident_rule": 1},
        {"bonus_cap": 10},
        {"bonus_cap": "-1"},
        {"components": [{"code": "work", "weight": 70}]},
        {"components": [{"code": "moon", "weight": "70"}]},
        {"recipients": {"sample": "20"}},
        {"recipients": 20},
        {"indicators": BODY["tracks"][0]["indicators"][:1] * 2},
        {"adjustments": [{"code": "B1", "kind": "gift"}]},
    ],
)
def test_errors_of_a_track(change: dict[str, Any]) -> None:
    with pytest.raises(EngineErrors):
        SchemeRules.from_json(BODY | {"tracks": [BODY["tracks"][0] | change]})


NAMES = st.sampled_from(["tracks", "code", "indicators", "parts", "findings", "points"])
LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_any_json_gives_a_scheme_or_engine_errors(body: object) -> None:
    try:
        SchemeRules.from_json(body)
    except EngineErrors as errors:
        assert errors.errors


def test_messages_nest_and_percent_signs_survive() -> None:
    assert msg("100%").text() == "100%"
    assert msg("%(a)s!", a=msg("b")).text() == "b!"
