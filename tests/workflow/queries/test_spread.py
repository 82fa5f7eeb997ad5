"""Every question about units at all steps at once, beside a closed cycle, against a second count in plain Python."""

from collections import Counter
from collections.abc import Iterable
from itertools import product

import pytest

from accounts.models import Role, User
from common import clock
from common.tallies import counted
from scoring.models import ScoreSheet, Step
from tests.workflow.queries.spread import SOCIETY, Spread
from workflow.board.queries.boards import (
    beside_board,
    not_yet_on_board,
    on_board,
    tracks_standing,
    waiting_for_approval,
)
from workflow.circulation.queries import waiting_for_circulation
from workflow.consolidation.queries import waiting_for_office, waiting_for_others
from workflow.filing.queries.acceptance import counts_by_track, reporting_to, to_accept
from workflow.flow.models import Assessment, Task
from workflow.flow.queries.holders import units_without_filer
from workflow.flow.queries.visibility import assessments_visible_to, tasks_for
from workflow.inbox.queries import owed
from workflow.inbox.queries.owed import (
    assessments_of,
    grouped,
    owed_by_tasks,
    tasks_named,
    waiting_for,
)
from workflow.office.queries.attention import not_begun
from workflow.office.queries.dashboard import (
    Listed,
    progress_counted,
    progress_of,
    standing,
    units_not_begun,
    units_vacant,
)
from workflow.review.queries.review import open_reviews, reviews_visible_to

pytestmark = pytest.mark.django_db
OF_PEOPLE = {"self_evaluation", "acceptance", "department_review", "consolidation"}
PAST_THE_LIST = {Step.PUBLICITY, Step.CIRCULATION, Step.CIRCULATED}
BESIDE = {Step.EXCLUDED, Step.NOT_ASSESSED}


def every(cycle: object) -> list[Assessment]:
    rows = Assessment.objects.select_related("sheet__unit", "sheet__track", "sheet__cycle")
    return [assessment for assessment in rows if assessment.sheet.cycle == cycle]


def open_of(one: Assessment) -> list[Task]:
    return [task for task in one.task_set.all() if task.finished is None]


def node(task: Task) -> str:
    return str(task.flow_task.name)


def is_late(one: Assessment) -> bool:
    now = clock.now()
    return any(node(task) in OF_PEOPLE and task.due_at is not None and task.due_at <= now for task in open_of(one))


def places(user: User) -> set[tuple[str, int | None, int | None]]:
    now = clock.now()
    return {
        (membership.role, membership.unit_id, membership.department_id)
        for membership in user.memberships.all()
        if membership.since <= now and (membership.until is None or membership.until > now)
    }


def owes(user: User, task: Task) -> bool:
    """Whether the person may act on the task, told from their places alone."""
    held = places(user)
    units = {unit for _role, unit, _department in held if unit}
    about_own = task.process.sheet.unit_id in units
    if task.finished is not None or not task.role:
        return False
    if task.role == Role.FILER:
        return (Role.FILER, task.unit_id, None) in held
    roles = {Role.REVIEWER: (Role.REVIEWER, Role.HEAD)}.get(Role(task.role), (task.role,))
    mine = any((role, None, task.department_id) in held for role in roles)
    return mine and not about_own and task.owner_id in (None, user.pk)


def ids(rows: Iterable[object]) -> list[int]:
    return sorted(row.pk for row in rows)  # type: ignore[attr-defined]  # rows of models


# ---- the cycle at a glance ----


def test_the_progress_of_each_track_is_the_sum_of_its_units(found: Spread) -> None:
    for cycle in (found.world.cycle, found.closed.cycle):
        units = every(cycle)
        for track in progress_of(cycle.tracks.all(), counted(progress_counted(cycle))):
            own = [assessment for assessment in units if assessment.sheet.track == track.track]
            steps = Counter(assessment.step for assessment in own)
            assert track.steps == steps
            assert (track.total, track.late) == (len(own), sum(map(is_late, own)))
            assert track.submitted == len(own) - steps[Step.SELF_EVALUATION] - steps[Step.EXCLUDED]
            assert track.finished == steps[Step.CIRCULATED] + steps[Step.EXCLUDED] + steps[Step.NOT_ASSESSED]
            assert sum(count for _label, count in track.by_step) == track.total


def test_every_filter_of_the_list_finds_what_a_second_look_finds(found: Spread) -> None:
    units = every(found.world.cycle)
    for track, step, late in product(("", "district", SOCIETY), ("", *Step.values), (False, True)):
        wanted = [
            assessment
            for assessment in units
            if track in ("", assessment.sheet.track.code)
            and step in ("", assessment.step)
            and (is_late(assessment) or not late)
        ]
        rows = list(standing(found.world.cycle, track=track, step=step, late=late))
        assert ids(rows) == ids(wanted), (track, step, late)
        assert all(row.is_late == is_late(row) for row in rows)


