"""The ground that is measured on: cycles of the 2020 notice's district track, brought to a step in sets."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext

from accounts.models import Department, Membership, Role, Unit, User
from common import clock
from common.narrow import known
from documents.models import Material, MaterialKind, RosterEntry
from documents.services.roster import Person, entry_of
from scoring.engine.notice import read_notice
from scoring.models import Cycle, LineKind, Rating, ScoreSheet, SheetLine, Track
from scoring.readers.sources import read_source
from scoring.services.corrections import confirm_findings
from scoring.services.cycles import default_plan, set_plan, set_responsibilities
from scoring.services.schemes import load_scheme
from workflow.bulk.queries import unfinished_runs
from workflow.bulk.services import work_off
from workflow.flow.endings import Ending, hold
from workflow.flow.models import Node, OutcomeKind, Task
from workflow.flow.queries.process import open_tasks
from workflow.office.services.opening import open_cycle
from workflow.rating.services.window import set_rating_window

NOTICE = Path(settings.BASE_DIR) / "scoring" / "notices" / "notice-2020.txt"
AT_ONCE = 500
RATERS = 5
# Each cycle's deadline lies before those of the cycles made earlier, so that a sweep at it finds this one alone due.
_years = itertools.count(2090, -1)
_serial = itertools.count(1)


@dataclass(frozen=True)
class Cast:
    """Who acts: one person in each role; the department is the desk of every track."""

    office: User
    chief: User
    reviewer: User
    head: User
    desk: Department


@dataclass(frozen=True)
class Ground:
    """A cycle with units in one track, and who acts in it."""

    cycle: Cycle
    track: Track
    cast: Cast
    filers: dict[int, User]

    def tasks(self, node: Node) -> list[Task]:
        """The open tasks of a node in this cycle, in the order of their processes."""
        tasks = open_tasks(node).filter(process__sheet__cycle=self.cycle)
        return list(tasks.select_related("process__sheet").order_by("process_id"))

    @property
    def in_time(self) -> datetime:
        """An instant before the deadline."""
        return known(self.cycle.deadline_at) - timedelta(days=1)  # the notice names one


def cast() -> Cast:
    """The cast, made once: the desk that the notice names is the department of reviewer and head."""
    desk, _made = Department.objects.get_or_create(name="组织人事部", defaults={"code": "desk"})
    return Cast(
        office=_person(Role.OFFICE),
        chief=_person(Role.CHIEF),
        reviewer=_person(Role.REVIEWER, department=desk),
        head=_person(Role.HEAD, department=desk),
        desk=desk,
    )


def _person(role: Role, number: int = 0, **where: Department) -> User:
    user, made = User.objects.get_or_create(username=f"bench-{role}-{number}", defaults={"name": f"演示{role}"})
    if made:
        Membership.objects.create(user=user, role=role, since=clock.now() - timedelta(days=9999), **where)
    return user


def draft(units: int, code: str = "district") -> Ground:
    """A cycle that is ready to open, with `units` units in one track, a filer each."""
    people, year = cast(), next(_years)
    text = NOTICE.read_text(encoding="utf-8").replace("2020", str(year))
    body = read_notice(read_source("notice.txt", text.encode())).to_json(gettext)
    scheme = load_scheme(body, source_name="notice.txt", source=text.encode(), by=people.office)
    ids = list(scheme.findings.values_list("pk", flat=True))
    confirm_findings(scheme=scheme, ids=ids, by=people.office, reason="bench")
    cycle = scheme.cycle
    for track in cycle.tracks.all():
        set_responsibilities(track=track, desk=people.desk, answers={}, by=people.office)
    set_plan(cycle=cycle, plan=default_plan(cycle)[0], by=people.office)
    deadline = cycle.deadline_at or clock.now()
    opens, closes = deadline + timedelta(days=5), deadline + timedelta(days=30)
    set_rating_window(cycle=cycle, opens_at=opens, closes_at=closes, by=people.office)
    cycle.refresh_from_db()
    track = cycle.tracks.get(code=code)
    return Ground(cycle=cycle, track=track, cast=people, filers=_enter(cycle, track, units))


def _enter(cycle: Cycle, track: Track, count: int) -> dict[int, User]:
    numbers = list(itertools.islice(_serial, count))
    units = Unit.objects.bulk_create(Unit(code=f"b{number}", name=f"单位{number}") for number in numbers)
    ScoreSheet.objects.bulk_create(
        ScoreSheet(cycle=cycle, track=track, unit=unit, unit_name=unit.name) for unit in units
    )
    users = User.objects.bulk_create(
        User(username=unit.code, name=unit.name, email=f"{unit.code}@example.org") for unit in units
    )
    long_ago = clock.now() - timedelta(days=9999)
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.FILER, unit=unit, since=long_ago)
        for user, unit in zip(users, units, strict=True)
    )
    return {unit.pk: user for unit, user in zip(units, users, strict=True)}


def opened(units: int, code: str = "district") -> Ground:
    """The same, opened: every self-evaluation is open."""
    ground = draft(units, code)
    work_off(open_cycle(cycle=ground.cycle, by=ground.cast.office))
    ground.cycle.refresh_from_db()
    return ground


def filled(units: int, code: str = "district") -> Ground:
    """The same, with everything typed and uploaded that a submission needs."""
    ground = opened(units, code)
    sheets = list(ScoreSheet.objects.filter(cycle=ground.cycle))
    lines = SheetLine.objects.filter(sheet__cycle=ground.cycle, kind=LineKind.PART)
    lines.update(claimed=Decimal(1), text="3月12日，在科技馆，举办报告会，参加人员86人。")
    office = ground.cast.office
    Material.objects.bulk_create(
        Material(
            sheet=sheet,
            kind=MaterialKind.SUMMARY,
            file=ContentFile(b"%PDF-1.4", name="summary.pdf"),
            name="summary.pdf",
            size=8,
            sha256="0" * 64,
            uploaded_by=office,
        )
        for sheet in sheets
    )
    if code == "district":
        people = [Person("科技志愿者", f"样例{number}", f"1390000{number:04d}") for number in range(1, 41)]
        RosterEntry.objects.bulk_create(
            (
                entry_of(person, sheet=sheet, position=position)
                for sheet in sheets
                for position, person in enumerate(people, start=1)
            ),
            batch_size=2000,
        )
    return ground


def submitted(units: int, code: str = "district") -> Ground:
    """The same, handed in: every acceptance is open."""
    ground = filled(units, code)
    hand_in(ground)
    return ground


def accepted(units: int, code: str = "district") -> Ground:
    """The same, accepted, and every department's points given: its reviews are open."""
    ground = submitted(units, code)
    end_all(ground.tasks(Node.ACCEPTANCE), OutcomeKind.ACCEPTED, by=ground.cast.reviewer)
    give_points(ground)
    return ground


