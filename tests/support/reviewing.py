"""The review of a world's first unit: giving points, handing over, what stands on its lines."""

from decimal import Decimal

from accounts.models import User
from common.saving import Saved
from scoring.models import SheetLine
from tests.support.world import World, review
from workflow.flow.models import Node, Task
from workflow.review.services.points import Given, Place, save_reviews


def at_department(world: World) -> Task:
    """The open review of the first unit."""
    return world.task(world.assessments[0], Node.DEPARTMENT_REVIEW)


def give(world: World, by: User | None = None, **points: str | None) -> Saved[Place]:
    """Give points without a reason, `p1_1="9"` meaning part 1.1 and `B1_1="2"` the rule B1.1."""
    given = {
        name.removeprefix("p").replace("_", "."): Given(value=None if value is None else Decimal(value))
        for name, value in points.items()
    }
    return save_reviews(given={at_department(world): given}, by=by or world.reviewers["district"])


def handed_over(world: World) -> Task:
    """The review, scored as claimed and handed to the head."""
    with world.clock():
        review(at_department(world), world.reviewers["district"])
    return at_department(world)


def line(world: World, code: str) -> SheetLine:
    """A line of the first unit's sheet as it stands."""
    kept: SheetLine = world.assessments[0].sheet.lines.get(code=code)
    return kept
