"""The seed of a draw."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from scoring.engine.errors import EngineErrors
from workflow.rating.services.draws import seed_of


class DrawForm(forms.Form):
    """The seed of a draw: public lines, or none to let the system draw one."""

    seed_lines = forms.CharField(
        label=_("Seed lines"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Numbers that everybody can look up and nobody could know before, such as those of a public lottery, one a "
            "line. Left empty, the system takes 32 random bytes and records them."
        ),
    )

    def clean_seed_lines(self) -> bytes:
        """The seed that the lines give."""
        try:
            return seed_of(self.cleaned_data["seed_lines"])
        except EngineErrors as errors:
            raise forms.ValidationError([error.text(_t) for error in errors]) from errors
