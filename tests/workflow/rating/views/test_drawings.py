"""Drawings by their pages: what is next for whom, what was typed stays, and what the public sees (R8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Role, User
from scoring.engine.seed import secret_sha256
from scoring.models import Ballot, Cycle, Draw, Drawing, PublicRoster
from tests.support.drawings import BLUE, RED, SECRETS, a_lottery_day, drawn, opened, with_numbers, with_secrets
from tests.support.pages import Visitor
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
A_SECRET = "a secret that nobody else knows"
PUBLIC = 12  # statements of the public page, however many units there are


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(2).with_units(1, "society").accepted()


def page(world: World, user: User, path: str, at: Any = None, **fields: str) -> Any:
    """A person's page at an instant: sent when there are fields."""
    before, world.at = world.at, at or world.at
    visitor = Visitor(world, user)
    answer = visitor.post(path, fields) if fields else visitor.get(path)
    world.at = before
    return answer


def shown_forms(world: World, user: User, drawing: Drawing, at: Any = None) -> set[str]:
    """What a person can do on the page of a drawing."""
    context = page(world, user, f"/draws/drawings/{drawing.pk}/", at).context
    names = ("hash_form", "secret_form", "numbers_form", "confirm_form", "why_form", "may_draw")
    return {name for name in names if context[name]}


def test_the_office_opens_a_drawing_over_what_is_fixed(world: World) -> None:
    office, day = Visitor(world, world.office), a_lottery_day(world)
    listed = office.get("/draws/").context
    assert (listed["free"], listed["undrawn"], listed["drawings"]) == (2, 2, [])
    assert len(office.get("/draws/new/").context["rosters"]) == 2
    sent = office.post("/draws/new/", {"day": day.isoformat(), "issue": f"{day.year}136"})
    drawing = Drawing.objects.get()
    assert sent.url == f"/draws/drawings/{drawing.pk}/"
    assert office.get("/draws/").context["free"] == 0


@pytest.mark.parametrize(
    ("day", "issue", "field"),
    [("2026-12-04", "2026136", "day"), ("2026-12-03", "2025136", "issue"), ("", "2026136", "day")],
)
def test_a_lottery_that_there_is_not_is_refused_at_its_field(world: World, day: str, issue: str, field: str) -> None:
    answer = Visitor(world, world.office).post("/draws/new/", {"day": day, "issue": issue})
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["issue"].value() == issue


def test_before_a_cycle_is_open_there_is_nothing_to_draw() -> None:
    world = a_cycle().with_units(1)
    office = Visitor(world, world.office)
    assert office.get("/draws/new/").status_code == 404
    assert office.get("/draws/").status_code == 200
    assert Client().get("/draws/public/").status_code == 200


def test_the_page_offers_each_person_what_is_theirs_to_do(world: World) -> None:
    drawing = opened(world).drawing
    assert shown_forms(world, world.chief, drawing) == {"hash_form", "why_form"}
    assert shown_forms(world, world.leaders[0], drawing) == {"hash_form"}


def test_hash_and_secret_are_taken_and_what_was_wrong_stays_as_it_was_typed(world: World) -> None:
    drawing = opened(world).drawing
    base = f"/draws/drawings/{drawing.pk}/"
    wrong = page(world, world.office, f"{base}hash/", sha256="xyz")
    assert wrong.context["hash_form"]["sha256"].value() == "xyz"
    assert page(world, world.office, f"{base}hash/", sha256=secret_sha256(A_SECRET)).url == base
    early = page(world, world.office, f"{base}secret/", secret=A_SECRET)
    assert early.context["secret_form"].errors
    page(world, world.supervisor, f"{base}hash/", sha256=secret_sha256(SECRETS[1]))
    assert shown_forms(world, world.office, drawing) == {"hash_form", "secret_form", "why_form"}
    assert page(world, world.office, f"{base}secret/", secret=A_SECRET).url == base
    assert shown_forms(world, world.office, drawing) == {"why_form"}
    assert A_SECRET in page(world, world.leaders[0], base).content.decode()


