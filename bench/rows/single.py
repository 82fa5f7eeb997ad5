"""One at a time: a transition alone, and whole services with their rules, outcome, event and mail."""

from collections.abc import Callable, Iterator

from bench import world
from bench.peer import drive
from bench.row import Goal, Named, Row
from bench.timing import Turn, take_turns
from bench.world import Ground
from workflow.consolidation.services.consolidation import consolidate
from workflow.filing.services.acceptance import accept
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.endings import Ending, hold
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks

# The way of a process through the flow, and how each of its tasks ends.
WAY = (
    (Node.SELF_EVALUATION, OutcomeKind.SUBMITTED),
    (Node.ACCEPTANCE, OutcomeKind.ACCEPTED),
    (Node.DEPARTMENT_REVIEW, OutcomeKind.REVIEWED),
    (Node.RECIPIENT_RATING, OutcomeKind.RATED),
    (Node.LEADERSHIP_RATING, OutcomeKind.RATED),
    (Node.CONSOLIDATION, OutcomeKind.CONSOLIDATED),
    (Node.APPROVAL, OutcomeKind.APPROVED),
    (Node.PUBLICITY, OutcomeKind.PUBLICISED),
    (Node.CIRCULATION, OutcomeKind.CIRCULATED),
)


def transition(quick: bool) -> Iterator[Row]:
    """Endings alone, one task in a transaction, along the whole way of a process."""
    processes, rounds = (5, 3) if quick else (20, 7)
    ground = world.opened(processes * rounds)
    waiting = iter(ground.tasks(Node.SELF_EVALUATION))
    by = ground.cast.office

    def ours() -> Turn:
        firsts = [next(waiting).process_id for _number in range(processes)]

        def work() -> int:
            ended = 0
            for process in firsts:
                for node, kind in WAY:
                    for task in open_tasks(node).filter(process_id=process):
                        with hold([task]) as held:
                            held.end({held.task: Ending(kind=kind, by=by)})
                        ended += 1
            return ended

        return work

    def peer() -> Turn:
        begun = drive.begin(processes)

        def work() -> int:
            for process in begun:
                for node in drive.PATH:
                    drive.end(drive.task_of(process, node), by)
            return processes * len(drive.PATH)

        return work

    yield _row("transition", processes, {"ours": ours, "peer": peer}, rounds, Goal(ratio=1.7, statements=7))


def submit(quick: bool) -> Iterator[Row]:
    """A unit hands in: sealed, receipted, announced; the peer ends a bare task."""

    def act(ground: Ground, task: Task) -> None:
        by = ground.filers[task.process.sheet.unit_id]
        submit_assessment(task=task, by=by, arrived_at=ground.in_time)

    yield from _service("submit", quick, world.filled, Node.SELF_EVALUATION, act, Goal(ratio=1, statements=12))


def accept_one(quick: bool) -> Iterator[Row]:
    """The desk accepts: the branches of review and rating open."""

    def act(ground: Ground, task: Task) -> None:
        accept(task=task, by=ground.cast.reviewer)

    yield from _service("accept", quick, world.submitted, Node.ACCEPTANCE, act, Goal(ratio=1.3, statements=9))


def consolidate_one(quick: bool) -> Iterator[Row]:
    """The office confirms a result: scored, frozen, handed on."""

    def act(ground: Ground, task: Task) -> None:
        consolidate(task=task, by=ground.cast.office)

    yield from _service("consolidate", quick, world.reviewed, Node.CONSOLIDATION, act, Goal(ratio=1.3, statements=9))


def _service(
    work: str,
    quick: bool,
    prepare: Callable[[int], Ground],
    node: Node,
    act: Callable[[Ground, Task], object],
    goal: Goal,
) -> Iterator[Row]:
    items, rounds = (20, 3) if quick else (60, 5)
    ground = prepare(items * rounds)
    tasks = iter(ground.tasks(node))

    def ours() -> Turn:
        mine = [next(tasks) for _number in range(items)]

        def work() -> int:
            for task in mine:
                act(ground, task)
            return len(mine)

        return work

    def peer() -> Turn:
        mine = list(drive.bring(drive.begin(items), str(node), ground.cast.office))
        return lambda: drive.end_all(mine, ground.cast.office)

    yield _row(work, items, {"ours": ours, "peer": peer}, rounds, goal)


def _row(work: str, n: int, parties: dict[str, Callable[[], Turn]], rounds: int, goal: Goal) -> Row:
    seen = take_turns(parties, rounds=rounds)
    return Row(
        work=work,
        n=n,
        ours=seen["ours"].rate,
        unit="units/s",
        statements=seen["ours"].statements,
        peer=Named(drive.NAME, seen["peer"].rate),
        goal=goal,
    )


WORKS = {"transition": transition, "submit": submit, "accept": accept_one, "consolidate": consolidate_one}
