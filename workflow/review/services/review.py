"""Department review: the reviewer scores, the head approves; nobody reviews their own unit (design.md section 1)."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from viewflow.workflow.status import STATUS

from accounts.actors import Actor, actor_of, members_with
from accounts.models import Role, User
from accounts.rules import require
from audit.services import event, log, log_all
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, require_reason
from common.many import Dealt
from outbox.letters import letter, letters
from outbox.models import Message
from outbox.services import queue
from scoring.models import ScoreSheet, SheetLine
from workflow.bulk.models import BulkKind
from workflow.bulk.services import acts_on_tasks
from workflow.flow.endings import Ending, Held, hold, require_open
from workflow.flow.models import OutcomeKind, Task
from workflow.flow.rules import approves, reviews, sheet_of
from workflow.review.queries.lines import lines_covered, recorded_times_of, unanswered, unexplained
from workflow.review.rules import HeldReview, has_not_scored, is_alone_there


def propose_review(*, task: Task, by: User) -> None:
    """Hand a finished review to the department head. Raises DomainError naming what has no points yet."""
    with hold([task]) as held:
        (review,) = _reviews(held)
        _require_proposable(review, actor_of(by))
        _hand_over([review], by)


@acts_on_tasks(BulkKind.HAND_OVER)
def propose_reviews(*, tasks: Iterable[Task], by: User) -> Dealt[Task]:
    """Hand over several, each by itself: what is not finished is refused, the others go (see `propose_review`)."""
    dealt, actor = Dealt[Task](), actor_of(by)
    with hold(tasks) as held:
        going = []
        for review in _reviews(held):
            with dealt.refusing(review.task):
                _require_proposable(review, actor)
                going.append(review)
        _hand_over(going, by)
    dealt.done.extend(review.task for review in going)
    return dealt


def _require_proposable(review: HeldReview, actor: Actor) -> None:
    require_open(review.task)
    require(actor, reviews, review.task)
    if review.task.role != Role.HEAD:
        _require_complete(review)


def _hand_over(going: Iterable[HeldReview], by: User) -> None:
    """Give held reviews to their heads; those that are there already stay as they are."""
    handed = [review for review in going if review.task.role != Role.HEAD]
    tasks = [review.task for review in handed]
    # Whoever hands over vouches for every score, whoever typed it first: they are the one who does not approve.
    lines = [line.pk for review in handed for line in review.lines]
    SheetLine.objects.filter(pk__in=lines).update(reviewed_by=by)
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(
        role=Role.HEAD, owner=None, handed_over_by=by, status=STATUS.NEW
    )
    log_all(
        event(Verb.REVIEW_PROPOSED, sheet_of(task), by=by, data={"department": task.department_id}) for task in tasks
    )
    firsts = {(sheet_of(task).cycle_id, task.department_id): task for task in reversed(tasks)}
    queue(message for task in firsts.values() for message in _letters_to_heads(task, by))


def _letters_to_heads(task: Task, by: User) -> Iterator[Message]:
    """One mail a day to each head of a department, naming the first of what waits."""
    sheet, department = sheet_of(task), task.department_id
    heads = members_with(role=Role.HEAD, department_id=department)
    cause = f"heads:{sheet.cycle_id}:{department}:{clock.today().isoformat()}"
    path = f"{reverse('review')}?cycle={sheet.cycle_id}"
    return letters("reviews_to_approve", heads, cause=cause, path=path, reviewer=by, sheet=sheet)


def approve_review(*, task: Task, by: User) -> None:
    """The head approves the department's step: its part of the assessment is done.

    Whoever scored does not approve, unless the department has nobody else: then the event says so.
    """
    with hold([task]) as held:
        held.end({review.task: _approval(review, actor_of(by)) for review in _reviews(held)})


@acts_on_tasks(BulkKind.APPROVE_REVIEWS)
def approve_reviews(*, tasks: Iterable[Task], by: User) -> Dealt[Task]:
    """Approve several, each by itself: what can't be approved is refused, the others are (see `approve_review`)."""
    dealt, actor = Dealt[Task](), actor_of(by)
    with hold(tasks) as held:
        endings = {}
        for review in _reviews(held):
            with dealt.refusing(review.task):
                endings[review.task] = _approval(review, actor)
        held.end(endings)
    dealt.done.extend(endings)
    return dealt


def _approval(review: HeldReview, actor: Actor) -> Ending:
    """How a review ends that its head approves; raises DomainError where that can't be."""
    require_open(review.task)
    require(actor, approves, review.task)
    _require_handed_over(review.task)
    require(actor, has_not_scored | is_alone_there, review)
    _require_complete(review)
    own = not has_not_scored.allows(actor, review)
    told = {"department": review.task.department_id, "approved_own_scores": own}
    return Ending(kind=OutcomeKind.REVIEWED, by=actor.user, data=told)


def hand_back_review(*, task: Task, by: User, why: str) -> None:
    """The head gives a review back to whoever handed it over, with the reason."""
    require_reason(why)
    with hold([task]) as held:
        task = held.task
        sheet: ScoreSheet = task.process.sheet
        require_open(task)
        require(by, approves, task)
        _require_handed_over(task)
        reviewer = task.handed_over_by
        task.role, task.owner, task.status = Role.REVIEWER, reviewer, STATUS.ASSIGNED if reviewer else STATUS.NEW
        task.save(update_fields=["role", "owner", "status"])
        logged = log(Verb.REVIEW_HANDED_BACK, sheet, by=by, why=why, data={"department": task.department_id})
        if reviewer is not None:
            told = letter(
                "review_handed_back",
                cause=f"handed-back:{logged.pk}:{reviewer.pk}",
                to=reviewer,
                path=reverse("review-unit", args=[task.pk]),
                sheet=sheet,
                why=why,
            )
            queue([told])


def _reviews(held: Held) -> list[HeldReview]:
    """The reviews that are held, with what is decided upon (three queries)."""
    lines, recorded = lines_covered(held.tasks), recorded_times_of([task.process.sheet for task in held.tasks])
    return [HeldReview(task, lines[task.pk], recorded[task.process.sheet_id]) for task in held.tasks]


def _require_complete(review: HeldReview) -> None:
    unscored = unanswered(review.lines, review.recorded)
    if unscored:
        text = _("Nothing is given yet for %(codes)s. Where nothing counts, give 0.")
        raise DomainError(text % {"codes": "、".join(unscored)}, field=f"value-{unscored[0]}")
    silent = unexplained(review.lines, review.recorded, review.task.process.sheet.rules)
    if silent:
        text = _("Please give the reason where you differ from the unit or from the records of the year: %(codes)s.")
        raise DomainError(text % {"codes": "、".join(silent)}, field=f"note-{silent[0]}")


def _require_handed_over(task: Task) -> None:
    if task.role != Role.HEAD:
        raise DomainError(_("This review has not been handed over yet."))
