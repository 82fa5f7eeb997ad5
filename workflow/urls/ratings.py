"""Draws, ballots and the leaders' grid."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