def test_the_list_comes_in_pieces_of_any_length_in_one_order(found: Spread) -> None:
    cycle = found.world.cycle
    whole = [assessment.pk for assessment in standing(cycle)]
    tracks = list(cycle.tracks.all())
    many = {track: sum(assessment.sheet.track == track for assessment in every(cycle)) for track in tracks}
    listed = Listed(standing(cycle), many)
    assert len(listed) == len(whole)
    for size in (1, 2, 3, 5, len(whole)):
        pieces = [row.pk for start in range(0, len(whole), size) for row in listed[start : start + size]]
        assert pieces == whole, size


def test_units_without_filer_and_those_still_to_begin_are_counted_with_the_progress(found: Spread) -> None:
    counts = counted(progress_counted(found.world.cycle))
    assert units_vacant(counts) == units_without_filer(found.world.cycle).count()
    assert units_not_begun(counts) == not_begun(found.world.cycle).count()


def test_a_search_finds_a_part_of_a_name_or_of_a_code_in_any_case(found: Spread) -> None:
    one, cycle = found.at_place["publicity"], found.world.cycle
    for words in (one.sheet.unit_name[1:], one.sheet.unit.code[1:], one.sheet.unit.code.upper()):
        assert one in standing(cycle, search=words)
        for row in standing(cycle, search=words):
            assert words.lower() in f"{row.sheet.unit_name} {row.sheet.unit.code}".lower()
    for wild in ("%", "_", "\\"):
        assert not standing(cycle, search=wild).exists(), "a sign of the database is a sign like others"


def test_the_list_brings_the_open_tasks_of_each_unit(found: Spread) -> None:
    for row in standing(found.world.cycle):
        assert ids(row.open_now) == ids(open_of(row))


# ---- who sees and owes what ----


def test_what_each_person_owes_is_what_their_places_say(found: Spread) -> None:
    tasks = list(Task.objects.select_related("process__sheet"))
    for name, actor in found.actors().items():
        wanted = [task for task in tasks if owes(actor.user, task)]
        assert ids(tasks_for(actor)) == ids(wanted), name
        waiting = waiting_for(actor)
        assert waiting.counts == Counter(map(node, wanted)), name
        assert (sorted(waiting.keys()), waiting.is_cut) == (ids(wanted), False), name
        for which in OF_PEOPLE:
            mine = [task for task in wanted if node(task) == which]
            assert sorted(waiting.keys(which)) == ids(mine), (name, which)
            assert ids(tasks_named(actor, waiting.keys(which))) == ids(mine), (name, which)