def proposed(units: int, code: str = "district") -> Ground:
    """The same, handed to the departments' heads."""
    ground = accepted(units, code)
    hand_over(ground)
    return ground


def reviewed(units: int, code: str = "district") -> Ground:
    """The same, approved by the heads and rated: every consolidation is open."""
    ground = accepted(units, code)
    end_all(ground.tasks(Node.DEPARTMENT_REVIEW), OutcomeKind.REVIEWED, by=ground.cast.head)
    rate(ground)
    return ground


def hand_in(ground: Ground) -> None:
    """Let every unit hand in."""
    end_all(ground.tasks(Node.SELF_EVALUATION), OutcomeKind.SUBMITTED, at=ground.in_time)


def give_points(ground: Ground) -> None:
    """Let the department give every point."""
    lines = SheetLine.objects.filter(sheet__cycle=ground.cycle)
    lines.filter(kind=LineKind.PART).update(reviewed=Decimal(1), reviewed_by=ground.cast.reviewer)
    lines.filter(kind=LineKind.RULE).update(reviewed=Decimal(0), reviewed_by=ground.cast.reviewer)


def hand_over(ground: Ground) -> None:
    """Let the reviewer hand every review to the head."""
    reviews = Task.objects.filter(pk__in=[task.pk for task in ground.tasks(Node.DEPARTMENT_REVIEW)])
    reviews.update(role=Role.HEAD, handed_over_by=ground.cast.reviewer, owner=None)


def rate(ground: Ground) -> None:
    """Let recipients and leaders rate every unit, and both windows close."""
    sheets = ScoreSheet.objects.filter(cycle=ground.cycle)
    raters = [_person(Role.LEADER, number) for number in range(RATERS)]
    Rating.objects.bulk_create(
        Rating(sheet=sheet, component=component, value=Decimal(90 - number), rater=rater)
        for sheet in sheets
        for number, leader in enumerate(raters)
        for component, rater in (("recipients", None), ("leaders", leader))
    )
    for node in (Node.RECIPIENT_RATING, Node.LEADERSHIP_RATING):
        end_all(ground.tasks(node), OutcomeKind.RATED)


def end_all(tasks: Sequence[Task], kind: OutcomeKind, *, by: User | None = None, at: datetime | None = None) -> None:
    """End tasks in sets, without the rules of a service: the ground is only being prepared."""
    for start in range(0, len(tasks), AT_ONCE):
        with hold(tasks[start : start + AT_ONCE]) as held:
            held.end({task: Ending(kind=kind, by=by, at=at) for task in held.tasks})


def work_off_all(cycle: Cycle) -> None:
    """Work off what was asked of many in a cycle, as the workers do."""
    for run in unfinished_runs().filter(cycle=cycle):
        work_off(run)


def publicised(ground: Ground) -> None:
    """Let the publicity of a signed board end: every circulation is open."""
    end_all(ground.tasks(Node.PUBLICITY), OutcomeKind.PUBLICISED)
