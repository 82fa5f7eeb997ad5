"""What a notice of results says: the units that wait for circulation, by track and grade."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from accounts.actors import Actor
from documents.models import NoticeReceipt, ResultNotice
from documents.official.results import GradeResults, TrackResults, UnitResult
from scoring.models import Cycle, Step, Track
from workflow.board.models import BoardLine
from workflow.flow.models import Node, Task
from workflow.flow.queries.process import open_tasks


def waiting_for_circulation(cycle: Cycle) -> QuerySet[Task]:
    """The circulation tasks of a cycle that are open, in the order of the processes' keys."""
    return (
        open_tasks(Node.CIRCULATION)
        .filter(process__sheet__cycle=cycle)
        .select_related("process")
        .order_by("process_id")
    )


def results_to_issue(cycle: Cycle) -> list[TrackResults]:
    """The results of the units that wait for circulation, from the signed boards (one query each)."""
    return results_among(cycle, waiting_for_circulation(cycle))


def results_among(cycle: Cycle, tasks: Iterable[Task]) -> list[TrackResults]:
    """The results of the units of these circulation tasks, as a notice tells them."""
    waiting = [task.process.sheet_id for task in tasks]
    lines = (
        BoardLine.objects.filter(sheet_id__in=waiting, board__signed_at__isnull=False, board__superseded_at=None)
        .order_by("rank", "sheet__unit__code")
        .values_list("sheet__track", "grade", "sheet__unit_name", "rank", "total")
    )
    given: defaultdict[int, defaultdict[str, list[UnitResult]]] = defaultdict(lambda: defaultdict(list))
    for track, grade, unit, rank, total in lines:
        given[track][grade].append(UnitResult(unit=unit, rank=rank, total=str(total)))
    return [
        TrackResults(
            code=track.code,
            name=track.name,
            grades=[
                GradeResults(grade=grade, units=given[track.pk][grade])
                for grade in cycle.scheme.rules.grades
                if grade in given[track.pk]
            ],
        )
        for track in Track.objects.filter(pk__in=given).order_by("position")
    ]


def notices_with_counts(cycle: Cycle | None) -> QuerySet[ResultNotice]:
    """The issued notices of a cycle, the newest first, with how many units have confirmed their receipt."""
    return (
        ResultNotice.objects.filter(cycle=cycle)
        .select_related("cycle", "issued_by")
        .annotate(sent=Count("receipts"), confirmed=Count("receipts", filter=Q(receipts__confirmed_at__isnull=False)))
        .order_by("-issued_at")
    )


def receipts_of(actor: Actor) -> QuerySet[NoticeReceipt]:
    """The notices that the units of `actor` have got, the newest first."""
    return (
        NoticeReceipt.objects.filter(sheet__unit_id__in=actor.unit_ids)
        .select_related("notice", "sheet__cycle__scheme", "sheet__track", "sheet__unit", "confirmed_by")
        .defer("sheet__cycle__scheme__body")
        .order_by("-notice__issued_at")
    )


def results_of(actor: Actor) -> QuerySet[BoardLine]:
    """The lines of the actor's units on signed boards in force: their results once these are circulated."""
    return (
        BoardLine.objects.filter(sheet__unit_id__in=actor.unit_ids, sheet__assessment__step=Step.CIRCULATED)
        .filter(board__signed_at__isnull=False, board__superseded_at=None)
        .select_related("sheet__unit", "sheet__cycle__scheme", "sheet__track", "sheet__assessment")
        .defer("sheet__cycle__scheme__body")
        .order_by("-sheet__cycle__year", "-sheet__cycle__pk")
    )
