"""Growth: the same work at three sizes, and the exponent with which its time grows: 1 is in step with the size."""

import math
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench import world
from bench.row import Goal, Row
from bench.rows import notices, scoring
from bench.timing import settle
from bench.world import Ground
from common import clock
from common.narrow import known
from scoring.models import LineKind, SheetLine
from workflow.board.models import Board
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades
from workflow.board.services.signing import sign_board
from workflow.board.services.submitting import submit_board
from workflow.bulk.models import BulkKind
from workflow.bulk.services import ask_of_tasks, work_off
from workflow.circulation.services import issue_notice
from workflow.flow.models import Node
from workflow.office.services.opening import open_cycle
from workflow.office.services.sweep import sweep

KILOBYTE = 1024
IN_STEP = Goal(most=1.05)
Timed = tuple[str, float]


def of_a_cycle(quick: bool) -> Iterator[Row]:
    """A cycle from its opening to its circulation: each time a third of the units, then three times as many."""
    sizes = (60, 180, 540) if quick else (500, 1500, 4500)
    seconds: dict[str, list[float]] = defaultdict(list)
    stored = 0
    for units in sizes:
        before = _stored()
        for work, spent in _walked(units):
            seconds[work].append(spent)
        stored = _stored() - before
        for work, spent in _excluded(units):
            seconds[work].append(spent)
    for work, each in seconds.items():
        yield _row(work, sizes, each)
    yield Row(
        work="growth_stored", n=sizes[-1], ours=stored / sizes[-1] / KILOBYTE, unit="KB a unit", goal=Goal(most=100)
    )


def of_scoring(quick: bool) -> Iterator[Row]:
    """Units of a file, without what a command takes to begin; all files long enough to be shared, or none."""
    sizes = (1500, 4500, 13_500) if quick else (10_000, 30_000, 90_000)
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for work, options in (("score", ["--no-explain"]), ("score_explained", [])):
            seconds = []
            for units in sizes:
                words = (*scoring.files(Path(folder), units), "--json", *options)
                seconds.append(_seconds(partial(call_command, "score", *words, stdout=nowhere)))
            yield _row(work, sizes, seconds)


def of_reading(_quick: bool) -> Iterator[Row]:
    """A notice by its annexes, each with its rows and its paragraphs of the letter."""
    sizes = (notices.TABLES // 9, notices.TABLES // 3, notices.TABLES)
    editions = range(10, 10 + notices.TIMES)
    seconds = [notices.seconds([notices.as_text(size, edition * size) for edition in editions]) for size in sizes]
    yield _row("read_notice", sizes, seconds)


def _walked(units: int) -> Iterator[Timed]:
    """What is asked of all units of a cycle, in chunks as its pages ask it, and how long each took."""
    ground = world.draft(units)
    cast = ground.cast
    yield "open_cycle", _seconds(lambda: work_off(open_cycle(cycle=ground.cycle, by=cast.office)))
    ground.cycle.refresh_from_db()
    SheetLine.objects.filter(sheet__cycle=ground.cycle, kind=LineKind.PART).update(claimed=1)
    world.hand_in(ground)
    yield "accept_many", _seconds(lambda: _ask(ground, BulkKind.ACCEPT, Node.ACCEPTANCE))
    world.give_points(ground)
    world.hand_over(ground)
    yield "approve_reviews", _seconds(lambda: _ask(ground, BulkKind.APPROVE_REVIEWS, Node.DEPARTMENT_REVIEW))
    world.rate(ground)
    yield "consolidate_many", _seconds(lambda: _ask(ground, BulkKind.CONSOLIDATE, Node.CONSOLIDATION))
    board = submit_board(track=ground.track, by=cast.office)
    set_grades(board=board, grades={}, rest=ground.cycle.scheme.rules.grades[-1], by=cast.chief)
    yield "sign_board", _seconds(lambda: _sign(ground, board))
    world.publicised(ground)
    yield "circulate", _seconds(lambda: _circulate(ground))
    _require_none_left(ground, Node.CIRCULATION)


def _excluded(units: int) -> Iterator[Timed]:
    ground = world.opened(units)
    with clock.travel(known(ground.cycle.deadline_at) + timedelta(minutes=2)):
        yield "exclude_silent", _seconds(lambda: sweep(seconds=3600))
    _require_none_left(ground, Node.SELF_EVALUATION)


def _ask(ground: Ground, kind: BulkKind, node: Node) -> None:
    by = ground.cast.head if kind == BulkKind.APPROVE_REVIEWS else ground.cast.reviewer
    work_off(ask_of_tasks(kind, ground.tasks(node), by=ground.cast.office if kind == BulkKind.CONSOLIDATE else by))
    _require_none_left(ground, node)


def _sign(ground: Ground, board: Board) -> None:
    sign_board(board=board, seen=digest_of(board), by=ground.cast.chief)
    world.work_off_all(ground.cycle)


def _circulate(ground: Ground) -> None:
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


def _require_none_left(ground: Ground, node: Node) -> None:
    left = len(ground.tasks(node))
    if left:
        raise RuntimeError(f"{left} tasks of {node} are left")


def _seconds(work: Callable[[], object]) -> float:
    settle()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _stored() -> int:
    """Bytes of the whole database, indexes too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _row(work: str, sizes: Sequence[int], seconds: Sequence[float]) -> Row:
    exponent = statistics.linear_regression([math.log(size) for size in sizes], [math.log(each) for each in seconds])
    return Row(work=f"growth_{work}", n=sizes[-1], ours=exponent.slope, unit="exponent", goal=IN_STEP)


WORKS = {"growth": of_a_cycle, "growth_score": of_scoring, "growth_read_notice": of_reading}
