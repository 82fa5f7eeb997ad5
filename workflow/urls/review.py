"""Department review, records, incidents, consolidation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
