"""A unit's self-evaluation and the desk's acceptance."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
