"""The self-evaluation of a world's first unit: open, handed in, sent back by its desk."""

from datetime import datetime, timedelta

from tests.support.world import World
from workflow.filing.services.acceptance import return_for_supplement
from workflow.flow.models import Node, Task


def filing(world: World, which: int = 0) -> Task:
    """The open self-evaluation of a unit."""
    return world.task(world.assessments[which], Node.SELF_EVALUATION)


def returned(world: World, *parts: str, until: datetime | None = None) -> Task:
    """Let the desk send the first unit's self-evaluation back: these parts (else all), within two days if not said."""
    with world.clock():
        return_for_supplement(
            task=world.task(world.assessments[0], Node.ACCEPTANCE),
            by=world.reviewers["district"],
            why="请补正",
            until=until or world.at + timedelta(days=2),
            parts=parts,
        )
    return filing(world)
