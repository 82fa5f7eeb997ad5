"""Pages: at a thousand units, and at a hundred thousand open tasks among a million of ten years."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from accounts.models import User
from bench import multitude, world
from bench.row import Goal, Named, Row
from bench.timing import Measured, take_turns
from bench.world import Ground
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import consolidate_many
from workflow.flow.models import Node

KILOBYTE = 1024
TIMES, ROUNDS = 5, 3
FEW = 1000
SAME = "the same page at 1,000 units"


@dataclass(frozen=True)
class Page:
    """A page of the table: who opens it, where."""

    work: str
    by: User
    address: str

    def browser(self) -> Client:
        """The person's browser, signed in."""
        client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
        client.force_login(self.by, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def open(self, browser: Client) -> bytes:
        """What the server sends."""
        answer = browser.get(self.address)
        if answer.status_code != 200:  # noqa: PLR2004  # a page that is there
            raise RuntimeError(f"{self.address} answered {answer.status_code}")
        return answer.content


def all_pages(quick: bool) -> Iterator[Row]:
    """Every page of the table, first among few, then among many."""
    few, copies = (200, 9) if quick else (FEW, 33)
    running, past = world.accepted(few), _past(few)
    pages = list(_pages(running, past))
    small = {page.work: _measured(page) for page in pages}
    multitude.multiply(running.cycle, copies)
    multitude.multiply(past.cycle, copies)
    for page in pages:
        large, before = _measured(page), small[page.work]
        size = len(gzip.compress(page.open(page.browser()))) / KILOBYTE
        yield Row(
            work=page.work,
            n=few * (copies + 1),
            ours=large.seconds * 1000,
            unit="ms",
            statements=large.statements,
            peer=Named(SAME, before.seconds * 1000),
            goal=Goal(ratio=0.67, statements=10),
        )
        yield Row(work=f"{page.work}_size", n=few * (copies + 1), ours=size, unit="KB", goal=Goal(most=60))


def _past(units: int) -> Ground:
    ground = world.reviewed(units)
    consolidate_many(tasks=ground.tasks(Node.CONSOLIDATION), by=ground.cast.office)
    return ground


def _pages(running: Ground, past: Ground) -> Iterator[Page]:
    board = submit_board(track=past.track, by=past.cast.office)
    grid = reverse("review-grid", args=[running.track.code])
    yield Page("page_inbox", running.cast.reviewer, reverse("inbox"))
    yield Page("page_dashboard", running.cast.office, reverse("cycle", args=[running.cycle.slug]))
    yield Page("page_board", past.cast.chief, reverse("board", args=[board.pk]))
    yield Page("page_review_grid", running.cast.reviewer, f"{grid}?cycle={running.cycle.pk}")


def _measured(page: Page) -> Measured:
    browser = page.browser()

    def work() -> int:
        for _time in range(TIMES):
            page.open(browser)
        return TIMES

    page.open(browser)  # templates are read once
    return take_turns({"ours": lambda: work}, rounds=ROUNDS)["ours"]


WORKS = {"pages": all_pages}
