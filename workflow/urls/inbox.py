"""What I owe, and each assessment's page."""

from django.urls import path

from workflow.views import assessment, inbox, sheet

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("tasks/<int:pk>/", inbox.task, name="task"),
    path("tasks/<int:pk>/claim/", inbox.claim, name="task-claim"),
    path("tasks/<int:pk>/release/", inbox.release, name="task-release"),
    path("tasks/<int:pk>/delegate/", inbox.delegate, name="task-delegate"),
    path("assessments/<int:pk>/", assessment.assessment, name="assessment"),
    path("assessments/<int:pk>/sheet/", sheet.whole_sheet, name="whole-sheet"),
    path("assessments/<int:pk>/roster-waiver/", assessment.waive, name="roster-waiver"),
    path("receipts/<int:pk>/", assessment.receipt, name="receipt"),
]
