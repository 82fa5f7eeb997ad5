"""Every page that lists something asks the database as much for one row as for three."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Role, User
from common import clock
from documents.models import ResultNotice
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle, a_person, review
from workflow.board.models import Board
from workflow.flow.queries.process import open_tasks
from workflow.publicity.models import Publicity
from workflow.publicity.services.objections import Signed, file_objection

pytestmark = pytest.mark.django_db
Make = Callable[[int], World]
SOCIETY = "society"


def units(stage: str, track: str = SOCIETY) -> Make:
    """A world of so many units, all of them at a stage."""
    return lambda count: getattr(a_cycle().with_units(count, track), stage)()


def with_the_head(count: int) -> World:
    world = units("accepted")(count)
    with world.clock():
        for task in open_tasks("department_review"):
            review(task, world.reviewers[SOCIETY])
    return world


def of_one_filer(stage: str) -> Make:
    """So many units with one filer for all of them: the first unit's."""

    def make(count: int) -> World:
        world = units(stage)(count)
        first, *others = world.assessments
        for assessment in others:
            Membership.objects.create(
                user=world.filers[first.sheet_id],
                role=Role.FILER,
                unit=assessment.sheet.unit,
                since=world.at - timedelta(1),
            )
        return world

    return make


def objected(count: int) -> World:
    world = units("published")(count)
    publicity = Publicity.objects.get()
    with world.clock():
        for assessment in world.assessments:
            file_objection(
                publicity=publicity,
                sheet=assessment.sheet,
                arrived_at=clock.now(),
                text="有异议",
                signed=Signed(kind="person", name="样例", contact="13900000000"),
            )
    return world


def people(count: int) -> World:
    world = units("opened")(1)
    for number in range(3 * count):
        person = a_person(Role.LEADER, name=f"样例{number}")
        for role in (Role.SUPERVISOR, Role.CHIEF)[:count]:
            Membership.objects.create(user=person, role=role, since=world.at)
    return world


def desk(world: World) -> User:
    return world.reviewers[SOCIETY]


def head(world: World) -> User:
    return world.heads[SOCIETY]


def office(world: World) -> User:
    return world.office


def filer(world: World) -> User:
    return world.filers[world.assessments[0].sheet_id]


def leader(world: World) -> User:
    return world.leaders[0]


def chief(world: World) -> User:
    return world.chief


def board_page(_world: World) -> str:
    return reverse("board", args=[Board.objects.latest("version").pk])


def notice_page(_world: World) -> str:
    return reverse("notice", args=[ResultNotice.objects.get().pk])


def many(name: str) -> Callable[[World], str]:
    """A page about units that were ticked: all of them."""

    def path(world: World) -> str:
        ticked = "&".join(f"ids={assessment.pk}" for assessment in world.assessments)
        return f"{reverse(name, args=[2026])}?{ticked}"

    return path


PAGES: dict[str, tuple[Make, Callable[[World], User], str | Callable[[World], str]]] = {
    "inbox of a filer": (of_one_filer("opened"), filer, "/"),
    "inbox of a filer whose units are with others": (of_one_filer("submitted"), filer, "/"),
    "inbox of a filer with notices": (of_one_filer("circulated"), filer, "/"),
    "self-evaluations of a filer": (of_one_filer("opened"), filer, "/self-evaluation/"),
    "results of a filer": (of_one_filer("circulated"), filer, "/results/"),
    "messages of a filer": (of_one_filer("accepted"), filer, "/messages/"),
    "reviews": (units("accepted"), desk, "/review/"),
    "reviews done": (units("reviewed"), desk, "/review/?done=1"),
    "reviews that wait for the head": (with_the_head, head, "/review/"),
    "review grid": (units("accepted"), desk, "/review/grid/society/"),
    "consolidation": (units("reviewed"), office, "/consolidation/"),
    "consolidation that waits for others": (units("accepted", "district"), office, "/consolidation/"),
    "draws": (units("accepted", "district"), office, "/draws/"),
    "leaders' ratings": (units("accepted", "district"), leader, "/ratings/"),
    "signed board": (units("approved"), chief, board_page),
    "publicities with objections": (objected, office, "/publicities/"),
    "receipts of a notice": (units("circulated"), office, notice_page),
    "units": (units("opened"), office, "/cycles/2026/units/"),
    "reminding": (units("opened"), office, many("cycle-nudge")),
    "extending": (units("opened"), office, many("cycle-extensions")),
    "the cycle as a file": (units("accepted"), office, "/cycles/2026/units.csv"),
    "people": (people, office, "/accounts/"),
    "events": (units("reviewed"), office, "/events/"),
}
# One row alone is another page: a filer's only unit opens at once. The inbox draws the steps of three units at most.
FEW_AND_MORE = {
    "inbox of a filer": (3, 5),
    "inbox of a filer whose units are with others": (3, 5),
    "inbox of a filer with notices": (3, 5),
    "self-evaluations of a filer": (2, 4),
}


def asked(make: Make, who: Callable[[World], User], path: str | Callable[[World], str], count: int) -> tuple[int, int]:
    """How many questions the page asks, and how long it is; what was built is forgotten."""
    with transaction.atomic():
        world = make(count)
        visitor = Visitor(world, who(world))
        with CaptureQueriesContext(connection) as queries:
            answer = visitor.get(path if isinstance(path, str) else path(world))
        assert answer.status_code == 200
        transaction.set_rollback(True)
    return len(queries), len(answer.content)


@pytest.mark.parametrize("name", PAGES)
def test_more_rows_take_no_more_questions(name: str) -> None:
    make, who, path = PAGES[name]
    (with_few, short), (with_more, long) = (asked(make, who, path, n) for n in FEW_AND_MORE.get(name, (1, 3)))
    assert long > short, "the rows are on the page"
    assert with_more == with_few
