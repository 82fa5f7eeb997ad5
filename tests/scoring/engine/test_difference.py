"""Steps kept as what they change: taken back one by one they give the first body byte for byte, again the last."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.difference import difference, turned
from scoring.engine.edit import edited
from scoring.engine.errors import EngineErrors
from scoring.engine.scheme import SchemeRules, canonical_json
from tests.scoring.engine.test_printing import schemes
from tests.support.editing import a_step
from tests.support.schemes import a_body

Body = dict[str, Any]


def taken(body: Body, data: st.DataObject) -> Body | None:
    """The body after a step that is drawn; None where it is refused."""
    try:
        after = edited(body, data.draw(a_step(body)))[0]
        SchemeRules.from_json(after)
    except (LookupError, EngineErrors):
        return None
    return after


@settings(max_examples=60, deadline=None)
@given(schemes(), st.data())
def test_steps_go_back_to_the_first_body_and_on_to_the_last(scheme: SchemeRules, data: st.DataObject) -> None:
    first = body = scheme.to_json()
    written, changes = [canonical_json(body)], []
    for _step in range(data.draw(st.integers(1, 10))):
        after = taken(body, data)
        assert canonical_json(body) == written[-1]
        if after is not None:
            changes.append(json.loads(json.dumps(difference(body, after))))
            written.append(canonical_json(after))
            body = after
    last, kept = body, deepcopy(body)
    for change, before in zip(reversed(changes), reversed(written[:-1]), strict=True):
        body = turned(body, change, back=True)
        assert canonical_json(body) == before
    assert body == first
    for change, after_it in zip(changes, written[1:], strict=True):
        body = turned(body, change)
        assert canonical_json(body) == after_it
    assert last == kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.text("甲a", max_size=2),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from("abc"), inside, max_size=3),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON, JSON)
def test_any_body_turns_into_any_other_and_back(was: object, now: object) -> None:
    change = json.loads(json.dumps(difference(was, now)))
    assert json.dumps(turned(was, change)) == json.dumps(now) or turned(was, change) == now
    assert turned(now, change, back=True) == was


def test_what_is_typed_in_one_place_is_all_that_is_kept() -> None:
    body = a_body()
    after = deepcopy(body)
    after["tracks"][0]["name"] = "医院"
    assert difference(body, after) == {
        "at": {"tracks": {"at": {"0": {"at": {"name": {"was": body["tracks"][0]["name"], "now": "医院"}}}}}}
    }
