"""The form that asks why a scheme is corrected."""

from django.utils.translation import gettext_lazy as _

from common.ui.fields import LinesField, ReasonForm


class CorrectionReasonForm(ReasonForm):
    """Why a frozen scheme is corrected: the head reads it, and everybody whom the version touches."""

    why = LinesField(
        label=_("Reason"),
        help_text=_(
            "What is wrong, and by which document it is corrected. The head reads it, and so do all whom it touches."
        ),
    )
