"""Units of one cycle at every step at once, beside a cycle that is closed, with people of one role, two or none."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from accounts.actors import Actor, actor_of
from accounts.models import Membership, Role, User
from scoring.models import IncidentKind, Step
from tests.support.schemes import BODY
from tests.support.single import exclude_overdue
from tests.support.walks import Walk
from tests.support.world import START, World, a_cycle
from workflow.consolidation.services.consolidation import decide_incident
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.flow.models import Assessment, Task
from workflow.office.services.closing import close_cycle

SOCIETY = "society"
DISTRICTS = 2  # they come first
FILED = ("submit", "accept_materials")
REVIEWED = (*FILED, "score", "approve_scores")
SHOWN = ("bring_board", "sign_board", "show_public")
# Where a society stands, and what was done to it to get there; what moves a whole list comes before the next unit.
PATHS: dict[str, tuple[str, ...]] = {
    "circulated": (*REVIEWED, "confirm", *SHOWN, "let_days_pass", "issue"),
    "circulation": (*REVIEWED, "confirm", *SHOWN, "let_days_pass"),
    "publicity": (*REVIEWED, "confirm", *SHOWN),
    "signed": (*REVIEWED, "confirm", "bring_board", "sign_board"),
    "approval": (*REVIEWED, "confirm"),
    "consolidation": REVIEWED,
    "asked again": (*REVIEWED, "reopen"),
    "with the head": (*FILED, "score"),
    "with the reviewer": FILED,
    "at the desk": ("submit",),
    "returned": ("submit", "return_materials"),
    "filling": (),
    "not assessed": REVIEWED,
    "excluded": (),
}


@dataclass
class Spread:
    """The running cycle's world, the closed one's, the units by where they stand, and the cast."""

    world: World
    closed: World
    at_place: dict[str, Assessment] = field(default_factory=dict)
    others: dict[str, User] = field(default_factory=dict)

    @property
    def cast(self) -> dict[str, User]:
        """Everybody who signs in, by what they are; and some who are two things, or nothing any more."""
        world = self.world
        people = {"office": world.office, "chief": world.chief, "leader": world.leaders[0]}
        people |= {"supervisor": world.supervisor}
        people |= {f"reviewer of {code}": user for code, user in world.reviewers.items()}
        people |= {f"head of {code}": user for code, user in world.heads.items()}
        filers = {one.sheet_id: name for name, one in self.at_place.items()}
        return people | self.others | {f"filer of {filers[sheet]}": user for sheet, user in world.filers.items()}

    def actors(self) -> dict[str, Actor]:
        """The cast as actors."""
        return {name: actor_of(user) for name, user in self.cast.items()}


def spread() -> Spread:
    """Build it; ask it within `world.clock()`."""
    closed = a_cycle().with_units(1, SOCIETY).circulated()
    with closed.clock():
        close_cycle(cycle=closed.cycle, by=closed.office)
    world = _running(closed.at + timedelta(days=2))
    found, walk = Spread(world, closed), Walk(world)
    for number, moves in enumerate(PATHS.values(), DISTRICTS):
        for move in moves:
            walk.move(move, number)
    assert [name for name in walk.done if "refused" in name] == []
    found.at_place = dict(zip(PATHS, world.assessments[DISTRICTS:], strict=True))
    _exclude(found)
    _leave_out(found, walk)
    _let_districts_in(found, walk)
    _of_several_roles(found)
    return found


def _running(at: Any) -> World:
    tracks = deepcopy(BODY["tracks"])
    tracks[1]["incident_rule"] = True
    world = a_cycle(year=2027, number="测科协发〔2027〕2号", issued="2027-02-01", deadline="2027-12-31", tracks=tracks)
    world.with_units(DISTRICTS).with_units(len(PATHS), SOCIETY)
    world.at = at
    _plan_ahead(world)
    world.opened()
    return world


def _plan_ahead(world: World) -> None:
    """Every step lies ahead, and the window for ratings is open: nobody is late of themselves."""
    cycle = world.cycle
    cycle.ratings_open_at, cycle.ratings_close_at = world.at - timedelta(days=1), world.at + timedelta(days=90)
    cycle.save()
    for row in cycle.planned_steps.all():
        row.starts_on += timedelta(days=120)
        row.ends_on += timedelta(days=120)
        row.save()


def _exclude(found: Spread) -> None:
    task = found.world.task(found.at_place["excluded"], "self_evaluation")
    Task.objects.filter(pk=task.pk).update(due_at=found.world.at - timedelta(hours=1))
    task.refresh_from_db()
    with found.world.clock():
        assert exclude_overdue(task=task)


def _leave_out(found: Spread, walk: Walk) -> None:
    one = found.at_place["not assessed"]
    decision = Decision(
        kind=IncidentKind.SAFETY,
        consequence=Consequence.NOT_ASSESSED,
        reason="重大安全事故",
        document=ContentFile(b"%PDF-1.4", name="order.pdf"),
    )
    with found.world.clock():
        decide_incident(assessment=one, decision=decision, by=found.world.office)
    walk.move("leave_out", DISTRICTS + list(PATHS).index("not assessed"))
    found.at_place["not assessed"].refresh_from_db()
    assert Assessment.objects.get(pk=one.pk).step == Step.NOT_ASSESSED


def _let_districts_in(found: Spread, walk: Walk) -> None:
    for move in FILED:
        walk.move(move, 0)
    found.at_place["district under review"], found.at_place["district filling"] = found.world.assessments[:DISTRICTS]
    # The desk of the districts is behind its date, the others are not.
    late = Task.objects.filter(process=found.at_place["district under review"], role=Role.REVIEWER, finished=None)
    late.update(due_at=found.world.at - timedelta(minutes=1))


def _of_several_roles(found: Spread) -> None:
    since, desk = START - timedelta(days=400), found.world.desks[SOCIETY]
    at_desk, returned, last = (found.at_place[name].sheet.unit for name in ("at the desk", "returned", "consolidation"))
    rows: list[tuple[str, dict[str, Any]]] = [
        ("both", {"role": Role.REVIEWER, "department": desk}),
        ("both", {"role": Role.FILER, "unit": at_desk}),
        ("clerk", {"role": Role.OFFICE}),
        ("clerk", {"role": Role.FILER, "unit": last}),
        ("gone", {"role": Role.FILER, "unit": returned, "until": found.world.at - timedelta(days=1)}),
    ]
    found.others = {name: User.objects.create_user(name, "secret", name=name) for name in ("both", "clerk", "gone")}
    for name, where in rows:
        Membership.objects.create(user=found.others[name], since=since, **where)
