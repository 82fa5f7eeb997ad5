"""Handing a task to a colleague."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.ui.fields import LinesField
from workflow.flow.models import Task
from workflow.inbox.services import colleagues_for


class DelegateForm(forms.Form):
    """To whom, and why."""

    to = forms.ModelChoiceField(label=_("Colleague"), queryset=User.objects.none())
    why = LinesField(label=_("Remark"), required=False, max_length=500)

    def __init__(self, *args: Any, task: Task, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues_for(task).exclude(pk=by.pk)  # type: ignore[attr-defined]  # a choice field
