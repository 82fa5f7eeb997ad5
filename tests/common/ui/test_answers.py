"""What a rule refuses is shown where the person typed; a fault of ours is not taken for a refusal."""

import pytest
from django import forms

from common.errors import DomainError
from common.ui.answers import refusals_on


class Typed(forms.Form):
    """A form of one field."""

    reason = forms.CharField()


@pytest.mark.parametrize(("named", "shown_at"), [("reason", "reason"), ("elsewhere", "__all__"), (None, "__all__")])
def test_a_refusal_stands_at_the_field_that_it_names_or_above_the_form(named: str | None, shown_at: str) -> None:
    form = Typed({"reason": "x"})
    with refusals_on(form):
        raise DomainError("too short", field=named)
    assert form.errors == {shown_at: ["too short"]}


def test_a_fault_goes_on() -> None:
    with pytest.raises(LookupError), refusals_on(Typed({})):
        raise LookupError
