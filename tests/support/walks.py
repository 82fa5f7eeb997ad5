"""Random walks of people and the sweep over the assessments of a world."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from common import clock
from common.errors import DomainError
from scoring.models import IncidentKind, Rating, RatingKind, Step
from tests.support.boxes import in_window
from tests.support.world import World, fill, rate_by_ballots, review, sign
from workflow.board.models import Board
from workflow.board.services.signing import return_lines
from workflow.board.services.submitting import submit_board
from workflow.circulation.services import issue_notice
from workflow.consolidation.services.consolidation import (
    consolidate,
    decide_incident,
    decide_not_assessed,
    reopen_review,
)
from workflow.consolidation.services.incidents import Consequence, Decision
from workflow.filing.services.acceptance import accept, return_for_supplement
from workflow.filing.services.self_evaluation import submit_assessment
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.process import open_task
from workflow.office.services.closing import close_cycle
from workflow.office.services.extensions import extend_deadline, reinstate
from workflow.office.services.sweep import sweep
from workflow.publicity.models import Objection, ObjectionDecision, Publicity
from workflow.publicity.services.objections import Signed, decide_objection, file_objection
from workflow.publicity.services.publicity import publish
from workflow.review.services.review import approve_review, hand_back_review

STEP_OF = dict.fromkeys(("department_review", "recipient_rating", "leadership_rating"), Step.DEPARTMENT_REVIEW)
ENDS = {Step.CIRCULATED, Step.NOT_ASSESSED, Step.EXCLUDED}


@dataclass
class Walk:
    """A walk over a world: `move` does one thing, refused or not; `done` says which things happened."""

    world: World
    done: list[str] = field(default_factory=list)

    def move(self, name: str, which: int) -> None:
        """Do the thing of that name to the unit of that number; what is refused leaves everything as it was."""
        with self.world.clock():
            assessment = self.world.assessments[which]
            try:
                if MOVES[name](self, assessment):
                    self.done.append(name)
            except DomainError:
                self.done.append(f"{name} refused")


Move = Callable[[Walk, Assessment], bool]
MOVES: dict[str, Move] = {}


def _at(node: str) -> Callable[[Callable[[Walk, Assessment, Task], object]], Move]:
    """A move that needs an open task of `node`; without one it does nothing."""

    def wrap(act: Callable[[Walk, Assessment, Task], object]) -> Move:
        def move(walk: Walk, assessment: Assessment) -> bool:
            task = open_task(assessment, node)
            if task is not None:
                act(walk, assessment, task)
            return task is not None

        MOVES[act.__name__] = move
        return move

    return wrap


def _any(act: Move) -> Move:
    """A move that needs no task."""
    MOVES[act.__name__] = act
    return act


@_at("self_evaluation")
def submit(walk: Walk, one: Assessment, task: Task) -> None:
    """The unit hands in."""
    filer = walk.world.filers[one.sheet_id]
    if not one.sheet.materials.exists():
        fill(one.sheet, filer)
    submit_assessment(task=task, by=filer, arrived_at=walk.world.at)


@_at("self_evaluation")
def extend(walk: Walk, _one: Assessment, task: Task) -> None:
    """The office moves the deadline."""
    until = (task.due_at or walk.world.at) + timedelta(days=2)
    extend_deadline(task=task, by=walk.world.office, until=until, why="道路中断")


@_at("excluded")
def take_back_in(walk: Walk, _one: Assessment, task: Task) -> None:
    """The office reinstates."""
    reinstate(task=task, by=walk.world.office, until=walk.world.at + timedelta(days=3), why="网络故障")


@_at("acceptance")
def accept_materials(walk: Walk, one: Assessment, task: Task) -> None:
    """The desk accepts."""
    accept(task=task, by=walk.world.reviewers[one.sheet.track.code])


@_at("acceptance")
def return_materials(walk: Walk, one: Assessment, task: Task) -> None:
    """The desk returns."""
    by, until = walk.world.reviewers[one.sheet.track.code], walk.world.at + timedelta(days=3)
    return_for_supplement(task=task, by=by, why="请补正", until=until, parts=["1.1"])


@_at("department_review")
def score(walk: Walk, one: Assessment, task: Task) -> None:
    """The department scores and hands over."""
    review(task, walk.world.reviewers[one.sheet.track.code])


@_at("department_review")
def approve_scores(walk: Walk, one: Assessment, task: Task) -> None:
    """The head approves."""
    approve_review(task=task, by=walk.world.heads[one.sheet.track.code])


@_at("department_review")
def hand_back(walk: Walk, one: Assessment, task: Task) -> None:
    """The head hands back."""
    hand_back_review(task=task, by=walk.world.heads[one.sheet.track.code], why="请复核")


@_at("leadership_rating")
def rate(walk: Walk, one: Assessment, _task: Task) -> None:
    """Recipients and the leaders rate; the window closes, and the box is opened, by the sweep."""
    waiting = open_task(one, "recipient_rating")
    if waiting is not None:
        rate_by_ballots(waiting, walk.world.office, in_window(walk.world))
    leader = walk.world.leaders[0]
    Rating.objects.update_or_create(
        sheet=one.sheet, component=RatingKind.LEADERS, rater=leader, defaults={"value": Decimal(90)}
    )


@_at("consolidation")
def confirm(walk: Walk, _one: Assessment, task: Task) -> None:
    """The office confirms the result."""
    consolidate(task=task, by=walk.world.office)


@_at("consolidation")
def reopen(walk: Walk, one: Assessment, task: Task) -> None:
    """The office asks the department again."""
    desk = walk.world.desks[one.sheet.track.code]
    reopen_review(
        task=task,
        by=walk.world.office,
        departments=[desk.pk if desk else 0],
        parts=["1.1"],
        why="请复核",
        until=walk.world.at + timedelta(days=3),
    )


@_any
def note_incident(walk: Walk, one: Assessment) -> bool:
    """The office decides that an incident keeps the unit from being assessed."""
    decision = Decision(
        kind=IncidentKind.SAFETY,
        consequence=Consequence.NOT_ASSESSED,
        reason="重大安全事故",
        document=ContentFile(b"%PDF-1.4", name="order.pdf"),
    )
    decide_incident(assessment=one, decision=decision, by=walk.world.office)
    return True


@_at("consolidation")
def leave_out(walk: Walk, _one: Assessment, task: Task) -> None:
    """The office ends the assessment by the incident."""
    decide_not_assessed(task=task, by=walk.world.office)


@_any
def bring_board(walk: Walk, one: Assessment) -> bool:
    """The office brings the list of the track."""
    submit_board(track=one.sheet.track, by=walk.world.office)
    return True


def _board(one: Assessment) -> Board | None:
    return Board.objects.filter(track=one.sheet.track, superseded_at=None).order_by("-version").first()


@_any
def sign_board(walk: Walk, one: Assessment) -> bool:
    """The head of the leading group grades and signs."""
    board = _board(one)
    return board is not None and bool(sign(board, walk.world.chief))


@_any
def send_back(walk: Walk, one: Assessment) -> bool:
    """The leading group returns the unit."""
    board = _board(one)
    if board is None:
        return False
    lines = list(board.lines.filter(sheet=one.sheet).values_list("pk", flat=True))
    return bool(return_lines(board=board, line_ids=lines, why="请复核", by=walk.world.chief).done)


@_any
def show_public(walk: Walk, one: Assessment) -> bool:
    """The office publishes."""
    board = _board(one)
    return board is not None and bool(publish(board=board, count_first_day=False, by=walk.world.office))


@_any
def object_to(walk: Walk, one: Assessment) -> bool:
    """Somebody objects."""
    shown = Publicity.objects.filter(sheets=one.sheet).order_by("-pk").first()
    signed = Signed(kind="person", name="示例", contact="19900000000")
    return shown is not None and bool(
        file_objection(publicity=shown, sheet=one.sheet, signed=signed, text="有异议", arrived_at=walk.world.at)
    )


def _decide(walk: Walk, one: Assessment, decision: ObjectionDecision) -> bool:
    found = Objection.objects.filter(sheet=one.sheet, decision="").first()
    if found is not None:
        decide_objection(objection=found, decision=decision, answer="已核实", by=walk.world.office)
    return found is not None


@_any
def uphold(walk: Walk, one: Assessment) -> bool:
    """The office upholds an objection."""
    return _decide(walk, one, ObjectionDecision.UPHELD)


@_any
def dismiss(walk: Walk, one: Assessment) -> bool:
    """The office dismisses an objection."""
    return _decide(walk, one, ObjectionDecision.DISMISSED)


@_any
def issue(walk: Walk, _one: Assessment) -> bool:
    """The office issues the notice of results."""
    number = f"测科协发〔{clock.today().year}〕{len(walk.done) + 1}号"
    issue_notice(
        cycle=walk.world.cycle,
        number=number,
        title="通报",
        addressees="各单位",
        paragraphs=["如下。"],
        issued_on=clock.today(),
        by=walk.world.office,
    )
    return True


@_any
def close(walk: Walk, _one: Assessment) -> bool:
    """The office closes the cycle."""
    close_cycle(cycle=walk.world.cycle, by=walk.world.office)
    return True


@_any
def let_days_pass(walk: Walk, _one: Assessment) -> bool:
    """Ten days pass, and the sweep does what is due."""
    walk.world.at += timedelta(days=10)
    with walk.world.clock():
        sweep()
    return True
