"""Builds a world in one line: `a_cycle().with_units(3).opened().submitted()`; every step goes through the services."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from accounts.models import Department, Membership, Role, Unit, User
from common import clock
from common.narrow import known
from documents.models import Material, MaterialKind, ResultNotice, RosterEntry
from documents.services.roster import Person, entry_of
from scoring.models import Cycle, Draw, HolidayOrder, KeyHolding, LineKind, PlannedStep, Rating, ScoreSheet, Step, Track
from scoring.services.schemes import load_scheme
from tests.support.schemes import a_body
from tests.support.snapshots import first, kept
from workflow.board.models import Board
from workflow.board.queries.sealed import digest_of
from workflow.board.services.grading import set_grades
from workflow.board.services.signing import sign_board
from workflow.board.services.submitting import submit_board
from workflow.circulation.services import issue_notice
from workflow.consolidation.services.consolidation import consolidate
from workflow.filing.services.acceptance import accept
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_task, open_tasks
from workflow.office.services.opening import open_cycle
from workflow.office.services.sweep import sweep
from workflow.publicity.models import Publicity
from workflow.publicity.services.publicity import publish
from workflow.rating.queries.tally import LEAST as ENOUGH
from workflow.rating.services.ballots import cast_ballot, issue_ballots
from workflow.rating.services.keys import make_key
from workflow.rating.services.too_few import take_what_is_there
from workflow.review.queries.lines import lines_of
from workflow.review.services.points import Given, save_reviews
from workflow.review.services.review import approve_review, propose_review

START = datetime(2026, 12, 1, 9, tzinfo=clock.BEIJING)
_serial = itertools.count(1)


def a_person(role: Role, *, unit: Unit | None = None, department: Department | None = None, name: str = "") -> User:
    """A person with one membership since long ago, password `secret`."""
    number = next(_serial)
    user = User.objects.create_user(
        f"{role}{number}", "secret", name=name or f"{role}{number}", email=f"{role}{number}@example.org"
    )
    Membership.objects.create(user=user, role=role, unit=unit, department=department, since=START - timedelta(days=400))
    return user


class World:
    """A cycle with its cast; `at` is where its clock stands."""

    def __init__(self, cycle: Cycle) -> None:
        self.cycle = cycle
        self.at = START
        self.office = a_person(Role.OFFICE)
        self.chief = a_person(Role.CHIEF)
        self.leaders = [a_person(Role.LEADER), a_person(Role.LEADER)]
        self.supervisor = a_person(Role.SUPERVISOR)
        self.desks = {track.code: track.desk for track in cycle.tracks.select_related("desk")}
        self.reviewers = {code: a_person(Role.REVIEWER, department=desk) for code, desk in self.desks.items()}
        self.heads = {code: a_person(Role.HEAD, department=desk) for code, desk in self.desks.items()}
        self.filers: dict[int, User] = {}
        HolidayOrder.objects.get_or_create(
            year=2027,
            defaults={"order": "测试令", "off": ["2027-01-01", "2027-01-02", "2027-01-03"], "entered_by": self.office},
        )

    @contextmanager
    def clock(self, at: datetime | None = None) -> Iterator[None]:
        """Let the clock stand at the world's instant (or at `at`) within the block."""
        with clock.travel(at or self.at):
            yield

    @kept
    def with_units(self, count: int, track: str = "district") -> "World":
        """Add `count` units with a filer each to the track."""
        row = Track.objects.get(cycle=self.cycle, code=track)
        for _ in range(count):
            number = next(_serial)
            unit = Unit.objects.create(code=f"u{number:05d}", name=f"单位{number:05d}")
            sheet = ScoreSheet.objects.create(cycle=self.cycle, track=row, unit=unit, unit_name=unit.name)
            self.filers[sheet.pk] = a_person(Role.FILER, unit=unit)
        return self

    @kept
    def opened(self) -> "World":
        """Open the cycle, with a ballot box whose key the system holds."""
        with self.clock():
            open_cycle(cycle=self.cycle, by=self.office)
            make_key(cycle=self.cycle, holding=KeyHolding.SYSTEM, by=self.office)
        self.cycle.refresh_from_db()
        return self

    @property
    def assessments(self) -> list[Assessment]:
        """Every assessment, in the order of its units."""
        return list(
            Assessment.objects.filter(sheet__cycle=self.cycle)
            .select_related("sheet__unit", "sheet__track__desk", "sheet__cycle__scheme")
            .order_by("pk")
        )

    def at_step(self, step: Step) -> list[Assessment]:
        """The assessments that have come to a step and no further."""
        return [assessment for assessment in self.assessments if assessment.step == step]

    @property
    def deadline(self) -> datetime:
        """The first instant at which a self-evaluation is too late; the cycle must be planned."""
        assert self.cycle.deadline_at is not None
        return self.cycle.deadline_at

    def open_tasks(self, node: str) -> QuerySet[Task]:
        """The open tasks of `node` in this cycle."""
        return open_tasks(node).filter(process__sheet__cycle=self.cycle)

    def task(self, assessment: Assessment, node: str) -> Task:
        """The open task of `node`; it must be there."""
        task = open_task(assessment, node)
        assert task is not None, f"{node} is not open: {assessment.step}"
        return task

    @kept
    def filled(self) -> "World":
        """Let every unit fill everything that a submission needs, opening the cycle first if it is not."""
        if self.cycle.opened_at is None:
            self.opened()
        with self.clock():
            for assessment in self.assessments:
                if not assessment.sheet.materials.exists():
                    fill(assessment.sheet, self.filers[assessment.sheet_id])
        return self

    @kept
    def submitted(self) -> "World":
        """Let every unit submit."""
        self.filled()
        with self.clock():
            for assessment in self.at_step(Step.SELF_EVALUATION):
                submit_assessment(
                    task=self.task(assessment, "self_evaluation"),
                    by=self.filers[assessment.sheet_id],
                    arrived_at=self.at,
                )
        return self

    @kept
    def accepted(self) -> "World":
        """Let every desk accept."""
        self.submitted()
        with self.clock():
            for assessment in self.at_step(Step.ACCEPTANCE):
                by = self.reviewers[assessment.sheet.track.code]
                accept(task=self.task(assessment, "acceptance"), by=by)
        return self

    @kept
    def reviewed(self) -> "World":
        """Let every department score what was claimed, hand over, and its head approve."""
        self.accepted()
        with self.clock():
            for task in self.open_tasks("department_review").select_related("process__sheet__track"):
                code = task.process.sheet.track.code
                review(task, self.reviewers[code])
                approve_review(task=task, by=self.heads[code])
        return self

    @kept
    def rated(self) -> "World":
        """Let recipients and every leader rate, and the window close by the sweep."""
        self.reviewed()
        for task in self.open_tasks("recipient_rating").select_related("process__sheet"):
            sheet = task.process.sheet
            rate_by_ballots(task, self.office, known(self.cycle.ratings_open_at))
            for leader in self.leaders:
                Rating.objects.create(sheet=sheet, component="leaders", rater=leader, value=Decimal(90))
        assert self.cycle.ratings_close_at is not None
        self.at = self.cycle.ratings_close_at + timedelta(minutes=1)
        with self.clock():
            sweep()
        return self

    @kept
    def consolidated(self) -> "World":
        """Let the office confirm every result."""
        self.rated()
        with self.clock():
            for task in self.open_tasks("consolidation"):
                consolidate(task=task, by=self.office)
        return self

    @kept
    def approved(self) -> "World":
        """Let the office submit every track's board, and the head of the leading group grade and sign it."""
        self.consolidated()
        with self.clock():
            for track in self.cycle.tracks.filter(sheets__assessment__step=Step.APPROVAL).distinct():
                sign(submit_board(track=track, by=self.office), self.chief)
        return self

    @kept
    def published(self) -> "World":
        """Let the office publish every signed board."""
        self.approved()
        with self.clock():
            for board in Board.objects.filter(track__cycle=self.cycle, publicity=None).exclude(signed_at=None):
                publish(board=board, count_first_day=False, by=self.office)
        return self

    @kept
    def to_circulate(self) -> "World":
        """Let the publicity end by the sweep."""
        self.published()
        last = Publicity.objects.filter(board__track__cycle=self.cycle).latest("ends_at")
        self.at = last.ends_at + timedelta(minutes=1)
        with self.clock():
            sweep()
        return self

    @kept
    def circulated(self) -> "World":
        """Let the office issue the notice of results."""
        self.to_circulate().issue()
        return self

    def issue(self, number: int = 8) -> ResultNotice:
        """Issue the notice of results of whoever waits for circulation."""
        with self.clock():
            return issue_notice(
                cycle=self.cycle,
                number=f"测科协发〔2027〕{number}号",
                title="关于考核结果的通报",
                addressees="各单位",
                paragraphs=["现将结果通报如下。"],
                issued_on=clock.today(),
                by=self.office,
            )


