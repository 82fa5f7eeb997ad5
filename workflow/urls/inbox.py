"""What I owe, and each assessment's page."""

from django.urls import path

from workflow.views import assessment, inbox, sheet

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("tasks/<key:pk>/", inbox.task, name="task"),
    path("tasks/<key:pk>/claim/", inbox.claim, name="task-claim"),
    path("tasks/<key:pk>/release/", inbox.release, name="task-release"),
    path("tasks/<key:pk>/delegate/", inbox.delegate, name="task-delegate"),
    path("assessments/<key:pk>/", assessment.assessment, name="assessment"),
    path("assessments/<key:pk>/sheet/", sheet.whole_sheet, name="whole-sheet"),
    path("assessments/<key:pk>/roster-waiver/", assessment.waive, name="roster-waiver"),
    path("receipts/<key:pk>/", assessment.receipt, name="receipt"),
]