def test_numbers_are_entered_by_one_and_confirmed_by_another(world: World) -> None:
    drawing = with_secrets(world)
    base, at = f"/draws/drawings/{drawing.pk}/", drawing.lottery_at
    assert shown_forms(world, world.office, drawing, at) == {"numbers_form"}
    wrong = page(world, world.office, f"{base}numbers/", at, red="1 2 3", blue=BLUE)
    assert wrong.context["numbers_form"]["red"].value() == "1 2 3"
    assert page(world, world.office, f"{base}numbers/", at, red=RED, blue=BLUE).url == base
    assert RED not in page(world, world.chief, base, at).content.decode(), "whoever confirms looks them up"
    assert shown_forms(world, world.office, drawing, at) == {"numbers_form"}
    assert shown_forms(world, world.chief, drawing, at) == {"confirm_form", "why_form"}
    other = page(world, world.chief, f"{base}confirmed/", at, red="01 02 03 04 05 06", blue=BLUE)
    assert other.context["confirm_form"].errors
    assert page(world, world.chief, f"{base}confirmed/", at, red=RED, blue=BLUE).url == base
    assert shown_forms(world, world.office, drawing, at) == {"may_draw"}
    assert shown_forms(world, world.chief, drawing, at) == {"why_form"}
    page(world, world.office, f"{base}draw/", at, now="1")
    assert Draw.objects.count() == 2
    assert page(world, world.office, "/draws/", at).context["undrawn"] == 0


def test_what_is_pressed_too_early_is_refused_in_words(world: World) -> None:
    drawing = with_secrets(world)
    answer = page(world, world.office, f"/draws/drawings/{drawing.pk}/draw/", now="1")
    assert answer.url == f"/draws/drawings/{drawing.pk}/"
    assert not Draw.objects.exists()


def test_a_drawing_is_given_up_with_a_reason_that_everybody_reads(world: World) -> None:
    drawing = with_secrets(world)
    base = f"/draws/drawings/{drawing.pk}/"
    assert page(world, world.office, f"{base}given-up/", why=" ").context["why_form"].errors
    assert page(world, world.office, f"{base}given-up/", why="期号写错").url.startswith("/draws/")
    assert "期号写错" in Client().get("/draws/public/").content.decode()
    assert "期号写错" in page(world, world.chief, base).content.decode()


def test_after_the_lottery_the_office_is_offered_no_way_out(world: World) -> None:
    drawing = with_secrets(world)
    assert "why_form" not in shown_forms(world, world.office, drawing, drawing.closes_at)
    assert "why_form" in shown_forms(world, world.supervisor, drawing, drawing.closes_at)
    sent = page(world, world.office, f"/draws/drawings/{drawing.pk}/given-up/", drawing.closes_at, why="不好")
    assert sent.context["why_form"].errors


def test_who_took_too_little_part_is_told(world: World) -> None:
    drawing = opened(world).drawing
    answer = page(world, world.office, f"/draws/drawings/{drawing.pk}/", drawing.closes_at)
    assert answer.context["shown"].stage == "void"
    assert answer.context["shown"].steps == []


@pytest.mark.parametrize("path", ["/draws/drawings/9/", "/draws/9/", "/draws/public/9/", "/draws/public/rosters/9.csv"])
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    assert Visitor(world, world.office).get(path).status_code == 404


# ---- one draw ----


def test_the_office_replaces_by_the_next_and_never_whom_it_likes(world: World) -> None:
    drawn(world)
    made = Draw.objects.earliest("pk")
    path = f"/draws/{made.pk}/"
    shown = page(world, world.office, path).context
    assert [person.opaque_id for person in shown["people"]] == made.drawn
    assert [value for value, _text in shown["form"].fields["out_id"].choices] == ["", *made.drawn]
    wrong = page(world, world.office, f"{path}replaced/", out_id=made.drawn[0], reason="")
    assert wrong.context["form"].errors
    assert page(world, world.office, f"{path}replaced/", out_id=made.drawn[0], reason="停机").url == path
    assert made.reserves[0] in page(world, world.chief, path).content.decode()
    Ballot.objects.filter(opaque_id=made.drawn[1]).update(spent=True)
    spent = page(world, world.office, f"{path}replaced/", out_id=made.drawn[1], reason="停机")
    assert spent.context["form"].errors
    assert "停机" not in Client().get(f"/draws/public/{made.pk}/").content.decode()


def test_only_the_office_is_offered_to_replace_and_not_for_its_own_unit(world: World) -> None:
    drawn(world)
    made = Draw.objects.earliest("pk")
    assert page(world, world.supervisor, f"/draws/{made.pk}/").context["form"] is None
    Membership.objects.create(user=world.office, role=Role.FILER, unit=made.sheet.unit, since=world.at)
    own = page(world, world.office, f"/draws/{made.pk}/").context
    assert own["form"] is None
    assert own["why_not"]