def sign(board: Board, by: User, grade: str = "一等") -> Board:
    """Give every unit that has no grade `grade`, and sign."""
    set_grades(board=board, grades={}, rest=grade, by=by)
    return sign_board(board=board, seen=digest_of(board), by=by)


def review(task: Task, by: User) -> None:
    """Score everything that the task covers as claimed, and hand it over."""
    given = {line.code: Given(value=line.claimed) for line in lines_of(task) if line.claimed is not None}
    save_reviews(given={task: given}, by=by)
    propose_review(task=task, by=by)


def fill(sheet: ScoreSheet, by: User) -> None:
    """Claims on every part, a summary, and a roster where the track wants one."""
    sheet.lines.filter(kind=LineKind.PART).update(
        claimed=Decimal(10), text="3月12日，在科技馆，举办报告会，参加人员86人。"
    )
    Material.objects.create(
        sheet=sheet,
        kind=MaterialKind.SUMMARY,
        file=ContentFile(b"%PDF-1.4 summary", name="summary.pdf"),
        name="summary.pdf",
        size=16,
        sha256="0" * 64,
        uploaded_by=by,
    )
    if sheet.track.code == "district":
        RosterEntry.objects.bulk_create(
            entry_of(Person("科技志愿者", f"样例{number}", f"1390000{number:04d}"), sheet=sheet, position=number)
            for number in range(1, 6)
        )


