"""A long file is scored by several processes as by one: the same lines, the same ranks, the same problems."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scoring.engine.errors import EngineErrors
from scoring.engine.scheme import SchemeRules
from scoring.management.commands import _shared, score
from scoring.management.commands._scored import ScoreLine, as_lines, scores_of
from scoring.management.commands._shared import Unshared, shared_lines, spread_over_processes, stretches
from scoring.management.commands.score import read_units
from tests.scoring.commands.running import Run, write
from tests.support.schemes import a_body

SCHEME = SchemeRules.from_json(a_body())


def units() -> st.SearchStrategy[dict[str, Any]]:
    """Units of few names, so that some stand twice, most of them right."""
    name = st.text(st.sampled_from('甲乙𠮷é\u2028a"\\'), max_size=4) | st.integers(0, 10**6).map(str)
    points = st.sampled_from(["0", "9.5", "40", "1.005"]) | st.integers(0, 4000).map(lambda cents: f"{cents / 100:.2f}")
    return st.fixed_dictionaries(
        {"unit": name, "track": st.sampled_from(["district", "society"])},
        optional={"parts": st.fixed_dictionaries({"1.1": points}), "incidents": st.just([])},
    )


def lines() -> st.SearchStrategy[bytes]:
    """Lines of a file: units, blank ones, now and then something else."""
    right = units().map(lambda unit: json.dumps(unit, ensure_ascii=False).encode())
    other = st.sampled_from([b"", b" ", b"\t", b"[]", b"{}", b"null", b'{"unit": "x"', b"\xff", b'{"a": 1, "a": 2}'])
    return st.one_of(right, right, right, right, right, other)


def plainly(path: Path) -> list[ScoreLine] | None:
    """The lines as one process makes them; None where it refuses the file."""
    try:
        return list(as_lines(scores_of(SCHEME, read_units(str(path)), str(path), explained=True)))
    except EngineErrors:
        return None


def in_stretches(path: Path, size: int) -> list[ScoreLine] | None:
    """The lines as stretches of so many bytes make them; None where these leave the file to one process."""
    try:
        return list(shared_lines(SCHEME, stretches(str(path), size), explained=True, spread=map))
    except Unshared:
        return None


@given(
    content=st.lists(lines(), max_size=8),
    ending=st.sampled_from([b"\n", b"\r\n"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    size=st.integers(1, 300),
)
@example(content=[b'{"unit": "a", "track": "society"}'] * 2, ending=b"\n", mark=b"", size=34)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stretches_of_any_length_give_what_one_process_gives(
    tmp_path: Path, content: list[bytes], ending: bytes, mark: bytes, size: int
) -> None:
    path = write(tmp_path / "u.jsonl", mark + ending.join(content))
    assert in_stretches(path, size) == (plainly(path) or None)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is worth sharing, a line or two at a time."""
    monkeypatch.setattr(_shared, "WORTH_SHARING", 1)
    monkeypatch.setattr(score, "stretches", partial(stretches, size=100))
    monkeypatch.setattr(_shared, "processes", lambda: 2)


def printed(run: Run, scheme: Path, path: Path) -> tuple[int, str, str]:
    outcome = run("score", scheme, path, "--json")
    return outcome.code, outcome.out, outcome.err


@pytest.mark.parametrize("last", [{"unit": "z", "track": "society"}, {"unit": "u7", "track": "society"}, ["z"]])
def test_the_command_says_the_same_with_several_processes(
    run: Run, scheme: Path, tmp_path: Path, request: pytest.FixtureRequest, last: Any
) -> None:
    scored = [{"unit": f"u{place}", "track": "society", "parts": {"1.1": str(place % 7)}} for place in range(60)]
    path = write(tmp_path / "u.jsonl", "\n".join(json.dumps(unit) for unit in [*scored, last]))
    alone = printed(run, scheme, path)
    request.getfixturevalue("shared")
    assert printed(run, scheme, path) == alone


@pytest.mark.usefixtures("shared")
def test_a_file_that_cannot_be_read_from_any_place_is_not_shared(tmp_path: Path) -> None:
    assert _shared.is_worth_sharing(str(write(tmp_path / "u.jsonl", "{}")))
    assert not _shared.is_worth_sharing(str(tmp_path))
    assert not _shared.is_worth_sharing("/dev/null")


@pytest.mark.usefixtures("shared")
def test_results_come_in_the_order_of_the_items() -> None:
    assert list(spread_over_processes(abs, range(-30, 0))) == [*range(30, 0, -1)]


@pytest.mark.usefixtures("shared")
def test_few_items_are_begun_before_their_results_are_taken() -> None:
    items = iter(range(1000))
    results = spread_over_processes(abs, items)
    assert [next(results), next(results)] == [0, 1]
    results.close()
    assert next(items) < 10
