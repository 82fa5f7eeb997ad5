"""What the database itself refuses, whoever writes to it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from accounts.models import Membership, Role, Unit
from documents.models import RosterEntry, Submission
from scoring.models import Ballot, Draw, PlannedStep, Rating, Responsibility, ScoreSheet, SheetLine, Step
from tests.support.world import World, a_cycle, a_person
from workflow.board.models import Board, BoardLine
from workflow.flow.models import Outcome

pytestmark = pytest.mark.django_db
Make = Callable[[World], models.Model]


def sheet(world: World) -> ScoreSheet:
    return ScoreSheet.objects.get(cycle=world.cycle)


def track(world: World) -> Any:
    return world.cycle.tracks.get(code="district")


def a_draw(world: World) -> Draw:
    return Draw(
        sheet=sheet(world),
        size=1,
        seed="0" * 64,
        roster_sha256="0" * 64,
        public_roster="",
        drawn=[],
        reserves=[],
        drawn_by=world.office,
    )


def saved(row: Any) -> Any:
    row.save()
    return row


def a_board(world: World) -> Any:
    return saved(Board(track=track(world), version=1, submitted_by=world.office))


TWICE: dict[str, Make] = {
    "a unit twice in a cycle": lambda w: ScoreSheet(
        cycle=w.cycle, track=track(w), unit=sheet(w).unit, unit_name="again"
    ),
    "a line twice on a sheet": lambda w: SheetLine(sheet=sheet(w), code="1.1", kind="part", position=9),
    "a department twice for a part": lambda w: Responsibility(
        track=track(w), code="1.1", department=w.desks["district"]
    ),
    "a step planned twice": lambda w: PlannedStep(
        cycle=w.cycle, step=Step.ACCEPTANCE, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 2)
    ),
    "two draws in force": lambda w: (saved(a_draw(w)), a_draw(w))[1],
    "a secret twice": lambda w: (
        saved(Ballot(draw=(draw := saved(a_draw(w))), opaque_id="a", token_sha256="1")),
        Ballot(draw=draw, opaque_id="b", token_sha256="1"),
    )[1],
    "a leader rates a unit twice": lambda w: (
        saved(Rating(sheet=sheet(w), component="leaders", value=1, rater=w.chief)),
        Rating(sheet=sheet(w), component="leaders", value=2, rater=w.chief),
    )[1],
    "a person twice in a roster": lambda w: (
        saved(
            RosterEntry(sheet=sheet(w), category="c", name="n", phone="p", commitment="c", fingerprint="f", position=1)
        ),
        RosterEntry(sheet=sheet(w), category="c", name="n", phone="p", commitment="c", fingerprint="f", position=2),
    )[1],
    "two open boards of a track": lambda w: (
        saved(Board(track=track(w), version=1, submitted_by=w.office)),
        Board(track=track(w), version=2, submitted_by=w.office),
    )[1],
    "a unit twice on a board": lambda w: (
        saved(
            BoardLine(board=(board := saved(Board(track=track(w), version=1, submitted_by=w.office))), sheet=sheet(w))
        ),
        BoardLine(board=board, sheet=sheet(w)),
    )[1],
}
NEVER: dict[str, Make] = {
    "a negative claim": lambda w: SheetLine(sheet=sheet(w), code="z", kind="part", position=9, claimed=Decimal(-1)),
    "a negative review": lambda w: SheetLine(sheet=sheet(w), code="z", kind="part", position=9, reviewed=Decimal(-1)),
    "a rating over 100": lambda w: Rating(sheet=sheet(w), component="recipients", value=101),
    "a rating below 0": lambda w: Rating(sheet=sheet(w), component="recipients", value=-1),
    "a recipient's rating with a name": lambda w: Rating(
        sheet=sheet(w), component="recipients", value=90, rater=w.chief
    ),
    "a recipient's rating with a time": lambda w: Rating(
        sheet=sheet(w), component="recipients", value=90, given_at=w.at
    ),
    "a leader's rating without a name": lambda w: Rating(sheet=sheet(w), component="leaders", value=90),
    "a step that ends before it begins": lambda w: PlannedStep(
        cycle=w.cycle, step="x", starts_on=date(2027, 1, 2), ends_on=date(2027, 1, 1)
    ),
    "a filer without a unit": lambda w: Membership(user=w.office, role=Role.FILER),
    "a head without a department": lambda w: Membership(user=w.office, role=Role.HEAD),
    "an office in a unit": lambda w: Membership(user=w.chief, role=Role.OFFICE, unit=Unit.objects.all()[0]),
    "the same membership twice": lambda w: Membership(user=w.office, role=Role.OFFICE),
    "a part that nobody named": lambda w: Responsibility(track=track(w), code="", department=w.desks["society"]),
}


def refused(make: Make) -> None:
    world = a_cycle().with_units(1).opened()
    row = make(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("make", TWICE.values(), ids=TWICE.keys())
def test_once_is_once(make: Make) -> None:
    refused(make)


@pytest.mark.parametrize("make", NEVER.values(), ids=NEVER.keys())
def test_what_must_never_be_is_not(make: Make) -> None:
    refused(make)


def test_a_submission_has_one_number_and_a_task_one_outcome() -> None:
    world = a_cycle().with_units(1).submitted()
    first, outcome = Submission.objects.get(), Outcome.objects.get()
    for row in (
        Submission(
            sheet=first.sheet, number=1, receipt="r", body={}, sha256="", submitted_by=world.office, arrived_at=world.at
        ),
        Outcome(task=outcome.task, kind="accepted"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_rows_say_what_they_are() -> None:
    world = a_cycle().with_units(1).circulated()
    rows: list[Any] = [sheet(world), track(world), world.cycle, world.cycle.scheme, a_person(Role.OFFICE)]
    rows += [
        model.objects.first() for model in (Submission, Board, BoardLine, Outcome, RosterEntry, Rating, Membership)
    ]
    assert all(str(row).strip() for row in rows)
    names = "".join(str(row) for row in RosterEntry.objects.all())
    assert "样例" not in names, "a person's name is not in what logs may show"
