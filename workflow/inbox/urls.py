"""What I owe, what I was told, and each assessment's page."""

from django.urls import URLPattern, path

from workflow.inbox.views import assessment, inbox, messages

urlpatterns: list[URLPattern] = [
    path("", inbox.inbox, name="inbox"),
    path("tasks/<key:pk>/", inbox.task, name="task"),
    path("tasks/<key:pk>/claim/", inbox.claim, name="task-claim"),
    path("tasks/<key:pk>/release/", inbox.release, name="task-release"),
    path("tasks/<key:pk>/delegate/", inbox.delegate, name="task-delegate"),
    path("assessments/<key:pk>/", assessment.assessment, name="assessment"),
    path("assessments/<key:pk>/roster-waiver/", assessment.waive, name="roster-waiver"),
    path("messages/", messages.messages, name="messages"),
    path("messages/read/", messages.messages_read, name="messages-read"),
    path("messages/<key:pk>/", messages.message, name="message"),
]
