"""The receipt of a submission."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.actors import requester
from accounts.permissions import Action, reads
from documents.models import Submission
from workflow.flow.queries.steps import frame_of
from workflow.flow.queries.visibility import assessments_visible_to


@reads(Action.READ_ASSESSMENT)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of a submission: number, SHA-256, the instant at which it arrived; to print."""
    visible = assessments_visible_to(requester(request))
    submissions = Submission.objects.select_related("sheet", "submitted_by")
    submission = get_object_or_404(submissions, pk=pk, sheet__assessment__in=visible.values("pk"))
    assessment = visible.get(sheet_id=submission.sheet_id)
    context = frame_of(assessment) | {"submission": submission}
    return render(request, "workflow/filing/assessment_receipt.html", context)
