"""The office's pages of a cycle."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
