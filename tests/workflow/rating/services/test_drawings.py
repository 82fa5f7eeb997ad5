"""Drawings: everything is fixed before the lottery, each way out is refused after it (R8)."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from audit.models import Event
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from documents.models import RosterEntry
from documents.services.public_roster import fix_rosters
from outbox.models import Message
from scoring.engine.seed import covered_sha256, secret_sha256
from scoring.models import Ballot, CoveredRoster, Draw, Drawing, PublicRoster
from tests.support.drawings import BLUE, RED, SECRETS, a_lottery_day, drawn, opened, with_numbers, with_secrets
from tests.support.traces import refused
from tests.support.world import World, a_cycle
from workflow.filing.services.acceptance import accept
from workflow.rating.queries.drawings import Stage, covered_by, drawing_shown, drawings_shown
from workflow.rating.services.drawings import open_drawing, supersede_drawing
from workflow.rating.services.draws import draw_recipients
from workflow.rating.services.seeds import confirm_numbers, enter_numbers, log_secret, reveal_secret

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).accepted()


def rows_of(drawing: Drawing) -> list[CoveredRoster]:
    return list(drawing.covered.select_related("roster"))


def stage(drawing: Drawing) -> Stage:
    shown = drawing_shown(drawing.pk)
    assert shown is not None
    return shown.stage


# ---- opening ----


def test_a_drawing_binds_the_fixed_rosters_and_their_sizes(world: World) -> None:
    made = opened(world)
    assert (made.drawing.number, len(made.rosters.done), made.rosters.refused) == (1, 2, [])
    rows = CoveredRoster.objects.filter(drawing=made.drawing)
    assert {(row.roster.sheet_id, row.size) for row in rows} == {(each.sheet_id, 3) for each in world.assessments}
    assert Event.objects.get(verb=Verb.DRAWING_OPENED).data["rosters"] == 2


def test_a_roster_accepted_later_goes_to_a_later_drawing() -> None:
    world = a_cycle().with_units(2).submitted()
    covered = []
    for assessment in world.assessments:
        with world.clock():
            accept(task=world.task(assessment, "acceptance"), by=world.reviewers["district"])
        drawing = opened(world).drawing
        covered += [(drawing.number, row.roster.sheet_id) for row in rows_of(drawing)]
    first, second = world.assessments
    assert covered == [(1, first.sheet_id), (2, second.sheet_id)]


def test_no_roster_is_covered_twice(world: World) -> None:
    opened(world)
    with pytest.raises(DomainError):
        opened(world)
    assert Drawing.objects.count() == 1


@pytest.mark.parametrize(
    ("issue", "day", "field"),
    [
        ("2026000", date(2026, 12, 3), "issue"),
        ("2025136", date(2026, 12, 3), "issue"),
        ("26136", date(2026, 12, 3), "issue"),
        ("2026136", date(2026, 12, 4), "day"),
        ("2026136", date(2026, 11, 29), "day"),
    ],
    ids=["no number", "of another year", "too short", "a Friday", "over"],
)
def test_a_drawing_names_a_lottery_to_come(world: World, issue: str, day: date, field: str) -> None:
    with world.clock():
        refused(lambda: open_drawing(cycle=world.cycle, issue=issue, day=day, by=world.office), field)


def test_a_drawing_can_be_opened_until_the_lottery_closes(world: World) -> None:
    day = a_lottery_day(world)
    closes = Drawing(lottery_on=day).closes_at
    with world.clock(closes):
        refused(lambda: open_drawing(cycle=world.cycle, issue="2026136", day=day, by=world.office), "day")
    with world.clock(closes - MOMENT):
        assert open_drawing(cycle=world.cycle, issue="2026136", day=day, by=world.office).drawing.number == 1


def test_what_was_accepted_before_rosters_were_fixed_is_fixed_then(world: World) -> None:
    PublicRoster.objects.all().delete()
    assert len(opened(world).rosters.done) == 2


def test_a_roster_says_nothing_by_its_order(world: World) -> None:
    for roster in PublicRoster.objects.all():
        ids = [line.split(",")[0] for line in roster.content.splitlines()[1:]]
        typed = list(RosterEntry.objects.filter(sheet=roster.sheet).values_list("opaque_id", flat=True))
        assert ids == sorted(typed)
    everybody = list(RosterEntry.objects.order_by("sheet", "position").values_list("opaque_id", flat=True))
    assert everybody != sorted(everybody), "ids are random: ten in order are one in 3.6 million"


# ---- hashes and secrets ----


def a_hash(world: World, drawing: Drawing, *, at: Any = None, secret: str = SECRETS[0], by: Any = None) -> None:
    with world.clock():
        log_secret(drawing=drawing, sha256=secret_sha256(secret), by=by or world.office, arrived_at=at or clock.now())


def a_secret(world: World, drawing: Drawing, *, at: Any = None, secret: str = SECRETS[0], by: Any = None) -> None:
    with world.clock():
        reveal_secret(drawing=drawing, secret=secret, by=by or world.office, arrived_at=at or clock.now())


@pytest.mark.parametrize("act", [a_hash, a_secret])
def test_the_instant_of_arrival_decides_whether_it_counts(world: World, act: Callable[..., None]) -> None:
    drawing = with_secrets(world, reveal=False)
    if act is a_hash:
        act(world, drawing, at=drawing.closes_at - MOMENT, secret="another secret of mine")
    refused(lambda: act(world, drawing, at=drawing.closes_at))
    if act is a_secret:
        act(world, drawing, at=drawing.closes_at - MOMENT)


def test_the_closing_hour_is_a_setting_and_never_after_the_draw(world: World, settings: Any) -> None:
    drawing = opened(world).drawing
    assert f"{drawing.closes_at.astimezone(clock.BEIJING):%H:%M}" == "20:00"
    settings.LOTTERY_CLOSES = time(19, 30)
    assert f"{drawing.closes_at.astimezone(clock.BEIJING):%H:%M}" == "19:30"
    settings.LOTTERY_CLOSES = time(23)
    assert drawing.closes_at == drawing.lottery_at


@pytest.mark.parametrize("text", ["", "xyz", "g" * 64, "a" * 63])
def test_what_is_no_hash_is_refused_at_its_field(world: World, text: str) -> None:
    drawing = opened(world).drawing
    with world.clock():
        refused(lambda: log_secret(drawing=drawing, sha256=text, by=world.office, arrived_at=clock.now()), "sha256")


def test_whoever_lost_a_secret_logs_another_while_none_is_revealed(world: World) -> None:
    drawing = with_secrets(world, reveal=False)
    a_hash(world, drawing, secret="another secret of mine")
    assert drawing.shares.count() == 2
    a_secret(world, drawing, secret="another secret of mine")
    refused(lambda: a_hash(world, drawing, by=world.chief, secret="a secret that comes late"))


def test_nobody_logs_the_hash_of_somebody_else(world: World) -> None:
    drawing = opened(world).drawing
    a_hash(world, drawing)
    refused(lambda: a_hash(world, drawing, by=world.supervisor), "sha256")


def test_nobody_reveals_before_two_have_logged(world: World) -> None:
    drawing = opened(world).drawing
    a_hash(world, drawing)
    refused(lambda: a_secret(world, drawing))


@pytest.mark.parametrize("text", ["another secret of mine", "short", "a  secret with two blanks", "x" * 129])
def test_another_text_is_not_the_secret(world: World, text: str) -> None:
    drawing = with_secrets(world, reveal=False)
    refused(lambda: a_secret(world, drawing, secret=text), "secret")


def test_a_secret_is_revealed_once_and_stays(world: World) -> None:
    drawing = with_secrets(world)
    a_secret(world, drawing)
    assert Event.objects.filter(verb=Verb.SECRET_REVEALED).count() == 2
    refused(lambda: a_secret(world, drawing, by=world.chief))


# ---- the numbers ----


def numbers(
    world: World, drawing: Drawing, red: str = RED, blue: str = BLUE, *, by: Any = None, at: Any = None
) -> None:
    with world.clock(at or drawing.lottery_at):
        enter_numbers(drawing=drawing, red=red, blue=blue, by=by or world.office)


def confirmed(world: World, drawing: Drawing, red: str = RED, blue: str = BLUE, *, by: Any = None) -> None:
    with world.clock(drawing.lottery_at):
        confirm_numbers(drawing=drawing, red=red, blue=blue, by=by or world.supervisor)


def test_the_seed_lines_hold_everything_that_decides(world: World) -> None:
    drawing = with_numbers(world)
    hashes = [secret_sha256(secret) for secret in SECRETS]
    day = a_lottery_day(world)
    assert drawing.seed_lines.splitlines() == [
        "kaohe/drawing/v1",
        "cycle 2026",
        "drawing 1",
        f"rosters 2 {covered_sha256(covered_by(drawing))}",
        f"lottery ssq 2026136 {day}",
        f"revealed 1 {hashes[0]} {SECRETS[0]}",
        f"revealed 2 {hashes[1]} {SECRETS[1]}",
        f"numbers {RED} + {BLUE}",
    ]


def test_a_secret_that_was_not_revealed_is_written_down_as_missing(world: World) -> None:
    drawing = with_numbers(world, reveal=False)
    assert f"missing 1 {secret_sha256(SECRETS[0])}" in drawing.seed_lines.splitlines()
    assert Event.objects.get(verb=Verb.NUMBERS_CONFIRMED).data["missing"] == [1, 2]


def test_numbers_are_entered_once_the_lottery_has_drawn(world: World) -> None:
    drawing = with_secrets(world)
    refused(lambda: numbers(world, drawing, at=drawing.lottery_at - MOMENT))
    numbers(world, drawing)


@pytest.mark.parametrize(
    ("red", "blue", "field"),
    [
        ("03 07 12 19 25", "08", "red"),
        ("03 07 12 19 25 25", "08", "red"),
        ("03 07 12 19 25 34", "08", "red"),
        ("00 07 12 19 25 33", "08", "red"),
        ("3 7 12 19 25 99999999999999999999", "08", "red"),
        (RED, "17", "blue"),
        (RED, "0", "blue"),
        (RED, "8 9", "blue"),
        (RED, "", "blue"),
    ],
)
def test_what_the_lottery_can_t_draw_is_refused_at_its_field(world: World, red: str, blue: str, field: str) -> None:
    drawing = with_secrets(world)
    refused(lambda: numbers(world, drawing, red, blue), field)


def test_numbers_count_as_people_type_them(world: World) -> None:
    drawing = with_secrets(world)
    numbers(world, drawing, "３０、24,18 11 5 2", "9")
    confirmed(world, drawing)
    drawing.refresh_from_db()
    assert (drawing.red, drawing.blue) == (RED, BLUE)


def test_whoever_entered_the_numbers_does_not_confirm_them(world: World) -> None:
    drawing = with_secrets(world)
    refused(lambda: confirmed(world, drawing))
    numbers(world, drawing)
    refused(lambda: confirmed(world, drawing, by=world.office))
    refused(lambda: confirmed(world, drawing, "01 02 03 04 05 06"))
    confirmed(world, drawing)
    refused(lambda: numbers(world, drawing))


def test_with_one_hash_no_number_is_entered_and_the_office_may_begin_anew(world: World) -> None:
    drawing = opened(world).drawing
    a_hash(world, drawing)
    refused(lambda: numbers(world, drawing))
    with world.clock(drawing.lottery_at):
        assert stage(drawing) is Stage.VOID
        supersede_drawing(drawing=drawing, why="只有一人登记", by=world.office)


# ---- giving a drawing up ----


def test_before_the_lottery_the_office_gives_a_drawing_up_and_its_rosters_are_free(world: World) -> None:
    drawing = with_secrets(world)
    with world.clock(drawing.closes_at - MOMENT):
        supersede_drawing(drawing=drawing, why="期号有误", by=world.office)
    drawing.refresh_from_db()
    assert (drawing.superseded_by, drawing.superseded_why) == (world.office, "期号有误")
    again = opened(world)
    assert (again.drawing.number, len(again.rosters.done)) == (2, 2)
    for act in (a_hash, a_secret, numbers):
        refused(lambda act=act: act(world, drawing))


def test_once_it_can_be_known_who_would_be_drawn_the_office_can_t_give_it_up(world: World) -> None:
    drawing = with_secrets(world)
    with world.clock(drawing.closes_at):
        refused(lambda: supersede_drawing(drawing=drawing, why="不好", by=world.office))
        refused(lambda: supersede_drawing(drawing=drawing, why=" ", by=world.supervisor), "why")
        supersede_drawing(drawing=drawing, why="该期未开奖", by=world.supervisor)
        refused(lambda: supersede_drawing(drawing=drawing, why="又一次", by=world.supervisor))


def test_what_was_drawn_with_wrong_numbers_is_superseded_and_says_why(world: World) -> None:
    drawn(world)
    drawing = Drawing.objects.get()
    with world.clock(drawing.lottery_at + timedelta(hours=1)):
        supersede_drawing(drawing=drawing, why="号码录错", by=world.chief)
    assert {draw.superseded_why for draw in Draw.objects.all()} == {"号码录错"}
    assert not Ballot.objects.filter(revoked_at=None).exists()
    drawn(world, red="01 02 03 04 05 06")
    assert Draw.objects.filter(superseded_at=None).count() == 2


def test_once_somebody_has_rated_nothing_is_given_up(world: World) -> None:
    drawn(world)
    Ballot.objects.filter(pk=Ballot.objects.earliest("pk").pk).update(spent=True)
    drawing = Drawing.objects.get()
    with world.clock(drawing.lottery_at + timedelta(hours=1)):
        refused(lambda: supersede_drawing(drawing=drawing, why="号码录错", by=world.chief))
    assert not Draw.objects.exclude(superseded_at=None).exists()


def test_once_a_unit_s_rating_is_over_nothing_is_given_up(world: World) -> None:
    drawn(world)
    world.task(world.assessments[0], "recipient_rating").delete()
    drawing = Drawing.objects.get()
    with world.clock(drawing.lottery_at + timedelta(hours=1)):
        refused(lambda: supersede_drawing(drawing=drawing, why="号码录错", by=world.chief))


# ---- nothing is left to choose ----


def test_after_the_lottery_has_closed_nobody_can_change_what_will_be_drawn(world: World) -> None:
    drawing = with_secrets(world, reveal=False)
    acts: list[Callable[[], object]] = [
        lambda: log_secret(drawing=drawing, sha256="1" * 64, by=world.chief, arrived_at=clock.now()),
        lambda: reveal_secret(drawing=drawing, secret=SECRETS[0], by=world.office, arrived_at=clock.now()),
        lambda: open_drawing(cycle=world.cycle, issue="2026137", day=drawing.lottery_on, by=world.office),
        lambda: supersede_drawing(drawing=drawing, why="不合意", by=world.office),
        lambda: draw_recipients(drawing=drawing, by=world.office),
    ]
    for act in acts:
        with world.clock(drawing.closes_at), pytest.raises(DomainError):
            act()


def test_the_page_says_what_is_next_at_every_moment(world: World) -> None:
    drawing = opened(world).drawing
    with world.clock():
        assert stage(drawing) is Stage.LOGGING
        a_hash(world, drawing)
        a_hash(world, drawing, by=world.supervisor, secret=SECRETS[1])
        assert stage(drawing) is Stage.REVEALING
        a_secret(world, drawing)
        a_secret(world, drawing, by=world.supervisor, secret=SECRETS[1])
        assert stage(drawing) is Stage.LOTTERY
    with world.clock(drawing.closes_at):
        assert stage(drawing) is Stage.LOTTERY
    with world.clock(drawing.lottery_at):
        assert stage(drawing) is Stage.NUMBERS
        numbers(world, drawing)
        assert stage(drawing) is Stage.CONFIRMING
        confirmed(world, drawing)
        assert stage(drawing) is Stage.DRAWING
        drawing.refresh_from_db()
        draw_recipients(drawing=drawing, by=world.office)
        assert stage(drawing) is Stage.DRAWN
        [shown] = drawings_shown(world.cycle)
        assert (shown.covered, shown.drawn, shown.missing, shown.due) == (2, 2, 0, None)
        supersede_drawing(drawing=drawing, why="号码录错", by=world.chief)
        assert (stage(drawing), drawings_shown(None)) == (Stage.SUPERSEDED, [])


# ---- who is told ----


def test_whoever_may_well_take_part_is_told_once_until_when(world: World) -> None:
    drawing = opened(world).drawing
    told = Message.objects.filter(about=drawing.recorded_as)
    assert {message.to for message in told} == {world.supervisor, world.chief}
    assert {message.due_at for message in told} == {drawing.closes_at}
    with world.clock():
        supersede_drawing(drawing=drawing, why="期号有误", by=world.office)
    assert not told.filter(withdrawn_at=None).exists()


# ---- fixed rosters ----


def test_a_roster_handed_in_anew_takes_the_place_of_the_one_before_which_says_so(world: World) -> None:
    sheet = world.assessments[0].sheet
    before, submission = PublicRoster.objects.get(sheet=sheet), sheet.submissions.get()
    assert fix_rosters([sheet]) == [before], "what stands as it is stays"
    submission.body["roster"].pop()
    submission.save()
    (after,) = fix_rosters([sheet])
    before.refresh_from_db()
    assert (before.people, after.people) == (5, 4)
    assert before.superseded_at is not None
    assert before.superseded_why


def test_of_a_track_without_recipients_no_roster_is_fixed() -> None:
    world = a_cycle().with_units(1, "society").accepted()
    assert fix_rosters([world.assessments[0].sheet]) == []
    assert not PublicRoster.objects.exists()
