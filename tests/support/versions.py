"""Versions to try things on: proposed, corrected by steps of the editor, submitted, signed."""

from typing import Any

from scoring.engine.edit import Edit, Place
from scoring.models import SchemeProposal
from scoring.services.editing import edit_scheme
from tests.support.world import World
from workflow.versions.services.proposing import propose_version, submit_version
from workflow.versions.services.signing import sign_version

SOCIETY = ("tracks", 1)
FIRST_PART: Place = (*SOCIETY, "indicators", 0, "parts", 0)


def proposed(world: World, *edits: Edit) -> SchemeProposal:
    """A version that the office proposes, after these steps."""
    with world.clock():
        proposal = propose_version(cycle=world.cycle, why="通知附表有误", by=world.office)
        for edit in edits:
            scheme = proposal.scheme
            proposal.scheme = edit_scheme(scheme=scheme, edit=edit, what="更正", by=world.office, seen=scheme.sha256)
    return proposal


def submitted(world: World, *edits: Edit) -> SchemeProposal:
    """The same, submitted to the head."""
    proposal = proposed(world, *edits)
    with world.clock():
        submit_version(proposal=proposal, by=world.office, why="通知附表有误")
    proposal.refresh_from_db()
    return proposal


def signed(world: World, *edits: Edit) -> SchemeProposal:
    """The same, signed by the head."""
    proposal = submitted(world, *edits)
    with world.clock():
        sign_version(proposal=proposal, seen=proposal.scheme.sha256, by=world.chief)
    world.cycle.refresh_from_db()
    proposal.refresh_from_db()
    return proposal


def worth(points: str, place: Place = FIRST_PART) -> tuple[Edit, Edit]:
    """Another number of points for a part, and full marks that go with it."""
    less = str(100 - 40 + int(points))
    return Edit(place, {"points": points}), Edit(place[:2], {"full_marks": less})


def put(place: Place, **values: Any) -> Edit:
    """Other values at a place."""
    return Edit(place, values)
