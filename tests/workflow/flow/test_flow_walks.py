"""Random walks: whatever people and the sweep do in whatever order, no assessment enters a state that is forbidden."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event
from audit.verbs import Verb
from scoring.engine.scheme import scheme_sha256
from scoring.models import Step
from tests.support.faults import faults
from tests.support.walks import MOVES, Walk
from tests.support.world import World, a_cycle
from workflow.board.models import Board
from workflow.board.queries.sealed import sealed_list
from workflow.flow.endings import VERB_OF
from workflow.flow.models import Outcome, OutcomeKind

pytestmark = pytest.mark.django_db
QUIET = settings(
    max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|EXECUTE)\b", re.I)
FORTH = (
    "submit",
    "accept_materials",
    "score",
    "approve_scores",
    "rate",
    "let_days_pass",
    "let_days_pass",
    "let_days_pass",
    "confirm",
    "bring_board",
    "sign_board",
    "show_public",
    "let_days_pass",
    "issue",
    "close",
)


def steps() -> st.SearchStrategy[list[tuple[str, int]]]:
    """Moves forth in their order, with any other moves of any unit in between."""
    detours = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 1)), max_size=3)
    both = [(name, which) for name in FORTH for which in (0, 1)]
    return st.lists(detours, min_size=len(both), max_size=len(both)).map(
        lambda sides: [move for side, forth in zip(sides, both, strict=True) for move in (*side, forth)]
    )


def anyhow() -> st.SearchStrategy[list[tuple[str, int]]]:
    """Any moves in any order."""
    return st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 1)), min_size=15, max_size=40)


def holds(world: World) -> None:
    """What must hold of every assessment, and of the record as a whole."""
    for assessment in world.assessments:
        assert faults(assessment) == [], assessment.step
    told = Counter(Event.objects.values_list("verb", flat=True))
    ended = Counter(str(VERB_OF[OutcomeKind(kind)]) for kind in Outcome.objects.values_list("kind", flat=True))
    for verb, count in ended.items():
        assert told[verb] >= count, f"{verb} without an event"
    for board in Board.objects.exclude(signed_at=None).select_related("track__cycle__scheme"):
        assert scheme_sha256(board.sealed or {}) == board.sha256, "a seal is broken"
        assert (board.sealed or {})["lines"] == sealed_list(board)["lines"], "a signed board has changed"


class Written:
    """Whether anything was written since one has looked: what cannot have changed holds as it did."""

    since = True

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.since = self.since or bool(WRITES.search(sql))
        return execute(sql, params, many, context)


def walked(world: World, moves: list[tuple[str, int]]) -> Walk:
    """Walk, looking after each move that wrote anything; everything is undone afterwards."""
    start, walk, written = world.at, Walk(world), Written()
    with transaction.atomic(), connection.execute_wrapper(written):
        for name, which in moves:
            walk.move(name, which)
            if written.since:
                holds(world)
                written.since = False
        transaction.set_rollback(True)
    world.at = start
    return walk


@pytest.mark.parametrize("track", ["district", "society"])
def test_a_walk_with_detours(track: str) -> None:
    world = a_cycle().with_units(2, track).opened()

    @QUIET
    @given(moves=steps())
    def walk(moves: list[tuple[str, int]]) -> None:
        walked(world, moves)

    walk()


def test_a_walk_in_any_order() -> None:
    world = a_cycle().with_units(1).with_units(1, "society").opened()

    @QUIET
    @given(moves=anyhow())
    def walk(moves: list[tuple[str, int]]) -> None:
        walked(world, moves)

    walk()


def test_the_walk_forth_without_detours_ends_the_cycle() -> None:
    world = a_cycle().with_units(2).opened()
    walk = Walk(world)
    for name in FORTH:
        for which in (0, 1):
            walk.move(name, which)
            holds(world)
    assert [assessment.step for assessment in world.assessments] == [Step.CIRCULATED] * 2
    assert set(FORTH) <= set(walk.done)
    assert Event.objects.filter(verb=Verb.CYCLE_CLOSED).exists()


@pytest.mark.parametrize("name", sorted(MOVES))
def test_every_move_is_harmless_where_an_assessment_begins(name: str) -> None:
    world = a_cycle().with_units(2).opened()
    walk = Walk(world)
    for _again in "ab":
        walk.move(name, 0)
        holds(world)
    assert world.assessments[1].step in (Step.SELF_EVALUATION, Step.EXCLUDED)
