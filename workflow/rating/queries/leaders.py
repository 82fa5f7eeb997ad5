"""A leader's sheet: which units, what each did, and what this leader gave; nobody else's numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import User
from common.numbers import key_in
from scoring.models import Abstention, Cycle, Rating, RatingKind, ScoreSheet
from scoring.queries.deeds import deeds_of
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import flow_ref, open_tasks

FIELD = "rating-"
ABSTAIN = "abstain-"
LONGEST_DEED = 90  # characters: a line on a tablet


class NoNumber(Enum):
    """What a leader can say of a unit instead of a number."""

    ABSTAINED = "abstained"


ABSTAINED = NoNumber.ABSTAINED
# A rating of 0 to 100, an abstention, or None: not rated yet.
Given = Decimal | Literal[NoNumber.ABSTAINED] | None


@dataclass(frozen=True)
class RatedUnit:
    """A unit on a leader's sheet, in a line what it did, and what this leader gave."""

    task: Task
    given: Given
    deeds: str = ""

    @property
    def sheet(self) -> ScoreSheet:
        """The unit's sheet."""
        sheet: ScoreSheet = self.task.process.sheet
        return sheet

    @property
    def field(self) -> str:
        """The name of the row's input."""
        return f"{FIELD}{self.sheet.pk}"

    @property
    def abstain(self) -> str:
        """The name of the row's box by which no rating is given."""
        return f"{ABSTAIN}{self.sheet.pk}"

    @property
    def value(self) -> Decimal | None:
        """The rating, if there is one."""
        return None if self.given is ABSTAINED else self.given

    @property
    def abstains(self) -> bool:
        """Whether no rating is given on purpose."""
        return self.given is ABSTAINED


def waiting_for_leaders(actor: Actor, cycle: Cycle | None = None) -> QuerySet[Task]:
    """The open tasks of units (of a cycle) that wait for leaders, without the leader's own."""
    tasks = open_tasks(Node.LEADERSHIP_RATING).filter(actor.no_stake("process__sheet__unit"))
    return tasks if cycle is None else tasks.filter(process__sheet__cycle=cycle)


def grid_of(actor: Actor, cycle: Cycle | None = None) -> list[RatedUnit]:
    """The units (of a cycle) that wait for leaders, each with what this leader gave (four queries)."""
    tasks = list(
        waiting_for_leaders(actor, cycle)
        .select_related("process__sheet__unit", "process__sheet__cycle", "process__sheet__track")
        .order_by("process__sheet__track__position", "process__sheet__unit__code")
    )
    sheets = [task.process.sheet_id for task in tasks]
    given, deeds = given_by(actor.user, sheets), deeds_of(sheets, longest=LONGEST_DEED)
    return [RatedUnit(task, given.get(sheet), deeds.get(sheet, "")) for task, sheet in zip(tasks, sheets, strict=True)]


def given_by(leader: User, sheets: Iterable[int]) -> dict[int, Given]:
    """Sheet's key → the rating or abstention that this leader gave, without those not rated yet (two queries)."""
    listed = list(sheets)
    rated = Rating.objects.filter(component=RatingKind.LEADERS, rater=leader, sheet__in=listed)
    given: dict[int, Given] = dict(rated.values_list("sheet_id", "value"))
    abstained = Abstention.objects.filter(rater=leader, sheet__in=listed)
    return given | dict.fromkeys(abstained.values_list("sheet_id", flat=True), ABSTAINED)


def left_the_grid(actor: Actor, fields: Iterable[str]) -> list[tuple[str, str, Given]]:
    """Of units named by fields of a sheet that no longer holds them: field, unit, what counts of this leader there."""
    named = {name: key for name in fields if (key := _sheet_named(name)) is not None}
    rated = Task.objects.filter(flow_task=flow_ref(Node.LEADERSHIP_RATING)).values("process__sheet")
    sheets = ScoreSheet.objects.filter(pk__in=named.values()).filter(pk__in=rated)
    names, given = dict(sheets.values_list("pk", "unit_name")), given_by(actor.user, named.values())
    return sorted((field, names[key], given.get(key)) for field, key in named.items() if key in names)


def _sheet_named(field: str) -> int | None:
    return key_in(field.removeprefix(FIELD).removeprefix(ABSTAIN))
