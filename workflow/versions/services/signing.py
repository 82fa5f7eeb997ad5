"""The head of the leading group signs another version of a scheme, which counts from then on, or returns it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.models import Role, User
from accounts.queries import filers_of
from accounts.rules import is_chief, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, require_reason
from common.narrow import known
from outbox.letters import letters
from outbox.services import hold_until, move_due, queue, withdraw
from scoring.engine.revision import revisions
from scoring.models import Cycle, Responsibility, SchemeProposal, ScoreSheet, Step
from scoring.services.schemes import follow_scheme
from workflow.board.models import Board
from workflow.bulk.models import BulkKind
from workflow.bulk.queries import require_worked_off
from workflow.bulk.services import note, work_off_few
from workflow.flow.endings import lock_processes
from workflow.flow.models import Node, Outcome, Task
from workflow.flow.queries.process import about, open_tasks
from workflow.versions.queries.effect import effect_of
from workflow.versions.queries.obstacles import what_keeps_back
from workflow.versions.queries.told import Told
from workflow.versions.rules import signs_version
from workflow.versions.services.held import hold_proposal

# What must be worked off before the rules change under it.
BEFORE = (
    BulkKind.OPEN,
    BulkKind.CONSOLIDATE,
    BulkKind.SIGN_OFF,
    BulkKind.PUBLISH,
    BulkKind.CIRCULATE,
    BulkKind.SEND_NOTICE,
    BulkKind.NEW_VERSION,
)


@transaction.atomic
def return_version(*, proposal: SchemeProposal, why: str, by: User) -> None:
    """Give a submitted version back to the office, with what is to be done; it is edited again.

    Raises DomainError without words, and for what does not wait for a signature.
    """
    require_reason(why)
    held = hold_proposal(proposal)
    require(by, is_chief)
    _require_waiting(held)
    held.returned_by, held.returned_at, held.returned_why, held.submitted_at = by, clock.now(), why, None
    held.save(update_fields=["returned_by", "returned_at", "returned_why", "submitted_at"])
    held.scheme.frozen_at = None
    held.scheme.save(update_fields=["frozen_at"])
    log(Verb.VERSION_RETURNED, held.cycle, by=by, why=why)
    _tell_office(held, "version_returned", f"version-returned:{held.pk}:{held.returned_at.isoformat()}")


def sign_version(*, proposal: SchemeProposal, seen: str, by: User) -> SchemeProposal:
    """Let the version that was seen (its SHA-256) count from now on, and count anew what it touches: few units at
    once, many by the workers.

    What was sealed keeps the version that it was sealed under; results that become others go back to be signed and
    publicised anew (R13), and open boards of the tracks that it touches have to be submitted again. Raises DomainError
    where another one was seen, and for all that keeps it back; for whoever proposed it, since nobody signs alone.
    """
    with transaction.atomic():
        _lock(proposal.cycle)
        held = hold_proposal(proposal)
        require(by, signs_version, held)
        _require_waiting(held)
        if held.scheme.sha256 != seen:
            raise DomainError(_("This version has changed since you saw it. Please look at it again."))
        require_worked_off(held.cycle, *BEFORE)
        if obstacles := what_keeps_back(held):
            raise DomainError("\n".join(obstacles))
        held.signed_by, held.signed_at = by, clock.now()
        held.effect = Told.of(effect_of(held)).to_json()
        held.save(update_fields=["signed_by", "signed_at", "effect"])
        _put_in_force(held)
        touched = list(revisions(held.instead_of.rules, held.scheme.rules))
        _give_up_boards(held, touched)
        _tell_office(held, "version_signed", f"version-signed:{held.pk}")
        _tell_departments(held, touched)
        sheets = ScoreSheet.objects.filter(cycle=held.cycle, track__code__in=touched, assessment__isnull=False)
        names = sheets.order_by("pk").values_list("pk", "unit_name")
        run = note(BulkKind.NEW_VERSION, names, cycle=held.cycle, by=by, words={"proposal": held.pk})
    work_off_few(run)
    return held


def _lock(cycle: Cycle) -> None:
    """What a version touches, in the order of all others: whoever submits a board holds its track, whoever returns
    lines of it takes their processes after it, and whoever needs the cycle takes it last.
    """
    list(cycle.tracks.select_for_update(no_key=True).order_by("pk"))
    list(_open_boards(cycle).order_by("pk"))
    lock_processes(cycle)


def _open_boards(cycle: Cycle) -> QuerySet[Board]:
    boards = Board.objects.filter(track__cycle=cycle, signed_at=None, superseded_at=None)
    return boards.select_related("track__cycle").select_for_update(of=("self",), no_key=True)


def _require_waiting(held: SchemeProposal) -> None:
    if not held.is_waiting:
        raise DomainError(_("This version has not been submitted."))


def _put_in_force(held: SchemeProposal) -> None:
    cycle, old, new = held.cycle, held.instead_of, held.scheme
    last = cycle.versions.aggregate(last=Max("version"))["last"]
    old.in_force = None
    old.save(update_fields=["in_force"])
    new.in_force, new.version, cycle.scheme = cycle, last + 1, new
    new.save(update_fields=["in_force", "version"])
    before = cycle.deadline_at
    _let_neighbours_answer(held)
    follow_scheme(new, old.rules)
    if cycle.deadline_at != before:
        _move_deadline(held, known(before))
    told = {"version": new.version, "proposed_by": held.proposed_by.name}
    log(
        Verb.VERSION_SIGNED, cycle, by=held.signed_by, why=held.why, came_from=old.sha256, went_to=new.sha256, data=told
    )


def _let_neighbours_answer(held: SchemeProposal) -> None:
    """For a new part answers who answers for its row; the receiving desk for all else that is new."""
    tracks = {track.code: track for track in held.cycle.tracks.prefetch_related("responsibilities")}
    rows = []
    for code, revision in revisions(held.instead_of.rules, held.scheme.rules).items():
        answers = {row.code: row.department_id for row in tracks[code].responsibilities.all()}
        for indicator in revision.after.indicators:
            known_here = [answers[part.code] for part in indicator.parts if part.code in answers]
            new = [part.code for part in indicator.parts if part.code not in answers]
            rows += [
                Responsibility(track=tracks[code], code=part, department_id=known_here[0]) for part in new if known_here
            ]
    Responsibility.objects.bulk_create(rows)


def _move_deadline(held: SchemeProposal, before: datetime) -> None:
    """Give every self-evaluation that was due at the old deadline the new one, and tell its unit (R6).

    An extension stays where it is the later of the two, and so does the date of a return.
    """
    cycle, until = held.cycle, known(held.cycle.deadline_at)
    first, last = (clock.last_day(instant) for instant in (before, until))
    cycle.planned_steps.filter(step=Step.SELF_EVALUATION, ends_on=first, starts_on__lte=last).update(ends_on=last)
    decided = Outcome.objects.filter(until=OuterRef("due_at"), task__process=OuterRef("process"))
    running = open_tasks(Node.SELF_EVALUATION).filter(process__sheet__cycle=cycle).exclude(Exists(decided))
    due = list(running.filter(Q(due_at=before) | Q(due_at__gt=before, due_at__lt=until)).only("pk", "unit"))
    names = [about(task) for task in due]
    withdraw(names, cause="reminder:")  # the letter below says it
    move_due(names, until)
    hold_until(names, until)
    Task.objects.filter(pk__in=[task.pk for task in due]).update(due_at=until, attempts=0, retry_at=None)
    people = filers_of([known(task.unit_id) for task in due])
    cause, path = f"version-deadline:{held.pk}", reverse("self-evaluation")
    queue(letters("deadline_moved", people, cause=cause, path=path, due_at=until, true_until=until, proposal=held))


def _give_up_boards(held: SchemeProposal, tracks: Iterable[str]) -> None:
    """An open board says what the version before made of its units: the office submits it again."""
    for board in _open_boards(held.cycle).filter(track__code__in=tracks):
        board.superseded_at = clock.now()
        board.save(update_fields=["superseded_at"])
        log(Verb.BOARD_RETURNED, board, by=held.signed_by, why=held.why, data=board.which)


def _tell_office(held: SchemeProposal, name: str, cause: str) -> None:
    people = User.objects.filter(is_active=True, pk__in={held.proposed_by_id, held.submitted_by_id})
    queue(letters(name, people, cause=cause, path=reverse("version", args=[held.pk]), proposal=held))


def _tell_departments(held: SchemeProposal, tracks: Iterable[str]) -> None:
    answering = Responsibility.objects.filter(track__cycle=held.cycle, track__code__in=tracks)
    members = current_memberships().filter(
        role__in=(Role.REVIEWER, Role.HEAD), department__in=answering.values("department")
    )
    people = User.objects.filter(is_active=True, pk__in=members.values("user"))
    cause, path = f"version-reviewed:{held.pk}", f"{reverse('review')}?cycle={held.cycle_id}"
    queue(letters("version_for_departments", people, cause=cause, path=path, proposal=held))