def draw_of(sheet: ScoreSheet, by: User, size: int = ENOUGH) -> Draw:
    """The draw in force of a unit; one is written down where there is none."""
    names = [f"{sheet.pk}-{number}" for number in range(2 * size)]
    draw, _made = Draw.objects.get_or_create(
        sheet=sheet,
        superseded_at=None,
        defaults={
            "size": size,
            "seed": "0" * 64,
            "roster_sha256": "0" * 64,
            "drawn": names[:size],
            "reserves": names[size:],
            "drawn_by": by,
        },
    )
    return draw


def rate_by_ballots(task: Task, by: User, at: datetime, value: Decimal = Decimal(88)) -> None:
    """Let everybody drawn for a unit rate it alike; where they are few, the office lets that count."""
    sheet = task.process.sheet
    draw = draw_of(sheet, by)
    if not draw.ballots.exists():
        issue_ballots(draw, draw.drawn)
    for ballot in draw.ballots.select_related("draw__sheet__assessment"):
        cast_ballot(ballot=ballot, value=value, arrived_at=at)
    if draw.ballots.count() < ENOUGH:
        with clock.travel(known(task.due_at) + timedelta(minutes=1)):
            take_what_is_there(task=task, why="人数少", by=by)


def a_cycle(slug: str = "", **changes: object) -> World:
    """A draft cycle of 2026 from the small scheme, planned and ready to open; `slug` names another of its year."""
    return cast(World, first(repr((slug, changes)), lambda: _planned(a_body(**changes), slug)))


def _planned(body: dict[str, object], slug: str) -> World:
    with clock.travel(START):
        cycle = load_scheme(body, source_name="notice.txt", source=b"notice", slug=slug).cycle
        cycle.ratings_open_at = datetime(2027, 1, 4, 9, tzinfo=clock.BEIJING)
        cycle.ratings_close_at = datetime(2027, 1, 16, tzinfo=clock.BEIJING)
        cycle.save()
        for number, step in enumerate(Step):
            day = START.date() + timedelta(days=30 + 5 * number)
            PlannedStep.objects.create(cycle=cycle, step=step, starts_on=day, ends_on=day + timedelta(days=4))
        return World(cycle)
