"""Lists that the public sees one after another: what is new, whose rank moved, and what an older list says of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from common import clock
from tests.support.world import World, a_cycle, sign
from workflow.board.services.submitting import submit_board
from workflow.consolidation.services.consolidation import consolidate
from workflow.publicity.models import ObjectionDecision, Publicity
from workflow.publicity.queries.public_list import PublicLine, public_list_of
from workflow.publicity.services.objections import Signed, decide_objection, file_objection
from workflow.publicity.services.publicity import publish

pytestmark = pytest.mark.django_db
PERSON = Signed(kind="person", name="样例", contact="13900000000", workplace="某单位")


def anew(world: World, number: int, points: int) -> Publicity:
    """The list that comes of an upheld objection to this unit, whose first part then has so many points."""
    assessment = world.assessments[number]
    publicity = assessment.sheet.publicities.latest("published_at")
    with world.clock():
        objection = file_objection(
            publicity=publicity, sheet=assessment.sheet, signed=PERSON, text="加分漏计一次。", arrived_at=clock.now()
        )
        decide_objection(objection=objection, decision=ObjectionDecision.UPHELD, answer="属实", by=world.office)
        assessment.sheet.lines.filter(code="1.1").update(reviewed=Decimal(points))
        consolidate(task=world.task(assessment, "consolidation"), by=world.office)
        board = sign(submit_board(track=assessment.sheet.track, by=world.office), world.chief)
        return publish(board=board, count_first_day=False, by=world.office)


def told(lines: list[PublicLine]) -> list[tuple[Any, ...]]:
    return [
        (shown.line.sheet.unit_name, shown.line.rank, shown.rank_before, shown.rank_now, shown.later) for shown in lines
    ]


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(3).published()


def test_a_list_alone_has_nothing_to_say_of_others(world: World) -> None:
    shown = public_list_of(Publicity.objects.get())
    names = [assessment.sheet.unit_name for assessment in world.assessments]
    [(grade, lines)] = shown.grades
    assert grade == "一等"
    assert told(lines) == [(name, 1, None, None, None) for name in names]
    assert (shown.moved, shown.later) == ([], None)


def test_a_better_result_moves_the_ranks_below_it(world: World) -> None:
    first = Publicity.objects.get()
    second = anew(world, 0, 15)
    names = [assessment.sheet.unit_name for assessment in world.assessments]
    new = public_list_of(second)
    assert [told(lines) for _grade, lines in new.grades] == [[(names[0], 1, None, None, None)]]
    assert told(new.moved) == [(names[1], 2, 1, None, None), (names[2], 2, 1, None, None)]
    assert new.later is None
    old = public_list_of(first)
    [(_grade, lines)] = old.grades
    assert told(lines) == [
        (names[0], 1, None, None, second.slug),
        (names[1], 1, None, 2, None),
        (names[2], 1, None, 2, None),
    ]
    assert (old.moved, old.later) == ([], second.slug)


def test_a_worse_result_leaves_the_others_where_they_were(world: World) -> None:
    second = anew(world, 2, 1)
    shown = public_list_of(second)
    assert [told(lines) for _grade, lines in shown.grades] == [
        [(world.assessments[2].sheet.unit_name, 3, 1, None, None)]
    ]
    assert shown.moved == []


def test_of_two_newer_lists_the_newest_counts(world: World) -> None:
    first = Publicity.objects.get()
    second = anew(world, 0, 15)
    third = anew(world, 1, 14)
    shown_of = {shown.line.sheet_id: shown for _grade, lines in public_list_of(first).grades for shown in lines}
    assert [shown_of[assessment.sheet_id].later for assessment in world.assessments] == [second.slug, third.slug, None]
    assert shown_of[world.assessments[2].sheet_id].rank_now == 3
    assert public_list_of(first).later == third.slug
    between = public_list_of(second)
    assert [(moved.line.rank, moved.rank_before, moved.rank_now, moved.later) for moved in between.moved] == [
        (2, 1, None, third.slug),
        (2, 1, 3, None),
    ]


def test_every_size_takes_the_same_queries(world: World, django_assert_num_queries: Any) -> None:
    anew(world, 0, 15)
    for publicity in Publicity.objects.select_related("board__track__cycle__scheme"):
        with django_assert_num_queries(4):
            public_list_of(publicity)


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("zh-hans", ["已有新的公示", "结果已更新，见新公示", "现第 2 名"], ["名次随之变动的单位", "原第 1 名"]),
        ("en", ["A newer list of this track is public", "rank 2 now"], ["Ranks that moved", "rank 1 before"]),
    ],
)
def test_the_pages_say_so(world: World, language: str, old: list[str], new: list[str]) -> None:
    first = Publicity.objects.get()
    second = anew(world, 0, 15)
    client = Client(headers={"Accept-Language": language})
    client.cookies["django_language"] = language
    with world.clock(), translation.override(language):
        for publicity, words in ((first, old), (second, new)):
            page = client.get(reverse("public-publicity", args=[publicity.slug])).content.decode()
            assert [word for word in words if word not in page] == []
        assert (
            reverse("public-publicity", args=[second.slug])
            in client.get(reverse("public-publicity", args=[first.slug])).content.decode()
        )
