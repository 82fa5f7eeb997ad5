"""Forms for a notice to import, a finding to confirm and a value to correct."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.ui.fields import LinesField
from scoring.engine.fields import decimal_of
from scoring.engine.numbers import plain
from scoring.forms.slots import Slot
from scoring.models import LibraryItem, Scheme
from scoring.readers.several import File, packed
from scoring.services.corrections import Correction
from scoring.services.schemes import with_word
from scoring.services.uploads import keep_upload, kept_names, kept_upload

OFFERED = LibraryItem.objects.filter(retired_at=None).order_by("pk")


class FilesInput(forms.ClearableFileInput):
    """A field that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files chosen together, each checked as one is."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, in the order chosen."""
        return (
            [super(FilesField, self).clean(file, initial) for file in data or [None]] if data or self.required else []
        )


def another_of_the_year() -> forms.CharField:
    """What tells one of a year's assessments from the others."""
    return forms.CharField(
        label=_("Another assessment of that year"),
        required=False,
        max_length=20,
        help_text=_("A number or a word that names it, such as 2; empty for the only one of its year."),
    )


class AssessmentNoticeForm(forms.Form):
    """A notice's files; after an error they are kept, so that nobody has to choose them again."""

    notice = FilesField(
        label=_("Notice (.docx, .xlsx, .pdf or .txt)"),
        required=False,
        help_text=_("Choose the letter and its annexes together where they are files of their own."),
    )
    pasted = forms.CharField(
        label=_("or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Pasted from a document or a table, with tabs or | between the cells."),
        strip=False,
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("Only if the notice does not state it."),
    )
    replace = forms.BooleanField(label=_("Replace the draft of that year"), required=False)
    word = another_of_the_year()
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        """`by` is whose files are kept."""
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self) -> dict[str, Any]:
        """Take the files uploaded, else those kept from before, and the text pasted; together they are the notice."""
        cleaned = super().clean() or {}
        uploads = [File(upload.name or "", upload.read()) for upload in cleaned.get("notice") or ()]
        cleaned["files"] = uploads or (kept_upload(cleaned["kept"], by=self.by) if cleaned.get("kept") else [])
        files = list(cleaned["files"])
        if cleaned.get("pasted", "").strip():
            files.append(File(str(_("pasted")) + ".txt", cleaned["pasted"].encode()))
        if files:
            cleaned["file"] = packed(files)
        elif "notice" not in self.errors:
            self.add_error("notice", _("Please choose the notice's file."))
        return cleaned

    @property
    def kept_names(self) -> str:
        """The names of the files that are kept."""
        return "、".join(kept_names(self["kept"].value() or ""))

    def keep(self) -> str:
        """Keep the files; returns the word for the hidden field by which they are found again, empty without any."""
        files = self.cleaned_data.get("files")
        return keep_upload(files, by=self.by) if files else ""


class SchemeChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """Schemes to choose among, each by the title of its assessment."""

    def label_from_instance(self, obj: Scheme) -> str:
        """The title of its cycle, with what tells it from the others of its year."""
        return with_word(obj.cycle.title, obj.cycle.word)


class StartForm(forms.Form):
    """A scheme that begins on screen."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    word = another_of_the_year()
    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    like = SchemeChoiceField(
        Scheme.objects.exclude(in_force=None)
        .select_related("cycle")
        .defer("body")
        .order_by("-cycle__year", "-cycle__pk"),
        label=_("Begin with the scheme of"),
        required=False,
        empty_label=_("From nothing"),
    )
    items = forms.ModelMultipleChoiceField(
        OFFERED, label=_("Rows of the library"), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, data: Any = None, *, ids: Sequence[int] = ()) -> None:
        """`ids` are items of the library to begin with; then no other scheme is asked for."""
        super().__init__(data, initial={"items": ids})
        self.chosen = list(OFFERED.filter(pk__in=ids))
        if self.chosen:
            del self.fields["like"]


class ConfirmForm(forms.Form):
    """Findings that are confirmed as they stand, with a reason where one is wanted."""

    reason = LinesField(label=_("Reason"), required=False, rows=2)


class CorrectionForm(forms.Form):
    """Values of a draft that can be changed, each beside what it was, with the reason."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, slots: Iterable[Slot], data: Any = None, *, seen: str) -> None:
        self.slots = list(slots)
        super().__init__(data, initial={"seen": seen} | {slot.name: _shown(slot) for slot in self.slots})
        for slot in self.slots:
            slot.field.label = slot.label
            self.fields[slot.name] = slot.field
        self.fields["why"] = LinesField(label=_("Reason for the correction"))

    def corrections(self) -> list[Correction]:
        """What differs from the draft."""
        corrections = []
        for slot in self.slots:
            value = slot.write(self.cleaned_data[slot.name])
            if _same(value, slot.old):
                continue
            corrections += [
                Correction(path=path, label=slot.label, value=value, optional=slot.optional) for path in slot.paths
            ]
            if slot.name == "points" and "indicators" in slot.paths[0] and slot.paths[0][-1] == "points":
                at = (*slot.paths[0][:-1], "implied")
                corrections.append(Correction(path=at, label=str(_("Points filled up by the system")), value=False))
        return corrections


def _shown(slot: Slot) -> Any:
    """Names as people write them in a line; where they are ticked, each by itself."""
    old = slot.old
    if isinstance(slot.field, forms.MultipleChoiceField):
        return old
    return "、".join(old) if isinstance(old, list) and old and isinstance(old[0], str) else old


def _same(value: Any, old: Any) -> bool:
    number = decimal_of(old)
    return value == old or (value or None) == (old or None) or (number is not None and value == plain(number))
