"""Many at once: what is refused keeps nothing else from being done."""

import pytest

from accounts.models import Department
from common.errors import DomainError
from common.many import deal_with

pytestmark = pytest.mark.django_db


def test_what_is_refused_is_named_and_undone_and_the_rest_goes_on() -> None:
    def add(code: str) -> None:
        Department.objects.create(code=code, name=code)
        if code == "b":
            raise DomainError("not this one")

    dealt = deal_with(["a", "b", "c"], add)
    assert dealt.done == ["a", "c"]
    assert [(item, str(error)) for item, error in dealt.refused] == [("b", "not this one")]
    assert sorted(Department.objects.filter(code__in="abc").values_list("code", flat=True)) == ["a", "c"]