# ---- the public ----


def public(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    content: bytes = answer.content
    return content.decode()


def test_the_public_sees_everything_by_which_a_draw_is_redone_and_nobody_s_name(world: World) -> None:
    drawn(world)
    drawing, made = Drawing.objects.get(), Draw.objects.earliest("pk")
    listed, one = public("/draws/public/"), public(f"/draws/public/{made.pk}/")
    assert drawing.seed_lines in public(f"/draws/public/drawings/{drawing.pk}/seed.txt")
    assert made.roster_sha256 in listed
    assert made.roster_sha256 in public(f"/draws/public/drawings/{drawing.pk}/rosters.txt")
    assert public(f"/draws/public/{made.pk}/roster.csv") == made.public_roster
    for opaque_id in made.drawn + made.reserves:
        assert opaque_id in one
    for text in (listed, one, made.public_roster):
        assert "样例" not in text


def test_a_fixed_roster_is_public_before_anybody_is_drawn(world: World) -> None:
    roster = PublicRoster.objects.earliest("pk")
    assert roster.sha256 in public("/draws/public/")
    assert public(f"/draws/public/rosters/{roster.pk}.csv") == roster.content
    drawing = opened(world).drawing
    assert Client().get(f"/draws/public/drawings/{drawing.pk}/seed.txt").status_code == 404
    assert drawing.lottery_issue in public("/draws/public/")


def test_a_superseded_roster_and_draw_stay_and_say_why(world: World) -> None:
    drawn(world)
    Draw.objects.update(superseded_at=world.at, superseded_why="号码录错了")
    PublicRoster.objects.update(superseded_at=world.at, superseded_why="名册重报")
    made = Draw.objects.earliest("pk")
    assert "号码录错了" in public(f"/draws/public/{made.pk}/")
    assert "号码录错了" in public("/draws/public/")
    assert "名册重报" in public("/draws/public/")


def test_a_draw_from_before_there_were_drawings_is_redone_by_its_seed(world: World) -> None:
    drawn(world)
    Draw.objects.update(drawing=None)
    PublicRoster.objects.all().update(sha256="0" * 64)
    made = Draw.objects.earliest("pk")
    assert f"--seed {made.seed}" in " ".join(public(f"/draws/public/{made.pk}/").split())


def test_categories_are_public_only_where_one_of_each_is_drawn(world: World) -> None:
    drawn(world)
    made = Draw.objects.earliest("pk")
    path = f"/draws/public/{made.pk}/categories.csv"
    assert Client().get(path).status_code == 404
    Drawing.objects.update(each_category=True)
    assert public(path).startswith("id,category\n")
    assert "categories.csv" in public(f"/draws/public/{made.pk}/")
    PublicRoster.objects.update(sha256="0" * 64)
    assert Client().get(path).status_code == 404


def test_where_categories_count_the_office_is_told_what_becomes_public(world: World) -> None:
    Cycle.objects.update(draw_each_category=True)
    assert "类别将公开" in Visitor(world, world.office).get("/draws/new/").content.decode()


@pytest.mark.parametrize("units", [2, 5])
def test_pages_take_a_fixed_number_of_statements(
    units: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    world = a_cycle().with_units(units).accepted()
    drawn(world)
    drawing, made = Drawing.objects.get(), Draw.objects.earliest("pk")
    with world.clock():
        stranger = Client()
        for path in ("/draws/public/", f"/draws/public/{made.pk}/"):
            with django_assert_max_num_queries(PUBLIC):
                stranger.get(path)
    office = Visitor(world, world.office)
    for path in ("/draws/", f"/draws/drawings/{drawing.pk}/", f"/draws/{made.pk}/"):
        with django_assert_max_num_queries(PUBLIC):
            office.get(path)


def test_the_drawn_and_the_rated_are_counted_for_the_office(world: World) -> None:
    drawing = with_numbers(world)
    page(world, world.office, f"/draws/drawings/{drawing.pk}/draw/", drawing.lottery_at + timedelta(hours=1), now="1")
    Ballot.objects.filter(pk=Ballot.objects.earliest("pk").pk).update(spent=True)
    rows = Visitor(world, world.office).get("/draws/").context["rows"]
    assert sorted((row.draw.used, row.draw.sent) for row in rows) == [(0, 3), (1, 3)]
