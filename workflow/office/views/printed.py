"""The scheme as the annexes of a notice, to be printed or read in again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Action, reads
from common.ui.downloads import attachment
from documents.official.annex import scheme_docx
from scoring.engine.notice.printing import unsaid
from scoring.models import Scheme

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ANYWAY = "anyway"


@reads(Action.READ_CYCLE)
def printed(request: HttpRequest, slug: str) -> HttpResponse:
    """The scheme as a `.docx`; where it would not read back to the same rules, first say so."""
    scheme = get_object_or_404(Scheme.objects.select_related("cycle"), in_force__slug=slug)
    codes = unsaid(scheme.rules)
    if codes and ANYWAY not in request.GET:
        names = "、".join(track.name for track in scheme.rules.tracks if track.code in codes)
        text = _("Words do not say all rules of %(tracks)s: read in again, the annex would give other rules.")
        messages.warning(request, text % {"tracks": names})
        return redirect(f"{reverse('scheme', args=[slug])}?{ANYWAY}=")
    response = HttpResponse(scheme_docx(scheme.rules), content_type=DOCX)
    response["Content-Disposition"] = attachment(f"scheme-{slug}.docx")
    return response
