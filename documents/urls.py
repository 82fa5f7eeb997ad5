"""Addresses of the documents room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
