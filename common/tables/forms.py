"""The form by which a table comes in: pasted, or as a file."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.tables.heads import TableRow
from common.tables.incoming import pasted, uploaded


class RowsField(forms.CharField):
    """Rows pasted; a TAB in front of the first cell is an empty cell, so that nothing in front is dropped."""

    widget = forms.Textarea(attrs={"rows": 8})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)


class TableFileField(forms.FileField):
    """A file that holds a table."""

    widget = forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)


class TableForm(forms.Form):
    """Rows pasted, or a file, which comes before them; what is no table is told at the field by which it came."""

    columns: ClassVar[Sequence[Collection[str]]]  # the words that may stand over each
    counted: ClassVar[bool] = False  # a first column may only count the rows
    spaced: ClassVar[int] = 0  # into so many cells spaces part a row that holds no other mark

    rows = RowsField(label=_("Rows"))
    file = TableFileField(label=_("or a file (.xlsx, .csv)"))

    def clean(self) -> dict[str, Any]:
        """Read the table, wherever it comes from."""
        cleaned = super().clean() or {}
        upload, text = cleaned.get("file"), cleaned.get("rows", "")
        try:
            table = uploaded(upload) if upload else pasted(text, spaced=self.spaced)
            cleaned["below"] = table.below(self.columns, counted=self.counted)
            cleaned["text"] = table.as_text() if upload else text
        except DomainError as error:
            self.add_error(error.field, str(error.message))
        return cleaned

    def table(self) -> list[TableRow]:
        """The rows below the head; the form must be valid."""
        below: list[TableRow] = self.cleaned_data["below"]
        return below

    def text(self) -> str:
        """The table as a text that says the same, for the question that is asked before it is acted on."""
        text: str = self.cleaned_data["text"]
        return text
