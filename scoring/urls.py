"""Addresses of the scoring room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
