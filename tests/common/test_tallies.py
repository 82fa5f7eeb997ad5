"""Many counts in one statement: apart by key and by word, one of those that belong together, none where none are."""

import pytest

from accounts.models import Membership, Role
from common.tallies import ALL, Tally, counted
from tests.support.world import a_cycle, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_rows_of_several_tables_are_counted_together(django_assert_num_queries: object) -> None:
    world = a_cycle().with_units(2).with_units(1, "society").opened()
    district, society = (world.cycle.tracks.get(code=code) for code in ("district", "society"))
    leader = a_person(Role.LEADER)
    Membership.objects.create(user=leader, role=Role.SUPERVISOR, since=world.at)
    roles = Membership.objects.filter(user=leader)
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        counts = counted(
            [
                Tally("units", world.cycle.sheets.all(), "track"),
                Tally("all", world.cycle.sheets.all()),
                Tally("role", roles, by="role"),
                Tally("people", roles, once="user"),
                Tally("none", world.cycle.sheets.filter(unit_name="")),
            ]
        )
    assert counts["units"] == {district.pk: 2, society.pk: 1}
    assert counts["all"][ALL] == 3
    assert (counts["role:leader"][ALL], counts["role:supervisor"][ALL], counts["role:chief"][ALL]) == (1, 1, 0)
    assert counts["people"][ALL] == 1
    assert (counts["none"][ALL], counts["never named"][7]) == (0, 0)
