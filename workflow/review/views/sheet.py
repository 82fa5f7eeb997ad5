"""A whole sheet to read: what the unit claims and what was given, for those who oversee the cycle."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.actors import requester
from accounts.permissions import Action, reads
from workflow.flow.queries.steps import frame_of
from workflow.flow.queries.visibility import assessments_visible_to
from workflow.review.queries.review import former_of, groups_of


@reads(Action.READ_CYCLE)
def whole_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Self-evaluation and review side by side; nothing can be changed here."""
    assessment = get_object_or_404(assessments_visible_to(requester(request)), pk=pk)
    sheet = assessment.sheet
    context = frame_of(assessment) | {
        "groups": groups_of(sheet),
        "materials": sheet.materials.filter(removed_at=None, code=""),
        "explain": sheet.explain,
        "former": former_of(sheet),
    }
    return render(request, "workflow/review/sheet.html", context)
