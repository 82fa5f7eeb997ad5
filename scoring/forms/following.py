"""The forms by which a draft takes over from an earlier cycle, and by which it is deleted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.tables.forms import RowsField, TableForm
from scoring.models import Cycle
from scoring.queries.succession import sources_for
from scoring.services.schemes import with_word
from scoring.services.succeeding import HEAD


class CycleChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """Cycles to choose among, each by its title."""

    def label_from_instance(self, obj: Cycle) -> str:
        """Its title, with what tells it from the others of its year."""
        return with_word(obj.title, obj.word)


class FollowForm(TableForm):
    """The cycle that a draft follows, and a row for each unit that does not go on as it is."""

    columns = HEAD

    source = CycleChoiceField(Cycle.objects.none(), label=_("Earlier cycle"), empty_label=None)
    rows = RowsField(
        label=_("What becomes of units"),
        help_text=_(
            "Only units that change: code before, code now, name now, track. The same code before in several rows is a "
            "split, the same code now in several rows a merger; no code before is a new unit, nothing but a code "
            "before a unit that is left out. So “d002,d900,East District” and “d003,d900” merge two into one."
        ),
    )
    field_order = ("source", "rows", "file")

    def __init__(self, cycle: Cycle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources_for(cycle)  # type: ignore[attr-defined]  # a ModelChoiceField
