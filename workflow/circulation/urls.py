"""通报: notices of results and their receipts."""

from django.urls import URLPattern, path

from workflow.circulation import views

urlpatterns: list[URLPattern] = [
    path("notices/", views.notices, name="notices"),
    path("notices/draft/", views.draft, name="notice-draft"),
    path("notices/<key:pk>/", views.notice, name="notice"),
    path("notices/<key:pk>/file/", views.notice_file, name="notice-file"),
    path("notices/<key:pk>/nudge/", views.nudge, name="notice-nudge"),
    path("results/", views.results, name="results"),
    path("results/<key:pk>/confirm/", views.confirm, name="receipt-confirm"),
]
