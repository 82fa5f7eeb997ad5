"""What I owe, and each assessment's page."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
