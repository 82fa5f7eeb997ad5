"""The rules of a sheet's track: read once, however many rows ask for them."""

from typing import Any

import pytest

from scoring.models import ScoreSheet
from tests.support.world import a_cycle

pytestmark = pytest.mark.django_db


def test_sheets_of_a_scheme_share_its_rules_and_leave_its_body_where_it_is(django_assert_num_queries: Any) -> None:
    a_cycle().with_units(3).opened()
    sheets = list(ScoreSheet.objects.select_related("track", "cycle__scheme").defer("cycle__scheme__body"))
    rules = sheets[0].rules
    with django_assert_num_queries(0):
        assert all(sheet.rules is rules for sheet in sheets)
