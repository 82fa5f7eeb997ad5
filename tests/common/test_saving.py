"""What became of a save: what a rule refuses is refused at its field, and nothing else is swallowed."""

import pytest

from common.errors import DomainError
from common.saving import Saved


def test_what_a_rule_refuses_stands_at_its_field_and_the_others_are_saved() -> None:
    saved = Saved[str]()
    for name in ("first", "second"):
        with saved.refusing(name):
            if name == "first":
                raise DomainError("no such number")
            saved.saved.add(name)
    assert (saved.saved, saved.refused) == ({"second"}, {"first": "no such number"})


def test_a_fault_is_no_refusal() -> None:
    with pytest.raises(ZeroDivisionError), Saved[str]().refusing("first"):
        raise ZeroDivisionError
