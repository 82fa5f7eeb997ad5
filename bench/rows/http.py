"""Handing in through a web server with two workers: everybody at the same moment, and the rush before a deadline."""

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from django.urls import reverse

from bench import world
from bench.http.clients import Answers, ask, posting
from bench.http.serving import HOUSE, Server, queued, served
from bench.peer import drive
from bench.row import Goal, Named, Row
from bench.world import Ground
from documents.models import Submission
from workflow.flow.models import Node, Outcome, OutcomeKind

WSGI = ["granian", "--interface", "wsgi", "--workers", "2", "--no-ws", "--blocking-threads", "4"]
PEER = Server(WSGI, "bench.peer.wsgi:application", {"DJANGO_SETTINGS_MODULE": "bench.peer.settings"})
RUSH = 20.0  # units a second: all of a province's 3,000 within two and a half minutes
FIRST = 24  # clients before the measured ones: each thread reads its templates and addresses once
REDIRECTED = 302


@dataclass
class Party:
    """Somebody who is asked over HTTP: the port, the requests that are left, and how many tasks they have ended."""

    port: int
    requests: Iterator[bytes]
    ended: Callable[[], int]

    def answer(self, clients: int, *, over: float = 0.0) -> Answers:
        """Let so many clients hand in; RuntimeError when one is refused, lost or counted twice."""
        before = self.ended()
        answers = ask(self.port, [next(self.requests) for _client in range(clients)], over=over)
        refused = [status for status in answers.statuses if status != REDIRECTED]
        if refused or self.ended() - before != clients:
            raise RuntimeError(f"{clients} clients: {self.ended() - before} tasks ended, refused with {refused}")
        return answers


def submitting(quick: bool) -> Iterator[Row]:
    """Two hundred clients hand in at once; then as many within ten seconds."""
    clients, rounds = (60, 1) if quick else (200, 3)
    ground = world.filled(FIRST + clients * (rounds + 1))
    with ExitStack() as servers:
        os.environ["REDIS_URL"] = servers.enter_context(queued())
        parties = (
            Party(servers.enter_context(served(HOUSE)), _ours(ground), partial(_handed_in, ground)),
            Party(servers.enter_context(served(PEER)), _peers(ground), drive.served_tasks),
        )
        for party in parties:
            party.answer(FIRST)
        at_once = [[party.answer(clients) for party in parties] for _round in range(rounds)]
        rush = [party.answer(clients, over=clients / RUSH) for party in parties]
    ours, peers = zip(*at_once, strict=True)
    rate, peers_rate = (statistics.median(answers.rate for answers in seen) for seen in (ours, peers))
    yield Row(
        work="submit_http",
        n=clients,
        ours=rate,
        unit="units/s",
        peer=Named(drive.NAME, peers_rate),
        goal=Goal(ratio=1),
    )
    for work, seen in (("submit_http_p95", (ours, peers)), ("submit_http_rush_p95", ([rush[0]], [rush[1]]))):
        yield _slowest(work, clients, *seen)


def _slowest(work: str, clients: int, ours: Sequence[Answers], peers: Sequence[Answers]) -> Row:
    waited, peer_waited = (statistics.median(each.slowest_of_most for each in seen) * 1000 for seen in (ours, peers))
    return Row(work=work, n=clients, ours=waited, unit="ms", peer=Named(drive.NAME, peer_waited), goal=Goal(most=1000))


def _ours(ground: Ground) -> Iterator[bytes]:
    for task in ground.tasks(Node.SELF_EVALUATION):
        by = ground.filers[task.process.sheet.unit_id]
        yield posting(by, reverse("self-evaluation-check", args=[task.process_id]))


def _peers(ground: Ground) -> Iterator[bytes]:
    filers = list(ground.filers.values())
    for process, by in zip(drive.begin(len(filers)), filers, strict=True):
        yield posting(by, drive.address(process, by))


def _handed_in(ground: Ground) -> int:
    """How many sheets were handed in, once each: sealed, and so noted by the flow."""
    sealed = Submission.objects.filter(sheet__cycle=ground.cycle)
    outcomes = Outcome.objects.filter(task__process__sheet__cycle=ground.cycle, kind=OutcomeKind.SUBMITTED)
    counts = {sealed.count(), sealed.values("sheet").distinct().count(), outcomes.count()}
    if len(counts) > 1:
        raise RuntimeError(f"submissions, sheets and outcomes differ: {counts}")
    return counts.pop()


WORKS = {"submit_http": submitting}
