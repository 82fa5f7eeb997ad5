"""Addresses of the workflow, step by step."""

from django.urls import include, path

STEPS = (
    "inbox",
    "bulk",
    "office",
    "filing",
    "review",
    "rating",
    "consolidation",
    "board",
    "publicity",
    "circulation",
    "versions",
)
urlpatterns = [path("", include(f"workflow.{step}.urls")) for step in STEPS]
