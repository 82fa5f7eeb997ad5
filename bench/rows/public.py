"""A public list on the day of its publicity: what everybody looks at, against the same server answering a string."""

import statistics
from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from bench import world
from bench.http.clients import Answers, ask_again, reading
from bench.http.serving import HOUSE, served
from bench.row import Goal, Named, Row
from bench.timing import take_turns
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades
from workflow.board.services.signing import sign_board
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import consolidate_many
from workflow.flow.models import Node
from workflow.publicity.services.publicity import publish

UNITS = 41  # the districts of the notice
CLIENTS = 16
OK = 200


def public(quick: bool) -> Iterator[Row]:
    """Strangers read a track's list, over and over; in turns they read a string from the same two workers."""
    times, rounds = (50, 3) if quick else (150, 5)
    page = _published()
    ours, string = reading(page), reading(reverse("bench-string"))
    with served(HOUSE) as port:
        for request in (ours, string):
            _read(port, request, times=10)  # each thread reads its addresses once
        seen = [[_read(port, request, times=times) for request in (ours, string)] for _round in range(rounds)]
    rate, at_most = (statistics.median(answers.rate for answers in each) for each in zip(*seen, strict=True))
    yield Row(
        work="page_public",
        n=UNITS,
        ours=rate,
        unit="pages/s",
        statements=_statements(page),
        peer=Named("the same server answering a string", at_most),
        goal=Goal(ratio=0.8, statements=10),
    )


def _published() -> str:
    """The address of a list that is public."""
    ground = world.reviewed(UNITS)
    consolidate_many(tasks=ground.tasks(Node.CONSOLIDATION), by=ground.cast.office)
    board = submit_board(track=ground.track, by=ground.cast.office)
    set_grades(board=board, grades={}, rest=ground.cycle.scheme.rules.grades[-1], by=ground.cast.chief)
    sign_board(board=board, seen=digest_of(board), by=ground.cast.chief)
    return reverse("public-publicity", args=[publish(board=board, count_first_day=False, by=ground.cast.office).slug])


def _read(port: int, request: bytes, *, times: int) -> Answers:
    answers = ask_again(port, request, clients=CLIENTS, times=times)
    if set(answers.statuses) != {OK}:
        raise RuntimeError(f"answered with {set(answers.statuses)}")
    return answers


def _statements(page: str) -> float:
    """SQL statements of one look, once the page is prepared."""
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")

    def look() -> int:
        client.get(page)
        return 1

    look()
    return take_turns({"ours": lambda: look}, rounds=1)["ours"].statements


WORKS = {"page_public": public}
