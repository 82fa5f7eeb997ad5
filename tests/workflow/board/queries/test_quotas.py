"""What the notice's quotas come to for the units that take part, and when the office has answered them (R12)."""

from typing import Any

import pytest

from scoring.models import Cycle, Scheme, Step
from scoring.wording import say_come_to
from tests.support.schemes import put_rules
from tests.support.world import World, a_cycle
from workflow.board.queries.quotas import Answer, answer_to, are_answered, came_to, proposed, said_for
from workflow.flow.models import Assessment

pytestmark = [pytest.mark.django_db, pytest.mark.both]

SHARE = {"code": "Q1", "text": "特等不超过参评单位的40%", "grade": "特等", "share": "40"}
NUMBER = {"code": "Q2", "text": "学会设一等奖1个", "grade": "一等", "track": "society", "count": 1}
RANKS = {"code": "Q3", "text": "", "grade": "二等", "track": "society", "count": 3, "after": "1"}
RANKED_SHARE = {"code": "Q4", "text": "", "grade": "二等", "share": "2", "of": 3, "after": "1", "rounding": "up"}


def with_quotas(world: World, *quotas: dict[str, Any]) -> Cycle:
    scheme = Scheme.objects.get(cycle=world.cycle)
    put_rules(scheme, scheme.body | {"quotas": list(quotas)})
    return Cycle.objects.select_related("scheme").get(pk=world.cycle.pk)


@pytest.fixture
def world() -> World:
    return a_cycle().with_units(3).with_units(2, "society")


def test_a_scheme_without_quotas_proposes_nothing(world: World, django_assert_num_queries: Any) -> None:
    cycle = with_quotas(world)
    with django_assert_num_queries(0):
        assert proposed(cycle) == ()
    assert are_answered(cycle, ())


def test_units_that_take_no_part_do_not_count(world: World) -> None:
    world.opened()
    gone = world.assessments[0]
    Assessment.objects.filter(pk=gone.pk).update(step=Step.EXCLUDED)
    (of_all,) = proposed(with_quotas(world, SHARE))
    assert (of_all.track, of_all.units, of_all.most) == (None, 4, 1)


def test_units_of_a_cycle_that_is_not_open_count(world: World) -> None:
    assert [proposal.units for proposal in proposed(with_quotas(world, SHARE))] == [5]


def test_what_was_answered_are_the_numbers_of_then(world: World) -> None:
    cycle = with_quotas(world, SHARE, NUMBER)
    now = proposed(cycle)
    assert came_to(now) == {"": {"特等": 2}, "society": {"一等": 1}}
    assert not are_answered(cycle, now)
    cycle.quotas_came_to = came_to(now)
    assert are_answered(cycle, now)


@pytest.mark.parametrize(
    ("quotas", "answer"),
    [
        ({"society": {"一等": 1, "特等": 1}, "district": {"特等": 1}}, Answer.AS_SAID),
        ({"society": {"一等": 1, "特等": 0}, "district": {"特等": 1}}, Answer.AS_SAID),
        ({"society": {"一等": 2, "特等": 1}, "district": {"特等": 1}}, Answer.OTHERWISE),
        ({"society": {"一等": 0, "特等": 1}, "district": {"特等": 1}}, Answer.OTHERWISE),
        ({"society": {"一等": 1, "特等": 1}, "district": {"特等": 2}}, Answer.OTHERWISE),
        ({"society": {"特等": 1}, "district": {"特等": 1}}, Answer.NOT_ALL),
        ({"society": {"一等": 1}, "district": {"特等": 1}}, Answer.NOT_ALL),
        ({}, Answer.NOT_ALL),
    ],
)
def test_how_quotas_answer_the_notices(world: World, quotas: dict[str, dict[str, int]], answer: Answer) -> None:
    now = proposed(with_quotas(world, SHARE, NUMBER))
    assert answer_to(now, quotas, ["society", "district"]) == answer


def test_what_the_notice_says_is_told_with_its_words(world: World) -> None:
    cycle = with_quotas(world, SHARE, NUMBER, RANKS)
    share, number, ranks = said_for(cycle, proposed(cycle))
    assert share.whose == "特等（各类合并计算）"
    assert share.comes_to == ("5 家的 40% = 2：最多 2 家",)
    assert share.printed == ("特等不超过参评单位的40%",)
    assert number.whose.startswith("一等（")
    assert number.comes_to == ("最多 1 家",)
    assert (ranks.comes_to, ranks.printed) == (("第 2 至 3 名：最多 2 家",), ())


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        (SHARE, "41 家的 40% = 16.4，不足一家的舍去：最多 16 家"),
        (RANKED_SHARE, "41 家的 1/3–2/3 = 13 2/3–27 1/3，不足一家的按一家计：最多 14 家"),
    ],
)
def test_a_share_is_said_exactly_and_in_whole_units(world: World, quota: dict[str, Any], words: str) -> None:
    (read,) = with_quotas(world, quota).scheme.rules.quotas
    assert say_come_to(read, 41) == words
