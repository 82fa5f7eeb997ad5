"""Addresses of what was asked of many."""

from django.urls import path

from workflow.bulk import views

urlpatterns = [path("many/<key:pk>/", views.bulk_run, name="bulk-run")]