@pytest.mark.parametrize("listed", [0, 1])
def test_of_more_than_are_listed_the_most_urgent_stand_there(
    found: Spread, listed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def urgency(task: Task) -> tuple[bool, float, int]:
        return task.due_at is None, task.due_at.timestamp() if task.due_at else 0, task.pk

    every = {name: sorted(tasks_for(actor), key=urgency) for name, actor in found.actors().items()}
    monkeypatch.setattr(owed, "LISTED", listed)
    cut = set()
    for name, actor in found.actors().items():
        waiting = waiting_for(actor)
        for which in OF_PEOPLE:
            mine = [task.pk for task in every[name] if node(task) == which]
            assert waiting.keys(which) == mine[:listed], (name, which)
            assert (waiting.has_more(which) if mine else False) == (len(mine) > listed)
        cut |= {name} if waiting.is_cut else set()
    assert cut, "somebody has more than are listed"


def test_somebody_owes_something_at_each_node(found: Spread) -> None:
    seen = {which for actor in found.actors().values() for which in waiting_for(actor).counts}
    assert seen == OF_PEOPLE


def test_what_is_late_is_counted_for_whom_it_is_late(found: Spread) -> None:
    now = clock.now()
    late = {name: waiting_for(actor).late for name, actor in found.actors().items()}
    tasks = [task for task in Task.objects.select_related("process__sheet") if task.due_at and task.due_at <= now]
    assert late == {name: sum(owes(actor.user, task) for task in tasks) for name, actor in found.actors().items()}
    assert late["reviewer of district"] == 1
    assert late[f"reviewer of {SOCIETY}"] == 0


def test_everything_owed_stands_in_one_group_the_earliest_first(found: Spread) -> None:
    for name, actor in found.actors().items():
        tasks = tasks_named(actor, waiting_for(actor).keys())
        groups = grouped(owed_by_tasks(tasks, {}))
        rows = [row for group in groups for row in group.rows]
        assert ids(row.task for row in rows) == ids(tasks), name
        dues = [row.due_at for row in rows if row.due_at is not None]
        assert dues == sorted(dues), name


def test_each_person_sees_the_units_of_their_places(found: Spread) -> None:
    for name, actor in found.actors().items():
        held = places(actor.user)
        reads_all = {role for role, _unit, _department in held} & {"office", "supervisor", "leader", "chief"}
        wanted = [
            assessment
            for cycle in (found.world.cycle, found.closed.cycle)
            for assessment in every(cycle)
            if reads_all
            or any(
                unit == assessment.sheet.unit_id or (desk and desk == assessment.sheet.track.desk_id)
                for _r, unit, desk in held
            )
        ]
        assert ids(assessments_visible_to(actor)) == ids(wanted), name


def test_who_has_left_sees_and_owes_nothing(found: Spread) -> None:
    gone = found.actors()["gone"]
    assert not tasks_for(gone).exists()
    assert not assessments_visible_to(gone).exists()
    assert waiting_for(gone).counts == {}


def test_a_filer_s_running_assessments_leave_out_the_closed_cycle(found: Spread) -> None:
    for name, actor in found.actors().items():
        wanted = [assessment for assessment in every(found.world.cycle) if assessment.sheet.unit_id in actor.unit_ids]
        assert ids(assessments_of(actor)) == ids(wanted), name


# ---- the rooms ----


def test_the_desk_counts_the_running_cycle_by_where_its_units_stand(found: Spread) -> None:
    for name, actor in found.actors().items():
        own = [assessment for assessment in every(found.world.cycle) if assessment in set(reporting_to(actor))]
        told = {track.code: track for track in counts_by_track(actor, found.world.cycle)}
        assert set(told) == {assessment.sheet.track.code for assessment in own}, name
        for code, track in told.items():
            steps = Counter(assessment.step for assessment in own if assessment.sheet.track.code == code)
            assert track.total == steps.total()
            assert track.filling == steps[Step.SELF_EVALUATION]
            assert track.waiting == steps[Step.ACCEPTANCE]
            assert track.excluded == steps[Step.EXCLUDED]
        assert ids(to_accept(actor)) == ids(task for task in tasks_for(actor) if node(task) == "acceptance")


def test_who_files_for_a_unit_does_not_count_it_at_the_desk(found: Spread) -> None:
    actors = found.actors()
    both, other = actors["both"], actors[f"reviewer of {SOCIETY}"]
    (mine,), (colleague,) = (counts_by_track(actor, found.world.cycle) for actor in (both, other))
    assert colleague.waiting - mine.waiting == 1
    assert not to_accept(actors["both"]).exists()


def test_a_board_its_way_there_and_beside_it_share_out_the_track(found: Spread) -> None:
    for stands in tracks_standing(found.world.cycle):
        track = stands.track
        own = ScoreSheet.objects.filter(track=track)
        shares = [*on_board(track), *not_yet_on_board(track), *beside_board(track)]
        assert ids(shares) == ids(own), "each unit once"
        steps = Counter(own.values_list("assessment__step", flat=True))
        assert (stands.units, stands.waiting) == (len(own), steps[Step.APPROVAL])
        assert stands.approved == sum(steps[step] for step in PAST_THE_LIST)
        assert stands.beside == sum(steps[step] for step in BESIDE)


def test_only_a_unit_that_waits_for_approval_can_be_graded_anew(found: Spread) -> None:
    track = found.world.cycle.tracks.get(code=SOCIETY)
    assert waiting_for_approval(track) == {found.at_place["approval"].sheet_id}


def test_consolidation_and_what_it_waits_for_are_told_apart(found: Spread) -> None:
    tasks = [task for assessment in every(found.world.cycle) for task in open_of(assessment)]
    assert ids(waiting_for_office()) == ids(task for task in tasks if node(task) == "consolidation")
    others = {"department_review", "recipient_rating", "leadership_rating"}
    assert ids(waiting_for_others()) == ids(task for task in tasks if node(task) in others)


def test_the_reviews_of_a_department_are_open_or_done(found: Spread) -> None:
    tasks = [task for task in Task.objects.select_related("process__sheet") if node(task) == "department_review"]
    for name, actor in found.actors().items():
        departments = {desk for _role, _unit, desk in places(actor.user) if desk}
        own = [task for task in tasks if task.department_id in departments]
        own = [task for task in own if task.process.sheet.unit_id not in actor.unit_ids]
        assert ids(reviews_visible_to(actor)) == ids(own), name
        assert ids(open_reviews(actor)) == ids(task for task in own if task.finished is None), name


@pytest.mark.parametrize(("who", "role"), [("reviewer", Role.REVIEWER), ("head", Role.HEAD)])
def test_what_waits_for_oneself_comes_first(found: Spread, who: str, role: Role) -> None:
    order = [task.role == role for task in open_reviews(found.actors()[f"{who} of {SOCIETY}"])]
    assert order == sorted(order, reverse=True)
    assert set(order) == {True, False}


def test_only_the_running_cycle_waits_for_circulation(found: Spread) -> None:
    assert [task.process for task in waiting_for_circulation(found.world.cycle)] == [found.at_place["circulation"]]
    assert waiting_for_circulation(found.world.cycle).count() == 1
    assert waiting_for_circulation(found.closed.cycle).count() == 0
