"""Many at once: what a desk, a head, the office, the leading group and the sweep do with hundreds of units."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from bench import hand, world
from bench.peer import drive
from bench.row import Goal, Named, Row
from bench.timing import Turn, take_turns
from bench.world import Ground
from common import clock
from workflow.board.models import Board
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades
from workflow.board.services.signing import sign_board
from workflow.board.services.submitting import submit_board
from workflow.circulation.services import issue_notice
from workflow.consolidation.services.consolidation import consolidate_many
from workflow.filing.services.acceptance import accept_many
from workflow.flow.models import Node, Task
from workflow.office.services.sweep import sweep
from workflow.review.services.review import approve_reviews

PEERS_AT_MOST = 100  # the peer does one by one, so more of them say nothing new


def accepting(quick: bool) -> Iterator[Row]:
    """A desk accepts what it has ticked."""

    def act(ground: Ground, tasks: list[Task]) -> int:
        return len(accept_many(tasks=tasks, by=ground.cast.reviewer).done)

    yield from _row("accept_many", quick, world.submitted, act, Node.ACCEPTANCE, Goal(least=1300, ratio=20))


def approving(quick: bool) -> Iterator[Row]:
    """A head approves what the department has handed over."""

    def act(ground: Ground, tasks: list[Task]) -> int:
        return len(approve_reviews(tasks=tasks, by=ground.cast.head).done)

    yield from _row("approve_reviews", quick, world.proposed, act, Node.DEPARTMENT_REVIEW, Goal(least=1300, ratio=20))


def consolidating(quick: bool) -> Iterator[Row]:
    """The office confirms results."""

    def act(ground: Ground, tasks: list[Task]) -> int:
        return len(consolidate_many(tasks=tasks, by=ground.cast.office).done)

    yield from _row("consolidate_many", quick, world.reviewed, act, Node.CONSOLIDATION, Goal(least=1000))


def excluding(quick: bool) -> Iterator[Row]:
    """The sweep excludes the silent units; the peer's own timers take away its tasks."""
    units = 500 if quick else 10_000

    def ours() -> Turn:
        ground = world.opened(units)
        deadline = ground.cycle.deadline_at or clock.now()

        def work() -> int:
            with clock.travel(deadline + timedelta(minutes=2)):
                return sweep(seconds=3600)[str(Node.SELF_EVALUATION)]

        return work

    def limit() -> Turn:
        ground = world.opened(units)
        return lambda: hand.exclude(ground.cycle)

    parties = {"ours": ours, "peer": lambda: drive.timed(min(units, PEERS_AT_MOST)), "limit": limit}
    seen = take_turns(parties, rounds=1)
    yield Row(
        work="exclude_silent",
        n=units,
        ours=seen["ours"].rate,
        unit="units/s",
        statements=seen["ours"].statements,
        peer=Named(f"{drive.NAME}, its timers", seen["peer"].rate),
        limit=Named("hand-written SQL", seen["limit"].rate),
        goal=Goal(least=1500, ratio=10),
    )


def signing(quick: bool) -> Iterator[Row]:
    """The head of the leading group signs a board: every approval ends at once."""
    units, rounds = (100, 1) if quick else (500, 3)

    def ours() -> Turn:
        ground, board = _graded(units)

        def work() -> int:
            sign_board(board=board, seen=digest_of(board), by=ground.cast.chief)
            world.work_off_all(ground.cycle)
            return 1

        return work

    seen = take_turns({"ours": ours}, rounds=rounds)
    mine = seen["ours"]
    yield Row(work="sign_board", n=units, ours=mine.seconds, unit="s", statements=mine.statements, goal=Goal(most=0.5))


def circulating(quick: bool) -> Iterator[Row]:
    """The office issues the notice of results: sealed, sent to every unit, every circulation ends."""

    def prepare(units: int) -> Ground:
        ground, board = _graded(units)
        sign_board(board=board, seen=digest_of(board), by=ground.cast.chief)
        world.work_off_all(ground.cycle)
        world.publicised(ground)
        return ground

    def act(ground: Ground, tasks: list[Task]) -> int:
        issue_notice(
            cycle=ground.cycle,
            number=f"测科协发〔{clock.today().year}〕{ground.cycle.year}号",
            title="关于考核结果的通报",
            addressees="各单位",
            paragraphs=["现将结果通报如下。"],
            issued_on=clock.today(),
            by=ground.cast.office,
        )
        world.work_off_all(ground.cycle)
        return len(tasks)

    yield from _row("circulate", quick, prepare, act, Node.CIRCULATION, Goal(least=1000))


def _graded(units: int) -> tuple[Ground, Board]:
    """Consolidated units on a board, each with a grade."""
    ground = world.reviewed(units)
    consolidate_many(tasks=ground.tasks(Node.CONSOLIDATION), by=ground.cast.office)
    board = submit_board(track=ground.track, by=ground.cast.office)
    set_grades(board=board, grades={}, rest=ground.cycle.scheme.rules.grades[-1], by=ground.cast.chief)
    return ground, board


def _row(
    work: str,
    quick: bool,
    prepare: Callable[[int], Ground],
    act: Callable[[Ground, list[Task]], int],
    node: Node,
    goal: Goal,
) -> Iterator[Row]:
    units, rounds = (200, 1) if quick else (1000, 3)

    def ours() -> Turn:
        ground = prepare(units)
        tasks = ground.tasks(node)
        return lambda: act(ground, tasks)

    def peer() -> Turn:
        by = world.cast().office
        tasks = list(drive.bring(drive.begin(min(units, PEERS_AT_MOST)), str(node), by))
        return lambda: drive.end_all(tasks, by)

    seen = take_turns({"ours": ours, "peer": peer}, rounds=rounds)
    yield Row(
        work=work,
        n=units,
        ours=seen["ours"].rate,
        unit="units/s",
        statements=seen["ours"].statements,
        peer=Named(drive.NAME, seen["peer"].rate),
        goal=goal,
    )


WORKS = {
    "accept_many": accepting,
    "exclude_silent": excluding,
    "approve_reviews": approving,
    "consolidate_many": consolidating,
    "sign_board": signing,
    "circulate": circulating,
}
